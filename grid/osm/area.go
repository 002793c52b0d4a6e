package osm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"

	"wangge/grid"
)

// codeTags are where the code of an administrative area may stand.
var codeTags = []string{"gb2260", "ref:gb2260", "ref:GB2260", "china_class", "china_class:code", "ref:CN", "ref:china", "ref"}

// codeOf returns the code of an area: six digits of a district, nine of a street. A
// statistical code of twelve digits is cut where it ends in zeros.
func codeOf(ts tags) string {
	for _, key := range codeTags {
		s := clean(ts.get(key))
		if len(s) == 12 && strings.HasSuffix(s, "000") {
			s = s[:9]
		}
		if len(s) == 9 && strings.HasSuffix(s, "000") {
			s = s[:6]
		}
		if (len(s) == 6 || len(s) == 9) && strings.Trim(s, "0123456789") == "" && s[0] != '0' {
			return s
		}
	}
	return ""
}

// levels are our levels by admin_level.
var levels = map[string]grid.Level{"6": grid.LevelDistrict, "8": grid.LevelStreet}

// areas are the districts and streets with a code and an outline that closes.
func (m *extract) areas() []grid.Area {
	if !m.o.Areas {
		return nil
	}
	var out []grid.Area
	byCode := map[string]ref{}
	for i := range m.relations {
		r := &m.relations[i]
		if !isBoundary(r.tags) {
			continue
		}
		name, code := chinese(r.tags), codeOf(r.tags)
		a := grid.Area{Code: code, Name: name, NameEN: clean(r.tags.get("name:en")), Level: levels[r.tags.get("admin_level")], Basis: basisOf(r.ref)}
		switch {
		case name == "":
			m.notices.add(r.ref, "area-name", "the boundary has no Chinese name; left out", "边界没有中文名称，已略去")
		case code == "":
			m.notices.add(r.ref, "area-code", name+" has no code (gb2260, ref); left out", name+" 没有行政区划代码（gb2260、ref），已略去")
		case grid.LevelOf(code) != a.Level:
			m.notices.add(r.ref, "area-code", fmt.Sprintf("%s is a %s, and its code %s is not; left out", name, a.Level, code),
				fmt.Sprintf("%s 的代码 %s 与其级别不符，已略去", name, code))
		case byCode[code].kind != 0:
			m.notices.add(r.ref, "area-twice", fmt.Sprintf("%s has the code %s of %s; left out", name, code, byCode[code]),
				fmt.Sprintf("%s 的代码 %s 与 %s 相同，已略去", name, code, byCode[code]))
		default:
			byCode[code] = r.ref
			if a.Shape = m.outline(r, name); a.Shape != nil {
				out = append(out, a)
			}
		}
	}
	return out
}

// outline puts the ways of a boundary together, nil when that cannot be done: it is
// told then.
func (m *extract) outline(r *kept, name string) orb.MultiPolygon {
	var outer, inner []*kept
	for _, x := range r.members {
		i, ok := m.wayAt[x.id]
		if !ok || m.cutShort(&m.ways[i]) {
			m.notices.add(r.ref, "area-cut", fmt.Sprintf("%s: %s is not in the file, or only in part; left out", name, x.ref),
				fmt.Sprintf("%s：文件中没有完整的 %s，已略去", name, x.ref))
			return nil
		}
		if x.role == "inner" {
			inner = append(inner, &m.ways[i])
		} else {
			outer = append(outer, &m.ways[i])
		}
	}
	outlines, open := m.rings(outer)
	holes, gaps := m.rings(inner)
	if open = append(open, gaps...); len(open) > 0 || len(outlines) == 0 {
		near := orb.Point{}
		if len(open) > 0 {
			near = m.line(open[0])[0]
		}
		m.notices.add(r.ref, "area-open", fmt.Sprintf("the outline of %s does not close, at or near %v %v; left out", name, near[0], near[1]),
			fmt.Sprintf("%s 的边界未闭合，位于 %v %v 附近，已略去", name, near[0], near[1]))
		return nil
	}
	shape, why := polygons(outlines, holes)
	if why != "" {
		m.notices.add(r.ref, "area-crossing", fmt.Sprintf("the outline of %s is not sound (%s); left out", name, why),
			fmt.Sprintf("%s 的边界自相交、重叠或洞在界外（%s），已略去", name, why))
		return nil
	}
	return shape
}

