package osm

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"golang.org/x/text/width"

	"wangge/geo"
	"wangge/grid"
)

// Distances in metres within which points are of one thing: a door that stands on
// several elements, a place that is mapped as a node and as an outline.
const (
	sameDoor  = 100
	samePlace = 150
)

// number is a house number as our doors have it: five digits at most, as the gazetteer
// reads them.
type number struct {
	n      int
	suffix string
}

var (
	lane   = regexp.MustCompile(`^([0-9]{1,5})弄`)
	house  = regexp.MustCompile(`^([0-9]{1,5})(?:[甲乙丙丁A-Za-z]|[-之][0-9]{1,2})?号?`)
	extent = regexp.MustCompile(`^([0-9]{1,5})号? ?(?:-|~|至|到) ?([0-9]{1,5})号?$`)
	lists  = regexp.MustCompile(`[,;、]`)
	dashes = strings.NewReplacer("–", "-", "—", "-", "－", "-", "～", "~", "﹣", "-", "−", "-")
)

// numbers reads addr:housenumber: 1665号, 1665, 745弄, 745弄9号 (the lane's door),
// 1031-1035号 (both ends; 12-2 is the second door of 12), and lists of them. nil when it is none of these.
func numbers(s string) []number {
	var out []number
	for part := range slices.Values(lists.Split(dashes.Replace(width.Fold.String(clean(s))), -1)) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		var found []number
		if m := lane.FindStringSubmatch(part); m != nil {
			found = []number{{atoi(m[1]), "弄"}}
		} else if m := extent.FindStringSubmatch(part); m != nil && atoi(m[1]) < atoi(m[2]) {
			found = []number{{atoi(m[1]), "号"}, {atoi(m[2]), "号"}}
		} else if m := house.FindStringSubmatch(part); m != nil && behind(part[len(m[0]):], m[0]) {
			found = []number{{atoi(m[1]), "号"}}
		}
		for _, x := range found {
			if x.n > 0 && !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
	}
	return out
}

// behind reports whether what follows a number leaves it one: nothing, or, behind a 号,
// the part of the house (2楼, 3幢, 甲).
func behind(rest, number string) bool {
	return rest == "" || strings.HasSuffix(number, "号")
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s) // digits, few of them
	return n
}

// roadWords end the name of a road.
var roadWords = []string{"路", "街", "道", "巷", "里", "弄", "线", "支路", "公路", "大道"}

// address splits what an element says of its address: the road and its numbers. A
// number may stand in addr:street, and a lane there before the house.
func address(ts tags) (road string, ns []number) {
	street := clean(ts.get("addr:street"))
	if m := tail.FindStringSubmatch(street); m != nil {
		street = m[1]
	}
	text := ts.get("addr:housenumber")
	if i := strings.IndexFunc(street, func(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }); i > 0 {
		head := strings.TrimSpace(street[:i])
		if slices.ContainsFunc(roadWords, func(w string) bool { return strings.HasSuffix(head, w) }) {
			street, text = head, street[i:]+text
		}
	}
	if han(street) == 0 {
		return "", nil
	}
	return street, numbers(text)
}

// written is an address as people write it, "" without a road.
func written(ts tags) string {
	road, ns := address(ts)
	switch {
	case road == "":
		return ""
	case len(ns) == 0:
		return road
	}
	return road + strconv.Itoa(ns[0].n) + ns[0].suffix
}

// found is an element at a place.
type found struct {
	*kept
	at orb.Point
}

// elements calls fn for every element that was kept and has a place: nodes, ways,
// relations, each in the order of their ids.
func (m *extract) elements(fn func(found)) {
	for i := range m.nodes {
		fn(found{&m.nodes[i], m.nodes[i].at})
	}
	for i := range m.ways {
		if p, ok := centre([]orb.LineString{m.line(&m.ways[i])}); ok {
			fn(found{&m.ways[i], p})
		}
	}
	for i := range m.relations {
		if p, ok := centre(m.outers(&m.relations[i])); ok {
			fn(found{&m.relations[i], p})
		}
	}
}

