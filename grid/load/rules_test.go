package load_test

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
)

// rules is the demonstration data, by what refers to what.
type rules struct {
	units      map[string][]grid.Unit
	streets    map[string]bool
	roads      map[string]bool
	categories map[string]grid.Category
	groups     map[string]bool
	spots      map[string]grid.Hotspot
	duties     []grid.Duty
}

func rulesOf(all []grid.Record) rules {
	r := rules{
		units: map[string][]grid.Unit{}, streets: map[string]bool{}, roads: map[string]bool{},
		categories: map[string]grid.Category{}, groups: map[string]bool{}, spots: map[string]grid.Hotspot{},
		duties: of[grid.Duty](all),
	}
	for _, u := range of[grid.Unit](all) {
		r.units[u.ID] = append(r.units[u.ID], u)
	}
	for _, a := range of[grid.Area](all) {
		r.streets[a.Code] = r.streets[a.Code] || a.Level == grid.LevelStreet
	}
	for _, x := range of[grid.Road](all) {
		r.roads[x.Name] = true
	}
	for _, c := range of[grid.Category](all) {
		r.categories[c.Code] = c
		r.groups[c.Group] = true
	}
	for _, h := range of[grid.Hotspot](all) {
		r.spots[h.ID] = h
	}
	return r
}

