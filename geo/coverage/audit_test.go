package coverage_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"

	"wangge/geo/coverage"
	"wangge/geo/judge"
	"wangge/grid"
)

// drawn reads areas from WKT, A, B, … in order. One unit is a thousandth of a degree
// north-east of 121.5, 31.3: 95 m by 111 m.
func drawn(tb testing.TB, pictures ...string) []coverage.Area {
	tb.Helper()
	var out []coverage.Area
	for i, picture := range pictures {
		g, err := wkt.Unmarshal(picture)
		if err != nil {
			tb.Fatalf("%s: %v", picture, err)
		}
		var shape orb.MultiPolygon
		switch g := g.(type) {
		case orb.Polygon:
			shape = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			shape = g
		}
		for _, poly := range shape {
			for _, r := range poly {
				for k := range r {
					r[k] = orb.Point{121.5 + r[k][0]/1000, 31.3 + r[k][1]/1000}
				}
			}
		}
		out = append(out, coverage.Area{Code: string(rune('A' + i)), Shape: shape})
	}
	return out
}

// flawsOf writes flaws as "overlap A B 2640; …", square metres rounded.
func flawsOf(tb testing.TB, areas []coverage.Area, o coverage.AuditOptions) string {
	tb.Helper()
	flaws, err := coverage.Audit(areas, o)
	if err != nil {
		tb.Fatal(err)
	}
	var out []string
	for _, f := range flaws {
		s := string(f.Kind) + " " + strings.Join(f.Codes, " ")
		switch g := f.Shape.(type) {
		case orb.MultiPolygon:
			s += fmt.Sprintf(" %.0f", f.Area)
			if !planar.MultiPolygonContains(g, f.At) {
				tb.Errorf("%s: %v is not in its piece %s", s, f.At, wkt.MarshalString(g))
			}
		case orb.MultiPoint:
			s += fmt.Sprintf(" at %d", len(g))
			if !slices.Contains(g, f.At) {
				tb.Errorf("%s: %v is none of %v", s, f.At, g)
			}
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestAudit(t *testing.T) {
	// Four squares; D has a hole that E fills.
	const (
		a     = "POLYGON((0 0,5 0,5 5,0 5,0 0))"
		b     = "POLYGON((5 0,10 0,10 5,5 5,5 0))"
		c     = "POLYGON((0 5,5 5,5 10,0 10,0 5))"
		d     = "POLYGON((5 5,10 5,10 10,5 10,5 5),(7 7,7 8,8 8,8 7,7 7))"
		e     = "POLYGON((7 7,8 7,8 8,7 8,7 7))"
		whole = "POLYGON((0 0,5 0,10 0,10 5,10 10,5 10,0 10,0 5,0 0))"
	)
	for _, tt := range []struct {
		name, picture string
		outline       string
		areas         []string
		want          string
	}{
		{"a partition", "C|D(E) over A|B", whole, []string{a, b, c, d, e}, ""},
		{"a partition without an outline", "C|D(E) over A|B", "", []string{a, b, c, d, e}, ""},
		{"nothing", "", "", nil, ""},
		{"apart", "A  B", "", []string{a, "POLYGON((6 0,9 0,9 5,6 0))"}, ""},
		{"a corner only", "  B\nA", "", []string{a, "POLYGON((5 5,10 5,10 10,5 10,5 5))"}, ""},

		{"one unit in common", "A [AB] B", "", []string{a, "POLYGON((4 0,10 0,10 5,4 5,4 0))"}, "overlap A B 52777; mismatch A B at 4"},
		{"the same twice", "AB", "", []string{a, a}, "overlap A B 263886"},
		{"one inside another", "A(B)", "", []string{a, "POLYGON((1 1,2 1,2 2,1 2,1 1))"}, "overlap A B 10556"},
		{"in common in two places", "comb over bar", "", []string{"POLYGON((0 0,9 0,9 2,0 2,0 0))", "POLYGON((1 1,2 1,2 5,7 5,7 1,8 1,8 6,1 6,1 1))"}, "overlap A B 10556; overlap A B 10556; gap A B 158330"},

		{"the hole is not filled", "C|D() over A|B", "", []string{a, b, c, d}, "gap D 10555"},
		{"the hole is filled in part", "D(E_)", whole, []string{a, b, c, d, "POLYGON((7 7,8 7,8 8,7 7))"}, "gap D E 5277"},
		{"four around a hole", "pinwheel", "", []string{
			"POLYGON((0 0,6 0,6 4,0 4,0 0))", "POLYGON((6 0,10 0,10 6,6 6,6 0))", "POLYGON((4 6,10 6,10 10,4 10,4 6))", "POLYGON((0 4,4 4,4 10,0 10,0 4))",
		}, "gap A B C D 42221; mismatch A B at 1; mismatch A D at 1; mismatch B C at 1; mismatch C D at 1"},
		{"a bay is no gap without an outline", "U", "", []string{a, c, "POLYGON((5 5,10 5,10 10,5 10,5 5))"}, ""},
		{"a bay of the outline", "U", whole, []string{a, c, "POLYGON((5 5,10 5,10 10,5 10,5 5))"}, "gap A C 263886"},
		{"beyond the outline", "A|B>", "POLYGON((0 0,9 0,9 5,0 5,0 0))", []string{a, b}, "beyond B 52777"},
		{"inside the outline but alone", "[ A ]", "POLYGON((-1 -1,6 -1,6 6,-1 6,-1 -1))", []string{a}, "gap A 253330"},

		{"10 cm in common", "A|B, drawn twice", "", []string{a, "POLYGON((4.999 0,10 0,10 5,4.999 5,4.999 0))"}, "sliver A B 53; mismatch A B at 4"},
		{"10 cm between", "A‖B, drawn twice", "POLYGON((0 0,5 0,10 0,10 5,5 5,0 5,0 0))", []string{a, "POLYGON((5.001 0,10 0,10 5,5.001 5,5.001 0))"}, "sliver A B 53"},
		{"a vertex that only one has, on the line", "A+B", "", []string{a, "POLYGON((5 0,10 0,10 5,5 5,5 2.5,5 0))"}, "mismatch A B at 1"},
		{"a vertex that only one has, 1e-7 degrees off", "A>B", "", []string{a, "POLYGON((5 0,10 0,10 5,5 5,5.0001 2.5,5 0))"}, "mismatch A B at 1"},
		{"the same, with an outline", "A>B", whole, []string{a, "POLYGON((5 0,10 0,10 5,5 5,5.0001 2.5,5 0))", c, d, e}, "sliver A B 3; mismatch A B at 1"},
		{"the same, into the other", "A<B", "", []string{a, "POLYGON((5 0,10 0,10 5,5 5,4.9999 2.5,5 0))"}, "sliver A B 3; mismatch A B at 1"},
		{"a street's corner on a long edge", "A over B|C", "", []string{"POLYGON((0 5,10 5,10 10,0 10,0 5))", a, b}, "mismatch A B at 1; mismatch A C at 1"},
		{"a sliver smaller than rounding", "A>B", "", []string{a, "POLYGON((5 0,10 0,10 5,5 5,5.0001 4.999,5 0))"}, "mismatch A B at 1"},

		{"crossing itself", "bow", "", []string{a, "POLYGON((5 0,10 5,10 0,5 5,5 0))"}, "invalid B"},
		{"two parts with an edge in common", "", "", []string{"MULTIPOLYGON(((0 0,5 0,5 5,0 5,0 0)),((5 0,10 0,10 5,5 5,5 0)))"}, "invalid A"},
		{"two parts", "", "", []string{"MULTIPOLYGON(((0 0,2 0,2 2,0 2,0 0)),((5 0,10 0,10 5,5 5,5 0)))", "POLYGON((2 0,5 0,5 5,2 2,2 0))"}, ""},
		{"no outline yet", "", "", []string{a, "MULTIPOLYGON EMPTY"}, ""},
	} {
		var o coverage.AuditOptions
		if tt.outline != "" {
			o.Outline = drawn(t, tt.outline)[0].Shape
		}
		if got := flawsOf(t, drawn(t, tt.areas...), o); got != tt.want {
			t.Errorf("%s (%s): Audit = %q, want %q", tt.name, tt.picture, got, tt.want)
		}
	}
}

func TestAuditRefuses(t *testing.T) {
	open := drawn(t, "POLYGON((0 0,5 0,5 5,0 5,0 0))")
	open[0].Shape[0][0] = open[0].Shape[0][0][:4]
	sound := drawn(t, "POLYGON((0 0,5 0,5 5,0 5,0 0))")
	bow := drawn(t, "POLYGON((0 0,5 5,5 0,0 5,0 0))")
	for _, tt := range []struct {
		name    string
		areas   []coverage.Area
		outline orb.MultiPolygon
	}{
		{"open ring", open, nil},
		{"one code twice", slices.Concat(sound, sound), nil},
		{"outline that crosses itself", sound, bow[0].Shape},
	} {
		if _, err := coverage.Audit(tt.areas, coverage.AuditOptions{Outline: tt.outline}); err == nil {
			t.Errorf("%s: Audit = nil error, want one", tt.name)
		}
	}
}

// The place of an outline that is not valid is where it crosses or touches itself.
func TestAuditTellsWhere(t *testing.T) {
	for _, tt := range []struct {
		name, picture string
		want          orb.Point
	}{
		{"bow tie", "POLYGON((0 0,4 4,4 0,0 4,0 0))", orb.Point{2, 2}},
		{"hole over the border", "POLYGON((0 0,9 0,9 9,0 9,0 0),(8 4,8 5,10 5,8 4))", orb.Point{9, 5}},
		{"one part over another", "MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((3 1,3 3,6 3,3 1)))", orb.Point{4, 3}},
	} {
		flaws, err := coverage.Audit(drawn(t, tt.picture), coverage.AuditOptions{})
		if err != nil || len(flaws) != 1 {
			t.Errorf("%s: Audit = %+v, %v, want one flaw", tt.name, flaws, err)
			continue
		}
		got := orb.Point{(flaws[0].At[0] - 121.5) * 1000, (flaws[0].At[1] - 31.3) * 1000}
		if planar.Distance(got, tt.want) > 1e-6 {
			t.Errorf("%s: Audit tells %v, want %v", tt.name, got, tt.want)
		}
	}
}

// Overlaps and gaps of shapes of the size of Yangpu, by PostGIS in square metres of
// the ellipsoid.
func TestAuditAgainstPostGIS(t *testing.T) {
	conn := judge.Connect(t)
	rng := seeded(t)
	for range 5 {
		areas := blobs(rng, 25)
		for _, a := range areas {
			for _, r := range a.Shape[0] {
				for i := range r {
					r[i] = orb.Point{121.5 + (r[i][0]-121.5)/10, 31.3 + (r[i][1]-31.5)/10}
				}
			}
		}
		o := coverage.AuditOptions{Outline: orb.MultiPolygon{orb.Bound{Min: orb.Point{121.45, 31.25}, Max: orb.Point{121.55, 31.35}}.ToPolygon()}}
		flaws, err := coverage.Audit(areas, o)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]float64{}
		whole := map[coverage.FlawKind]float64{}
		for _, f := range flaws {
			if f.Kind == coverage.Invalid {
				areas = slices.DeleteFunc(areas, func(a coverage.Area) bool { return a.Code == f.Codes[0] })
			}
			if f.Kind == coverage.Overlap {
				got[strings.Join(f.Codes, " ")] += f.Area
			}
			whole[f.Kind] += f.Area
		}
		toPostGIS(t, conn, areas)
		outline, err := wkb.Marshal(o.Outline)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := conn.Query(t.Context(), `
			with o as (select ST_GeomFromWKB($1, 4326) as outline), u as (select ST_Union(shape) as every from area),
			pieces (what, piece) as (
				select a.code || ' ' || b.code, ST_Intersection(a.shape, b.shape) from area a join area b on a.code < b.code
				union all select 'gap', ST_Difference(outline, every) from o, u
				union all select 'beyond ' || code, ST_Difference(shape, outline) from area, o)
			select what, ST_Area(ST_CollectionExtract(piece, 3)::geography) from pieces`, outline)
		if err != nil {
			t.Fatal(err)
		}
		var what string
		var size, overlap, gap, beyond float64
		_, err = pgx.ForEachRow(rows, []any{&what, &size}, func() error {
			switch {
			case what == "gap":
				gap = size
			case strings.HasPrefix(what, "beyond"):
				beyond += size
			default:
				overlap += size
				if near := got[what]; math.Abs(near-size) > 1e-3*size+25 { // slivers, told apart, may be small
					t.Errorf("overlap %s = %.1f m², PostGIS says %.1f", what, near, size)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d areas, %d flaws: %v", len(areas), len(flaws), whole)
		for _, tt := range []struct {
			kind      coverage.FlawKind
			got, want float64
		}{{coverage.Overlap, whole[coverage.Overlap], overlap}, {coverage.Gap, whole[coverage.Gap], gap}, {coverage.Beyond, whole[coverage.Beyond], beyond}} {
			if math.Abs(tt.got-tt.want) > 1e-3*tt.want || tt.want == 0 {
				t.Errorf("%s = %.1f m², PostGIS says %.1f", tt.kind, tt.got, tt.want)
			}
		}
	}
}

// The demonstration's streets are one network of borders: without a flaw.
func TestAuditOfStreets(t *testing.T) {
	for _, year := range []int{2012, 2018, 2020} {
		areas := streets(t, time.Date(year, 7, 1, 0, 0, 0, 0, grid.Zone))
		if got := flawsOf(t, areas, coverage.AuditOptions{}); got != "" || len(areas) != 12 {
			t.Errorf("%d: Audit of %d streets = %q, want nothing of 12", year, len(areas), got)
		}
	}
}

func BenchmarkAudit(b *testing.B) {
	areas := streets(b, time.Date(2020, 7, 1, 0, 0, 0, 0, grid.Zone))
	for b.Loop() {
		if _, err := coverage.Audit(areas, coverage.AuditOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
