package hexgrid_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/hexgrid"
)

var box = orb.MultiPolygon{{{{121.5, 31.25}, {121.51, 31.25}, {121.51, 31.26}, {121.5, 31.26}, {121.5, 31.25}}}}

func TestAtTakesLongitudeFirst(t *testing.T) {
	id, err := hexgrid.At(orb.Point{121.53005, 31.26130}, 10)
	if err != nil {
		t.Fatal(err)
	}
	hexes, err := hexgrid.Cover(box, 10)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := hexgrid.At(hexes[0].Center, 10); got != hexes[0].ID {
		t.Errorf("At(centre of %s) = %s", hexes[0].ID, got)
	}
	if len(id) != 15 || id[:2] != "8a" {
		t.Errorf("At(Yangpu, 10) = %s, want 15 digits that begin with 8a", id)
	}
	for _, p := range []orb.Point{{math.NaN(), 31}, {121, math.Inf(1)}} {
		if got, err := hexgrid.At(p, 10); err == nil {
			t.Errorf("At(%v) = %s, want an error", p, got)
		}
	}
}

// TestCoverPartitions: inside the box every corner belongs to three cells, every
// side to two, in opposite directions, with identical doubles.
func TestCoverPartitions(t *testing.T) {
	hexes, err := hexgrid.Cover(box, 10)
	if err != nil {
		t.Fatal(err)
	}
	type side struct{ a, b orb.Point }
	corners, sides := map[orb.Point]int{}, map[side]bool{}
	for _, h := range hexes {
		if h.Ring.Orientation() != orb.CCW || !h.Ring.Closed() {
			t.Errorf("ring of %s is not a closed counter-clockwise ring", h.ID)
		}
		for i := range len(h.Ring) - 1 {
			corners[h.Ring[i]]++
			sides[side{h.Ring[i], h.Ring[i+1]}] = true
		}
	}
	inside := box.Bound()
	for p, n := range corners {
		if inside.Contains(p) && n != 3 {
			t.Errorf("corner %v belongs to %d cells, want 3", p, n)
		}
	}
	for s := range sides {
		if inside.Contains(s.a) && !sides[side{s.b, s.a}] {
			t.Errorf("side %v-%v has no twin", s.a, s.b)
		}
	}
}

// TestRingAgreesWithH3: but within a millimetre of an edge, a point's cell by the
// rings is its cell by H3.
func TestRingAgreesWithH3(t *testing.T) {
	hexes, err := hexgrid.Cover(box, 10)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	f := geo.FrameAt(31.25)
	for range 3000 {
		p := orb.Point{121.5 + rng.Float64()/100, 31.25 + rng.Float64()/100}
		want, err := hexgrid.At(p, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hexes {
			in := true
			for i := range len(h.Ring) - 1 {
				in = in && geo.Orient(h.Ring[i], h.Ring[i+1], p) >= 0
			}
			_, d := f.ToLine(p, orb.LineString(h.Ring))
			if in != (h.ID == want) && d > 0.001 {
				t.Errorf("%v lies %.4f m from the edge of %s, in its ring: %v, by H3 in %s", p, d, h.ID, in, want)
			}
		}
	}
}