func TestReferences(t *testing.T) {
	all := demo(t)
	r := rulesOf(all)
	for _, h := range r.spots {
		if len(r.units[h.Lead]) == 0 {
			t.Errorf("hotspot %s: lead %q is no unit", h.ID, h.Lead)
		}
		for _, s := range h.Streets {
			if !r.streets[s] {
				t.Errorf("hotspot %s: %q is no street", h.ID, s)
			}
		}
		if h.Road != "" && !r.roads[h.Road] {
			t.Errorf("hotspot %s: %q is no road", h.ID, h.Road)
		}
	}
	kinds := map[grid.HotspotKind]bool{"": true}
	for _, k := range grid.HotspotKinds {
		kinds[k] = true
	}
	for _, d := range r.duties {
		for _, u := range append([]string{d.Lead}, d.Assist...) {
			if u != grid.StreetOffice && len(r.units[u]) == 0 {
				t.Errorf("%s: %q is no unit", d.ID, u)
			}
			if u == d.Lead && contains(d.Assist, u) {
				t.Errorf("%s: %q leads and assists", d.ID, u)
			}
		}
		_, spot := r.spots[d.Hotspot]
		_, category := r.categories[d.Category]
		if (d.Hotspot != "" && !spot) || !kinds[d.HotspotKind] || (d.Street != "" && !r.streets[d.Street]) {
			t.Errorf("%s: place %q %q %q is not known", d.ID, d.Hotspot, d.HotspotKind, d.Street)
		}
		if (d.Category != "" && !category) || (d.Group != "" && !r.groups[d.Group]) {
			t.Errorf("%s: matter %q %q is not known", d.ID, d.Category, d.Group)
		}
		if d.Basis == "" || d.BasisEN == "" {
			t.Errorf("%s: a basis is missing", d.ID)
		}
		if spot && r.spots[d.Hotspot].Shape == nil {
			t.Errorf("%s: hotspot %s holds in no place", d.ID, d.Hotspot)
		}
	}
	for _, c := range of[grid.Crossing](all) {
		if !r.roads[c.RoadA] || !r.roads[c.RoadB] {
			t.Errorf("crossing %s: a road is not known", c.Key())
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// At every time each street office's area has exactly one unit: the last resort.
func TestLastResort(t *testing.T) {
	all := demo(t)
	for _, date := range mapDates {
		streets, _ := streetsAt(all, day(date))
		office := map[string]string{}
		for _, u := range of[grid.Unit](all) {
			if u.Kind != grid.UnitStreet || !u.Valid.Holds(day(date)) {
				continue
			}
			if office[u.Street] != "" {
				t.Errorf("%s: both %s and %s stand for %s", date, office[u.Street], u.ID, u.Street)
			}
			office[u.Street] = u.ID
		}
		for code := range streets {
			if office[code] == "" {
				t.Errorf("%s: no unit stands for %s", date, code)
			}
		}
	}
}

func TestWordsAreOfOneCategory(t *testing.T) {
	seen := map[string]string{}
	for _, c := range of[grid.Category](demo(t)) {
		for _, w := range c.Words {
			if other := seen[w]; other != "" {
				t.Errorf("word %s speaks for both %s and %s", w, other, c.Code)
			}
			seen[w] = c.Code
		}
		if len(c.Words) == 0 && c.Code != "other" {
			t.Errorf("no word speaks for %s", c.Code)
		}
	}
	if got := seen["流动摊贩"]; got != "luan-shetan" {
		t.Errorf("流动摊贩 speaks for %q, want luan-shetan", got)
	}
}

// strength orders duties by place, then category, then window: equal ones tie.
func strength(d grid.Duty) [3]int {
	place, matter, window := 0, 0, 0
	switch {
	case d.Hotspot != "":
		place = 3
	case d.HotspotKind != "":
		place = 2
	case d.Street != "":
		place = 1
	}
	switch {
	case d.Category != "":
		matter = 2
	case d.Group != "":
		matter = 1
	}
	if d.Window != "" || d.Closed {
		window = 1
	}
	return [3]int{place, matter, window}
}

func TestDutiesNeverTie(t *testing.T) {
	r := rulesOf(demo(t))
	for i, a := range r.duties {
		for _, b := range r.duties[i+1:] {
			if strength(a) != strength(b) || !r.sameMatter(a, b) || !sameTime(a, b) || !r.samePlace(a, b) {
				continue
			}
			t.Errorf("%s and %s tie", a.ID, b.ID)
		}
	}
}

func (r rules) sameMatter(a, b grid.Duty) bool { return a.Category == b.Category && a.Group == b.Group }

func sameTime(a, b grid.Duty) bool {
	apart := func(x, y grid.Span) bool { return !x.To.IsZero() && !y.From.Before(x.To) }
	if apart(a.Valid, b.Valid) || apart(b.Valid, a.Valid) {
		return false
	}
	return a.Window != b.Window || a.Closed == b.Closed // one window, open and closed: never both
}

func (r rules) samePlace(a, b grid.Duty) bool {
	for _, x := range r.spotsOf(a) {
		for _, y := range r.spotsOf(b) {
			if x.Shape != nil && y.Shape != nil && apart(x.Shape, y.Shape) <= x.Reach+y.Reach {
				return true
			}
		}
	}
	return a.Street == b.Street && strength(a)[0] < 2
}

func (r rules) spotsOf(d grid.Duty) []grid.Hotspot {
	var out []grid.Hotspot
	for _, h := range r.spots {
		if h.ID == d.Hotspot || (d.HotspotKind != "" && h.Kind == d.HotspotKind) {
			out = append(out, h)
		}
	}
	return out
}

// apart returns the metres between points and lines, never more than there are.
func apart(a, b orb.Geometry) float64 {
	f := geo.FrameAt(31.29)
	la, lb := lineOf(a), lineOf(b)
	best := math.Inf(1)
	for _, p := range la {
		_, d := f.ToLine(p, lb)
		best = min(best, d)
	}
	for _, p := range lb {
		_, d := f.ToLine(p, la)
		best = min(best, d)
	}
	return best
}

func lineOf(g orb.Geometry) orb.LineString {
	switch g := g.(type) {
	case orb.Point:
		return orb.LineString{g}
	case orb.LineString:
		return g
	}
	return nil
}

// What the founding facts say about the places that are named in them.
func TestNamedDuties(t *testing.T) {
	r := rulesOf(demo(t))
	byID := map[string]grid.Duty{}
	for _, d := range r.duties {
		byID[d.ID] = d
	}
	for _, tt := range []struct {
		id, lead, assist string
		limit            grid.Limit
	}{
		{"duty-hongfangzi-order", "sub-daqiao", "chengguan", grid.Limit{N: 1, Unit: grid.WorkingDays}},
		{"duty-hongfangzi-parking", "sub-daqiao", "jiaojing wuye", grid.Limit{N: 1, Unit: grid.WorkingDays}},
		{"duty-divert-tumen-open-luan-shetan", "sub-changbai", "", grid.Limit{}},
		{"duty-divert-tumen-closed-luan-shetan", "sub-changbai", "chengguan", grid.Limit{N: 2, Unit: grid.WorkingHours}},
		{"duty-perimeter-campaign", "zongguanban", "@street chengguan", grid.Limit{}},
		{"duty-perimeter-since", "@street", "chengguan", grid.Limit{}},
		{"duty-district-weiting", "jiaojing", "chengguan", grid.Limit{}},
	} {
		d := byID[tt.id]
		if d.Lead != tt.lead || strings.Join(d.Assist, " ") != tt.assist || d.Limit != tt.limit {
			t.Errorf("%s = %s %v %v, want %s [%s] %v", tt.id, d.Lead, d.Assist, d.Limit, tt.lead, tt.assist, tt.limit)
		}
	}
	if _, ok := byID["duty-district-other"]; ok {
		t.Error("category other has a department, want none: the street office is its last resort")
	}
}

func TestDaysOff(t *testing.T) {
	days := map[string]grid.Day{}
	for _, d := range of[grid.Day](demo(t)) {
		days[d.Date] = d
	}
	for date, off := range map[string]bool{"2013-01-05": false, "2013-01-01": true, "2026-10-01": true, "2010-01-01": true} {
		if d, ok := days[date]; !ok || d.Off != off {
			t.Errorf("day %s = %v (known %v), want off %v", date, d, ok, off)
		}
	}
}

// clause is the grammar of grid/calendar as far as the demonstration data uses it.
var clause = regexp.MustCompile(`^(daily|workday|restday) ([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$`)

func TestSchedules(t *testing.T) {
	r := rulesOf(demo(t))
	windows := map[string]string{}
	for _, h := range r.spots {
		windows[h.ID] = h.Schedule
	}
	for _, d := range r.duties {
		windows[d.ID] = d.Window
		if d.Window != "" && d.Window != r.spots[d.Hotspot].Schedule {
			t.Errorf("%s: window %q, its hotspot's schedule is %q", d.ID, d.Window, r.spots[d.Hotspot].Schedule)
		}
	}
	for id, w := range windows {
		for c := range strings.SplitSeq(w, "; ") {
			if w != "" && !clause.MatchString(c) {
				t.Errorf("%s: %q is no clause of a window", id, c)
			}
		}
	}
}
