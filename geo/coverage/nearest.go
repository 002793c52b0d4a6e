package coverage

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// Edge is the border nearest to a point: the metres to it, its nearest point, the
// areas to its left and right (-1: none), what runs along it and what lies beyond.
type Edge struct {
	Distance      float64
	At            orb.Point
	Left, Right   int
	Along, Beyond string
}

// nearest is a coarse raster whose boxes list every edge that can be the nearest
// one to a point of the box.
type nearest struct {
	bound  orb.Bound
	n      int
	sx, sy float64 // boxes per degree
	lists
}

// makeNearest quarters the bounds again and again. What cannot be the nearest edge
// to any point of a block need not be tried in its quarters.
func (c *Coverage) makeNearest() *nearest {
	b := c.bounds[0]
	for _, o := range c.bounds {
		b = b.Union(o)
	}
	depth := min(8, max(7, bits.Len(uint(len(c.edges)))/2+2))
	n := &nearest{bound: b, n: 1 << depth}
	n.sx, n.sy = float64(n.n)/(b.Max[0]-b.Min[0]), float64(n.n)/(b.Max[1]-b.Min[1])
	m := quarters{c: c, n: n, frame: geo.FrameAt(b.Center()[1]), of: make([][]int32, n.n*n.n)}
	m.stretch = 1.001
	for _, lat := range []float64{b.Min[1], b.Max[1]} {
		k := geo.FrameAt(lat).KX / m.frame.KX
		m.stretch = max(m.stretch, k, 1/k)
	}
	all := make([]int32, len(c.edges))
	for i := range all {
		all[i] = int32(i)
	}
	m.split(0, 0, n.n, all)
	n.start = append(n.start, 0)
	for _, list := range m.of {
		n.edges = append(n.edges, list...)
		n.start = append(n.start, int32(len(n.edges)))
	}
	return n
}

// quarters makes the lists of a nearest.
type quarters struct {
	c       *Coverage
	n       *nearest
	frame   geo.Frame
	stretch float64 // by which distances in the frame of a point differ, at most
	of      [][]int32
}

// split keeps of edges those that can be nearest to a point of the block of size by
// size boxes at x, y, and quarters it.
func (m *quarters) split(x, y, size int, edges []int32) {
	b, side := m.n.bound, float64(size)
	center := orb.Point{b.Min[0] + (float64(x)+side/2)/m.n.sx, b.Min[1] + (float64(y)+side/2)/m.n.sy}
	half := math.Hypot(m.frame.KX/m.n.sx, m.frame.KY/m.n.sy) * side / 2
	best := math.Inf(1)
	dist := make([]float64, len(edges))
	for i, e := range edges {
		_, dist[i] = m.frame.Nearest(center, m.c.edges[e].a, m.c.edges[e].b)
		best = min(best, dist[i])
	}
	reach := (best + 2*half) * m.stretch * m.stretch
	var kept []int32
	for i, e := range edges {
		if dist[i] <= reach {
			kept = append(kept, e)
		}
	}
	if size == 1 {
		m.of[y*m.n.n+x] = kept
		return
	}
	for _, q := range [4][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		m.split(x+q[0]*size/2, y+q[1]*size/2, size/2, kept)
	}
}

// Edge returns the nearest edge of any area, false only for a point that is not
// finite. Of edges equally far the first in the order of building is taken. It
// does not allocate.
func (c *Coverage) Edge(p orb.Point) (Edge, bool) {
	if s := p[0] + p[1]; math.IsNaN(s) || math.IsInf(s, 0) {
		return Edge{Left: -1, Right: -1}, false
	}
	f := geo.FrameAt(p[1])
	best, at := int32(-1), math.Inf(1)
	try := func(i int32) {
		if d := squared(f, p, &c.edges[i]); d < at {
			best, at = i, d
		}
	}
	if n := c.near(); n.bound.Contains(p) {
		x, y := held((p[0]-n.bound.Min[0])*n.sx, n.n), held((p[1]-n.bound.Min[1])*n.sy, n.n)
		for _, i := range n.lists.of(y*n.n + x) {
			try(i)
		}
	} else {
		for i := range c.edges {
			try(int32(i))
		}
	}
	e := &c.edges[best]
	where, metres := f.Nearest(p, e.a, e.b)
	return Edge{Distance: metres, At: where, Left: int(e.left), Right: int(e.right), Along: e.along, Beyond: e.beyond}, true
}

