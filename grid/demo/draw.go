package demo

import (
	"math"
	"math/rand/v2"
	"sort"

	"github.com/paulmach/orb"
)

// urn draws indexes by weight: it holds the sums of the weights so far.
type urn []float64

func (u *urn) add(weight float64) { *u = append(*u, u.total()+weight) }

func (u urn) total() float64 {
	if len(u) == 0 {
		return 0
	}
	return u[len(u)-1]
}

// pick draws from an urn whose total is above 0.
func (u urn) pick(rnd *rand.Rand) int {
	x := rnd.Float64() * u.total()
	return sort.Search(len(u), func(i int) bool { return u[i] > x })
}

// round keeps six decimals, about a decimetre, as devices do.
func round(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
}
