package coverage_test

import (
	"fmt"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo/coverage"
	"wangge/geo/coverage/internal/quilt"
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

func BenchmarkAt(b *testing.B) {
	const n = 1 << 16
	for _, size := range quilts {
		areas := quilted(size[0], size[1])
		c, err := coverage.New(areas, coverage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		for _, points := range []struct {
			name string
			list []orb.Point
		}{
			{"uniform", quilt.Uniform(quilt.Bound, n)},
			{"clustered", quilt.Clustered(quilt.Uniform(quilt.Bound, 20), n)},
		} {
			b.Run(fmt.Sprintf("%d/%s", size[0], points.name), func(b *testing.B) {
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
