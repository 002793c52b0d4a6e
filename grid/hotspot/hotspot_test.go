package hotspot_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
	"wangge/grid/calendar"
	"wangge/grid/hotspot"
)

var (
	cal = func() *calendar.Calendar {
		c, err := calendar.New([]calendar.Day{{Date: "2013-01-05", Name: "元旦"}}, calendar.Policy{})
		if err != nil {
			panic(err)
		}
		return c
	}()
	saturday = time.Date(2013, 1, 5, 9, 30, 0, 0, grid.Zone)
	metre    = 1 / geo.FrameAt(31.26).KY // degrees of latitude
)

func block(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

func TestMatch(t *testing.T) {
	day := time.Date(2013, 1, 1, 0, 0, 0, 0, grid.Zone)
	holed := orb.Polygon{block(121.50, 31.20, 121.52, 31.22), block(121.508, 31.208, 121.512, 31.212)}
	x, err := hotspot.New([]grid.Hotspot{
		{ID: "perimeter", Kind: grid.Perimeter, Shape: orb.Point{121.53, 31.26}, Reach: 300},
		{ID: "corridor", Kind: grid.Corridor, Shape: orb.LineString{{121.53, 31.26}, {121.54, 31.26}}, Reach: 60},
		{ID: "diversion", Kind: grid.Diversion, Shape: orb.Point{121.5436, 31.2921}, Reach: 45, Schedule: "workday 05:00-09:00; restday 05:00-10:00"},
		{ID: "old", Kind: grid.Perimeter, Shape: orb.Point{121.5436, 31.2921}, Reach: 45, Valid: grid.Span{To: day}},
		{ID: "new", Kind: grid.Perimeter, Shape: orb.Point{121.5436, 31.2921}, Reach: 45, Valid: grid.Span{From: day}},
		{ID: "campus", Kind: grid.Campus, Shape: holed, Reach: 10},
		{ID: "site", Kind: grid.Site},
		{ID: "parts", Kind: grid.Resource, Shape: orb.MultiPolygon{{block(121.40, 31.20, 121.41, 31.21)}, {block(121.42, 31.20, 121.43, 31.21)}}},
	}, cal)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		p    orb.Point
		want string // id distance open
	}{
		{"at the centre", orb.Point{121.53, 31.26}, "corridor 0 true, perimeter 0 true"},
		{"just within", orb.Point{121.53, 31.26 + 299.9*metre}, "perimeter 300 true"},
		{"just beyond", orb.Point{121.53, 31.26 + 300.1*metre}, ""},
		{"beside the road", orb.Point{121.538, 31.26 - 59*metre}, "corridor 59 true"},
		{"overdue, and the newer period", orb.Point{121.5436, 31.2921}, "diversion 0 false, new 0 true"},
		{"inside a campus", orb.Point{121.505, 31.205}, "campus 0 true"},
		{"in its hole, near the edge", orb.Point{121.51, 31.212 - 9*metre}, "campus 9 true"},
		{"in its hole, far from the edge", orb.Point{121.51, 31.21}, ""},
		{"second part", orb.Point{121.425, 31.205}, "parts 0 true"},
		{"between the parts", orb.Point{121.415, 31.205}, ""},
		{"not a number", orb.Point{math.NaN(), 31.26}, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, h := range x.Match(nil, tt.p, saturday) {
			got = append(got, fmt.Sprintf("%s %.0f %v", h.Spot.ID, h.Distance, h.Open))
		}
		if g := strings.Join(got, ", "); g != tt.want {
			t.Errorf("%s: Match(%v) = %s, want %s", tt.name, tt.p, g, tt.want)
		}
	}
	for _, tt := range []struct {
		p    orb.Point
		lang grid.Lang
		want string
	}{
		{orb.Point{121.5436, 31.2921}, grid.ZH, "距疏导点 0 米，在 45 米范围内；当前不允许经营：2013-01-05（星期六）是元旦调休上班日，按工作日执行，允许时段 05:00–09:00；09:30 已超时 30 分钟"},
		{orb.Point{121.5436, 31.2921}, grid.EN, "0 m from the permitted place, within 45 m; not permitted now: 2013-01-05 (Saturday) is a make-up working day of 元旦, treated as a working day, permitted 05:00–09:00; 09:30 is 30 minutes over"},
		{orb.Point{121.538, 31.26 - 59*metre}, grid.ZH, "距线路 59 米，在两侧各 60 米范围内"},
		{orb.Point{121.425, 31.205}, grid.EN, "0 m away, serves 0 m around; on offer now"},
	} {
		hits := x.Match(nil, tt.p, saturday)
		if got := string(x.AppendWhy(nil, hits[0], saturday, tt.lang)); got != tt.want {
			t.Errorf("AppendWhy(%s, %s) = %s, want %s", hits[0].Spot.ID, tt.lang, got, tt.want)
		}
	}
	if got := x.AppendWhy(nil, grid.Hit{Spot: &grid.Hotspot{Kind: grid.Site}}, saturday, grid.ZH); got != nil {
		t.Errorf("AppendWhy(hit of another index) = %s, want nothing", got)
	}
}

func TestNewTellsAllFaults(t *testing.T) {
	_, err := hotspot.New([]grid.Hotspot{
		{ID: "a", Kind: "bar", Shape: orb.Point{121, 31}},
		{ID: "b", Kind: grid.Perimeter},
		{ID: "c", Kind: grid.Corridor, Shape: orb.Point{121, 31}, Reach: -1, Schedule: "whenever"},
	}, cal)
	var got []string
	if e, ok := errors.AsType[*grid.Error](err); ok && e.Kind == grid.Invalid {
		for _, f := range e.Faults {
			got = append(got, f.At+" "+f.Code)
		}
	}
	want := []string{"a/kind kind", "b/geometry missing", "c/geometry geometry", "c/reach range", "c/schedule window"}
	if !slices.Equal(got, want) {
		t.Errorf("New(bad hotspots) faults = %v, want %v (%v)", got, want, err)
	}
}

// TestKindsAreComplete: every kind of the nouns can be read.
func TestKindsAreComplete(t *testing.T) {
	for _, k := range grid.HotspotKinds {
		shape := orb.Geometry(orb.Point{121, 31})
		if k == grid.Corridor {
			shape = orb.LineString{{121, 31}, {122, 31}}
		}
		if _, err := hotspot.New([]grid.Hotspot{{ID: "x", Kind: k, Shape: shape}}, cal); err != nil {
			t.Errorf("New(kind %s) = %v", k, err)
		}
	}
}

func crowd(n int) []grid.Hotspot {
	rng := rand.New(rand.NewPCG(1, 2))
	var out []grid.Hotspot
	for i := range n {
		p := orb.Point{121.5 + rng.Float64()/20, 31.25 + rng.Float64()/20}
		h := grid.Hotspot{ID: fmt.Sprintf("%02d", i), Kind: grid.Perimeter, Shape: p, Reach: 600 * rng.Float64()}
		if i%3 == 0 {
			h.Kind, h.Shape = grid.Corridor, orb.LineString{p, {p[0] + 0.01, p[1] + 0.003}, {p[0] + 0.02, p[1]}}
		}
		out = append(out, h)
	}
	return out
}

func TestAgainstNaiveScan(t *testing.T) {
	spots := crowd(60)
	x, err := hotspot.New(spots, cal)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		p := orb.Point{121.49 + rng.Float64()/10, 31.24 + rng.Float64()/14}
		f := geo.FrameAt(p[1])
		var got, want []string
		for _, h := range x.Match(nil, p, saturday) {
			got = append(got, h.Spot.ID)
		}
		for _, s := range spots {
			d := math.Inf(1)
			switch g := s.Shape.(type) {
			case orb.Point:
				d = f.Distance(p, g)
			case orb.LineString:
				_, d = f.ToLine(p, g)
			}
			if d <= s.Reach {
				want = append(want, s.ID)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("Match(%v) = %v, want %v", p, got, want)
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	x, err := hotspot.New(crowd(60), cal)
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]grid.Hit, 0, 16)
	b.ReportAllocs()
	for b.Loop() {
		dst = x.Match(dst[:0], orb.Point{121.525, 31.275}, saturday)
	}
}
