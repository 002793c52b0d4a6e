package calendar

import (
	"strconv"
	"time"
)

var (
	weekdayZH = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}
	kindZH    = [...]string{"工作日", "调休上班日", "周末", "节假日"}
	kindEN    = [...]string{"a working day", "a make-up working day", "a weekend", "a holiday"}
)

// Explain says whether w holds at t and why: what day it is, which hours hold on
// it, and how long it has been closed or stays open. A window that always holds
// says so.
func (c *Calendar) Explain(w Window, t time.Time, english bool) string {
	return string(c.AppendExplain(nil, w, t, english))
}

// AppendExplain appends what [Calendar.Explain] returns.
func (c *Calendar) AppendExplain(dst []byte, w Window, t time.Time, english bool) []byte {
	s := sentence{b: dst, english: english}
	if w.Always() {
		s.say("全天有效", "always in force")
		return s.b
	}
	day := dayNumber(t)
	s.day(c.On(t))
	if c.kind(day) == Makeup {
		if c.policy.MakeupIsRest {
			s.say("，按休息日执行", ", treated as a rest day")
		} else {
			s.say("，按工作日执行", ", treated as a working day")
		}
	}
	s.hours(c, w, day)
	s.say("；", "; ")
	s.b = appendClock(s.b, sinceMidnight(t))
	if c.Open(w, t) {
		s.say(" 在时段内", " is within them")
		if until, ok := c.Turn(w, t); ok {
			s.say("，到 ", ", until ")
			s.b = appendClock(s.b, sinceMidnight(until))
			s.say(" 止", "")
		}
	} else if over, ok := c.overtime(w, t); ok {
		s.say(" 已超时 ", " is ")
		s.b = strconv.AppendInt(s.b, int64(over/time.Minute), 10)
		s.say(" 分钟", " minutes over")
	} else {
		s.say(" 不在时段内", " is not within them")
	}
	return s.b
}

// sentence is written in one of two languages.
type sentence struct {
	b       []byte
	english bool
}

func (s *sentence) say(zh, en string) {
	if s.english {
		s.b = append(s.b, en...)
	} else {
		s.b = append(s.b, zh...)
	}
}

// day says what day it is, and that the year's notice is missing where it is.
func (s *sentence) day(d Date) {
	year := d.Day[:4]
	s.b = append(s.b, d.Day...)
	if s.english {
		s.b = append(append(append(s.b, " ("...), d.Weekday.String()...), ") is "...)
		s.b = append(s.b, kindEN[d.Kind]...)
		if d.Name != "" {
			s.b = append(append(s.b, " of "...), d.Name...)
		}
		if !d.Known {
			s.b = append(append(append(s.b, " by the plain week: no holiday notice for "...), year...), " is loaded"...)
		}
		return
	}
	s.b = append(append(append(s.b, "（"...), weekdayZH[d.Weekday]...), "）是"...)
	s.b = append(append(s.b, d.Name...), kindZH[d.Kind]...)
	if !d.Known {
		s.b = append(append(append(s.b, "（"...), year...), " 年的放假通知尚未录入，按普通周计算）"...)
	}
}

// hours lists the ranges of w that begin on a day.
func (s *sentence) hours(c *Calendar, w Window, day int) {
	n := 0
	for i := range w.rules {
		if !c.selects(&w.rules[i], day) {
			continue
		}
		for _, h := range w.rules[i].ranges {
			if n++; n == 1 {
				s.say("，允许时段 ", ", permitted ")
			} else {
				s.say("、", " and ")
			}
			s.b = append(appendClock(s.b, h.from), "–"...)
			s.b = appendClock(s.b, h.to)
		}
	}
	if n == 0 {
		s.say("，当日不开放", ", with no permitted hours")
	}
}

// appendClock writes a time of day; what runs past midnight begins again.
func appendClock(b []byte, d time.Duration) []byte {
	if d > 24*time.Hour {
		d -= 24 * time.Hour
	}
	h, m := int64(d/time.Hour), int64(d%time.Hour/time.Minute)
	return append(b, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10))
}

// overtime returns how long ago, on the same day, w closed.
func (c *Calendar) overtime(w Window, t time.Time) (time.Duration, bool) {
	day, clock := dayNumber(t), sinceMidnight(t)
	best, ok := time.Duration(0), false
	for i := range w.rules {
		if !c.selects(&w.rules[i], day) {
			continue
		}
		for _, h := range w.rules[i].ranges {
			if over := clock - h.to; over >= 0 && (!ok || over < best) {
				best, ok = over, true
			}
		}
	}
	return best, ok
}
