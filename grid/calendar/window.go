package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Window says when something holds. It is written as rules with a semicolon
// between them, each a selector of days and ranges of hours:
//
//	workday 05:00-09:00; restday 05:00-10:00
//	mon-fri 07:30-09:00,16:00-18:00; daily 22:00-02:00
//
// Selectors: daily, workday (make-up days included), restday (weekend or
// holiday), weekend, holiday, makeup, mon to sun, mon-fri. A range that ends
// before it begins runs past midnight and belongs to the day it begins on; 24:00
// ends a day. A begin is included, an end is not. Rules add up. The zero Window
// always holds.
type Window struct {
	rules []rule
	text  string
}

type rule struct {
	kinds  [4]bool // by Kind; with days unset
	days   [7]bool // by time.Weekday
	byDay  bool
	ranges []hours
}

type hours struct{ from, to time.Duration } // to > 24 h runs past midnight

// ErrWindow is wrapped by every error of [ParseWindow].
var ErrWindow = errors.New("calendar: not a window")

var selectors = map[string][4]bool{
	"daily":   {true, true, true, true},
	"workday": {Workday: true, Makeup: true},
	"restday": {Weekend: true, Holiday: true},
	"weekend": {Weekend: true},
	"holiday": {Holiday: true},
	"makeup":  {Makeup: true},
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// ParseWindow reads a window; errors name the character and what stands there.
func ParseWindow(s string) (Window, error) {
	if strings.TrimSpace(s) == "" {
		return Window{}, nil
	}
	w := Window{text: s}
	at := 0
	for _, part := range strings.Split(s, ";") {
		r, err := parseRule(part)
		if err != nil {
			return Window{}, fmt.Errorf("%w: at character %d, %q: %w", ErrWindow, utf8.RuneCountInString(s[:at])+1, strings.TrimSpace(part), err)
		}
		w.rules = append(w.rules, r)
		at += len(part) + 1
	}
	return w, nil
}

func parseRule(s string) (rule, error) {
	fields := strings.Fields(s)
	if len(fields) != 2 {
		return rule{}, errors.New("want a selector of days and hours, like workday 05:00-09:00")
	}
	var r rule
	if kinds, ok := selectors[fields[0]]; ok {
		r.kinds = kinds
	} else if !r.selectDays(fields[0]) {
		return rule{}, fmt.Errorf("no selector %q", fields[0])
	}
	for _, h := range strings.Split(fields[1], ",") {
		from, to, ok := strings.Cut(h, "-")
		a, errA := parseClock(from)
		b, errB := parseClock(to)
		if !ok || errA != nil || errB != nil || a == b || a == 24*time.Hour {
			return rule{}, fmt.Errorf("no hours %q", h)
		}
		if b < a {
			b += 24 * time.Hour
		}
		r.ranges = append(r.ranges, hours{a, b})
	}
	return r, nil
}

func (r *rule) selectDays(s string) bool {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	a, b := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if a < 0 || b < 0 {
		return false
	}
	for d := a; ; d = (d + 1) % 7 {
		r.days[d] = true
		if d == b {
			break
		}
	}
	r.byDay = true
	return true
}

func parseClock(s string) (time.Duration, error) {
	h, m, ok := strings.Cut(s, ":")
	hh, errH := strconv.ParseUint(h, 10, 8)
	mm, errM := strconv.ParseUint(m, 10, 8)
	if !ok || errH != nil || errM != nil || len(h) != 2 || len(m) != 2 || mm > 59 || hh > 24 || hh == 24 && mm > 0 {
		return 0, errors.New("no time of day")
	}
	return time.Duration(hh)*time.Hour + time.Duration(mm)*time.Minute, nil
}

// String returns the window as it was written, "" for always.
func (w Window) String() string { return w.text }

// Always reports whether the window has no rules and so always holds.
func (w Window) Always() bool { return len(w.rules) == 0 }

// asWindow is the kind of a day as windows see it: the policy may let a make-up
// day rest.
func (c *Calendar) asWindow(day int) Kind {
	if k := c.kind(day); k != Makeup || !c.policy.MakeupIsRest {
		return k
	}
	return Weekend
}

func (c *Calendar) selects(r *rule, day int) bool {
	if r.byDay {
		return r.days[weekdayOf(day)]
	}
	return r.kinds[c.asWindow(day)] || r.kinds[Makeup] && !r.kinds[Workday] && c.kind(day) == Makeup
}

// Open reports whether w holds at t. It does not allocate.
func (c *Calendar) Open(w Window, t time.Time) bool {
	if w.Always() {
		return true
	}
	day := dayNumber(t)
	clock := sinceMidnight(t)
	for i := range w.rules {
		r := &w.rules[i]
		today, yesterday := c.selects(r, day), c.selects(r, day-1)
		for _, h := range r.ranges {
			if today && clock >= h.from && clock < h.to || yesterday && clock+24*time.Hour < h.to {
				return true
			}
		}
	}
	return false
}

// maxAhead bounds the search for the next opening or closing: days.
const maxAhead = 30

// Turn returns the next instant after t at which w opens or closes; false when
// there is none within thirty days. It does not allocate.
func (c *Calendar) Turn(w Window, t time.Time) (time.Time, bool) {
	if w.Always() {
		return time.Time{}, false
	}
	now, last := c.Open(w, t), t.Add(maxAhead*24*time.Hour)
	for {
		next, ok := w.nextMark(t)
		if !ok || next.After(last) {
			return time.Time{}, false
		}
		if c.Open(w, next) != now {
			return next, true
		}
		t = next
	}
}

// nextMark returns the first begin or end of a range behind t, on whatever day.
func (w Window) nextMark(t time.Time) (next time.Time, ok bool) {
	for day := dayNumber(t) - 1; day <= dayNumber(t)+1; day++ {
		for i := range w.rules {
			for _, h := range w.rules[i].ranges {
				for _, d := range [2]time.Duration{h.from, h.to} {
					if m := midnight(day).Add(d); m.After(t) && (!ok || m.Before(next)) {
						next, ok = m, true
					}
				}
			}
		}
	}
	return next, ok
}
