// Package coverage finds the area that holds a point, exactly.
//
// A [Coverage] is made once from polygons and never changes; it is safe for
// concurrent use. Vertices and points are the doubles that were given, and every
// decision is a sign found by [geo.Orient]: no tolerance, no rounding, the same
// answer as PostGIS gives on the same doubles.
//
// The edge rule: a point on a border is in every area that it borders on, and the
// smallest code has it. The rule is the same where polygons overlap, so input
// need not be a perfect partition.
//
// How it works: a raster a little wider than the bounds knows, for each of its
// boxes, either the one answer that holds all over it, or the pieces of the edges
// that pass through it, in whole units of 1/32768 of the box, and the set of areas
// that hold a corner. A point in such a box walks from the corner, and every piece
// crossed on the way takes an area out of the set or puts it in. This is certain
// where the point is farther from every piece than rounding can reach; else each
// polygon of the box is asked in full, with exact signs: within three units of a
// border, some millimetres in a district. The raster may name too many edges, never
// too few. When it is made, the sets are found with exact signs too.
//
// What must never enter: names of streets, levels, anything but codes.
package coverage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// Area is one polygon of the coverage. Rings are closed; their direction does not
// matter. Codes must differ.
type Area struct {
	Code  string
	Shape orb.MultiPolygon
}

// Line names borders: an edge between two consecutive points of Points, in either
// direction, is said to run along Name, with Beyond on the side that has no area.
type Line struct {
	Points       orb.LineString
	Name, Beyond string
}

// Options tune a coverage. The zero value is right for most.
type Options struct {
	CellMetres float64 // size of the raster's boxes; 0 chooses by the number of edges
	Lines      []Line
}

// Coverage is a set of areas, indexed in the order of their codes.
type Coverage struct {
	raster raster
	codes  []string
	shapes []orb.MultiPolygon
	bounds []orb.Bound
	edges  []edge
	owner  []int32         // the area of a polygon; those of an area may overlap too
	near   func() *nearest // made when the first Edge is asked for
}

// edge is a segment of one border, or of the common border of two areas. Seen from
// a to b, left and right are the areas beside it, -1 for none, and polys the same
// by polygon.
type edge struct {
	a, b          orb.Point
	left, right   int32
	polys         [2]int32
	along, beyond string
}

// New indexes areas. Errors: no area, two areas of one code, a ring that has fewer
// than four points or is not closed, a coordinate that is not finite.
func New(areas []Area, o Options) (*Coverage, error) {
	sorted := slices.Clone(areas)
	slices.SortFunc(sorted, func(a, b Area) int { return cmp.Compare(a.Code, b.Code) })
	c := &Coverage{}
	for i, a := range sorted {
		if i > 0 && a.Code == sorted[i-1].Code {
			return nil, fmt.Errorf("coverage: two areas have the code %s", a.Code)
		}
		if err := checkRings(a); err != nil {
			return nil, err
		}
		c.codes = append(c.codes, a.Code)
		c.shapes = append(c.shapes, a.Shape)
		c.bounds = append(c.bounds, a.Shape.Bound())
	}
	c.edges, c.owner = collect(c.shapes)
	if len(c.edges) == 0 {
		return nil, fmt.Errorf("coverage: no area has an outline")
	}
	c.name(o.Lines)
	c.raster = c.makeRaster(o.CellMetres)
	c.near = sync.OnceValue(c.makeNearest)
	return c, nil
}

func checkRings(a Area) error {
	for _, poly := range a.Shape {
		for _, r := range poly {
			if len(r) < 4 || r[0] != r[len(r)-1] {
				return fmt.Errorf("coverage: area %s has a ring that is not closed or has fewer than 4 points", a.Code)
			}
			for _, p := range r {
				if s := p[0] + p[1]; math.IsNaN(s) || math.IsInf(s, 0) {
					return fmt.Errorf("coverage: area %s: %w", a.Code, geo.ErrNotFinite)
				}
			}
		}
	}
	return nil
}

