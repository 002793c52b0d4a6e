// Package calendar knows working days and the hours in which something holds. It
// imports nothing of the house.
//
// Days are those of Asia/Shanghai (UTC+8, no summer time since 1992). Beside the
// plain week it knows the State Council's yearly notices: days off, and the
// Saturdays and Sundays that are worked to make up for them. A year without a
// notice is never guessed: answers for it say that only the plain week was known.
//
// A Calendar is immutable and safe for concurrent use.
package calendar

import (
	"errors"
	"fmt"
	"time"
)

// Day is a day that differs from the plain week. Date is yyyy-mm-dd.
type Day struct {
	Date string
	Off  bool
	Name string
}

// Policy holds the district's settings. The zero value means that a make-up
// Saturday is a working day, and that work goes from 09:00 to 17:00.
type Policy struct {
	MakeupIsRest bool          // for windows only; a deadline always counts a make-up day
	Start, End   time.Duration // working hours, from midnight
}

// Kind says what sort of day it is.
type Kind int

// The kinds of day.
const (
	Workday Kind = iota // Monday to Friday, worked
	Makeup              // Saturday or Sunday, worked to make up
	Weekend             // Saturday or Sunday, off
	Holiday             // off by notice
)

// Date is one day of the calendar.
type Date struct {
	Day     string // yyyy-mm-dd
	Weekday time.Weekday
	Kind    Kind
	Name    string // the holiday's name, also for its make-up days
	Known   bool   // a notice for the year is loaded
}

// Zone is Asia/Shanghai.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// ErrDay is wrapped by the errors of [New] about a day.
var ErrDay = errors.New("calendar: not a day")

// Calendar answers for days and windows.
type Calendar struct {
	policy Policy
	days   map[int]Day // by day number
	years  map[int]bool
}

// New makes a calendar of the notices' days. A date that is no date or stands
// twice is an error that names it, and so are working hours that end before they begin.
func New(days []Day, p Policy) (*Calendar, error) {
	if p.Start == 0 && p.End == 0 {
		p.Start, p.End = 9*time.Hour, 17*time.Hour
	}
	if p.Start < 0 || p.End > 24*time.Hour || p.Start >= p.End {
		return nil, fmt.Errorf("calendar: working hours from %v to %v", p.Start, p.End)
	}
	c := &Calendar{policy: p, days: make(map[int]Day, len(days)), years: map[int]bool{}}
	for _, d := range days {
		t, err := time.ParseInLocation(time.DateOnly, d.Date, Zone)
		if err != nil {
			return nil, fmt.Errorf("%w: %q", ErrDay, d.Date)
		}
		n := dayNumber(t)
		if _, ok := c.days[n]; ok {
			return nil, fmt.Errorf("%w: %s stands twice", ErrDay, d.Date)
		}
		c.days[n] = d
		c.years[t.Year()] = true
	}
	return c, nil
}

// dayNumber counts days of Asia/Shanghai since 1970-01-01.
func dayNumber(t time.Time) int {
	s := t.Unix() + 8*60*60
	n := s / 86400
	if s%86400 < 0 {
		n--
	}
	return int(n)
}

func midnight(day int) time.Time { return time.Unix(int64(day)*86400-8*60*60, 0).UTC() }

// sinceMidnight is the time of day in Asia/Shanghai.
func sinceMidnight(t time.Time) time.Duration { return t.Sub(midnight(dayNumber(t))) }

func weekdayOf(day int) time.Weekday { return time.Weekday(((day+4)%7 + 7) % 7) }

func (c *Calendar) kind(day int) Kind {
	w := weekdayOf(day)
	rest := w == time.Saturday || w == time.Sunday
	d, ok := c.days[day]
	switch {
	case ok && d.Off:
		return Holiday
	case ok && rest:
		return Makeup
	case rest:
		return Weekend
	}
	return Workday
}

// On returns the day that holds t.
func (c *Calendar) On(t time.Time) Date {
	n := dayNumber(t)
	local := t.In(Zone)
	return Date{
		Day: local.Format(time.DateOnly), Weekday: weekdayOf(n), Kind: c.kind(n),
		Name: c.days[n].Name, Known: c.years[local.Year()],
	}
}

// works reports whether a day counts for deadlines.
func (c *Calendar) works(day int) bool {
	k := c.kind(day)
	return k == Workday || k == Makeup
}

// maxSpan bounds the search for the end of a deadline: ten years of days.
const maxSpan = 3653

// Due returns when a deadline ends that began at t: n hours; n working hours,
// counted within the working hours of working days; or the end of work on the nth
// working day after the day of t. known is false when a year on the way has no
// notice. A unit that is none of hour, working_hour, working_day, and n below 1,
// give the zero time.
func (c *Calendar) Due(t time.Time, n int, unit string) (due time.Time, known bool) {
	if n < 1 {
		return time.Time{}, true
	}
	switch unit {
	case "hour":
		due = t.Add(time.Duration(n) * time.Hour)
		return due.UTC(), true
	case "working_hour":
		due = c.afterWork(t, time.Duration(n)*time.Hour)
	case "working_day":
		day := dayNumber(t)
		for last := day + maxSpan + 2*n; n > 0 && day < last; {
			if day++; c.works(day) {
				n--
			}
		}
		due = midnight(day).Add(c.policy.End)
	default:
		return time.Time{}, true
	}
	known = true
	for y := t.In(Zone).Year(); y <= due.In(Zone).Year(); y++ {
		known = known && c.years[y]
	}
	return due.UTC(), known
}

func (c *Calendar) afterWork(t time.Time, left time.Duration) time.Time {
	day := dayNumber(t)
	from := max(sinceMidnight(t), c.policy.Start)
	for last := day + maxSpan + int(left/time.Hour); day < last; day++ {
		if c.works(day) && from < c.policy.End {
			if room := c.policy.End - from; left <= room {
				return midnight(day).Add(from + left)
			}
			left -= c.policy.End - from
		}
		from = c.policy.Start
	}
	return midnight(day).Add(c.policy.End)
}
