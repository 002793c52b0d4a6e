package address_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo/address"
	"wangge/grid"
)

// TestLargeText: a megabyte is read as any other text, and names what stands at its beginning.
func TestLargeText(t *testing.T) {
	g := demo(t)
	for _, part := range []string{"路", "安图路", "控江路1665号，", "1", "一", "上海上海", "\xff", "垃圾"} {
		text := "控江路1665号。" + strings.Repeat(part, 1<<20/len(part))
		a := g.Geocode(text, address.Options{})
		if len(a.Candidates) == 0 || len(a.Candidates) > 8 {
			t.Errorf("Geocode(1 MB of %q) has %d candidates, want 1 to 8", part, len(a.Candidates))
		}
	}
}

// BenchmarkLarge builds a gazetteer of 100,000 places and tells what it weighs.
func BenchmarkLarge(b *testing.B) {
	in := yangpu(b, func(grid.Door) bool { return true })
	for i := range 100000 {
		in.Places = append(in.Places, address.Place{
			Name: fmt.Sprintf("第%d号模拟单位大楼", i), Kind: "school", At: orb.Point{121.5 + float64(i%300)/3000, 31.25 + float64(i/300)/4000},
		})
	}
	weigh := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := weigh()
	var g *address.Gazetteer
	for b.Loop() {
		g = address.New(in)
	}
	b.ReportMetric(float64(weigh()-before)/1e6, "MB")
	runtime.KeepAlive(g)
	runtime.KeepAlive(in)
}
