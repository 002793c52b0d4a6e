package calendar_test

import (
	"errors"
	"strings"
	"testing"

	"wangge/grid/calendar"
)

const breakfast = "workday 05:00-09:00; restday 05:00-10:00"

func window(t testing.TB, s string) calendar.Window {
	t.Helper()
	w, err := calendar.ParseWindow(s)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestOpen(t *testing.T) {
	c := in2013(t)
	tests := []struct {
		window, at string
		want       bool
	}{
		{"", "2013-01-05 03:00", true},
		{breakfast, "2013-01-04 08:59", true},
		{breakfast, "2013-01-04 09:00", false}, // the end is not included
		{breakfast, "2013-01-04 05:00", true},
		{breakfast, "2013-01-05 08:30", true}, // make-up Saturday
		{breakfast, "2013-01-05 09:30", false},
		{breakfast, "2013-01-12 09:30", true}, // plain Saturday
		{breakfast, "2013-02-11 09:30", true}, // holiday
		{"makeup 09:00-10:00", "2013-01-05 09:30", true},
		{"weekend 09:00-10:00", "2013-01-05 09:30", false},
		{"sat 09:00-10:00", "2013-01-05 09:30", true}, // a weekday is a weekday
		{"mon-fri 09:00-10:00", "2013-01-05 09:30", false},
		{"sat-mon 09:00-10:00", "2013-01-06 09:30", true},
		{"fri 22:00-02:00", "2013-01-05 01:59", true}, // belongs to the day it begins on
		{"fri 22:00-02:00", "2013-01-05 02:00", false},
		{"fri 22:00-02:00", "2013-01-04 01:00", false},
		{"daily 00:00-24:00", "2013-01-04 23:59", true},
		{"daily 07:30-09:00,16:00-18:00", "2013-01-04 17:00", true},
		{"daily 07:30-09:00,16:00-18:00", "2013-01-04 12:00", false},
	}
	for _, tt := range tests {
		if got := c.Open(window(t, tt.window), at(t, tt.at)); got != tt.want {
			t.Errorf("Open(%q, %s) = %v, want %v", tt.window, tt.at, got, tt.want)
		}
	}
}

func TestMakeupPolicy(t *testing.T) {
	c, err := calendar.New(notices, calendar.Policy{MakeupIsRest: true})
	if err != nil {
		t.Fatal(err)
	}
	if !c.Open(window(t, breakfast), at(t, "2013-01-05 09:30")) {
		t.Error("Open(make-up Saturday 09:30, it rests) = false, want true")
	}
	if due, _ := c.Due(at(t, "2013-01-04 10:00"), 1, "working_day"); !due.Equal(at(t, "2013-01-05 17:00")) {
		t.Errorf("Due = %v, want the make-up Saturday: deadlines always count it", due)
	}
}

func TestExplain(t *testing.T) {
	c := in2013(t)
	tests := []struct{ at, zh, en string }{
		{
			"2013-01-05 09:30",
			"2013-01-05（星期六）是元旦调休上班日，按工作日执行，允许时段 05:00–09:00；09:30 已超时 30 分钟",
			"2013-01-05 (Saturday) is a make-up working day of 元旦, treated as a working day, permitted 05:00–09:00; 09:30 is 30 minutes over",
		},
		{
			"2013-01-05 08:30",
			"2013-01-05（星期六）是元旦调休上班日，按工作日执行，允许时段 05:00–09:00；08:30 在时段内，到 09:00 止",
			"2013-01-05 (Saturday) is a make-up working day of 元旦, treated as a working day, permitted 05:00–09:00; 08:30 is within them, until 09:00",
		},
		{
			"2013-05-03 04:00",
			"2013-05-03（星期五）是工作日，允许时段 05:00–09:00；04:00 不在时段内",
			"2013-05-03 (Friday) is a working day, permitted 05:00–09:00; 04:00 is not within them",
		},
		{
			"2027-10-01 08:00",
			"2027-10-01（星期五）是工作日（2027 年的放假通知尚未录入，按普通周计算），允许时段 05:00–09:00；08:00 在时段内，到 09:00 止",
			"2027-10-01 (Friday) is a working day by the plain week: no holiday notice for 2027 is loaded, permitted 05:00–09:00; 08:00 is within them, until 09:00",
		},
	}
	w := window(t, breakfast)
	for _, tt := range tests {
		if got := c.Explain(w, at(t, tt.at), false); got != tt.zh {
			t.Errorf("Explain(%s) = %s, want %s", tt.at, got, tt.zh)
		}
		if got := c.Explain(w, at(t, tt.at), true); got != tt.en {
			t.Errorf("Explain(%s, english) = %s, want %s", tt.at, got, tt.en)
		}
	}
}

func TestParseWindowFaults(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"workday", "character 1"},
		{"workday 5:00-9:00", `"5:00-9:00"`},
		{"workday 05:00-09:00; someday 05:00-10:00", "character 21"},
		{"daily 05:00", `"05:00"`},
		{"daily 05:00-05:00", `"05:00-05:00"`},
		{"daily 24:00-05:00", `"24:00-05:00"`},
		{"daily 05:60-06:00", `"05:60-06:00"`},
		{"daily 05:00-06:00;", `""`},
		{"mon-xyz 05:00-06:00", `"mon-xyz"`},
	} {
		_, err := calendar.ParseWindow(tt.in)
		if !errors.Is(err, calendar.ErrWindow) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseWindow(%q) error = %v, want ErrWindow with %s", tt.in, err, tt.want)
		}
	}
}

func TestNothingAllocates(t *testing.T) {
	c, w, now := in2013(t), window(t, breakfast), at(t, "2013-01-05 09:30")
	if n := testing.AllocsPerRun(100, func() { c.Open(w, now); c.Due(now, 1, "working_day") }); n != 0 {
		t.Errorf("Open and Due allocate %v times, want 0", n)
	}
}

func FuzzParseWindow(f *testing.F) {
	for _, s := range []string{breakfast, "mon-fri 07:30-09:00,16:00-18:00", "daily 22:00-02:00", ";", "daily 24:00-24:00"} {
		f.Add(s)
	}
	c, now := in2013(f), at(f, "2013-01-05 09:30")
	f.Fuzz(func(t *testing.T, s string) {
		w, err := calendar.ParseWindow(s)
		if err != nil {
			return
		}
		if turn, ok := c.Turn(w, now); ok && c.Open(w, turn) == c.Open(w, now) {
			t.Errorf("Turn(%q) = %v, where it does not turn", s, turn)
		}
		if c.Explain(w, now, false) == "" {
			t.Errorf("Explain(%q) is empty", s)
		}
	})
}