func (m *extract) cutShort(w *kept) bool {
	return len(w.nodes) < 2 || slices.ContainsFunc(w.nodes, func(id int64) bool { _, ok := m.point(id); return !ok })
}

// rings joins ways end to end into closed rings; open are ways that belong to none. A
// way that stands twice counts once.
func (m *extract) rings(ways []*kept) (rings []orb.Ring, open []*kept) {
	at := map[int64][]int{} // ways by the nodes at their ends
	used := make([]bool, len(ways))
	seen := map[int64]bool{}
	for i, w := range ways {
		if len(w.nodes) < 2 || seen[w.id] {
			used[i] = true
			continue
		}
		seen[w.id] = true
		for _, id := range []int64{w.nodes[0], w.nodes[len(w.nodes)-1]} {
			at[id] = append(at[id], i)
		}
	}
	for i, w := range ways {
		if used[i] {
			continue
		}
		used[i] = true
		nodes := slices.Clone(w.nodes)
		chain := []*kept{w}
		for nodes[0] != nodes[len(nodes)-1] {
			end := nodes[len(nodes)-1]
			k := slices.IndexFunc(at[end], func(k int) bool { return !used[k] })
			if k < 0 {
				break
			}
			next := ways[at[end][k]]
			used[at[end][k]] = true
			chain = append(chain, next)
			more := slices.Clone(next.nodes)
			if more[0] != end {
				slices.Reverse(more)
			}
			nodes = append(nodes, more[1:]...)
		}
		ring := orb.Ring(m.line(&kept{nodes: nodes}))
		if nodes[0] != nodes[len(nodes)-1] || len(ring) < 4 {
			open = append(open, chain...)
			continue
		}
		rings = append(rings, ring)
	}
	return rings, open
}

// polygons gives each hole to the smallest outline around it, turns the outlines
// counter-clockwise and the holes clockwise, each from its westernmost point on, and
// says why that makes no sound shape.
func polygons(outlines, holes []orb.Ring) (shape orb.MultiPolygon, why string) {
	for _, r := range outlines {
		shape = append(shape, orb.Polygon{turned(r, orb.CCW)})
	}
	area := func(p orb.Polygon) float64 { _, a := planar.CentroidArea(orb.Polygon{p[0]}); return a }
	slices.SortFunc(shape, func(a, b orb.Polygon) int { return cmp.Compare(area(a), area(b)) })
	for _, h := range holes {
		h = turned(h, orb.CW)
		i := slices.IndexFunc(shape, func(p orb.Polygon) bool {
			return !slices.ContainsFunc(h, func(q orb.Point) bool { return !planar.RingContains(p[0], q) })
		})
		if i < 0 {
			return nil, "a hole lies in no outline"
		}
		shape[i] = append(shape[i], h)
	}
	slices.SortFunc(shape, func(a, b orb.Polygon) int {
		return cmp.Or(cmp.Compare(a[0][0][0], b[0][0][0]), cmp.Compare(a[0][0][1], b[0][0][1]))
	})
	if err := sound(shape); err != nil {
		return nil, err.Error()
	}
	return shape, ""
}

// sound refuses rings that cross or overlap.
func sound(shape orb.MultiPolygon) error {
	var all []geom.Polygon
	for _, p := range shape {
		var lines []geom.LineString
		for _, r := range p {
			flat := make([]float64, 0, 2*len(r))
			for _, q := range r {
				flat = append(flat, q[0], q[1])
			}
			lines = append(lines, geom.NewLineString(geom.NewSequence(flat, geom.DimXY)))
		}
		all = append(all, geom.NewPolygon(lines))
	}
	return geom.NewMultiPolygon(all).Validate()
}

// turned is a ring in an orientation, from its westernmost, then southernmost point on.
func turned(r orb.Ring, o orb.Orientation) orb.Ring {
	open := slices.Clone(r[:len(r)-1])
	if r.Orientation() != o {
		slices.Reverse(open)
	}
	k := 0
	for i, p := range open {
		if cmp.Or(cmp.Compare(p[0], open[k][0]), cmp.Compare(p[1], open[k][1])) < 0 {
			k = i
		}
	}
	out := append(slices.Clone(open[k:]), open[:k]...)
	return append(out, out[0])
}
