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

// plain is the plain way: every area, every edge, exact signs.
type plain struct {
	areas  []coverage.Area // in the order of codes
	bounds []orb.Bound
}

func newPlain(areas []coverage.Area) plain {
	j := plain{areas: slices.SortedFunc(slices.Values(areas), func(a, b coverage.Area) int {
		if a.Code < b.Code {
			return -1
		}
		return 1
	})}
	for _, a := range j.areas {
		j.bounds = append(j.bounds, a.Shape.Bound())
	}
	return j
}

// all returns the indexes of the areas whose closed polygon holds p.
func (j plain) all(p orb.Point) []int {
	var out []int
	for i, a := range j.areas {
		if j.bounds[i].Contains(p) && naive([]coverage.Area{a}, p) != "" {
			out = append(out, i)
		}
	}
	return out
}

// around draws points on an edge and near it: its ends, its middle, a hair to 30 m
// to either side, 1 mm among them, and the next doubles.
func around(a, b orb.Point) []orb.Point {
	m := orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
	out := []orb.Point{a, b, m}
	f := geo.FrameAt(m[1])
	dx, dy := (b[0]-a[0])*f.KX, (b[1]-a[1])*f.KY
	if l := math.Hypot(dx, dy); l > 0 {
		for _, metres := range []float64{1e-8, 1e-3, 0.02, 0.2, 5, 30} {
			nx, ny := -dy/l*metres/f.KX, dx/l*metres/f.KY
			out = append(out, orb.Point{m[0] + nx, m[1] + ny}, orb.Point{m[0] - nx, m[1] - ny},
				orb.Point{a[0] + nx, a[1] + ny}, orb.Point{a[0] - nx, a[1] - ny})
		}
	}
	for _, p := range []orb.Point{a, m} {
		out = append(out,
			orb.Point{math.Nextafter(p[0], 180), p[1]}, orb.Point{math.Nextafter(p[0], -180), p[1]},
			orb.Point{p[0], math.Nextafter(p[1], 90)}, orb.Point{p[0], math.Nextafter(p[1], -90)})
	}
	return out
}

// agrees asks At and All about a point and returns what differs from the plain way.
func agrees(c *coverage.Coverage, j plain, p orb.Point) error {
	want := j.all(p)
	first := -1
	if len(want) > 0 {
		first = want[0]
	}
	if got := c.At(p); got != first {
		return fmt.Errorf("At(%v) = %d, want %d of %v (sure: %v)", p, got, first, want, c.Sure(p))
	}
	if got := c.All(nil, p); !slices.Equal(got, want) {
		return fmt.Errorf("All(%v) = %v, want %v", p, got, want)
	}
	return nil
}

// paired makes areas of two polygons each, which may overlap.
func paired(areas []coverage.Area) []coverage.Area {
	var out []coverage.Area
	for i := 0; i+1 < len(areas); i += 2 {
		a := areas[i]
		a.Shape = slices.Concat(a.Shape, areas[i+1].Shape)
		out = append(out, a)
	}
	return out
}

// TestNearEdges asks about points on edges and within a hair of them, in boxes of
// all sizes. Blobs overlap, leave gaps and cross themselves; quilts are partitions.
func TestNearEdges(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	sets := [][]coverage.Area{twoByTwo(), quilted(12, 600), quilted(40, 1000)}
	for range 8 {
		sets = append(sets, blobs(rng, 1+rng.IntN(40)), paired(blobs(rng, 1+rng.IntN(40))))
	}
	for i, areas := range sets {
		j := newPlain(areas)
		for _, metres := range []float64{0, 100, 3000, 40000, 1e9} {
			c, err := coverage.New(areas, coverage.Options{CellMetres: metres})
			if err != nil {
				continue // of no blob at all
			}
			sure, asked := 0, 0
			for _, a := range areas {
				for _, r := range slices.Concat(a.Shape...) {
					for k := 1; k < len(r); k++ {
						for _, p := range around(r[k-1], r[k]) {
							if err := agrees(c, j, p); err != nil {
								t.Fatalf("set %d, boxes of %v m: %v", i, metres, err)
							}
							asked++
							if c.Sure(p) {
								sure++
							}
						}
					}
				}
			}
			if metres == 100 {
				t.Logf("set %d: %d areas, %d points, %d answered from the raster", i, len(areas), asked, sure)
			}
		}
	}
}

