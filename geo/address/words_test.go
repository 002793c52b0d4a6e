package address_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"wangge/grid"
)

func TestSuggest(t *testing.T) {
	g := demo(t)
	for _, tt := range []struct{ typed, first string }{
		{"控江", "控江路"},
		{"kjl", "控江路"},
		{"kongjianglu", "控江路"},
		{"kong", "控江路"},
		{"KJL", "控江路"},
		{"控江路166", "控江路1665号"},
		{"changyanglu", "长阳路"},
		{"zhangyanglu", "长阳路"},
		{"cyl", "长阳路"},
		{"昆明路", "昆明路"},
		{"红房子", "红房子医院"},
	} {
		got := g.Suggest(tt.typed, 8)
		if !slices.Contains(got, tt.first) {
			t.Errorf("Suggest(%s, 8) = %v, want %s among them", tt.typed, got, tt.first)
		}
		if len(got) > 8 {
			t.Errorf("Suggest(%s, 8) = %d names, want 8 at most", tt.typed, len(got))
		}
	}
	if got := g.Suggest("控江路", 3); len(got) == 0 || got[0] != "控江路" {
		t.Errorf("Suggest(控江路) = %v, want the road first", got)
	}
	for _, nothing := range []string{"", " ", "qqqqq", "没有这样的地方"} {
		if got := g.Suggest(nothing, 8); len(got) != 0 {
			t.Errorf("Suggest(%q) = %v, want none", nothing, got)
		}
	}
}

// TestSuggestEveryRoad: each road is suggested by its whole name.
func TestSuggestEveryRoad(t *testing.T) {
	in := yangpu(t, func(grid.Door) bool { return true })
	g := demo(t)
	for _, r := range in.Roads {
		if got := g.Suggest(r.Name, 1); len(got) != 1 || got[0] != r.Name {
			t.Errorf("Suggest(%s, 1) = %v, want itself", r.Name, got)
		}
	}
}

func TestReverse(t *testing.T) {
	g := demo(t)
	for _, tt := range []struct {
		p    orb.Point
		want string // part of the sentence
	}{
		{orb.Point{121.51334, 31.27554}, "新华医院"},
		{orb.Point{121.5436, 31.2925}, "图们路23号西北侧约 30 米"},
		{orb.Point{121.30, 31.10}, "没有已知"},
	} {
		d := g.Reverse(tt.p)
		if !strings.Contains(d.Sentence.ZH, tt.want) || d.Sentence.EN == "" {
			t.Errorf("Reverse(%v) says %s, want %s in it", tt.p, d.Sentence.ZH, tt.want)
		}
	}
	if d := g.Reverse(orb.Point{math.NaN(), 31}); d.Sentence.ZH != "" || d.Door != nil {
		t.Errorf("Reverse(NaN) = %+v, want nothing", d)
	}
}

// TestReverseAgainstScan: what is called nearest is.
func TestReverseAgainstScan(t *testing.T) {
	in := yangpu(t, func(grid.Door) bool { return true })
	g := demo(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	for range 500 {
		p := orb.Point{121.49 + rng.Float64()*0.08, 31.25 + rng.Float64()*0.09}
		best := math.Inf(1)
		for _, d := range in.Doors {
			best = min(best, away(p, d.At))
		}
		d := g.Reverse(p)
		if best < 900 && (d.Door == nil || math.Abs(d.Door.Distance-best) > 0.01*best+0.01) {
			t.Fatalf("Reverse(%v).Door = %+v, want one %.1f m away", p, d.Door, best)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	g := demo(f)
	for _, s := range []string{"kjl", "控江路1", "\xff", strings.Repeat("a", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := g.Suggest(s, 8); len(got) > 8 {
			t.Errorf("Suggest(%q, 8) = %d names", s, len(got))
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	g := demo(b)
	for _, typed := range []string{"k", "kjl", "控江", "医院"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				g.Suggest(typed, 8)
			}
		})
	}
}

func BenchmarkReverse(b *testing.B) {
	g := demo(b)
	for b.Loop() {
		g.Reverse(orb.Point{121.5301, 31.2614})
	}
}
