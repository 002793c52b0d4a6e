package load

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/grid"
)

// network is the borders of a file, to assemble outlines from.
type network struct {
	borders []bordering
}

type bordering struct {
	at place
	grid.Border
}

// assemble replaces the areas that came without an outline by one area for each
// period in which the outline made of the file's borders stands still. Streets and
// districts need one; committees may go without.
func (f *file) assemble() {
	var n network
	var out []draft
	codes := map[string]bool{}
	for _, d := range f.drafts {
		switch r := d.record.(type) {
		case grid.Border:
			n.borders = append(n.borders, bordering{d.at, r})
		case grid.Area:
			codes[r.Code] = true
		}
	}
	f.checkSides(n, codes)
	f.checkTwice(n)
	for _, d := range f.drafts {
		a, ok := d.record.(grid.Area)
		if !ok || len(a.Shape) > 0 || (a.Level != grid.LevelStreet && a.Level != grid.LevelDistrict) {
			out = append(out, d)
			continue
		}
		for _, slice := range f.slices(n, d.at, a) {
			out = append(out, draft{d.at, slice})
		}
	}
	f.drafts = out
}

// checkSides tells borders of areas that the file does not have.
func (f *file) checkSides(n network, codes map[string]bool) {
	if len(codes) == 0 {
		return // a file of borders alone
	}
	for _, b := range n.borders {
		for _, code := range []string{b.Left, b.Right} {
			if code != "" && !codes[code] {
				f.faults.add(b.at, "unknown-area", fmt.Sprintf("border %s names area %s, which the file does not have", b.ID, code),
					fmt.Sprintf("边界线 %s 引用了文件中没有的区域 %s", b.ID, code))
			}
		}
	}
}

// checkTwice tells edges that stand in two borders valid at one time: areas
// beside them would overlap.
func (f *file) checkTwice(n network) {
	type edge [2]orb.Point
	seen := map[edge][]int{}
	for i, b := range n.borders {
		for k := 1; k < len(b.Line); k++ {
			e := edge{b.Line[k-1], b.Line[k]}
			if comparePoints(e[0], e[1]) > 0 {
				e[0], e[1] = e[1], e[0]
			}
			for _, j := range seen[e] {
				if other := n.borders[j]; meets(b.Valid, other.Valid) {
					f.faults.add(b.at, "edge-twice", fmt.Sprintf("border %s runs over border %s, at or near %v %v", b.ID, other.ID, e[0][0], e[0][1]),
						fmt.Sprintf("边界线 %s 与 %s 重合，位于 %v %v 附近", b.ID, other.ID, e[0][0], e[0][1]))
				}
			}
			seen[e] = append(seen[e], i)
		}
	}
}

// meets reports whether two periods share an instant.
func meets(a, b grid.Span) bool {
	return (a.To.IsZero() || b.From.Before(a.To)) && (b.To.IsZero() || a.From.Before(b.To))
}

// slices returns an area for each period in which its outline stands still.
func (f *file) slices(n network, at place, a grid.Area) []grid.Area {
	var out []grid.Area
	cuts := n.cuts(a)
	for i, from := range cuts {
		to := a.Valid.To
		if i+1 < len(cuts) {
			to = cuts[i+1]
		}
		s := a
		s.Valid = grid.Span{From: from, To: to}
		var g gap
		if s.Shape, g = n.outline(a.Code, from); g.why != "" {
			f.faults.add(at, "not-closed", g.says(a, from), g.zh(a, from))
			continue
		}
		if k := len(out) - 1; k >= 0 && out[k].Valid.To.Equal(from) && reflect.DeepEqual(out[k].Shape, s.Shape) {
			out[k].Valid.To = to
			continue
		}
		out = append(out, s)
	}
	return out
}

