package duty

import "wangge/grid"

// maxLosers bounds the rules that are told to have lost.
const maxLosers = 6

// Verdict is how one rule stood to a question.
type Verdict struct {
	Won  bool
	rule *rule // nil: the last resort
	why  reason
}

// ID returns the duty's ID, "" for the last resort.
func (v Verdict) ID() string {
	if v.rule == nil {
		return ""
	}
	return v.rule.ID
}

// Verdicts appends one for the rule that won and one for each rule of this place
// that did not, strongest first, and one for the last resort when it applied.
// Rules of other places are left out, and all but the first few that lost.
func (b *Book) Verdicts(dst []Verdict, q *Question, a Answer) []Verdict {
	losers := 0
	for _, i := range b.candidates(q) {
		r := &b.rules[i]
		v := Verdict{Won: a.Duty == &r.Duty, rule: r, why: b.try(r, q)}
		if v.why == elsewhere || !v.Won && losers == maxLosers {
			continue
		}
		if !v.Won {
			losers++
		}
		dst = append(dst, v)
	}
	if a.Duty == nil {
		dst = append(dst, Verdict{Won: a.Lead != nil})
	}
	return dst
}

// AppendVerdict appends a verdict as a sentence: place × matter → lead, and why it
// applies or not. q and a must be those that the verdict was found for.
func (b *Book) AppendVerdict(dst []byte, v Verdict, q *Question, a Answer, lang grid.Lang) []byte {
	s := sentence{b: dst, zh: lang != grid.EN, lang: lang}
	if v.rule == nil {
		s.lastResort(a)
	} else {
		b.sentence(&s, v, q, a)
	}
	return s.b
}

// sentence is written in one of two languages.
type sentence struct {
	b    []byte
	zh   bool
	lang grid.Lang
}

func (s *sentence) say(zh, en string) {
	if s.zh {
		s.b = append(s.b, zh...)
	} else {
		s.b = append(s.b, en...)
	}
}

func (s *sentence) add(parts ...string) {
	for _, p := range parts {
		s.b = append(s.b, p...)
	}
}

func (s *sentence) lastResort(a Answer) {
	if a.Lead == nil {
		s.say("没有适用的权责，也没有可托底的单位", "No rule holds, and no unit is known for this place")
		return
	}
	s.say("没有适用的权责，街镇托底：", "No rule holds: the last resort (街镇托底) is ")
	s.add(name(a.Lead, s.lang))
}

func (b *Book) sentence(s *sentence, v Verdict, q *Question, a Answer) {
	r := v.rule
	s.add(b.placeOf(r, q, s.lang), " × ", b.matterOf(r, s.lang), " → ", b.leadOf(r, q, s.lang))
	s.say("：", ": ")
	switch {
	case v.why == notValid:
		s.say("未采用，当时不在有效期内", "not taken, it was not in force then")
	case v.why == windowShut:
		s.say("未采用，当时不在适用时段", "not taken, its hours do not apply then")
	case v.why == leadMissing:
		s.say("未采用，牵头单位当时不存在", "not taken, its lead was not a unit then")
	case v.Won && a.Tie != nil:
		s.say("暂定，同等冲突的权责：", "stands meanwhile, it ties with ")
		s.add(a.Tie.ID)
	case v.Won:
		s.say("适用", "applies")
		if basis := basisOf(r, s.zh); basis != "" {
			s.say("（", " (")
			s.add(basis)
			s.say("）", ")")
		}
	case a.Tie == &r.Duty:
		s.say("冲突，同等具体而牵头单位不同的权责：", "ties, as specific with another lead as ")
		s.add(a.Duty.ID)
	default:
		s.say("未采用，", "not taken, ")
		s.add(weaker(r, a.Duty, s.zh))
	}
}

func basisOf(r *rule, zh bool) string {
	if !zh && r.BasisEN != "" {
		return r.BasisEN
	}
	return r.Basis
}

// weaker says in which respect a rule that holds is weaker than the winner.
func weaker(r *rule, winner *grid.Duty, zh bool) string {
	w := strengthOf(winner)
	say := func(chinese, english string) string {
		if zh {
			return chinese
		}
		return english
	}
	switch {
	case r.strength.place < w.place:
		return say("地点不如胜出者具体", "its place is less specific than the winner's")
	case r.strength.category < w.category:
		return say("事项不如胜出者具体", "its matter is less specific than the winner's")
	case r.strength.window < w.window:
		return say("胜出者有专门时段", "the winner has hours of its own")
	}
	return say("与胜出者同等，牵头单位相同", "equal to the winner, with the same lead")
}

func (b *Book) placeOf(r *rule, q *Question, lang grid.Lang) string {
	if hit, ok := r.place(q); ok && hit != nil {
		if lang == grid.EN && hit.Spot.NameEN != "" {
			return hit.Spot.NameEN
		}
		return hit.Spot.Name
	}
	switch {
	case r.Street != "" && lang == grid.EN:
		return "street " + r.Street
	case r.Street != "":
		return "街道 " + r.Street
	case lang == grid.EN:
		return "whole district"
	}
	return "全区"
}

func (b *Book) matterOf(r *rule, lang grid.Lang) string {
	switch {
	case r.Category != "":
		if c := b.categories[r.Category]; c != nil && lang == grid.EN && c.NameEN != "" {
			return c.NameEN
		} else if c != nil {
			return c.Name
		}
		return r.Category
	case r.Group != "" && lang == grid.EN && b.groups[r.Group] != "":
		return b.groups[r.Group]
	case r.Group != "":
		return r.Group
	case lang == grid.EN:
		return "any matter"
	}
	return "任何事项"
}

func (b *Book) leadOf(r *rule, q *Question, lang grid.Lang) string {
	if u := b.unit(r.Lead, q); u != nil {
		return name(u, lang)
	}
	return r.Lead
}

func name(u *grid.Unit, lang grid.Lang) string {
	if lang == grid.EN && u.NameEN != "" {
		return u.NameEN
	}
	return u.Name
}
