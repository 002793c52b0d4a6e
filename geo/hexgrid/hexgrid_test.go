package hexgrid_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"wangge/geo"
	"wangge/geo/hexgrid"
)

// district is about the size of Yangpu: 8 by 13 km.
var district = orb.MultiPolygon{{{{121.48, 31.24}, {121.57, 31.25}, {121.58, 31.35}, {121.49, 31.34}, {121.48, 31.24}}}}

func cover(t testing.TB, shape orb.MultiPolygon, res int) []hexgrid.Hex {
	t.Helper()
	hexes, err := hexgrid.Cover(shape, res)
	if err != nil {
		t.Fatal(err)
	}
	return hexes
}

func TestAt(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name string
		p    orb.Point
		res  int
		want string
		err  error
	}{
		{"H3's own example, San Francisco", orb.Point{-122.418307270836, 37.7752702151959}, 9, "8928308280fffff", nil},
		{"NaN", orb.Point{121, nan}, 10, "", geo.ErrNotFinite},
		{"infinite", orb.Point{math.Inf(1), 31}, 10, "", geo.ErrNotFinite},
		{"swapped", orb.Point{31.26, 121.53}, 10, "", geo.ErrSwapped},
		{"swapped below the pole", orb.Point{31.26, 89}, 10, "", geo.ErrSwapped},
		{"out of range", orb.Point{1e308, 31}, 10, "", geo.ErrRange},
		{"resolution 16", orb.Point{121.5, 31.2}, 16, "", hexgrid.ErrResolution},
		{"resolution -1", orb.Point{121.5, 31.2}, -1, "", hexgrid.ErrResolution},
	} {
		got, err := hexgrid.At(tt.p, tt.res)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s: At(%v, %d) = %q, %v, want %q, %v", tt.name, tt.p, tt.res, got, err, tt.want, tt.err)
		}
	}
}

// TestPartition: hexagons tile the plane. Every corner inside the cover is shared,
// to the last bit, by exactly three of them; every side by exactly two, once in
// each direction; rings are simple in size, closed and counter-clockwise.
func TestPartition(t *testing.T) {
	hexes := cover(t, district, hexgrid.Resolution)
	if len(hexes) < 5000 {
		t.Fatalf("Cover(district) = %d cells, want 5000 or more", len(hexes))
	}
	corners := map[orb.Point]int{}
	sides := map[[2]orb.Point]int{}
	for i, h := range hexes {
		if i > 0 && hexes[i-1].ID >= h.ID {
			t.Fatalf("Cover: %s before %s, want them sorted", hexes[i-1].ID, h.ID)
		}
		if len(h.Ring) != 7 || !h.Ring.Closed() || h.Ring.Orientation() != orb.CCW || !planar.RingContains(h.Ring, h.Center) {
			t.Fatalf("Cover: %s %v, want a closed counter-clockwise hexagon round %v", h.ID, h.Ring, h.Center)
		}
		for j, p := range h.Ring[:6] {
			corners[p]++
			sides[[2]orb.Point{p, h.Ring[j+1]}]++
		}
	}
	b := district.Bound()
	inner := 0
	for p, n := range corners {
		if !b.Contains(p) {
			continue
		}
		if inner++; n != 3 {
			t.Errorf("corner %v has %d hexagons, want 3", p, n)
		}
	}
	for s, n := range sides {
		if n != 1 {
			t.Errorf("side %v appears %d times in its direction, want once", s, n)
		}
		if b.Contains(s[0]) && b.Contains(s[1]) && sides[[2]orb.Point{s[1], s[0]}] != 1 {
			t.Errorf("side %v has no neighbour", s)
		}
	}
	if inner < 2*4000 {
		t.Errorf("%d corners in the district, want 8000 or more", inner)
	}
}

// TestCoverNeverMisses: the cell of any point of the shape is in its cover, and
// the point is in that cell's ring or within a millimetre of it.
func TestCoverNeverMisses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(73.5, 135).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat")
		w, h := rapid.Float64Range(0, 0.02).Draw(t, "w"), rapid.Float64Range(0, 0.02).Draw(t, "h")
		res := rapid.IntRange(5, 10).Draw(t, "res")
		b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + w, y + h}}
		hexes, err := hexgrid.Cover(orb.MultiPolygon{b.ToPolygon()}, res)
		if err != nil {
			t.Fatal(err)
		}
		f := geo.FrameAt(y)
		part := rapid.SampledFrom([]float64{0, 1, 0.5, 0.123})
		for range 10 {
			p := orb.Point{x + w*part.Draw(t, "x"), y + h*part.Draw(t, "y")}
			id, err := hexgrid.At(p, res)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(hexes, func(h hexgrid.Hex) bool { return h.ID == id })
			if i < 0 {
				t.Fatalf("Cover(%v, %d) lacks %s, the cell of %v", b, res, id, p)
			}
			// an edge of a large cell is a great circle, not straight in degrees
			if _, d := f.ToLine(p, orb.LineString(hexes[i].Ring)); res == 10 && !planar.RingContains(hexes[i].Ring, p) && d > 0.001 {
				t.Fatalf("%v lies %.4f m outside the ring of its cell %s, want within 1 mm", p, d, id)
			}
		}
	})
}

func TestCoverFaults(t *testing.T) {
	ring := func(pts ...orb.Point) orb.MultiPolygon { return orb.MultiPolygon{{orb.Ring(pts)}} }
	for _, tt := range []struct {
		name  string
		shape orb.MultiPolygon
		res   int
		want  error
	}{
		{"nothing", nil, 10, nil},
		{"empty polygons", orb.MultiPolygon{nil, {}, {{}}}, 10, nil},
		{"all of China", orb.MultiPolygon{geo.China.ToPolygon()}, 10, hexgrid.ErrTooMany},
		{"swapped", ring(orb.Point{31, 121}, orb.Point{31.1, 121.1}, orb.Point{31, 121.1}), 10, geo.ErrSwapped},
		{"infinite", ring(orb.Point{121, 31}, orb.Point{math.Inf(1), 31}), 10, geo.ErrNotFinite},
		{"NaN first", ring(orb.Point{math.NaN(), 31}, orb.Point{121, 31}), 10, geo.ErrNotFinite},
		{"the pole", ring(orb.Point{0, 90}, orb.Point{0.5, 90}), 10, geo.ErrRange},
		{"resolution", district, 16, hexgrid.ErrResolution},
	} {
		got, err := hexgrid.Cover(tt.shape, tt.res)
		if !errors.Is(err, tt.want) || len(got) != 0 {
			t.Errorf("%s: Cover = %d cells, %v, want none, %v", tt.name, len(got), err, tt.want)
		}
	}
	point := cover(t, ring(orb.Point{121.5, 31.25}), hexgrid.Resolution)
	id, _ := hexgrid.At(orb.Point{121.5, 31.25}, hexgrid.Resolution)
	if !slices.ContainsFunc(point, func(h hexgrid.Hex) bool { return h.ID == id }) {
		t.Errorf("Cover(one point) = %d cells, want %s among them", len(point), id)
	}
}

func BenchmarkAt(b *testing.B) {
	for b.Loop() {
		if _, err := hexgrid.At(orb.Point{121.53, 31.26}, hexgrid.Resolution); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCoverDistrict(b *testing.B) {
	for b.Loop() {
		cover(b, district, hexgrid.Resolution)
	}
}
