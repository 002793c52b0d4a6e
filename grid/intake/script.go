package intake

import (
	"math"
	"strconv"
	"time"

	"wangge/grid"
)

// script collects the sentences of one certificate in one buffer, in one of the
// two languages; the steps' strings are cut from it at the end.
type script struct {
	lang  grid.Lang
	zh    bool
	b     []byte
	marks []mark
}

// mark is where a step begins.
type mark struct {
	step, id string
	won      *bool
	from     int
}

// Won points at these: a step that decided nothing has neither.
var won, lost = true, false

func (s *script) step(step string) { s.stepOf(step, "", nil) }

func (s *script) stepOf(step, id string, w *bool) {
	s.marks = append(s.marks, mark{step, id, w, len(s.b)})
}

// say writes the words of the certificate's language.
func (s *script) say(zh, en string) {
	if s.zh {
		s.b = append(s.b, zh...)
	} else {
		s.b = append(s.b, en...)
	}
}

func (s *script) add(parts ...string) {
	for _, p := range parts {
		s.b = append(s.b, p...)
	}
}

// ref writes a name in the certificate's language.
func (s *script) ref(r grid.Ref) { s.say(r.Name, or(r.NameEN, r.Name)) }

func (s *script) unit(u *grid.UnitRef) { s.say(u.Name, or(u.NameEN, u.Name)) }

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// metres writes a length for people: a decimal below ten metres.
func (s *script) metres(d float64) {
	if d < 10 {
		s.b = strconv.AppendFloat(s.b, math.Round(d*10)/10, 'f', -1, 64)
		return
	}
	s.b = strconv.AppendInt(s.b, int64(math.Round(d)), 10)
}

func (s *script) percent(f float64) {
	s.b = append(strconv.AppendInt(s.b, int64(math.Round(f*100)), 10), '%')
}

// clock writes an instant in Asia/Shanghai, to the minute.
func (s *script) clock(t time.Time) {
	y, m, d := t.In(grid.Zone).Date()
	h, minute, _ := t.In(grid.Zone).Clock()
	s.b = strconv.AppendInt(s.b, int64(y), 10)
	if s.zh {
		s.b = strconv.AppendInt(append(s.b, "年"...), int64(m), 10)
		s.b = strconv.AppendInt(append(s.b, "月"...), int64(d), 10)
		s.b = append(s.b, "日"...)
	} else {
		s.two('-', int(m))
		s.two('-', d)
		s.b = append(s.b, ' ')
	}
	s.b = append(s.b, byte('0'+h/10), byte('0'+h%10))
	s.two(':', minute)
}

func (s *script) two(before byte, n int) {
	s.b = append(s.b, before, byte('0'+n/10), byte('0'+n%10))
}

// along writes a name in brackets, nothing for none.
func (s *script) along(name string) {
	if name != "" {
		s.say("（", " (")
		s.add(name)
		s.say("）", ")")
	}
}

// cut ends the script: the steps, and what was written behind the mark "text".
func (s *script) cut() (steps []grid.Step, text string) {
	all := string(s.b)
	steps = make([]grid.Step, 0, len(s.marks))
	for i, m := range s.marks {
		end := len(all)
		if i+1 < len(s.marks) {
			end = s.marks[i+1].from
		}
		if m.step == paragraph {
			text = all[m.from:end]
			continue
		}
		steps = append(steps, grid.Step{Step: m.step, ID: m.id, Won: m.won, Says: all[m.from:end]})
	}
	return steps, text
}

// paragraph marks the text that is no step.
const paragraph = ""