// squared is the square of [geo.Frame.Nearest]'s distance. At a corner it is the
// same for both edges to the last bit.
func squared(f geo.Frame, p orb.Point, e *edge) float64 {
	ax, ay := (e.a[0]-p[0])*f.KX, (e.a[1]-p[1])*f.KY
	dx, dy := (e.b[0]-e.a[0])*f.KX, (e.b[1]-e.a[1])*f.KY
	along, l2 := -(ax*dx + ay*dy), dx*dx+dy*dy
	switch {
	case along <= 0:
	case along >= l2:
		ax, ay = (e.b[0]-p[0])*f.KX, (e.b[1]-p[1])*f.KY
	default:
		t := along / l2
		ax, ay = ax+t*dx, ay+t*dy
	}
	return ax*ax + ay*ay
}

// Share is the part of a disc that lies in one area, and the metres from its
// centre to that area, 0 inside. Area -1 is outside all of them.
type Share struct {
	Area     int
	Fraction float64
	Distance float64
}

// Shares appends the areas within r metres of p, by descending fraction of the
// disc around p; the fractions sum to 1 where areas do not overlap. r must be
// positive.
func (c *Coverage) Shares(dst []Share, p orb.Point, r float64) []Share {
	f := geo.FrameAt(p[1])
	reach := geo.Around(p, r)
	start, rest := len(dst), 1.0
	for i, b := range c.bounds {
		if !b.Intersects(reach) {
			continue
		}
		sum, d := 0.0, math.Inf(1)
		for _, poly := range c.shapes[i] {
			for k, ring := range poly {
				sum += discInRing(ring, k == 0, p, r, f)
				_, near := f.ToLine(p, orb.LineString(ring))
				d = min(d, near)
			}
		}
		if covers(c.shapes[i], p) {
			d = 0
		}
		if d > r {
			continue
		}
		part := min(1, max(0, sum/(math.Pi*r*r)))
		rest -= part
		dst = append(dst, Share{Area: i, Fraction: part, Distance: d})
	}
	if e, ok := c.Edge(p); ok && rest > 1e-9 {
		d := e.Distance
		if c.At(p) < 0 {
			d = 0
		}
		dst = append(dst, Share{Area: -1, Fraction: rest, Distance: d})
	}
	slices.SortFunc(dst[start:], func(a, b Share) int {
		return cmp.Or(-cmp.Compare(a.Fraction, b.Fraction), cmp.Compare(a.Area, b.Area))
	})
	return dst
}

// discInRing is the area in square metres that a disc and a ring have in common,
// negative for a hole: the sum over the edges of the signed area between the edge,
// cut at the circle, and the centre.
func discInRing(ring orb.Ring, outer bool, p orb.Point, r float64, f geo.Frame) float64 {
	sum := 0.0
	for j := 1; j < len(ring); j++ {
		ax, ay := (ring[j-1][0]-p[0])*f.KX, (ring[j-1][1]-p[1])*f.KY
		bx, by := (ring[j][0]-p[0])*f.KX, (ring[j][1]-p[1])*f.KY
		sum += wedge(ax, ay, bx, by, r)
	}
	if sum = math.Abs(sum); !outer {
		return -sum
	}
	return sum
}

// wedge is the signed area that the triangle centre, a, b and the disc of radius r
// around the centre have in common.
func wedge(ax, ay, bx, by, r float64) float64 {
	dx, dy := bx-ax, by-ay
	l2 := dx*dx + dy*dy
	if l2 == 0 {
		return 0
	}
	sector := func(ux, uy, vx, vy float64) float64 {
		return r * r / 2 * math.Atan2(ux*vy-uy*vx, ux*vx+uy*vy)
	}
	m := -(ax*dx + ay*dy) / l2
	foot2 := ax*ax + ay*ay - m*m*l2
	h := r*r - foot2
	if h <= 0 {
		return sector(ax, ay, bx, by)
	}
	s := math.Sqrt(h / l2)
	t0, t1 := max(0, m-s), min(1, m+s)
	if t0 >= t1 {
		return sector(ax, ay, bx, by)
	}
	px, py, qx, qy := ax+t0*dx, ay+t0*dy, ax+t1*dx, ay+t1*dy
	area := (px*qy - py*qx) / 2
	if t0 > 0 {
		area += sector(ax, ay, px, py)
	}
	if t1 < 1 {
		area += sector(qx, qy, bx, by)
	}
	return area
}