// collect gathers the edges, those of two neighbours once, and the areas of
// polygons. Rings are read with the area on the left: outer rings
// counter-clockwise, holes clockwise.
func collect(shapes []orb.MultiPolygon) (out []edge, owner []int32) {
	type key struct{ a, b orb.Point }
	n := 0
	for _, shape := range shapes {
		for _, poly := range shape {
			for _, r := range poly {
				n += len(r)
			}
		}
	}
	at := make(map[key]int, n)
	out = make([]edge, 0, n/2)
	for i, shape := range shapes {
		for _, poly := range shape {
			p := int32(len(owner))
			owner = append(owner, int32(i))
			for k, r := range poly {
				forward := (r.Orientation() == orb.CCW) == (k == 0)
				for j := 1; j < len(r); j++ {
					a, b := r[j-1], r[j]
					if a == b {
						continue
					}
					if !forward {
						a, b = b, a
					}
					if e, ok := at[key{b, a}]; ok && out[e].right < 0 && int(out[e].left) != i {
						out[e].right, out[e].polys[1] = int32(i), p
						continue
					}
					at[key{a, b}] = len(out)
					out = append(out, edge{a: a, b: b, left: int32(i), right: -1, polys: [2]int32{p, -1}})
				}
			}
		}
	}
	return out, owner
}

func (c *Coverage) name(lines []Line) {
	type key struct{ a, b orb.Point }
	names := map[key]*Line{}
	for i := range lines {
		pts := lines[i].Points
		for j := 1; j < len(pts); j++ {
			names[key{pts[j-1], pts[j]}] = &lines[i]
			names[key{pts[j], pts[j-1]}] = &lines[i]
		}
	}
	for i := range c.edges {
		if l := names[key{c.edges[i].a, c.edges[i].b}]; l != nil {
			c.edges[i].along, c.edges[i].beyond = l.Name, l.Beyond
		}
	}
}

// Len returns the number of areas, and Code the code of the area at an index.
func (c *Coverage) Len() int { return len(c.codes) }

// Code returns the code of the area at an index below Len.
func (c *Coverage) Code(i int) string { return c.codes[i] }

// At returns the index of the area that holds p, borders included; of several the
// one with the smallest code; -1 for none and for NaN. It does not allocate.
func (c *Coverage) At(p orb.Point) int {
	word, x, y := c.raster.find(p)
	if word < isRecord {
		return int(word) - 1
	}
	record := c.raster.records[word&^isRecord:]
	set, sure := walk(record, x, y)
	if !sure {
		return c.ask(record, p)
	}
	return first(record, set)
}

// ask asks polygons in full, in the order of their codes.
func (c *Coverage) ask(record []uint16, p orb.Point) int {
	for k := range locals(record) {
		if i := local(record, k); c.bounds[i].Contains(p) && covers(c.shapes[i], p) {
			return i
		}
	}
	return -1
}

// All appends every area whose closed polygon holds p, in the order of codes.
func (c *Coverage) All(dst []int, p orb.Point) []int {
	word, _, _ := c.raster.find(p)
	if word == 0 {
		return dst
	}
	if word < isRecord {
		return append(dst, int(word)-1)
	}
	record := c.raster.records[word&^isRecord:]
	last := -1
	for k := range locals(record) {
		if i := local(record, k); i != last && c.bounds[i].Contains(p) && covers(c.shapes[i], p) {
			dst = append(dst, i)
			last = i
		}
	}
	return dst
}

// covers is the plain exact test of a closed polygon: on an edge, or an odd number
// of edges to the east.
func covers(shape orb.MultiPolygon, p orb.Point) bool {
	for _, poly := range shape {
		in := false
		for _, r := range poly {
			for j := 1; j < len(r); j++ {
				a, b := r[j-1], r[j]
				if (a[1] <= p[1]) == (b[1] <= p[1]) && (a[1] != p[1] || b[1] != p[1]) && a != p && b != p {
					continue
				}
				if geo.OnSegment(a, b, p) {
					return true
				}
				if (a[1] <= p[1]) != (b[1] <= p[1]) && eastOf(a, b, p) {
					in = !in
				}
			}
		}
		if in {
			return true
		}
	}
	return false
}

// eastOf reports whether the edge, which straddles p's latitude, passes east of p.
func eastOf(a, b, p orb.Point) bool {
	s := geo.Orient(a, b, p)
	if b[1] > a[1] {
		return s > 0
	}
	return s < 0
}
