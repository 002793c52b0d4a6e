package duty

import (
	"strings"

	"wangge/grid"
)

// maxLosers bounds the rules that are told to have lost.
const maxLosers = 6

var won, lost = true, false

// Explain appends a step for the rule that won and for each rule of this place
// that did not, strongest first, and one for the last resort when it applied.
// Rules of other places are not told.
func (b *Book) Explain(dst []grid.Step, q *Question, a Answer, lang grid.Lang) []grid.Step {
	losers := 0
	for _, i := range b.candidates(q) {
		r := &b.rules[i]
		why := b.try(r, q)
		winner := a.Duty == &r.Duty
		if why == elsewhere || !winner && losers == maxLosers {
			continue
		}
		step := grid.Step{Step: "duty", ID: r.ID, Won: &lost}
		if winner {
			step.Won = &won
		} else {
			losers++
		}
		step.Says = b.sentence(r, q, a, why, lang)
		dst = append(dst, step)
	}
	if a.Duty == nil {
		dst = append(dst, b.lastResort(a, lang))
	}
	return dst
}

func (b *Book) lastResort(a Answer, lang grid.Lang) grid.Step {
	s := grid.Step{Step: "duty", Won: &won}
	switch {
	case a.Lead == nil && lang == grid.EN:
		s.Says = "No rule holds, and no unit is known for this place"
	case a.Lead == nil:
		s.Says = "没有适用的权责，也没有可托底的单位"
	case lang == grid.EN:
		s.Says = "No rule holds: the last resort (街镇托底) is " + name(a.Lead, lang)
	default:
		s.Says = "没有适用的权责，街镇托底：" + a.Lead.Name
	}
	if a.Lead == nil {
		s.Won = &lost
	}
	return s
}

func (b *Book) sentence(r *rule, q *Question, a Answer, why reason, lang grid.Lang) string {
	var s strings.Builder
	s.WriteString(b.placeOf(r, q, lang))
	s.WriteString(" × ")
	s.WriteString(b.matterOf(r, lang))
	s.WriteString(" → ")
	s.WriteString(b.leadOf(r, q, lang))
	zh := lang != grid.EN
	if zh {
		s.WriteString("：")
	} else {
		s.WriteString(": ")
	}
	pick := func(chinese, english string) {
		if zh {
			s.WriteString(chinese)
		} else {
			s.WriteString(english)
		}
	}
	switch {
	case why == notValid:
		pick("未采用，当时不在有效期内", "not taken, it was not in force then")
	case why == windowShut:
		pick("未采用，当时不在适用时段", "not taken, its hours do not apply then")
	case why == leadMissing:
		pick("未采用，牵头单位当时不存在", "not taken, its lead was not a unit then")
	case a.Duty == &r.Duty && a.Tie != nil:
		pick("暂定，与同等权责 "+a.Tie.ID+" 冲突", "stands meanwhile, it ties with "+a.Tie.ID)
	case a.Duty == &r.Duty:
		pick("适用", "applies")
		if basis := basisOf(r, zh); basis != "" {
			pick("（"+basis+"）", " ("+basis+")")
		}
	case a.Tie == &r.Duty:
		pick("冲突，与 "+a.Duty.ID+" 同等具体而牵头单位不同", "ties, as specific as "+a.Duty.ID+" with another lead")
	default:
		pick("未采用，"+weaker(r, a.Duty, true), "not taken, "+weaker(r, a.Duty, false))
	}
	return s.String()
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
