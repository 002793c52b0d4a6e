package coverage

import (
	"math/bits"
	"slices"

	"github.com/paulmach/orb"
)

// blur is how many units around a piece rounding could decide. The ends of a piece
// are rounded to the nearest unit, off by less than 0.75; the point is rounded
// down, off by less than 1.42.
const blur = 3

// piece is an edge cut at the sides of a box, in units from its south-western
// corner, y0 <= y1. mask has the bits of the polygons beside it, and through where
// the edge goes from side to side.
type piece struct{ x0, y0, x1, y1, mask uint16 }

// maker makes the records of a raster, box by box.
type maker struct {
	c      *Coverage
	r      *raster
	set    []int32 // polygons that hold the last point
	back   []int32 // set, while record tries others
	locals []int32 // polygons that can hold a point of the box
	near   []int32
	pieces []piece
	posts  []piece
	last   uint32 // word of the last record without pieces
}

// cross carries the set of polygons that hold a point from p east to q, over edges.
// It is exact, and half-open: of an edge through q, q is to the west.
func (m *maker) cross(p, q orb.Point, before, here []int32) {
	m.near = append(append(m.near[:0], before...), here...)
	if len(before) > 0 {
		slices.Sort(m.near)
		m.near = slices.Compact(m.near)
	}
	for _, i := range m.near {
		e := &m.c.edges[i]
		if (e.a[1] <= p[1]) == (e.b[1] <= p[1]) || eastOf(e.a, e.b, p) == eastOf(e.a, e.b, q) {
			continue
		}
		m.set = toggle(toggle(m.set, e.polys[0]), e.polys[1])
	}
}

func toggle(set []int32, poly int32) []int32 {
	if poly < 0 {
		return set
	}
	at, ok := slices.BinarySearch(set, poly)
	if ok {
		return slices.Delete(set, at, at+1)
	}
	return slices.Insert(set, at, poly)
}

// word returns the word of a box whose centre is in the polygons of set, and makes its
// record where it needs one.
func (m *maker) word(x, y int, center orb.Point, edges []int32) uint32 {
	m.locals = append(m.locals[:0], m.set...)
	for _, i := range edges {
		for _, poly := range m.c.edges[i].polys {
			if at, ok := slices.BinarySearch(m.locals, poly); !ok && poly >= 0 {
				m.locals = slices.Insert(m.locals, at, poly)
			}
		}
	}
	if len(edges) == 0 {
		switch {
		case len(m.set) == 0:
			return 0
		case len(m.set) == 1:
			return uint32(m.c.owner[m.set[0]]) + 1
		case m.last != 0 && m.sameLocals(m.r.records[m.last&^isRecord:]):
			return m.last
		}
	}
	at := uint32(len(m.r.records))
	m.makePieces(x, y, edges)
	if len(m.locals) > maxLocals || len(m.pieces) >= overfull || !m.record(center, edges) {
		m.r.records = m.r.records[:at]
		m.head(overfull)
	}
	if len(edges) == 0 {
		m.last = at | isRecord
	}
	return at | isRecord
}

func (m *maker) sameLocals(record []uint16) bool {
	if locals(record) != len(m.locals) {
		return false
	}
	for i, l := range m.locals {
		if local(record, i) != int(m.c.owner[l]) {
			return false
		}
	}
	return true
}

func (m *maker) head(n int) {
	m.r.records = append(m.r.records, uint16(n), 0, uint16(len(m.locals)), uint16(len(m.locals)>>16))
	for _, l := range m.locals {
		area := m.c.owner[l]
		m.r.records = append(m.r.records, uint16(area), uint16(area>>16))
	}
}

// record appends a record. Its ref is found by a walk to a point of which the polygons
// are known: the centre, or where that is too near to an edge, another point of its
// latitude. It reports false where there is no such point.
func (m *maker) record(center orb.Point, edges []int32) bool {
	at := len(m.r.records)
	m.head(len(m.pieces))
	for _, p := range m.pieces {
		m.r.records = append(m.r.records, p.x0, p.y0, p.x1, p.y1, p.mask)
	}
	record := m.r.records[at:]
	m.back = append(m.back[:0], m.set...)
	defer func() { m.set = append(m.set[:0], m.back...) }()
	t := center
	for _, off := range []float64{0, -0.31, 0.23, 0.37, -0.17, 0.07, -0.43, 0.41} {
		to := orb.Point{center[0] + off*units/m.r.sx, center[1]}
		m.set = append(m.set[:0], m.back...)
		if to[0] < t[0] {
			m.cross(to, t, nil, edges)
		} else {
			m.cross(t, to, nil, edges)
		}
		_, px, py := m.r.find(to)
		if set, sure := walk(record, px, py); sure {
			record[1] = set
			for _, poly := range m.set {
				record[1] ^= m.bit(poly)
			}
			return true
		}
	}
	return false
}

