package duty

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wangge/grid"
)

// Severity says how bad a finding is.
type Severity string

// The severities. Errors make an audit fail.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Finding is something that the linter noticed about the rules.
type Finding struct {
	Rule     string // tie, shadowed, dead, unknown, gap
	Severity Severity
	IDs      []string // the duties or the category it is about
	Says     string
	SaysZH   string
}

// Lint tells the rules' contradictions and loose ends: ties, rules that never
// apply, references to nothing, categories that no rule is about. hotspots are
// those of all validity periods.
func (b *Book) Lint(hotspots []grid.Hotspot) []Finding {
	var out []Finding
	byID := map[string][]grid.Hotspot{}
	for _, h := range hotspots {
		byID[h.ID] = append(byID[h.ID], h)
	}
	for i := range b.rules {
		out = append(out, b.references(&b.rules[i], byID)...)
		out = append(out, b.dead(&b.rules[i], byID)...)
		for j := i + 1; j < len(b.rules) && b.rules[j].strength == b.rules[i].strength; j++ {
			out = append(out, b.pair(&b.rules[i], &b.rules[j])...)
		}
	}
	return append(out, b.gaps()...)
}

func finding(rule string, s Severity, id, says, saysZH string) Finding {
	return Finding{Rule: rule, Severity: s, IDs: []string{id}, Says: id + ": " + says, SaysZH: id + "：" + saysZH}
}

func (b *Book) references(r *rule, hotspots map[string][]grid.Hotspot) []Finding {
	var out []Finding
	unknown := func(what, zh, id string) {
		out = append(out, finding("unknown", Error, r.ID, "there is no "+what+" "+id, "没有"+zh+" "+id))
	}
	for _, id := range append([]string{r.Lead}, r.Assist...) {
		if id != grid.StreetOffice && len(b.units[id]) == 0 {
			unknown("unit", "单位", id)
		}
	}
	if r.Category != "" && b.categories[r.Category] == nil {
		unknown("category", "类别", r.Category)
	}
	if r.Hotspot != "" && len(hotspots[r.Hotspot]) == 0 {
		unknown("hotspot", "点位", r.Hotspot)
	}
	if r.HotspotKind != "" && !slices.Contains(grid.HotspotKinds, r.HotspotKind) {
		unknown("hotspot kind", "点位类型", string(r.HotspotKind))
	}
	if r.Group != "" {
		used := false
		for _, c := range b.categories {
			used = used || c.Group == r.Group
		}
		if !used {
			unknown("group", "大类", r.Group)
		}
	}
	return out
}

// dead tells rules that can never hold.
func (b *Book) dead(r *rule, hotspots map[string][]grid.Hotspot) []Finding {
	switch {
	case !r.Valid.To.IsZero() && !r.Valid.From.IsZero() && !r.Valid.From.Before(r.Valid.To):
		return []Finding{finding("dead", Error, r.ID, "its validity ends before it begins", "有效期结束早于开始")}
	case r.Hotspot != "" && len(hotspots[r.Hotspot]) > 0 && !slices.ContainsFunc(hotspots[r.Hotspot], func(h grid.Hotspot) bool { return overlap(h.Valid, r.Valid) }):
		return []Finding{finding("dead", Warning, r.ID, "its hotspot is never valid while it is", "点位与权责的有效期不相交")}
	case r.windowed && r.Window != "" && !b.everHolds(r):
		return []Finding{finding("dead", Error, r.ID, "its window never opens", "时段从不开放")}
	}
	if u := b.units[r.Lead]; len(u) > 0 && !slices.ContainsFunc(u, func(u *grid.Unit) bool { return overlap(u.Valid, r.Valid) }) {
		return []Finding{finding("dead", Error, r.ID, "its lead is never a unit while it is valid", "牵头单位在有效期内不存在")}
	}
	return nil
}

// sample is a period with every kind of day: two years of half hours.
var sampleFrom = time.Date(2012, 1, 1, 0, 0, 0, 0, grid.Zone)

const sampleSteps = 2 * 366 * 48

func (b *Book) everHolds(r *rule) bool {
	for i := range sampleSteps {
		if b.calendar.Open(r.window, sampleFrom.Add(time.Duration(i)*30*time.Minute)) != r.Closed {
			return true
		}
	}
	return false
}

func overlap(a, b grid.Span) bool {
	return (a.To.IsZero() || b.From.IsZero() || b.From.Before(a.To)) &&
		(b.To.IsZero() || a.From.IsZero() || a.From.Before(b.To))
}

// pair compares two rules of equal strength. Rules of two different hotspots, or
// of two streets, meet only where the places do; the certificate tells those ties.
func (b *Book) pair(x, y *rule) []Finding {
	if x.Hotspot != y.Hotspot || x.HotspotKind != y.HotspotKind || x.Street != y.Street ||
		x.Category != y.Category || x.Group != y.Group || !overlap(x.Valid, y.Valid) || !b.windowsMeet(x, y) {
		return nil
	}
	ids := []string{x.ID, y.ID}
	if x.Lead != y.Lead {
		return []Finding{{
			Rule: "tie", Severity: Error, IDs: ids,
			Says:   fmt.Sprintf("%s: equally strong, with different leads %s and %s", strings.Join(ids, ", "), x.Lead, y.Lead),
			SaysZH: fmt.Sprintf("%s：同等具体而牵头单位不同（%s、%s）", strings.Join(ids, "、"), x.Lead, y.Lead),
		}}
	}
	return []Finding{{
		Rule: "shadowed", Severity: Warning, IDs: ids,
		Says:   fmt.Sprintf("%s: equally strong with the same lead; only the first is used", strings.Join(ids, ", ")),
		SaysZH: fmt.Sprintf("%s：同等具体且牵头单位相同，仅前者生效", strings.Join(ids, "、")),
	}}
}

func (b *Book) windowsMeet(x, y *rule) bool {
	if !x.windowed || !y.windowed {
		return true
	}
	if x.Window == "" || y.Window == "" {
		return x.Window == y.Window && x.Closed == y.Closed
	}
	for i := range sampleSteps {
		t := sampleFrom.Add(time.Duration(i) * 30 * time.Minute)
		if b.calendar.Open(x.window, t) != x.Closed && b.calendar.Open(y.window, t) != y.Closed {
			return true
		}
	}
	return false
}

// gaps tells categories for which no rule of the whole district or a street is
// made: there the last resort leads.
func (b *Book) gaps() []Finding {
	var out []Finding
	for code, c := range b.categories {
		if !slices.ContainsFunc(b.byCategory[code], func(i int32) bool { return b.rules[i].strength.place <= ofStreet }) {
			out = append(out, Finding{
				Rule: "gap", Severity: Info, IDs: []string{code},
				Says:   fmt.Sprintf("%s (%s): no rule leads it, the street office is the last resort", code, c.NameEN),
				SaysZH: fmt.Sprintf("%s（%s）：无权责规则，由街镇托底", code, c.Name),
			})
		}
	}
	slices.SortFunc(out, func(x, y Finding) int { return strings.Compare(x.IDs[0], y.IDs[0]) })
	return out
}
