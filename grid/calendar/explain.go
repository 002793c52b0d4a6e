package calendar

import (
	"fmt"
	"strings"
	"time"
)

var (
	weekdayZH = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}
	kindZH    = [...]string{"工作日", "调休上班日", "周末", "节假日"}
	kindEN    = [...]string{"a working day", "a make-up working day", "a weekend", "a holiday"}
)

// Describe says in a few words what day it is, and that the year's notice is
// missing where it is.
func (c *Calendar) Describe(t time.Time, english bool) string {
	d := c.On(t)
	var b strings.Builder
	if english {
		fmt.Fprintf(&b, "%s (%s) is %s", d.Day, d.Weekday, kindEN[d.Kind])
		if d.Name != "" {
			fmt.Fprintf(&b, " of %s", d.Name)
		}
		if !d.Known {
			fmt.Fprintf(&b, " by the plain week: no holiday notice for %s is loaded", d.Day[:4])
		}
		return b.String()
	}
	fmt.Fprintf(&b, "%s（%s）是%s%s", d.Day, weekdayZH[d.Weekday], d.Name, kindZH[d.Kind])
	if !d.Known {
		fmt.Fprintf(&b, "（%s 年的放假通知尚未录入，按普通周计算）", d.Day[:4])
	}
	return b.String()
}

// Explain says whether w holds at t and why: what day it is, which hours hold on
// it, and how long it has been closed or stays open. A window that always holds
// says so.
func (c *Calendar) Explain(w Window, t time.Time, english bool) string {
	if w.Always() {
		if english {
			return "always in force"
		}
		return "全天有效"
	}
	open, clock := c.Open(w, t), t.In(Zone).Format("15:04")
	ranges := c.hoursOn(w, dayNumber(t))
	makeup := c.kind(dayNumber(t)) == Makeup
	if english {
		return c.explainEN(w, t, clock, ranges, open, makeup)
	}
	var b strings.Builder
	b.WriteString(c.Describe(t, false))
	if makeup {
		rule := "工作日"
		if c.policy.MakeupIsRest {
			rule = "休息日"
		}
		b.WriteString("，按" + rule + "执行")
	}
	if len(ranges) == 0 {
		b.WriteString("，当日不开放")
	} else {
		fmt.Fprintf(&b, "，允许时段 %s", strings.Join(ranges, "、"))
	}
	if open {
		fmt.Fprintf(&b, "；%s 在时段内", clock)
		if until, ok := c.Turn(w, t); ok {
			fmt.Fprintf(&b, "，到 %s 止", until.In(Zone).Format("15:04"))
		}
	} else if over, ok := c.overtime(w, t); ok {
		fmt.Fprintf(&b, "；%s 已超时 %d 分钟", clock, int(over/time.Minute))
	} else {
		fmt.Fprintf(&b, "；%s 不在时段内", clock)
	}
	return b.String()
}

func (c *Calendar) explainEN(w Window, t time.Time, clock string, ranges []string, open, makeup bool) string {
	var b strings.Builder
	b.WriteString(c.Describe(t, true))
	if makeup && c.policy.MakeupIsRest {
		b.WriteString(", treated as a rest day")
	} else if makeup {
		b.WriteString(", treated as a working day")
	}
	if len(ranges) == 0 {
		b.WriteString(", with no permitted hours")
	} else {
		fmt.Fprintf(&b, ", permitted %s", strings.Join(ranges, " and "))
	}
	if open {
		fmt.Fprintf(&b, "; %s is within them", clock)
		if until, ok := c.Turn(w, t); ok {
			fmt.Fprintf(&b, ", until %s", until.In(Zone).Format("15:04"))
		}
	} else if over, ok := c.overtime(w, t); ok {
		fmt.Fprintf(&b, "; %s is %d minutes over", clock, int(over/time.Minute))
	} else {
		fmt.Fprintf(&b, "; %s is not within them", clock)
	}
	return b.String()
}

// hoursOn lists the ranges that begin on a day.
func (c *Calendar) hoursOn(w Window, day int) []string {
	var out []string
	for i := range w.rules {
		if !c.selects(&w.rules[i], day) {
			continue
		}
		for _, h := range w.rules[i].ranges {
			out = append(out, midnight(day).Add(h.from).In(Zone).Format("15:04")+"–"+clockOf(h.to))
		}
	}
	return out
}

func clockOf(d time.Duration) string {
	if d == 24*time.Hour {
		return "24:00"
	}
	d %= 24 * time.Hour
	return fmt.Sprintf("%02d:%02d", int(d/time.Hour), int(d%time.Hour/time.Minute))
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
