package coverage_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/coverage"
	"wangge/geo/coverage/internal/quilt"
	"wangge/geo/hexgrid"
)

// quilts are the partitions of the benchmarks: areas and vertices.
var quilts = [][2]int{{12, 10_000}, {215, 172_000}, {3000, 565_000}}

func quilted(n, vertices int) []coverage.Area {
	var out []coverage.Area
	for i, shape := range quilt.New(n, vertices) {
		out = append(out, coverage.Area{Code: fmt.Sprintf("%06d", i), Shape: shape})
	}
	return out
}

// hexagons are those of the demonstration's map, some 7,000.
func hexagons(tb testing.TB) []coverage.Area {
	tb.Helper()
	var all orb.MultiPolygon
	for _, a := range streets(tb, today) {
		all = append(all, a.Shape...)
	}
	cells, err := hexgrid.Cover(all, hexgrid.Resolution)
	if err != nil {
		tb.Fatal(err)
	}
	var out []coverage.Area
	for _, h := range cells {
		out = append(out, coverage.Area{Code: h.ID, Shape: orb.MultiPolygon{{h.Ring}}})
	}
	return out
}

var today = time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)

func boundOf(areas []coverage.Area) orb.Bound {
	b := areas[0].Shape.Bound()
	for _, a := range areas {
		b = b.Union(a.Shape.Bound())
	}
	return b
}

func BenchmarkAt(b *testing.B) {
	const n = 1 << 16
	sets := []struct {
		name  string
		areas []coverage.Area
	}{{"streets", streets(b, today)}, {"hexagons", hexagons(b)}}
	for _, size := range quilts {
		sets = append(sets, struct {
			name  string
			areas []coverage.Area
		}{fmt.Sprint(size[0]), quilted(size[0], size[1])})
	}
	for _, set := range sets {
		c, err := coverage.New(set.areas, coverage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		bound := boundOf(set.areas)
		for _, points := range []struct {
			name string
			list []orb.Point
		}{
			{"uniform", quilt.Uniform(bound, n)},
			{"clustered", quilt.Clustered(quilt.Uniform(bound, 20), n)},
		} {
			b.Run(set.name+"/"+points.name, func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					c.At(points.list[i&(n-1)])
				}
				b.ReportMetric(float64(c.IndexBytes())/1e6, "MB")
			})
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for _, size := range quilts {
		areas := quilted(size[0], size[1])
		b.Run(fmt.Sprint(size[0]), func(b *testing.B) {
			for b.Loop() {
				if _, err := coverage.New(areas, coverage.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEdge(b *testing.B) {
	for _, size := range quilts[:2] {
		c, err := coverage.New(quilted(size[0], size[1]), coverage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		points := quilt.Uniform(quilt.Bound, 1<<12)
		b.Run(fmt.Sprintf("%d/first", size[0]), func(b *testing.B) {
			for b.Loop() {
				c.Forget()
				c.Edge(points[0])
			}
		})
		b.Run(fmt.Sprint(size[0]), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				c.Edge(points[i&(1<<12-1)])
			}
		})
	}
}