// TestNearEdgesOfTheDemonstration: every edge of the streets, and some of the
// thousands of hexagons.
func TestNearEdgesOfTheDemonstration(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	for _, set := range []struct {
		name  string
		areas []coverage.Area
		one   int // of how many edges
	}{{"streets", streets(t, today), 1}, {"hexagons", hexagons(t), 100}} {
		c, err := coverage.New(set.areas, coverage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		j, edges := newPlain(set.areas), 0
		for _, a := range set.areas {
			for _, r := range a.Shape[0] {
				for k := 1; k < len(r); k++ {
					if rng.IntN(set.one) > 0 {
						continue
					}
					edges++
					for _, p := range around(r[k-1], r[k]) {
						if err := agrees(c, j, p); err != nil {
							t.Fatalf("%s: %v", set.name, err)
						}
					}
				}
			}
		}
		t.Logf("%s: %d edges", set.name, edges)
	}
}

// TestOnBoxes draws polygons whose corners stand on the corners, the sides and the
// middles of boxes, a little inside and a little outside, and asks about such points.
func TestOnBoxes(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	frame := coverage.Area{Code: "zzz", Shape: square(121, 31, 122, 32)}
	o := coverage.Options{CellMetres: 12000}
	grid, err := coverage.New([]coverage.Area{frame}, o)
	if err != nil {
		t.Fatal(err)
	}
	nx, ny := grid.Boxes()
	place := func(n int) float64 {
		hairs := []float64{0, 0, 1e-12, 1e-9, 0.9e-6, 1.1e-6, 2e-6, 1e-5, 3e-5, 1e-4, 1e-3}
		v := 1 + float64(rng.IntN(2*n-3))/2
		return v + hairs[rng.IntN(len(hairs))]*float64(rng.IntN(3)-1)
	}
	point := func() orb.Point {
		if rng.IntN(4) == 0 {
			return grid.Box(1+rng.Float64()*float64(nx-2), 1+rng.Float64()*float64(ny-2))
		}
		return grid.Box(place(nx), place(ny))
	}
	for range 300 {
		areas := []coverage.Area{frame}
		for i := range 1 + rng.IntN(5) {
			var r orb.Ring
			for range 3 + rng.IntN(6) {
				r = append(r, point())
			}
			areas = append(areas, coverage.Area{Code: fmt.Sprint(i), Shape: orb.MultiPolygon{{append(r, r[0])}}})
		}
		c, err := coverage.New(areas, o)
		if err != nil {
			t.Fatal(err)
		}
		j := newPlain(areas)
		for range 300 {
			if err := agrees(c, j, point()); err != nil {
				t.Fatal(err)
			}
		}
		for _, a := range areas {
			for k := 1; k < len(a.Shape[0][0]); k++ {
				for _, p := range around(a.Shape[0][0][k-1], a.Shape[0][0][k]) {
					if err := agrees(c, j, p); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

// TestFlat: areas without width have a border all the same, and the bounds of the
// coverage have none either.
func TestFlat(t *testing.T) {
	for _, shape := range []orb.MultiPolygon{square(121, 31, 121, 32), square(121, 31, 122, 31), square(121, 31, 121, 31)} {
		areas := []coverage.Area{{Code: "A", Shape: shape}}
		c, err := coverage.New(areas, coverage.Options{})
		if err != nil {
			continue // a point has no outline
		}
		for _, p := range around(shape[0][0][1], shape[0][0][3]) {
			if err := agrees(c, newPlain(areas), p); err != nil {
				t.Error(err)
			}
			if e, ok := c.Edge(p); !ok || e.Distance > 31 {
				t.Errorf("Edge(%v) = %+v, %v, want the only border, at most 30 m away", p, e, ok)
			}
		}
	}
}

// TestManyAreasInOneBox: more than a set has bits, and more than 65,536.
func TestManyAreasInOneBox(t *testing.T) {
	for _, n := range []int{14, 15, 16, 40, 70_000} {
		var areas []coverage.Area
		for i := range n {
			x := 121 + float64(i)/float64(n)
			areas = append(areas, coverage.Area{Code: fmt.Sprintf("%06d", i), Shape: square(x, 31, x+1/float64(n), 32)})
		}
		c, err := coverage.New(areas, coverage.Options{CellMetres: 1e9})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			p := orb.Point{121 + (float64(i)+0.5)/20, 31.5}
			want := int((p[0] - 121) * float64(n))
			if got := c.At(p); got != want && got != want-1 && got != want+1 {
				t.Errorf("%d areas in a box: At(%v) = %d, want about %d", n, p, got, want)
			} else if got < 0 || naive(areas[got:got+1], p) == "" {
				t.Errorf("%d areas in a box: At(%v) = %d, which does not hold it", n, p, got)
			}
		}
	}
}

// TestAtNeverAllocates: neither in a box of one area, nor from pieces, nor where
// polygons are asked in full, nor on a slanting edge, where signs take exact sums.
func TestAtNeverAllocates(t *testing.T) {
	areas := quilted(12, 600)
	c, err := coverage.New(areas, coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	unsure := 0
	for _, a := range areas {
		r := a.Shape[0][0]
		for k := 1; k < len(r); k++ {
			for _, p := range around(r[k-1], r[k]) {
				if !c.Sure(p) {
					unsure++
				}
				if n := testing.AllocsPerRun(1, func() { c.At(p) }); n != 0 {
					t.Fatalf("At(%v) allocates %v times, want 0", p, n)
				}
			}
		}
	}
	if unsure == 0 {
		t.Error("no point was asked in full: the test misses that path")
	}
}
