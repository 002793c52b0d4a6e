package geo_test

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo"
)

func TestCheck(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name string
		in   orb.Point
		want error
	}{
		{"Yangpu", orb.Point{121.53, 31.26}, nil},
		{"corner of the box", geo.China.Min, nil},
		{"NaN longitude", orb.Point{nan, 31}, geo.ErrNotFinite},
		{"NaN latitude", orb.Point{121, nan}, geo.ErrNotFinite},
		{"infinite", orb.Point{121, -inf}, geo.ErrNotFinite},
		{"swapped", orb.Point{31.26, 121.53}, geo.ErrSwapped},
		{"huge", orb.Point{1e308, 31}, geo.ErrRange},
		{"latitude -91", orb.Point{10, -91}, geo.ErrRange},
		{"Paris", orb.Point{2.35, 48.85}, geo.ErrAbroad},
		{"zero", orb.Point{}, geo.ErrAbroad},
	}
	for _, tt := range tests {
		if err := geo.Check(tt.in); !errors.Is(err, tt.want) {
			t.Errorf("%s: Check(%v) = %v, want %v", tt.name, tt.in, err, tt.want)
		}
	}
}

// TestFrame compares with the meridian arc, integrated numerically, and the parallel's.
func TestFrame(t *testing.T) {
	f := geo.FrameAt(31.25)
	for _, tt := range []struct {
		a, b orb.Point
		want float64
	}{
		{orb.Point{121.5, 31.25}, orb.Point{121.5, 31.25}, 0},
		{orb.Point{121.5, 31.25}, orb.Point{121.501, 31.25}, 95.2542},
		{orb.Point{121.5, 31.25}, orb.Point{121.5, 31.251}, 110.8738},
	} {
		if got := f.Distance(tt.a, tt.b); math.Abs(got-tt.want) > 0.005 {
			t.Errorf("Distance(%v, %v) = %.4f, want %.4f", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestNearest(t *testing.T) {
	f := geo.FrameAt(0)
	a, b := orb.Point{0, 0}, orb.Point{1, 0}
	for _, tt := range []struct {
		name    string
		p, want orb.Point
	}{
		{"before the start", orb.Point{-1, 1}, a},
		{"behind the end", orb.Point{2, -1}, b},
		{"beside", orb.Point{0.25, 1}, orb.Point{0.25, 0}},
		{"on it", orb.Point{0.5, 0}, orb.Point{0.5, 0}},
	} {
		if got, _ := f.Nearest(tt.p, a, b); got != tt.want {
			t.Errorf("%s: Nearest(%v, %v, %v) = %v, want %v", tt.name, tt.p, a, b, got, tt.want)
		}
	}
	if got, d := f.Nearest(orb.Point{1, 1}, a, a); got != a || math.IsNaN(d) {
		t.Errorf("Nearest(to a point) = %v, %v, want %v", got, d, a)
	}
	if _, d := f.ToLine(a, nil); !math.IsInf(d, 1) {
		t.Errorf("ToLine(empty) = %v, want +Inf", d)
	}
}

// TestAroundHolds: the box may over-answer, never miss.
func TestAroundHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		p := orb.Point{121 + rng.Float64(), -80 + 160*rng.Float64()}
		r := 5000 * rng.Float64()
		q := orb.Point{p[0] + (rng.Float64()-0.5)/5, p[1] + (rng.Float64()-0.5)/5}
		if geo.FrameAt(p[1]).Distance(p, q) <= r && !geo.Around(p, r).Contains(q) {
			t.Fatalf("Around(%v, %v) lacks %v, %v m away", p, r, q, geo.FrameAt(p[1]).Distance(p, q))
		}
	}
}

// TestOrient asks rational arithmetic for the sign, on points that lie on a line
// or a few units in the last place beside it.
func TestOrient(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	nudge := func(f float64) float64 {
		for range rng.IntN(3) {
			f = math.Nextafter(f, math.Inf(1))
		}
		return f
	}
	for range 20000 {
		a := orb.Point{121 + rng.Float64(), 31 + rng.Float64()}
		b := orb.Point{121 + rng.Float64(), 31 + rng.Float64()}
		s := rng.Float64()
		p := orb.Point{nudge(a[0] + s*(b[0]-a[0])), nudge(a[1] + s*(b[1]-a[1]))}
		if got, want := geo.Orient(a, b, p), slowOrient(a, b, p); got != want {
			t.Fatalf("Orient(%v, %v, %v) = %d, want %d", a, b, p, got, want)
		}
	}
	a, b := orb.Point{0.5, 0.5}, orb.Point{12, 12}
	if got := geo.Orient(a, b, orb.Point{24, 24}); got != 0 {
		t.Errorf("Orient(collinear) = %d, want 0", got)
	}
	if geo.OnSegment(a, b, orb.Point{24, 24}) || !geo.OnSegment(a, b, b) || !geo.OnSegment(a, b, orb.Point{6, 6}) {
		t.Error("OnSegment: want both ends and the middle, not the line beyond")
	}
}

// TestOrientAtAnyScale draws coordinates of very different sizes, tiny and huge ones
// among them, and lines through whole numbers, on which points lie exactly.
func TestOrientAtAnyScale(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	spans := []int{1, 40, 300, 900}
	for range 20000 {
		span := spans[rng.IntN(len(spans))]
		value := func() float64 {
			if rng.IntN(8) == 0 {
				return 0
			}
			return math.Ldexp(float64(rng.IntN(9)-4), rng.IntN(span)-span/2)
		}
		a, b, p := orb.Point{value(), value()}, orb.Point{value(), value()}, orb.Point{value(), value()}
		if rng.IntN(2) == 0 {
			k := float64(rng.IntN(5) - 2)
			p = orb.Point{a[0] + k*(b[0]-a[0]), a[1] + k*(b[1]-a[1])}
		}
		if got, want := geo.Orient(a, b, p), slowOrient(a, b, p); got != want {
			t.Fatalf("Orient(%v, %v, %v) = %d, want %d", a, b, p, got, want)
		}
	}
}

func TestOrientDoesNotAllocate(t *testing.T) {
	a, b := orb.Point{121.1, 31.3}, orb.Point{121.7, 31.9}
	p := orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
	if n := testing.AllocsPerRun(100, func() { geo.Orient(a, b, p) }); n != 0 {
		t.Errorf("Orient of a point on the line allocates %v times, want 0", n)
	}
}

func slowOrient(a, b, p orb.Point) int {
	const prec = 4000
	f := func(x float64) *big.Float { return new(big.Float).SetPrec(prec).SetFloat64(x) }
	sub := func(x, y float64) *big.Float { return new(big.Float).SetPrec(prec).Sub(f(x), f(y)) }
	mul := func(x, y *big.Float) *big.Float { return new(big.Float).SetPrec(prec).Mul(x, y) }
	return mul(sub(a[0], p[0]), sub(b[1], p[1])).Cmp(mul(sub(a[1], p[1]), sub(b[0], p[0])))
}
