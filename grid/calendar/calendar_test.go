package calendar_test

import (
	"errors"
	"testing"
	"time"

	"wangge/grid/calendar"
)

// notices of the New Year and the Spring Festival of 2013.
var notices = []calendar.Day{
	{Date: "2013-01-01", Off: true, Name: "元旦"},
	{Date: "2013-01-02", Off: true, Name: "元旦"},
	{Date: "2013-01-03", Off: true, Name: "元旦"},
	{Date: "2013-01-05", Name: "元旦"},
	{Date: "2013-01-06", Name: "元旦"},
	{Date: "2013-02-09", Off: true, Name: "春节"},
	{Date: "2013-02-10", Off: true, Name: "春节"},
	{Date: "2013-02-11", Off: true, Name: "春节"},
	{Date: "2013-02-12", Off: true, Name: "春节"},
	{Date: "2013-02-13", Off: true, Name: "春节"},
	{Date: "2013-02-14", Off: true, Name: "春节"},
	{Date: "2013-02-15", Off: true, Name: "春节"},
	{Date: "2013-02-16", Name: "春节"},
	{Date: "2013-02-17", Name: "春节"},
}

func in2013(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := calendar.New(notices, calendar.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOn(t *testing.T) {
	c := in2013(t)
	for _, tt := range []struct {
		at   string
		want calendar.Date
	}{
		{"2013-01-04 00:00", calendar.Date{Day: "2013-01-04", Weekday: time.Friday, Kind: calendar.Workday, Known: true}},
		{"2013-01-05 23:59", calendar.Date{Day: "2013-01-05", Weekday: time.Saturday, Kind: calendar.Makeup, Name: "元旦", Known: true}},
		{"2013-01-12 12:00", calendar.Date{Day: "2013-01-12", Weekday: time.Saturday, Kind: calendar.Weekend, Known: true}},
		{"2013-02-11 12:00", calendar.Date{Day: "2013-02-11", Weekday: time.Monday, Kind: calendar.Holiday, Name: "春节", Known: true}},
		{"2027-10-01 12:00", calendar.Date{Day: "2027-10-01", Weekday: time.Friday, Kind: calendar.Workday}},
		{"1969-12-31 12:00", calendar.Date{Day: "1969-12-31", Weekday: time.Wednesday, Kind: calendar.Workday}},
	} {
		if got := c.On(at(t, tt.at)); got != tt.want {
			t.Errorf("On(%s) = %+v, want %+v", tt.at, got, tt.want)
		}
	}
	// A day is that of Shanghai, whatever the zone of the instant.
	if got := c.On(time.Date(2013, 1, 4, 16, 0, 0, 0, time.UTC)); got.Day != "2013-01-05" {
		t.Errorf("On(16:00 UTC) = %s, want the next day in Shanghai", got.Day)
	}
}

func TestDue(t *testing.T) {
	c := in2013(t)
	for _, tt := range []struct {
		name  string
		from  string
		n     int
		unit  string
		want  string
		known bool
	}{
		{"a day over the weekend", "2013-05-03 08:40", 1, "working_day", "2013-05-06 17:00", true},
		{"hours before work", "2013-05-03 08:40", 4, "working_hour", "2013-05-03 13:00", true},
		{"hours over the weekend", "2013-05-03 16:30", 4, "working_hour", "2013-05-06 12:30", true},
		{"to the very end of work", "2013-05-03 13:00", 4, "working_hour", "2013-05-03 17:00", true},
		{"from the very end of work", "2013-05-03 17:00", 1, "working_hour", "2013-05-06 10:00", true},
		{"onto a make-up Saturday", "2013-01-04 10:00", 1, "working_day", "2013-01-05 17:00", true},
		{"received on a holiday", "2013-01-02 10:00", 1, "working_day", "2013-01-04 17:00", true},
		{"over the Spring Festival", "2013-02-08 16:00", 2, "working_day", "2013-02-17 17:00", true},
		{"plain hours", "2013-02-09 23:00", 2, "hour", "2013-02-10 01:00", true},
		{"into a year without a notice", "2013-12-31 10:00", 1, "working_day", "2014-01-01 17:00", false},
	} {
		got, known := c.Due(at(t, tt.from), tt.n, tt.unit)
		if !got.Equal(at(t, tt.want)) || known != tt.known {
			t.Errorf("%s: Due(%s, %d %s) = %s, %v, want %s, %v", tt.name, tt.from, tt.n, tt.unit,
				got.In(calendar.Zone).Format("2006-01-02 15:04"), known, tt.want, tt.known)
		}
	}
	if got, _ := c.Due(at(t, "2013-05-03 08:40"), 0, "hour"); !got.IsZero() {
		t.Errorf("Due(0 hours) = %v, want the zero time", got)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, days := range [][]calendar.Day{{{Date: "2013-02-30"}}, {{Date: ""}}, {{Date: "2013-01-01"}, {Date: "2013-01-01"}}} {
		if _, err := calendar.New(days, calendar.Policy{}); !errors.Is(err, calendar.ErrDay) {
			t.Errorf("New(%v) error = %v, want ErrDay", days, err)
		}
	}
	if _, err := calendar.New(nil, calendar.Policy{Start: 17 * time.Hour, End: 9 * time.Hour}); err == nil {
		t.Error("New(work ends before it begins) = nil error, want one")
	}
}
