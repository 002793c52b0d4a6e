package coverage

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// raster divides the bounds of a coverage into boxes of equal size.
type raster struct {
	bound  orb.Bound
	sx, sy float64 // boxes per degree
	nx, ny int
	boxes  []box
}

// box is one box of the raster. Without edges, area is its answer and locals holds
// every area that covers it. With edges, locals are the areas that touch it, in
// the order of codes, and ref the set of those that hold center, one bit each.
type box struct {
	edges  []boxEdge
	locals []int32
	ref    uint64
	center orb.Point
	area   int32
	crowd  bool // more locals than bits
}

// boxEdge is an edge in a box. mask has the bits of the areas beside it; row says
// that it straddles the centre's latitude, east that it then passes east of it.
type boxEdge struct {
	a, b      orb.Point
	mask      uint64
	row, east bool
}

// slack is the part of a box by which edges are thought wider, so that rounding in
// the index of a box can never lose one.
const slack = 1e-6

func (c *Coverage) makeRaster(metres float64) raster {
	r := raster{bound: c.bounds[0]}
	for _, b := range c.bounds {
		r.bound = r.bound.Union(b)
	}
	w, h := r.bound.Max[0]-r.bound.Min[0], r.bound.Max[1]-r.bound.Min[1]
	n := min(1024, max(64, int(8*math.Sqrt(float64(len(c.edges))))))
	r.nx, r.ny = n, n
	if f := geo.FrameAt(r.bound.Center()[1]); metres > 0 {
		r.nx = min(4096, max(1, int(w*f.KX/metres)))
		r.ny = min(4096, max(1, int(h*f.KY/metres)))
	}
	r.sx, r.sy = float64(r.nx)/w, float64(r.ny)/h
	r.boxes = make([]box, r.nx*r.ny)
	lists := make([][]int32, len(r.boxes))
	for i := range c.edges {
		r.mark(&c.edges[i], func(b int) { lists[b] = append(lists[b], int32(i)) })
	}
	var set []int32
	for y := range r.ny {
		set = set[:0]
		west := orb.Point{r.bound.Min[0] - w, r.centerOf(0, y)[1]}
		var before []int32
		for x := range r.nx {
			i := y*r.nx + x
			center := r.centerOf(x, y)
			set = c.cross(set, west, center, append(slices.Clone(before), lists[i]...))
			c.fill(&r.boxes[i], center, lists[i], set)
			west, before = center, lists[i]
		}
	}
	return r
}

// centerOf is a point near the middle of a box. It stands a little off, where
// round coordinates are unlikely; a vertex at its latitude does no harm.
func (r *raster) centerOf(x, y int) orb.Point {
	return orb.Point{
		r.bound.Min[0] + (float64(x)+0.50123)/r.sx,
		r.bound.Min[1] + (float64(y)+0.49877)/r.sy,
	}
}

// mark calls put for every box that an edge passes through, and some beside it.
func (r *raster) mark(e *edge, put func(int)) {
	a, b := e.a, e.b
	if a[1] > b[1] {
		a, b = b, a
	}
	y0, y1 := r.index(a[1], 1, -slack), r.index(b[1], 1, slack)
	for y := y0; y <= y1; y++ {
		lo := r.bound.Min[1] + (float64(y)-slack)/r.sy
		hi := r.bound.Min[1] + (float64(y)+1+slack)/r.sy
		x0, x1 := a[0], b[0]
		if b[1] > a[1] {
			at := func(lat float64) float64 {
				t := min(1, max(0, (lat-a[1])/(b[1]-a[1])))
				return a[0] + t*(b[0]-a[0])
			}
			x0, x1 = at(lo), at(hi)
		}
		for x := r.index(min(x0, x1), 0, -slack); x <= r.index(max(x0, x1), 0, slack); x++ {
			put(y*r.nx + x)
		}
	}
}

