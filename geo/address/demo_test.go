package address_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo/address"
	"wangge/geo/coverage"
	"wangge/grid"
	"wangge/grid/load"
)

// yangpu gathers the demonstration's names; keep leaves doors out.
func yangpu(tb testing.TB, keep func(grid.Door) bool) address.Build {
	tb.Helper()
	records, err := load.Demo()
	if err != nil {
		tb.Fatal(err)
	}
	var b address.Build
	var outlines []coverage.Area
	for _, r := range records {
		switch r := r.(type) {
		case grid.Place:
			b.Places = append(b.Places, address.Place{Name: r.Name, Aliases: r.Aliases, Kind: r.Kind, Address: r.Address, At: r.At})
		case grid.Crossing:
			b.Crossings = append(b.Crossings, address.Crossing{RoadA: r.RoadA, RoadB: r.RoadB, At: r.At, Error: r.Error})
		case grid.Door:
			if keep(r) {
				b.Doors = append(b.Doors, address.Door{Road: r.Road, Number: r.Number, Suffix: r.Suffix, At: r.At})
			}
		case grid.Road:
			b.Roads = append(b.Roads, address.Road{Name: r.Name, Names: []string{r.NameEN}, Line: r.Line})
		case grid.Area:
			a := address.Area{Name: r.Name, Code: r.Code}
			if r.Level == grid.LevelStreet && r.Valid.To.IsZero() {
				outlines = append(outlines, coverage.Area{Code: r.Code, Shape: r.Shape})
				a.At, a.Radius = r.Shape.Bound().Center(), 1000
			}
			b.Areas = append(b.Areas, a)
		}
	}
	c, err := coverage.New(outlines, coverage.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	b.Street = func(p orb.Point) string {
		if i := c.At(p); i >= 0 {
			return c.Code(i)
		}
		return ""
	}
	return b
}

// away is the metres between two points of a city.
func away(a, b orb.Point) float64 {
	return 111000 * math.Hypot((a[0]-b[0])*math.Cos(a[1]*math.Pi/180), a[1]-b[1])
}

// judged is one answer beside the truth.
type judged struct {
	away, err, confidence float64
	right                 bool
}

// TestLeftOutDoors asks for every door of the demonstration, a tenth of them at a time,
// with a gazetteer that does not have that tenth. What is stated must hold: of the
// answers, nine in ten lie within their error, and those surer than 0.9 are right.
func TestLeftOutDoors(t *testing.T) {
	var all []judged
	total := 0
	for fold := range 10 {
		i := 0
		var out []grid.Door
		b := yangpu(t, func(d grid.Door) bool {
			if i++; i%10 != fold {
				return true
			}
			out = append(out, d)
			return false
		})
		g := address.New(b)
		for _, d := range out {
			total++
			a := g.Geocode(d.Key(), address.Options{})
			if len(a.Candidates) == 0 {
				continue
			}
			c := a.Candidates[0]
			all = append(all, judged{away(c.At, d.At), c.Error, c.Confidence, c.Street == b.Street(d.At)})
		}
	}
	count := func(is func(judged) bool) int {
		n := 0
		for _, r := range all {
			n += map[bool]int{true: 1}[is(r)]
		}
		return n
	}
	slices.SortFunc(all, func(a, b judged) int { return cmp.Compare(a.away, b.away) })
	sure := count(func(r judged) bool { return r.confidence > 0.9 })
	figures := []struct {
		what             string
		got, least, most float64
	}{
		{"answered, %", 100 * float64(len(all)) / float64(total), 98, 100},
		{"right street office, %", 100 * float64(count(func(r judged) bool { return r.right })) / float64(total), 95, 100},
		{"median error, m", all[len(all)/2].away, 0, 60},
		{"90th percentile, m", all[len(all)*9/10].away, 0, 250},
		{"within the stated error, %", 100 * float64(count(func(r judged) bool { return r.away <= r.err })) / float64(len(all)), 88, 96},
		{"of the sure ones right, %", 100 * float64(count(func(r judged) bool { return r.confidence > 0.9 && r.right })) / float64(sure), 97, 100},
		{"sure, %", 100 * float64(sure) / float64(total), 50, 100},
	}
	for _, f := range figures {
		t.Logf("%s: %.1f", f.what, f.got)
		if f.got < f.least || f.got > f.most {
			t.Errorf("%s: %.1f, want %v to %v", f.what, f.got, f.least, f.most)
		}
	}
}
