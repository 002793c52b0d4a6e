package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/audit"
	"wangge/grid/calendar"
	"wangge/grid/load"
)

var now = time.Date(2020, 7, 1, 0, 0, 0, 0, grid.Zone)

// box is a rectangle in thousandths of a degree north-east of 121.5, 31.3.
func box(x0, y0, x1, y1 float64) orb.MultiPolygon {
	at := func(x, y float64) orb.Point { return orb.Point{121.5 + x/1000, 31.3 + y/1000} }
	return orb.MultiPolygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}}}
}

// town is a district of two streets, with their offices:
//
//	+---+---+
//	| 1 | 2 |
//	+---+---+
func town() []grid.Record {
	whole := box(0, 0, 10, 5)
	whole[0][0] = slices.Insert(whole[0][0], 3, orb.Point{121.505, 31.305})
	whole[0][0] = slices.Insert(whole[0][0], 1, orb.Point{121.505, 31.3})
	return []grid.Record{
		grid.Area{Code: "310110", Name: "杨浦区", Level: grid.LevelDistrict, Shape: whole},
		grid.Area{Code: "310110001", Name: "甲街道", Level: grid.LevelStreet, Shape: box(0, 0, 5, 5)},
		grid.Area{Code: "310110002", Name: "乙街道", Level: grid.LevelStreet, Shape: box(5, 0, 10, 5)},
		grid.Unit{ID: "sub-1", Kind: grid.UnitStreet, Street: "310110001"},
		grid.Unit{ID: "sub-2", Kind: grid.UnitStreet, Street: "310110002"},
	}
}

// told writes findings as "error overlap 310110001 310110002; …".
func told(tb testing.TB, found []audit.Finding) string {
	tb.Helper()
	var out []string
	for _, f := range found {
		out = append(out, strings.Join(append([]string{string(f.Severity), f.Code}, f.IDs...), " "))
		if f.Says == "" || f.SaysZH == "" || f.Says == f.SaysZH {
			tb.Errorf("%s says %q and %q, want a sentence in each language", out[len(out)-1], f.Says, f.SaysZH)
		}
		if f.Located && (f.Point[0] < 121 || f.Point[0] > 122) || f.Area > 0 && f.Shape == nil {
			tb.Errorf("%s lies at %v in %v", out[len(out)-1], f.Point, f.Shape)
		}
	}
	return strings.Join(out, "; ")
}

