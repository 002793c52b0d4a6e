// Package quilt sews planar partitions for benchmarks: rows of patches, the seams
// of a row set off against those of the next, every seam a wavering line of which
// both neighbours have the same doubles.
//
// What must never enter: anything that the program needs at work.
package quilt

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"
)

// Bound is the ground that every quilt covers: about 19 by 22 km around Yangpu.
var Bound = orb.Bound{Min: orb.Point{121.43, 31.18}, Max: orb.Point{121.63, 31.38}}

// New returns n patches with about vertices vertices in all, those on seams counted
// for each neighbour. The same arguments give the same quilt.
func New(n, vertices int) []orb.MultiPolygon {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(vertices)))
	rows := max(1, int(math.Round(math.Sqrt(float64(n)))))
	w, h := Bound.Max[0]-Bound.Min[0], (Bound.Max[1]-Bound.Min[1])/float64(rows)
	// A patch has two upright seams and four level ones.
	q := quilt{rng: rng, per: max(1, vertices/(6*n)), seams: map[[2]orb.Point]orb.LineString{}}
	cuts := make([][]float64, rows) // of each row, both ends of the ground included
	for r := range cuts {
		k := n*(r+1)/rows - n*r/rows
		cuts[r] = []float64{Bound.Min[0]}
		for i := 1; i < k; i++ {
			off := (rng.Float64() - 0.5) * 0.2
			if r%2 == 1 {
				off += 0.35
			}
			cuts[r] = append(cuts[r], Bound.Min[0]+w*(float64(i)+off)/float64(k))
		}
		cuts[r] = append(cuts[r], Bound.Max[0])
	}
	var out []orb.MultiPolygon
	for r, row := range cuts {
		lo, hi := Bound.Min[1]+h*float64(r), Bound.Min[1]+h*float64(r+1)
		for i := 1; i < len(row); i++ {
			var ring orb.Ring
			ring = q.level(ring, row[i-1], row[i], lo, rowOf(cuts, r-1), row)
			ring = q.seam(ring, orb.Point{row[i], lo}, orb.Point{row[i], hi})
			top := q.level(nil, row[i-1], row[i], hi, row, rowOf(cuts, r+1))
			for j := len(top) - 1; j >= 0; j-- {
				ring = append(ring, top[j])
			}
			left := q.seam(nil, orb.Point{row[i-1], lo}, orb.Point{row[i-1], hi})
			for j := len(left) - 1; j >= 0; j-- {
				ring = append(ring, left[j])
			}
			out = append(out, orb.MultiPolygon{{closed(ring)}})
		}
	}
	return out
}

func rowOf(cuts [][]float64, r int) []float64 {
	if r < 0 || r >= len(cuts) {
		return nil
	}
	return cuts[r]
}

func closed(r orb.Ring) orb.Ring {
	out := r[:0]
	for i, p := range r {
		if i == 0 || p != out[len(out)-1] {
			out = append(out, p)
		}
	}
	if out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	return out
}

type quilt struct {
	rng   *rand.Rand
	per   int // edges of a seam
	seams map[[2]orb.Point]orb.LineString
}

// level appends the seams from x0 to x1 at a latitude, cut where a row above or
// below is cut.
func (q *quilt) level(ring orb.Ring, x0, x1, lat float64, under, over []float64) orb.Ring {
	at := x0
	for at < x1 {
		next := x1
		for _, cuts := range [][]float64{under, over} {
			for _, x := range cuts {
				if x > at && x < next {
					next = x
				}
			}
		}
		ring = q.seam(ring, orb.Point{at, lat}, orb.Point{next, lat})
		at = next
	}
	return ring
}

func (q *quilt) seam(ring orb.Ring, a, b orb.Point) orb.Ring {
	key := [2]orb.Point{a, b}
	line, ok := q.seams[key]
	if !ok {
		line = q.waver(orb.LineString{a}, a, b, q.per, 0.2)
		q.seams[key] = line
	}
	return append(ring, line...)
}

// waver appends n edges from a to b by displacing midpoints, less at every level,
// so that seams stay clear of each other.
func (q *quilt) waver(line orb.LineString, a, b orb.Point, n int, by float64) orb.LineString {
	if n < 2 {
		return append(line, b)
	}
	d := by * (2*q.rng.Float64() - 1)
	dx, dy := b[0]-a[0], b[1]-a[1]
	m := orb.Point{a[0] + dx/2 - dy*d, a[1] + dy/2 + dx*d}
	line = q.waver(line, a, m, n/2, by*0.7)
	return q.waver(line, m, b, n-n/2, by*0.7)
}

// Uniform returns points drawn over the whole of a bound.
func Uniform(b orb.Bound, n int) []orb.Point {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	out := make([]orb.Point, n)
	for i := range out {
		out[i] = orb.Point{
			b.Min[0] + rng.Float64()*(b.Max[0]-b.Min[0]),
			b.Min[1] + rng.Float64()*(b.Max[1]-b.Min[1]),
		}
	}
	return out
}

// Clustered returns points around centres, 150 m off by a normal deviate on either
// axis.
func Clustered(centers []orb.Point, n int) []orb.Point {
	rng := rand.New(rand.NewPCG(2, uint64(n)))
	out := make([]orb.Point, n)
	for i := range out {
		c := centers[rng.IntN(len(centers))]
		out[i] = orb.Point{c[0] + rng.NormFloat64()*150/95200, c[1] + rng.NormFloat64()*150/110900}
	}
	return out
}
