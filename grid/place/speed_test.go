package place_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/load"
	"wangge/grid/place"
)

const drawn = 1 << 16 // points of a benchmark

// uniform draws over the bounds of the district, clustered around the
// demonstration's hotspots, 150 m off by a normal deviate on either axis.
func uniform(m *place.Map) []orb.Point {
	rng := rand.New(rand.NewPCG(1, 1))
	b := m.Street(0).Shape.Bound()
	for _, s := range m.Streets() {
		b = b.Union(s.Shape.Bound())
	}
	out := make([]orb.Point, drawn)
	for i := range out {
		out[i] = orb.Point{
			b.Min[0] + rng.Float64()*(b.Max[0]-b.Min[0]),
			b.Min[1] + rng.Float64()*(b.Max[1]-b.Min[1]),
		}
	}
	return out
}

func clustered(tb testing.TB) []orb.Point {
	tb.Helper()
	recs, err := load.Demo()
	if err != nil {
		tb.Fatal(err)
	}
	var centers []orb.Point
	for _, r := range recs {
		if h, ok := r.(grid.Hotspot); ok && h.Shape != nil {
			centers = append(centers, h.Shape.Bound().Center())
		}
	}
	rng := rand.New(rand.NewPCG(2, 2))
	out := make([]orb.Point, drawn)
	for i := range out {
		c := centers[rng.IntN(len(centers))]
		out[i] = orb.Point{c[0] + rng.NormFloat64()*150/95200, c[1] + rng.NormFloat64()*150/110900}
	}
	return out
}

func BenchmarkAt(b *testing.B) {
	m := mapAt(b, day(2020, 6, 1), place.Numbering{})
	for _, points := range []struct {
		name string
		list []orb.Point
	}{{"uniform", uniform(m)}, {"clustered", clustered(b)}} {
		b.Run(points.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m.At(points.list[i&(drawn-1)])
			}
		})
	}
}

func BenchmarkEdge(b *testing.B) {
	m := mapAt(b, day(2020, 6, 1), place.Numbering{})
	points := clustered(b)
	m.Edge(points[0])
	for i := 0; b.Loop(); i++ {
		m.Edge(points[i&(drawn-1)])
	}
}

func BenchmarkNew(b *testing.B) {
	areas, borders := yangpu(b)
	for b.Loop() {
		if _, err := place.New(areas, borders, day(2020, 6, 1), place.Numbering{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstEdge includes making the raster of nearest borders.
func BenchmarkFirstEdge(b *testing.B) {
	areas, borders := yangpu(b)
	for b.Loop() {
		b.StopTimer()
		m, err := place.New(areas, borders, day(2020, 6, 1), place.Numbering{})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		m.Edge(orb.Point{121.53, 31.29})
	}
}