// cuts returns the starts of the periods between which a's borders change,
// beginning with a's own start.
func (n network) cuts(a grid.Area) []time.Time {
	cuts := []time.Time{a.Valid.From}
	for _, b := range n.borders {
		if inside(a.Code, b.Left) == inside(a.Code, b.Right) {
			continue
		}
		for _, t := range []time.Time{b.Valid.From, b.Valid.To} {
			if t.After(a.Valid.From) && (a.Valid.To.IsZero() || t.Before(a.Valid.To)) {
				cuts = append(cuts, t)
			}
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	return slices.CompactFunc(cuts, time.Time.Equal)
}

// inside reports whether a side of a border belongs to an area: to it itself or,
// for a district, to one of its streets.
func inside(area, side string) bool { return side != "" && strings.HasPrefix(side, area) }

// from is the beginning of a period; the zero time is before every border began.
func holdsFrom(s grid.Span, from time.Time) bool {
	return !s.From.After(from) && (s.To.IsZero() || s.To.After(from))
}

// gap says where an outline does not close.
type gap struct {
	why string
	at  orb.Point
}

// The ways not to close.
const (
	gapNone  = "no border"
	gapOpen  = "open"
	gapTurns = "turned"
)

func (g gap) says(a grid.Area, from time.Time) string {
	switch g.why {
	case gapNone:
		return fmt.Sprintf("%s %s has no outline and no border%s", a.Code, a.Name, since(from, " from "))
	case gapTurns:
		return fmt.Sprintf("the borders of %s %s turn the wrong way round%s: are left and right exchanged?", a.Code, a.Name, since(from, " from "))
	}
	return fmt.Sprintf("the borders of %s %s do not close%s, at or near %v %v", a.Code, a.Name, since(from, " from "), g.at[0], g.at[1])
}

func (g gap) zh(a grid.Area, from time.Time) string {
	switch g.why {
	case gapNone:
		return fmt.Sprintf("%s（%s）没有边界%s", a.Name, a.Code, since(from, "，自 "))
	case gapTurns:
		return fmt.Sprintf("%s（%s）的边界线方向相反，左右是否写反？%s", a.Name, a.Code, since(from, "自 "))
	}
	return fmt.Sprintf("%s（%s）的边界未闭合，位于 %v %v 附近%s", a.Name, a.Code, g.at[0], g.at[1], since(from, "，自 "))
}

func since(from time.Time, word string) string {
	if from.IsZero() {
		return ""
	}
	return word + from.In(grid.Zone).Format(time.DateOnly)
}

// outline assembles the outline that an area has from an instant on.
func (n network) outline(code string, from time.Time) (orb.MultiPolygon, gap) {
	var lines []orb.LineString
	for _, b := range n.borders {
		if !holdsFrom(b.Valid, from) || inside(code, b.Left) == inside(code, b.Right) {
			continue
		}
		l := slices.Clone(b.Line)
		if inside(code, b.Right) {
			l.Reverse()
		}
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return nil, gap{why: gapNone}
	}
	rings, at, ok := chain(lines)
	if !ok {
		return nil, gap{gapOpen, at}
	}
	shape, ok := polygons(rings)
	if !ok {
		return nil, gap{why: gapTurns}
	}
	return shape, gap{}
}

// chain joins lines end to start into closed rings. Where several lines leave a
// node, the next is the one that bounds the same corner of the area on the left.
// When they do not close, at is a node where as many lines do not end as begin.
func chain(lines []orb.LineString) (rings []orb.Ring, at orb.Point, ok bool) {
	leave, arrive := map[orb.Point][]int{}, map[orb.Point]int{}
	for i, l := range lines {
		leave[l[0]] = append(leave[l[0]], i)
		arrive[l[len(l)-1]]++
	}
	for _, l := range lines {
		for _, p := range []orb.Point{l[0], l[len(l)-1]} {
			if len(leave[p]) != arrive[p] {
				return nil, p, false
			}
		}
	}
	used := make([]bool, len(lines))
	for i := range lines {
		if used[i] {
			continue
		}
		var path []orb.Point
		for k := i; !used[k]; {
			used[k] = true
			path = append(path, lines[k][:len(lines[k])-1]...)
			k = next(lines, leave[lines[k][len(lines[k])-1]], k)
		}
		rings = append(rings, simple(path)...)
	}
	return rings, orb.Point{}, true
}

// next picks, of the lines that leave the end of line k, the first one clockwise
// from where k came.
func next(lines []orb.LineString, leaving []int, k int) int {
	if len(leaving) == 1 {
		return leaving[0]
	}
	l := lines[k]
	end, before := l[len(l)-1], l[len(l)-2]
	back := math.Atan2(before[1]-end[1], before[0]-end[0])
	best, turn := leaving[0], math.Inf(1)
	for _, i := range leaving {
		q := lines[i][1]
		t := math.Mod(back-math.Atan2(q[1]-end[1], q[0]-end[0])+4*math.Pi, 2*math.Pi)
		if t == 0 { // back the way it came: only when nothing else leaves
			t = 2 * math.Pi
		}
		if t < turn {
			best, turn = i, t
		}
	}
	return best
}

// simple cuts a closed path (its first point not repeated) at the points where it
// meets itself, so that every ring is simple. Rings without an area are dropped.
func simple(path []orb.Point) []orb.Ring {
	var rings []orb.Ring
	var stack []orb.Point
	at := map[orb.Point]int{}
	cut := func(k int) {
		r := append(orb.Ring(slices.Clone(stack[k:])), stack[k])
		if len(r) > 3 && area(r) != 0 {
			rings = append(rings, r)
		}
	}
	for _, p := range path {
		if k, ok := at[p]; ok {
			cut(k)
			for _, q := range stack[k:] {
				delete(at, q)
			}
			stack = stack[:k]
		}
		at[p] = len(stack)
		stack = append(stack, p)
	}
	cut(0)
	return rings
}