// index returns the column or row of a coordinate, off by a part of a box, held
// within the raster.
func (r *raster) index(v float64, axis int, off float64) int {
	s, n := r.sx, r.nx
	if axis == 1 {
		s, n = r.sy, r.ny
	}
	return min(n-1, max(0, int(math.Floor((v-r.bound.Min[axis])*s+off))))
}

// cross carries the set of areas that hold a point from p east to q, over edges.
func (c *Coverage) cross(set []int32, p, q orb.Point, edges []int32) []int32 {
	slices.Sort(edges)
	for _, i := range slices.Compact(edges) {
		e := &c.edges[i]
		if (e.a[1] <= p[1]) == (e.b[1] <= p[1]) || eastOf(e.a, e.b, p) == eastOf(e.a, e.b, q) {
			continue
		}
		set = toggle(toggle(set, e.left), e.right)
	}
	return set
}

func toggle(set []int32, area int32) []int32 {
	if area < 0 {
		return set
	}
	at, ok := slices.BinarySearch(set, area)
	if ok {
		return slices.Delete(set, at, at+1)
	}
	return slices.Insert(set, at, area)
}

func (c *Coverage) fill(b *box, center orb.Point, edges, set []int32) {
	b.center, b.area = center, -1
	b.locals = slices.Clone(set)
	if len(set) > 0 {
		b.area = set[0]
	}
	for _, i := range edges {
		for _, area := range []int32{c.edges[i].left, c.edges[i].right} {
			if at, ok := slices.BinarySearch(b.locals, area); !ok && area >= 0 {
				b.locals = slices.Insert(b.locals, at, area)
			}
		}
	}
	b.crowd = len(b.locals) > 64
	bit := func(area int32) uint64 {
		at, ok := slices.BinarySearch(b.locals, area)
		if !ok || at > 63 {
			return 0
		}
		return 1 << at
	}
	for _, area := range set {
		b.ref |= bit(area)
	}
	for _, i := range edges {
		e := &c.edges[i]
		be := boxEdge{a: e.a, b: e.b, mask: bit(e.left) | bit(e.right)}
		if be.row = (e.a[1] <= center[1]) != (e.b[1] <= center[1]); be.row {
			be.east = eastOf(e.a, e.b, center)
		}
		b.edges = append(b.edges, be)
	}
}

// box returns the box that holds p, nil beyond the bounds and for NaN.
func (r *raster) box(p orb.Point) *box {
	if !(p[0] >= r.bound.Min[0] && p[0] <= r.bound.Max[0] && p[1] >= r.bound.Min[1] && p[1] <= r.bound.Max[1]) {
		return nil
	}
	x := min(r.nx-1, int((p[0]-r.bound.Min[0])*r.sx))
	y := min(r.ny-1, int((p[1]-r.bound.Min[1])*r.sy))
	return &r.boxes[y*r.nx+x]
}

// walk goes from p along its meridian to the corner at the centre's latitude, then
// along that to the centre, and toggles what it crosses. It is not sure when p or
// the corner lies exactly on an edge.
func (b *box) walk(p orb.Point) (set uint64, sure bool) {
	if b.crowd {
		return 0, false
	}
	set = b.ref
	corner := orb.Point{p[0], b.center[1]}
	for i := range b.edges {
		e := &b.edges[i]
		column := (e.a[0] <= p[0]) != (e.b[0] <= p[0])
		if !column && !e.row && e.a[0] != p[0] && e.b[0] != p[0] {
			continue
		}
		sp, sc := geo.Orient(e.a, e.b, p), geo.Orient(e.a, e.b, corner)
		if sp == 0 && within(e, p) || sc == 0 && within(e, corner) {
			return 0, false
		}
		if column && sp != sc {
			set ^= e.mask
		}
		if e.row && (sc > 0 == (e.b[1] > e.a[1])) != e.east {
			set ^= e.mask
		}
	}
	return set, true
}

func within(e *boxEdge, p orb.Point) bool {
	return p[0] >= min(e.a[0], e.b[0]) && p[0] <= max(e.a[0], e.b[0]) &&
		p[1] >= min(e.a[1], e.b[1]) && p[1] <= max(e.a[1], e.b[1])
}