// outers are the outer ways of a relation, joined into rings where they close.
func (m *extract) outers(r *kept) []orb.LineString {
	var ways []*kept
	for _, x := range r.members {
		if i, ok := m.wayAt[x.id]; ok && x.role != "inner" {
			ways = append(ways, &m.ways[i])
		}
	}
	rings, open := m.rings(ways)
	var out []orb.LineString
	for _, r := range rings {
		out = append(out, orb.LineString(r))
	}
	for _, w := range open {
		out = append(out, m.line(w))
	}
	return out
}

// centre is the centroid of closed lines, weighed by area, else the middle of all
// points; ok is false without a point.
func centre(lines []orb.LineString) (orb.Point, bool) {
	var p orb.Polygon
	var bound orb.Bound
	some := false
	for _, l := range lines {
		switch {
		case len(l) == 0:
			continue
		case !some:
			bound, some = l.Bound(), true
		default:
			bound = bound.Union(l.Bound())
		}
		if len(l) > 3 && l[0] == l[len(l)-1] {
			p = append(p, orb.Ring(l))
		}
	}
	var best orb.Point
	area := 0.0
	for _, r := range p {
		if c, a := planar.CentroidArea(orb.Polygon{r}); a > area && bound.Contains(c) {
			best, area = c, a
		}
	}
	if area > 0 {
		return rounded(best), true
	}
	return rounded(bound.Center()), some
}

// rounded cuts a computed point to the seven digits of OpenStreetMap.
func rounded(p orb.Point) orb.Point {
	round := func(v float64) float64 {
		f, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', 7, 64), 64) // it was just written
		return f
	}
	return orb.Point{round(p[0]), round(p[1])}
}

// doors are the house numbers of nodes, ways and relations, one record for each number:
// the mean of the points within 100 m of the first.
func (m *extract) doors() []grid.Door {
	points := map[string][]found{}
	first := map[string]grid.Door{}
	m.elements(func(f found) {
		if !isDoor(f.tags) {
			return
		}
		road, ns := address(f.tags)
		if text := f.tags.get("addr:housenumber"); road != "" && len(ns) == 0 && text != "" {
			m.notices.add(f.ref, "housenumber", fmt.Sprintf("%q is not read as a house number; no door", clean(text)),
				fmt.Sprintf("“%s”不能识别为门牌号，未生成门牌", clean(text)))
		}
		for _, n := range ns {
			d := grid.Door{Road: road, Number: n.n, Suffix: n.suffix}
			if _, ok := first[d.Key()]; !ok {
				first[d.Key()] = d
			}
			points[d.Key()] = append(points[d.Key()], f)
		}
	})
	out := make([]grid.Door, 0, len(first))
	for _, key := range slices.Sorted(maps.Keys(first)) {
		d := first[key]
		var refs []ref
		var far *found
		d.At, refs, far = mean(points[key], sameDoor)
		if far != nil {
			m.notices.add(far.ref, "door-apart", fmt.Sprintf("%s stands again %.0f m from %s; left out", key, geo.Distance(far.at, d.At), refs[0]),
				fmt.Sprintf("%s 在距 %s %.0f 米处再次出现，已略去", key, refs[0], geo.Distance(far.at, d.At)))
		}
		d.Basis = basisOf(refs...)
		out = append(out, d)
	}
	return out
}

// mean averages the points within so many metres of the first, and returns whose they
// are and the first one that is farther.
func mean(fs []found, within float64) (orb.Point, []ref, *found) {
	var sum orb.Point
	var refs []ref
	var far *found
	for i, f := range fs {
		if geo.Distance(f.at, fs[0].at) > within {
			if far == nil {
				far = &fs[i]
			}
			continue
		}
		sum[0], sum[1] = sum[0]+f.at[0]-fs[0].at[0], sum[1]+f.at[1]-fs[0].at[1]
		refs = append(refs, f.ref)
	}
	n := float64(len(refs))
	return rounded(orb.Point{fs[0].at[0] + sum[0]/n, fs[0].at[1] + sum[1]/n}), refs, far
}
