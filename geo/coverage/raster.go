package coverage

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// raster divides a little more than the bounds of a coverage into boxes of equal
// size. Each has a word: 0 for no area, or the index of its one area + 1, or
// isRecord and the place of its record.
//
// A record is the number of pieces and the set ref, the number of locals in two
// halves, the locals in two halves each, in order, and the pieces, five numbers
// each. Locals are the areas that can hold a point of the box, once for each of
// their polygons that can; bits of a set stand for them. A record of overfull
// pieces has only locals.
type raster struct {
	west, south   float64
	sx, sy        float64 // units per degree
	width, height float64 // units
	nx, ny        int
	boxes         []uint32
	records       []uint16
}

const (
	boxBits  = 15
	units    = 1 << boxBits // a box's width and height
	isRecord = 1 << 31
	overfull = math.MaxUint16

	head      = 4  // numbers before the locals
	pieceSize = 5  // numbers of a piece
	maxLocals = 15 // bits of a set
	through   = 1 << 15
)

// slack is the part of a box by which edges are thought wider, so that rounding in
// the index of a box can never lose one.
const slack = 1e-6

// newRaster lays out n by n boxes, or boxes of some metres.
func newRaster(b orb.Bound, n int, metres float64) raster {
	grow := func(axis int) (low, width float64) {
		lo, hi := b.Min[axis], b.Max[axis]
		by := max((hi-lo)*1e-6, max(1, math.Abs(lo), math.Abs(hi))*1e-9)
		return lo - by, hi - lo + 2*by
	}
	west, w := grow(0)
	south, h := grow(1)
	r := raster{west: west, south: south, nx: n, ny: n}
	if f := geo.FrameAt(b.Center()[1]); metres > 0 {
		r.nx = min(4096, max(1, int(w*f.KX/metres)))
		r.ny = min(4096, max(1, int(h*f.KY/metres)))
	}
	r.width, r.height = float64(r.nx)*units, float64(r.ny)*units
	r.sx, r.sy = r.width/w, r.height/h
	r.boxes = make([]uint32, r.nx*r.ny)
	return r
}

// find returns the word of the box that holds p, 0 beyond the raster and for NaN,
// and the place of p in the box, rounded down to a unit.
func (r *raster) find(p orb.Point) (word uint32, x, y int) {
	fx, fy := (p[0]-r.west)*r.sx, (p[1]-r.south)*r.sy
	if !(fx >= 0 && fx < r.width && fy >= 0 && fy < r.height) {
		return 0, 0, 0
	}
	x, y = int(fx), int(fy)
	return r.boxes[(y>>boxBits)*r.nx+x>>boxBits], x & (units - 1), y & (units - 1)
}

// locals returns how many locals a record has, local the i-th of them.
func locals(record []uint16) int { return int(record[2]) | int(record[3])<<16 }

func local(record []uint16, i int) int {
	i = head + 2*i
	return int(record[i]) | int(record[i+1])<<16
}

// walk goes from a corner of the box to the place x, y and toggles what it crosses
// (see makePieces). It is not sure within a few units of the line of a piece: there
// rounding could decide.
func walk(record []uint16, x, y int) (set uint16, sure bool) {
	n := int(record[0])
	if n == overfull {
		return 0, false
	}
	set = record[1]
	at := head + 2*locals(record)
	pieces := record[at : at+n*pieceSize]
	for len(pieces) >= pieceSize {
		x0, y0 := int(pieces[0]), int(pieces[1])
		dx, dy := int(pieces[2])-x0, int(pieces[3])-y0 // dy is not negative
		t := y - y0
		turn := dx*t - dy*(x-x0)
		if max(turn, -turn) <= blur*(max(dx, -dx)+dy) {
			return 0, false
		}
		// y0 <= y < y1, or a line right through; and the place is east of it: all signs.
		mask := int(int16(pieces[4]))
		set ^= uint16(mask & (((t-dy)&^t | mask) & turn >> 63))
		pieces = pieces[pieceSize:]
	}
	return set &^ through, true
}

// makeRaster fills a raster. Each row is crossed from west to east on the latitude
// of the centres, carrying the exact set of polygons that hold the centre.
func (c *Coverage) makeRaster(metres float64) raster {
	bound := c.bounds[0]
	for _, b := range c.bounds {
		bound = bound.Union(b)
	}
	root := int(math.Sqrt(float64(len(c.edges))))
	r := newRaster(bound, min(4096, max(256, min(1024, 4*root), 2*root)), metres)
	lists := c.list(&r)
	m := &maker{c: c, r: &r}
	r.records = make([]uint16, 0, 13*len(lists.edges)) // a record of two areas and one piece has 13
	for y := range r.ny {
		m.set = m.set[:0]
		at := orb.Point{2*r.west - bound.Max[0], r.point(0, y)[1]}
		var before []int32
		for x := range r.nx {
			i := y*r.nx + x
			here := lists.of(i)
			center := r.point(x, y)
			if len(before)+len(here) > 0 {
				m.cross(at, center, before, here)
			}
			r.boxes[i] = m.word(x, y, center, here)
			at, before = center, here
		}
	}
	r.records = slices.Clone(r.records)
	return r
}

// point is a point near the middle of a box. It stands a little off, where round
// coordinates are unlikely; a vertex at its latitude does no harm.
func (r *raster) point(x, y int) orb.Point {
	return orb.Point{
		r.west + (float64(x)+0.50123)*units/r.sx,
		r.south + (float64(y)+0.49877)*units/r.sy,
	}
}

// lists are the edges that pass through each box, and some beside it.
type lists struct {
	start []int32
	edges []int32
}

func (l *lists) of(box int) []int32 { return l.edges[l.start[box]:l.start[box+1]] }

func (c *Coverage) list(r *raster) lists {
	l := lists{start: make([]int32, len(r.boxes)+1)}
	for i := range c.edges {
		r.mark(&c.edges[i], func(b int) { l.start[b+1]++ })
	}
	for i := range r.boxes {
		l.start[i+1] += l.start[i]
	}
	l.edges = make([]int32, l.start[len(r.boxes)])
	next := slices.Clone(l.start)
	for i := range c.edges {
		r.mark(&c.edges[i], func(b int) {
			l.edges[next[b]] = int32(i)
			next[b]++
		})
	}
	return l
}

// mark calls put for every box that an edge passes through, and some beside it.
func (r *raster) mark(e *edge, put func(int)) {
	a, b := r.boxesFrom(e.a), r.boxesFrom(e.b)
	if a[1] > b[1] {
		a, b = b, a
	}
	for y := held(a[1]-2*slack, r.ny); y <= held(b[1]+2*slack, r.ny); y++ {
		x0, x1 := a[0], b[0]
		if b[1] > a[1] {
			at := func(row float64) float64 {
				t := min(1, max(0, (row-a[1])/(b[1]-a[1])))
				return a[0] + t*(b[0]-a[0])
			}
			x0, x1 = at(float64(y)-2*slack), at(float64(y)+1+2*slack)
		}
		for x := held(min(x0, x1)-2*slack, r.nx); x <= held(max(x0, x1)+2*slack, r.nx); x++ {
			put(y*r.nx + x)
		}
	}
}

// boxesFrom is p in boxes from the corner of the raster.
func (r *raster) boxesFrom(p orb.Point) orb.Point {
	return orb.Point{(p[0] - r.west) * r.sx / units, (p[1] - r.south) * r.sy / units}
}

// held is the index of a column or row, held within the raster.
func held(v float64, n int) int { return min(n-1, max(0, int(math.Floor(v)))) }
