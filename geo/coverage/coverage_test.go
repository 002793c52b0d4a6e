package coverage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/coverage"
)

func square(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

// twoByTwo is four squares around (121.5, 31.5); the north-eastern one has a hole,
// which E fills.
//
//	C | D (E in it)
//	--+--
//	A | B
func twoByTwo() []coverage.Area {
	d := square(121.5, 31.5, 122, 32)
	d[0] = append(d[0], orb.Ring{{121.7, 31.7}, {121.7, 31.8}, {121.8, 31.8}, {121.8, 31.7}, {121.7, 31.7}})
	return []coverage.Area{
		{Code: "D", Shape: d},
		{Code: "A", Shape: square(121, 31, 121.5, 31.5)},
		{Code: "E", Shape: square(121.7, 31.7, 121.8, 31.8)},
		{Code: "C", Shape: square(121, 31.5, 121.5, 32)},
		{Code: "B", Shape: square(121.5, 31, 122, 31.5)},
	}
}

func TestAt(t *testing.T) {
	mm := 1e-8 // about a millimetre
	tests := []struct {
		name string
		p    orb.Point
		want string
	}{
		{"inside A", orb.Point{121.2, 31.2}, "A"},
		{"inside D", orb.Point{121.6, 31.6}, "D"},
		{"in the hole", orb.Point{121.75, 31.75}, "E"},
		{"corner of four", orb.Point{121.5, 31.5}, "A"},
		{"shared edge of A and B", orb.Point{121.5, 31.2}, "A"},
		{"1 mm west of it", orb.Point{121.5 - mm, 31.2}, "A"},
		{"1 mm east of it", orb.Point{121.5 + mm, 31.2}, "B"},
		{"shared edge of B and D", orb.Point{121.8, 31.5}, "B"},
		{"1 mm north of it", orb.Point{121.8, 31.5 + mm}, "D"},
		{"edge of the hole", orb.Point{121.7, 31.75}, "D"},
		{"corner of the hole", orb.Point{121.8, 31.8}, "D"},
		{"1 mm into the hole", orb.Point{121.7 + mm, 31.75}, "E"},
		{"outer corner", orb.Point{121, 31}, "A"},
		{"outer edge", orb.Point{122, 31.7}, "D"},
		{"1 mm outside", orb.Point{122 + mm, 31.7}, ""},
		{"far away", orb.Point{0, 0}, ""},
		{"NaN", orb.Point{math.NaN(), 31.2}, ""},
		{"infinite", orb.Point{math.Inf(1), 31.2}, ""},
	}
	for _, metres := range []float64{0, 5000, 1e9} {
		c, err := coverage.New(twoByTwo(), coverage.Options{CellMetres: metres})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range tests {
			got := ""
			if i := c.At(tt.p); i >= 0 {
				got = c.Code(i)
			}
			if got != tt.want {
				t.Errorf("%s (boxes of %v m): At(%v) = %q, want %q", tt.name, metres, tt.p, got, tt.want)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	open := square(121, 31, 122, 32)
	open[0][0] = open[0][0][:4]
	nan := square(121, 31, 122, math.NaN())
	for _, tt := range []struct {
		name string
		in   []coverage.Area
	}{
		{"nothing", nil},
		{"no outline", []coverage.Area{{Code: "A"}}},
		{"open ring", []coverage.Area{{Code: "A", Shape: open}}},
		{"NaN", []coverage.Area{{Code: "A", Shape: nan}}},
		{"one code twice", []coverage.Area{{Code: "A", Shape: square(0, 0, 1, 1)}, {Code: "A", Shape: square(1, 0, 2, 1)}}},
	} {
		if _, err := coverage.New(tt.in, coverage.Options{}); err == nil {
			t.Errorf("%s: New = nil error, want one", tt.name)
		}
	}
}

// blobs are star-shaped polygons that overlap and leave gaps.
func blobs(rng *rand.Rand, n int) []coverage.Area {
	var out []coverage.Area
	for i := range n {
		cx, cy := 121+rng.Float64(), 31+rng.Float64()
		ring := func(size float64) orb.Ring {
			var r orb.Ring
			k := 3 + rng.IntN(12)
			for j := range k {
				d := size * (0.3 + 0.7*rng.Float64())
				s, c := math.Sincos(2 * math.Pi * float64(j) / float64(k))
				r = append(r, orb.Point{math.Round((cx+d*c)*50) / 50, math.Round((cy+d*s)*50) / 50})
			}
			return append(r, r[0])
		}
		poly := orb.Polygon{ring(0.3)}
		if len(slices.Compact(slices.Clone(poly[0]))) < 4 {
			continue
		}
		out = append(out, coverage.Area{Code: fmt.Sprintf("%03d", i), Shape: orb.MultiPolygon{poly}})
	}
	return out
}

// TestAgainstNaiveScan asks polygons with coarse coordinates about points with the
// same coordinates, so that a great part of the points lie on edges and corners.
func TestAgainstNaiveScan(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 40 {
		areas := blobs(rng, 1+rng.IntN(30))
		c, err := coverage.New(areas, coverage.Options{CellMetres: []float64{0, 3000, 40000}[rng.IntN(3)]})
		if err != nil {
			continue
		}
		for range 2000 {
			p := orb.Point{121 + rng.Float64(), 31 + rng.Float64()}
			if rng.IntN(2) == 0 {
				p = orb.Point{math.Round(p[0]*100) / 100, math.Round(p[1]*100) / 100}
			}
			got, want := "", naive(areas, p)
			if i := c.At(p); i >= 0 {
				got = c.Code(i)
			}
			if got != want {
				t.Fatalf("At(%v) = %q, want %q by the naive scan", p, got, want)
			}
		}
	}
}

// smaller is the edge rule: of two areas the smaller code has a point; "" is none.
func smaller(a, b string) string {
	if a == "" || b < a {
		return b
	}
	return a
}

// naive is the definition: the smallest code whose closed polygon holds p.
func naive(areas []coverage.Area, p orb.Point) string {
	best := ""
	for _, a := range areas {
		for _, poly := range a.Shape {
			in := false
			for _, r := range poly {
				for j := 1; j < len(r); j++ {
					u, v := r[j-1], r[j]
					if geo.OnSegment(u, v, p) {
						best = smaller(best, a.Code)
					}
					if u[1] > v[1] {
						u, v = v, u
					}
					if u[1] <= p[1] && p[1] < v[1] && geo.Orient(u, v, p) > 0 {
						in = !in
					}
				}
			}
			if in {
				best = smaller(best, a.Code)
			}
		}
	}
	return best
}

func TestEdge(t *testing.T) {
	c, err := coverage.New(twoByTwo(), coverage.Options{Lines: []coverage.Line{
		{Points: orb.LineString{{121.5, 31.5}, {121.5, 31}}, Name: "安图路"},
		{Points: orb.LineString{{121, 31}, {121.5, 31}}, Name: "黄浦江", Beyond: "浦东新区"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name          string
		p             orb.Point
		metres        float64
		left, right   string
		along, beyond string
	}{
		{"west of the road", orb.Point{121.499, 31.2}, 95.3, "A", "B", "安图路", ""},
		{"on the road", orb.Point{121.5, 31.3}, 0, "A", "B", "安图路", ""},
		{"beyond the river", orb.Point{121.2, 30.99}, 1108.7, "A", "", "黄浦江", "浦东新区"},
	} {
		e, ok := c.Edge(tt.p)
		code := func(i int) string {
			if i < 0 {
				return ""
			}
			return c.Code(i)
		}
		sides := []string{code(e.Left), code(e.Right)}
		want := []string{tt.left, tt.right}
		slices.Sort(sides)
		slices.Sort(want)
		if !ok || math.Abs(e.Distance-tt.metres) > 0.5 || !slices.Equal(sides, want) || e.Along != tt.along || e.Beyond != tt.beyond {
			t.Errorf("%s: Edge(%v) = %+v between %v, want %v m, %v, %q, %q", tt.name, tt.p, e, sides, tt.metres, want, tt.along, tt.beyond)
		}
	}
	if _, ok := c.Edge(orb.Point{math.NaN(), 1}); ok {
		t.Error("Edge(NaN) = ok, want not")
	}
}

// TestEdgeAtACorner: two edges are equally far from a point beyond their corner, and
// rounding does not choose between them.
func TestEdgeAtACorner(t *testing.T) {
	c, err := coverage.New(twoByTwo(), coverage.Options{Lines: []coverage.Line{
		{Points: orb.LineString{{121, 31}, {121.5, 31}}, Name: "south"},
		{Points: orb.LineString{{121, 31.5}, {121, 31}}, Name: "west"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(9, 9))
	for range 1000 {
		p := orb.Point{121 - rng.Float64()/100, 31 - rng.Float64()/100}
		if e, _ := c.Edge(p); e.Along != "south" || e.At != (orb.Point{121, 31}) {
			t.Fatalf("Edge(%v) = %+v, want the first edge of A, which ends at 121, 31", p, e)
		}
	}
}

// TestEdgeAgainstNaiveScan: the coarse raster must name every edge that can be nearest.
func TestEdgeAgainstNaiveScan(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 10 {
		areas := blobs(rng, 10)
		c, err := coverage.New(areas, coverage.Options{})
		if err != nil {
			continue
		}
		for range 500 {
			p := orb.Point{120.5 + 2*rng.Float64(), 30.5 + 2*rng.Float64()}
			want := math.Inf(1)
			for _, a := range areas {
				_, d := geo.FrameAt(p[1]).ToLine(p, orb.LineString(a.Shape[0][0]))
				want = min(want, d)
			}
			if got, _ := c.Edge(p); math.Abs(got.Distance-want) > 1e-6 {
				t.Fatalf("Edge(%v) = %v m, want %v m", p, got.Distance, want)
			}
		}
	}
}

func TestShares(t *testing.T) {
	c, err := coverage.New(twoByTwo(), coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		p    orb.Point
		want string
	}{
		{"well inside", orb.Point{121.2, 31.2}, "A 1.00 0;"},
		{"on the road", orb.Point{121.5, 31.2}, "A 0.50 0;B 0.50 0;"},
		{"corner of four", orb.Point{121.5, 31.5}, "A 0.25 0;B 0.25 0;C 0.25 0;D 0.25 0;"},
		{"outer corner", orb.Point{121, 31}, "- 0.75 0;A 0.25 0;"},
		{"beside the edge", orb.Point{121.5 - 50/95202.0, 31.2}, "A 0.80 0;B 0.20 50;"},
	} {
		got := ""
		for _, s := range c.Shares(nil, tt.p, 100) {
			code := "-"
			if s.Area >= 0 {
				code = c.Code(s.Area)
			}
			got += fmt.Sprintf("%s %.2f %.0f;", code, s.Fraction, s.Distance)
		}
		if got != tt.want {
			t.Errorf("%s: Shares(%v, 100 m) = %s, want %s", tt.name, tt.p, got, tt.want)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	c, err := coverage.New(twoByTwo(), coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := orb.Point{121.4999, 31.2}
	if n := testing.AllocsPerRun(100, func() { c.At(p); c.Edge(p) }); n != 0 {
		t.Errorf("At and Edge allocate %v times, want 0", n)
	}
}