func (m *maker) bit(poly int32) uint16 {
	at, ok := slices.BinarySearch(m.locals, poly)
	if !ok {
		return 0
	}
	return 1 << at
}

// makePieces cuts edges at the sides of a box. Seen from a corner of the box, a
// place beyond an edge that goes right through it is on the edge's other side.
//
// With the other pieces, a walk goes from the south-western corner north along the
// western side, then east to the place. It crosses the pieces that pass west of
// the place; and on the western side, the edges that leave the box there, south of
// the place. For each of these a post is put up: a piece on the western side from
// where the edge leaves to the top. So only pieces on the latitude of the place
// and west of it count. A place within some units of a post is not sure, as
// beside any piece.
func (m *maker) makePieces(x, y int, edges []int32) {
	m.pieces, m.posts = m.pieces[:0], m.posts[:0]
	for _, i := range edges {
		e := &m.c.edges[i]
		a, b := m.r.boxesFrom(e.a), m.r.boxesFrom(e.b)
		corner := orb.Point{float64(x), float64(y)}
		for axis := range 2 {
			a[axis] -= corner[axis]
			b[axis] -= corner[axis]
		}
		u, v, ok := cut(a, b)
		if !ok {
			continue
		}
		mask := m.bit(e.polys[0]) | m.bit(e.polys[1])
		if u != a && v != b {
			m.add(u, v, mask|through)
			continue
		}
		m.add(u, v, mask)
		if a[0] < -slack && u[0] < 0 {
			m.post(u, mask)
		}
		if b[0] < -slack && v[0] < 0 {
			m.post(v, mask)
		}
	}
	m.join()
}

// cut returns the part of the segment a-b in the unit square, grown by slack.
func cut(a, b orb.Point) (u, v orb.Point, ok bool) {
	t0, t1 := 0.0, 1.0
	for axis := range 2 {
		d := b[axis] - a[axis]
		lo, hi := -slack-a[axis], 1+slack-a[axis]
		if d == 0 {
			if lo > 0 || hi < 0 {
				return u, v, false
			}
			continue
		}
		if d < 0 {
			lo, hi = hi, lo
		}
		t0, t1 = max(t0, lo/d), min(t1, hi/d)
	}
	if t0 > t1 {
		return u, v, false
	}
	at := func(t float64) orb.Point { return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])} }
	u, v = a, b
	if t0 > 0 {
		u = at(t0)
	}
	if t1 < 1 {
		v = at(t1)
	}
	return u, v, true
}

// round gives a place of the unit square in units, held within the box.
func round(v float64) uint16 { return uint16(min(units, max(0, v*units+0.5))) }

func (m *maker) add(u, v orb.Point, mask uint16) {
	p := piece{round(u[0]), round(u[1]), round(v[0]), round(v[1]), mask}
	if p.y0 > p.y1 {
		p.x0, p.y0, p.x1, p.y1 = p.x1, p.y1, p.x0, p.y0
	}
	if p.x0 == p.x1 && p.y0 == p.y1 {
		// A point has no side: a level line through it keeps its surroundings unsure.
		p.x0, p.x1, p.mask = 0, units, 0
	}
	m.pieces = append(m.pieces, p)
}

func (m *maker) post(foot orb.Point, mask uint16) {
	if y := round(foot[1]); y < units {
		m.posts = append(m.posts, piece{0, y, 0, units, mask})
	}
}

// join lets posts of the same polygons cancel: the two of an edge that leaves and
// another that comes back are one between them.
func (m *maker) join() {
	slices.SortFunc(m.posts, func(a, b piece) int {
		if a.mask != b.mask {
			return int(a.mask) - int(b.mask)
		}
		return int(a.y0) - int(b.y0)
	})
	for i := 0; i < len(m.posts); i++ {
		p := m.posts[i]
		if i+1 < len(m.posts) && m.posts[i+1].mask == p.mask {
			i++
			p.y1 = m.posts[i].y0
		}
		if p.y0 < p.y1 {
			m.pieces = append(m.pieces, p)
		}
	}
}

// first returns the area of the lowest bit of a set, -1 for the empty one.
func first(record []uint16, set uint16) int {
	if set == 0 {
		return -1
	}
	return local(record, bits.TrailingZeros16(set))
}
