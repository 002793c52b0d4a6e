package geo

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// orientBound is the relative error bound of the floating-point determinant
// (Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997: ccwerrboundA).
const orientBound = (3 + 16*0x1p-53) * 0x1p-53

// Orient returns the sign of the turn a → b → p, exactly: +1 when p lies to the
// left of the line from a to b, -1 to the right, 0 when the three doubles are
// collinear. Both ends must be finite. It never depends on rounding: where the
// fast determinant is not certain, the sign is found in exact arithmetic. It does
// not allocate for coordinates that are 0 or between 1e-140 and 1e140.
func Orient(a, b, p orb.Point) int {
	l := (a[0] - p[0]) * (b[1] - p[1])
	r := (a[1] - p[1]) * (b[0] - p[0])
	det := l - r
	if bound := orientBound * (math.Abs(l) + math.Abs(r)); det > bound || -det > bound {
		if det > 0 {
			return 1
		}
		return -1
	}
	for _, q := range [3]orb.Point{a, b, p} {
		if !ordinary(q[0]) || !ordinary(q[1]) {
			return orientRational(a, b, p)
		}
	}
	return orientExact(a, b, p)
}

// ordinary numbers have products that neither overflow nor lose their tails.
func ordinary(v float64) bool {
	v = math.Abs(v)
	return v == 0 || v > 1e-140 && v < 1e140
}

// orientExact adds up the six products of the determinant as an expansion: doubles
// that do not overlap, the greatest last (Shewchuk 1997, Grow-Expansion).
func orientExact(a, b, p orb.Point) int {
	var sum [12]float64
	n := 0
	add := func(v float64) {
		for i := range n {
			s := sum[i] + v
			t := s - sum[i]
			sum[i], v = (sum[i]-(s-t))+(v-t), s
		}
		sum[n] = v
		n++
	}
	for _, f := range [6][2]float64{
		{a[0], b[1]}, {-a[0], p[1]}, {-p[0], b[1]}, {-a[1], b[0]}, {a[1], p[0]}, {p[1], b[0]},
	} {
		product := f[0] * f[1]
		add(math.FMA(f[0], f[1], -product))
		add(product)
	}
	for i := n - 1; i >= 0; i-- {
		if sum[i] != 0 {
			return int(math.Copysign(1, sum[i]))
		}
	}
	return 0
}

func orientRational(a, b, p orb.Point) int {
	sub := func(x, y float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	}
	l := new(big.Rat).Mul(sub(a[0], p[0]), sub(b[1], p[1]))
	r := new(big.Rat).Mul(sub(a[1], p[1]), sub(b[0], p[0]))
	return l.Cmp(r)
}

// OnSegment reports whether p lies exactly on the closed segment a-b.
func OnSegment(a, b, p orb.Point) bool {
	return p[0] >= min(a[0], b[0]) && p[0] <= max(a[0], b[0]) &&
		p[1] >= min(a[1], b[1]) && p[1] <= max(a[1], b[1]) &&
		Orient(a, b, p) == 0
}