func TestMap(t *testing.T) {
	past := grid.Span{To: now}
	street := func(code string, shape orb.MultiPolygon) grid.Area {
		return grid.Area{Code: code, Name: "丙街道", Level: grid.LevelStreet, Shape: shape}
	}
	cell := func(code string, shape orb.MultiPolygon) grid.Area {
		return grid.Area{Code: code, Level: grid.LevelCell, Shape: shape}
	}
	office := func(street string) grid.Unit {
		return grid.Unit{ID: "sub-" + street[8:], Kind: grid.UnitStreet, Street: street}
	}
	drop := func(keys ...string) func([]grid.Record) []grid.Record {
		return func(rs []grid.Record) []grid.Record {
			return slices.DeleteFunc(rs, func(r grid.Record) bool { return slices.Contains(keys, r.Key()) })
		}
	}
	for _, tt := range []struct {
		name   string
		change func([]grid.Record) []grid.Record
		add    []grid.Record
		want   string
	}{
		{"sound", nil, nil, ""},
		{"nothing", func([]grid.Record) []grid.Record { return nil }, nil, ""},
		{"what is over is not looked at", nil, []grid.Record{grid.Area{Code: "x", Valid: past}, grid.Unit{ID: "y", Kind: grid.UnitStreet, Valid: past}, grid.Border{Left: "z", Valid: past}}, ""},

		{
			"streets overlap", drop("310110002"),
			[]grid.Record{street("310110002", box(4, 0, 10, 5))},
			"error overlap 310110001 310110002; warning mismatch 310110001 310110002",
		},
		{"streets leave a gap", drop("310110002"), []grid.Record{street("310110002", box(6, 0, 10, 5))}, "error gap 310110001 310110002"},
		{"a street is gone", drop("310110002", "sub-2"), nil, "error gap 310110001"},
		{"a street reaches beyond", drop("310110002"), []grid.Record{street("310110002", box(5, 0, 11, 5))}, "error beyond 310110002"},
		{"a border drawn twice", drop("310110002"), []grid.Record{street("310110002", box(5.001, 0, 10, 5))}, "warning sliver 310110001 310110002"},
		{"an outline that crosses itself", drop("310110002"), []grid.Record{street("310110002", orb.MultiPolygon{{{
			{121.505, 31.3}, {121.51, 31.305}, {121.505, 31.305}, {121.51, 31.3}, {121.505, 31.3},
		}}})}, "error gap 310110001; error invalid 310110002"},
		{"no outline", drop("310110002"), []grid.Record{street("310110002", nil)}, "error gap 310110001; error outline 310110002"},

		{"a code of letters", nil, []grid.Record{street("31011000x", nil)}, "error code 31011000x; error office 31011000x"},
		{"a code of another level", nil, []grid.Record{street("310110001001", nil)}, "error code 310110001001; error office 310110001001"},
		{"a code twice", nil, []grid.Record{street("310110002", box(7, 0, 9, 5))}, "error twice 310110002"},
		{"no name", drop("310110001"), []grid.Record{grid.Area{Code: "310110001", Level: grid.LevelStreet, Shape: box(0, 0, 5, 5)}}, "warning name 310110001"},

		{"another district's street", nil, []grid.Record{street("310109001", box(20, 0, 25, 5)), office("310109001")}, "error parent 310109001"},
		{"no district", drop("310110"), nil, "warning parent 310110001 310110002"},
		{"committees without a street", nil, []grid.Record{
			grid.Area{Code: "310110003001", Name: "一", Level: grid.LevelCommittee}, grid.Area{Code: "310110003002", Name: "二", Level: grid.LevelCommittee},
		}, "warning parent 310110003001 310110003002"},

		{"cells fill their street", nil, []grid.Record{cell("310110001000001", box(0, 0, 5, 2)), cell("310110001000002", box(0, 2, 5, 5))}, ""},
		{
			"cells overlap", nil,
			[]grid.Record{cell("310110001000001", box(0, 0, 5, 3)), cell("310110001000002", box(0, 2, 5, 5))},
			"error overlap 310110001000001 310110001000002; warning mismatch 310110001000001 310110001000002",
		},
		{"cells leave room", nil, []grid.Record{cell("310110001000001", box(0, 0, 5, 2))}, "note gap 310110001000001"},
		{"a cell outside its street", nil, []grid.Record{cell("310110001000001", box(0, 0, 6, 5))}, "error beyond 310110001000001"},
		{"a cell of no street", nil, []grid.Record{cell("310110003000001", box(0, 0, 1, 1))}, "error parent 310110003000001"},
		{"a cell of no committee", nil, []grid.Record{cell("310110001007001", box(0, 0, 5, 5))}, "warning parent 310110001007001"},
		{"a cell without an outline", nil, []grid.Record{cell("310110001000001", nil)}, "error outline 310110001000001"},

		{"a street without an office", drop("sub-2"), nil, "error office 310110002"},
		{"two offices", nil, []grid.Record{grid.Unit{ID: "sub-3", Kind: grid.UnitStreet, Street: "310110002"}}, "warning office 310110002"},
		{"an office of no street", nil, []grid.Record{grid.Unit{ID: "sub-3", Kind: grid.UnitStreet, Street: "310110003"}}, "warning unknown sub-3 310110003"},
		{"another unit needs no street", nil, []grid.Record{grid.Unit{ID: "chengguan", Kind: grid.UnitLine}}, ""},
		{"a border of no area", nil, []grid.Record{grid.Border{ID: "b1", Left: "310110001", Right: "310110009", Line: orb.LineString{{121.5, 31.3}, {121.5, 31.301}}}}, "warning unknown b1 310110009"},
	} {
		records := town()
		if tt.change != nil {
			records = tt.change(records)
		}
		found, err := audit.Map(append(records, tt.add...), now)
		if got := told(t, found); err != nil || got != tt.want {
			t.Errorf("%s: Map = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestMapSays(t *testing.T) {
	records := append(town()[:2:2], town()[3:]...)
	found, err := audit.Map(append(records, grid.Area{Code: "310110002", Name: "乙街道", Level: grid.LevelStreet, Shape: box(6, 0, 10, 5)}), now)
	if err != nil || len(found) != 1 {
		t.Fatalf("Map = %+v, %v, want one gap", found, err)
	}
	f := found[0]
	if want := "甲街道 310110001, 乙街道 310110002: 52777 m² belong to no street, at 121.505500 31.302500"; f.Says != want {
		t.Errorf("Says = %q, want %q", f.Says, want)
	}
	if want := "甲街道 310110001、乙街道 310110002：52777 m² 不属于任何街镇，位于 121.505500 31.302500"; f.SaysZH != want {
		t.Errorf("SaysZH = %q, want %q", f.SaysZH, want)
	}
	if g, ok := f.Shape.(orb.MultiPolygon); !ok || g.Bound() != box(5, 0, 6, 5).Bound() {
		t.Errorf("Shape = %v, want the gap", f.Shape)
	}
}

func TestDuties(t *testing.T) {
	base := []grid.Record{
		grid.Category{Code: "tan", Group: "街面秩序", NameEN: "stall"},
		grid.Unit{ID: "cg"},
		grid.Unit{ID: "gs"},
		grid.Area{Code: "310110001"},
		grid.Hotspot{ID: "h", Lead: "cg", Streets: []string{"310110001"}},
		grid.Duty{ID: "d", Category: "tan", Lead: "cg"},
	}
	for _, tt := range []struct {
		name string
		add  grid.Record
		want string
	}{
		{"sound", grid.Duty{ID: "e", Street: "310110001", Lead: "gs"}, ""},
		{"a tie", grid.Duty{ID: "e", Category: "tan", Lead: "gs"}, "error tie d e"},
		{"no rule", grid.Category{Code: "z", NameEN: "other"}, "note gap z"},
		{"a unit that is not there", grid.Duty{ID: "e", Hotspot: "h", Lead: "nobody"}, "error unknown e"},
		{"a street that is not there", grid.Duty{ID: "e", Street: "310110002", Lead: "cg"}, "error unknown e 310110002"},
		{"a hotspot that nobody watches", grid.Hotspot{ID: "i", Lead: "nobody"}, "error unknown i nobody"},
		{"a hotspot of no street", grid.Hotspot{ID: "i", Streets: []string{"310110002"}}, "warning unknown i 310110002"},
		{"a rule that cannot be read", grid.Duty{ID: "e", Hotspot: "h", Street: "310110001", Lead: "cg"}, "error places e/hotspot"},
	} {
		found, err := audit.Duties(append(slices.Clone(base), tt.add), calendar.Policy{})
		if got := told(t, found); err != nil || got != tt.want {
			t.Errorf("%s: Duties = %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

// source is records as a desk gives them.
type source []grid.Record

func (s source) Records(kind grid.RecordKind, _ time.Time) []grid.Record {
	return slices.DeleteFunc(slices.Clone(s), func(r grid.Record) bool { return r.RecordKind() != kind })
}

// The demonstration is sound today and in 2013.
func TestDemo(t *testing.T) {
	records, err := load.Demo()
	if err != nil {
		t.Fatal(err)
	}
	all := audit.Gather(source(records))
	for _, year := range []int{2010, 2013, 2018, 2020, 2026} {
		found, err := audit.Map(all, time.Date(year, 7, 1, 0, 0, 0, 0, grid.Zone))
		if err != nil || len(found) > 0 {
			t.Errorf("%d: Map = %+v, %v, want nothing", year, found, err)
		}
	}
	found, err := audit.Duties(all, calendar.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Severity != audit.Note {
			t.Errorf("Duties: %s %s", f.Severity, f.Says)
		}
	}
}

func BenchmarkMap(b *testing.B) {
	records, err := load.Demo()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := audit.Map(records, now); err != nil {
			b.Fatal(err)
		}
	}
}
