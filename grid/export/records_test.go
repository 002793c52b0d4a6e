package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/export"
	"wangge/grid/load"
)

func index(rs []grid.Record) map[string]grid.Record {
	m := map[string]grid.Record{}
	for _, r := range rs {
		m[string(r.RecordKind())+" "+r.Key()] = r
	}
	return m
}

// equal tells the first records that did not come back as they were.
func equal(t *testing.T, got, want []grid.Record) {
	t.Helper()
	a, b := index(got), index(want)
	if len(got) != len(want) || len(a) != len(b) {
		t.Errorf("%d records came back, want %d", len(got), len(want))
	}
	told := 0
	for k, r := range b {
		if !reflect.DeepEqual(a[k], r) {
			if told++; told < 4 {
				t.Errorf("%s came back as %+v, want %+v", k, a[k], r)
			}
		}
	}
}

func reload(t *testing.T, file []byte, kind grid.RecordKind) []grid.Record {
	t.Helper()
	got, faults, err := load.Records("export", bytes.NewReader(file), kind, load.Options{})
	if err != nil || len(faults) > 0 {
		t.Fatalf("load.Records(export) = %v, %v, want no faults", faults, err)
	}
	return got
}

// What is exported is imported again without loss, in every format, for every
// kind of record of the demonstration data.
func TestRoundTrip(t *testing.T) {
	all := demo(t)
	for _, kind := range grid.RecordKinds {
		want := of(all, kind)
		if len(want) == 0 {
			t.Errorf("no %s in the demonstration data", kind)
		}
		for _, f := range export.Formats {
			t.Run(string(kind)+"."+string(f), func(t *testing.T) {
				in, as := want, kind
				switch {
				case kind == grid.KindArea && f != export.CSV:
					in = of(all, grid.KindArea, grid.KindBorder)
				case kind == grid.KindBorder:
					as = grid.KindArea // borders are read as areas are
				}
				file := write(t, f, kind, export.Options{Name: string(kind), Attribution: "© 测试", Props: export.PropNames(in)}, in)
				equal(t, reload(t, file, as), in)
			})
		}
	}
}

// Cells are exported as areas, each with its outline.
func TestRoundTripCells(t *testing.T) {
	cells, err := yangpu(t).Cells(now)
	if err != nil {
		t.Fatal(err)
	}
	in := make([]grid.Record, 0, len(cells))
	for _, c := range cells {
		in = append(in, c)
	}
	for _, f := range export.Formats {
		equal(t, reload(t, write(t, f, grid.KindArea, export.Options{Name: "cells"}, in), grid.KindArea), in)
	}
}

// Times that are no midnight, zeros that are values and the empty record survive.
func TestRoundTripOddRecords(t *testing.T) {
	at := time.Date(2012, 7, 1, 5, 30, 0, 250e6, time.UTC)
	ring := orb.Ring{{121.5, 31.2}, {121.6, 31.2}, {121.6, 31.3}, {121.5, 31.2}}
	hole := orb.Ring{{121.55, 31.21}, {121.56, 31.22}, {121.56, 31.21}, {121.55, 31.21}}
	tests := []grid.Record{
		grid.Door{Road: "r", Number: 0, Suffix: "号", At: orb.Point{121.5, 31.25}},
		grid.Day{Date: "2013-01-05", Off: false, Name: "元旦"},
		grid.Unit{ID: "=u", Name: `a,"b"`, Kind: grid.UnitLine, Note: "两行\n文字", Valid: grid.Span{From: at, To: at.Add(time.Hour)}},
		grid.Hotspot{ID: "h", Name: "-1", Kind: grid.Site},
		grid.Hotspot{ID: "h", Name: "n", Kind: grid.Perimeter, Shape: orb.MultiPolygon{{ring, hole}}, Reach: 0.1, Assumed: true},
		grid.Duty{ID: "d", Lead: "u", Assist: []string{"@street"}, Limit: grid.Limit{N: 2, Unit: grid.WorkingDays}},
		grid.Backdrop{ID: "b", Layer: "water", Shape: orb.LineString{{121.5, 31.2}, {121.123456789012, 31.3}}, Props: map[string]string{"宽": "3, 4", "a": "+1"}},
	}
	for _, r := range tests {
		for _, f := range export.Formats {
			in := []grid.Record{r}
			got := reload(t, write(t, f, r.RecordKind(), export.Options{Props: export.PropNames(in)}, in), r.RecordKind())
			if len(got) != 1 || !reflect.DeepEqual(got[0], r) {
				t.Errorf("%s: %+v came back as %+v", f, r, got)
			}
		}
	}
}

// Every feature has the same properties, and rings turn as RFC 7946 (3.1.6) has it.
func TestGeoJSONIsUniform(t *testing.T) {
	all := demo(t)
	for _, kind := range grid.RecordKinds {
		var first string
		for _, r := range of(all, kind) {
			var f struct {
				Type       string
				Properties map[string]json.RawMessage
				Geometry   *struct {
					Type        string
					Coordinates json.RawMessage
				}
			}
			if err := json.Unmarshal(write(t, export.GeoJSONSeq, kind, export.Options{}, []grid.Record{r}), &f); err != nil || f.Type != "Feature" {
				t.Fatalf("%s %s is no feature: %v", kind, r.Key(), err)
			}
			if names := sortedNames(f.Properties); first == "" {
				first = names
			} else if names != first && kind != grid.KindBackdrop {
				t.Fatalf("properties of %s %s = %s, want %s", kind, r.Key(), names, first)
			}
			var polygons [][][]orb.Point
			switch {
			case f.Geometry == nil:
				continue
			case f.Geometry.Type == "Polygon":
				polygons = make([][][]orb.Point, 1)
				if err := json.Unmarshal(f.Geometry.Coordinates, &polygons[0]); err != nil {
					t.Fatal(err)
				}
			case f.Geometry.Type == "MultiPolygon":
				if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
					t.Fatal(err)
				}
			}
			for _, p := range polygons {
				for i, r := range p {
					if outer := i == 0; outer != (orb.Ring(r).Orientation() == orb.CCW) {
						t.Fatalf("%s: ring %d turns the wrong way round", first, i)
					}
				}
			}
		}
	}
}

func sortedNames(m map[string]json.RawMessage) string {
	b, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	var anyOf map[string]any
	if err := json.Unmarshal(b, &anyOf); err != nil {
		return err.Error()
	}
	for k := range anyOf {
		anyOf[k] = nil
	}
	b, _ = json.Marshal(anyOf) // of nulls
	return string(b)
}

func TestFiles(t *testing.T) {
	place := grid.Place{ID: "p", Name: "新华医院", Aliases: []string{"a", "b"}, At: orb.Point{121.5, 31.25}, Valid: grid.Span{From: time.Date(2019, 6, 3, 16, 0, 0, 0, time.UTC)}}
	const props = `{"type":"Feature","properties":{"id":"p","name":"新华医院","aliases":["a","b"],"kind":null,"address":null,"street":null,"basis":null,"valid_from":"2019-06-04T00:00:00+08:00","valid_to":null},"geometry":{"type":"Point","coordinates":[121.5,31.25]}}`
	tests := []struct {
		f    export.Format
		kind grid.RecordKind
		in   []grid.Record
		want string
	}{
		{export.GeoJSON, grid.KindPlace, nil, "{\"type\":\"FeatureCollection\",\"name\":\"层\",\"attribution\":\"©\",\"features\":[\n]}\n"},
		{export.GeoJSON, grid.KindPlace, []grid.Record{place, place}, "{\"type\":\"FeatureCollection\",\"name\":\"层\",\"attribution\":\"©\",\"features\":[\n" + props + ",\n" + props + "\n]}\n"},
		{export.GeoJSONSeq, grid.KindPlace, nil, ""},
		{export.GeoJSONSeq, grid.KindPlace, []grid.Record{place}, props + "\n"},
		{export.CSV, grid.KindPlace, nil, "\ufeffid,name,aliases,kind,address,lon,lat,datum,street,basis,valid_from,valid_to\n"},
		{export.CSV, grid.KindPlace, []grid.Record{place}, "\ufeffid,name,aliases,kind,address,lon,lat,datum,street,basis,valid_from,valid_to\np,新华医院,a|b,,,121.5,31.25,wgs84,,,2019-06-04,\n"},
		{
			export.CSV, grid.KindRoad,
			[]grid.Record{grid.Road{Name: "安图路", Line: orb.LineString{{121.5, 31.2}, {121.6, 31.3}}, Error: 14}},
			"\ufeffname,name_en,class,streets,error,basis,geometry\n安图路,,,,14,,\"{\"\"type\"\":\"\"LineString\"\",\"\"coordinates\"\":[[121.5,31.2],[121.6,31.3]]}\"\n",
		},
	}
	for _, tt := range tests {
		if got := string(write(t, tt.f, tt.kind, export.Options{Name: "层", Attribution: "©"}, tt.in)); got != tt.want {
			t.Errorf("%s of %d %ss =\n%s\nwant\n%s", tt.f, len(tt.in), tt.kind, got, tt.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	bad := grid.Place{ID: "p1", Name: "n", Aliases: []string{"新|华"}, At: orb.Point{121.5, 31.25}}
	blank := bad
	blank.Aliases = []string{"a", " "}
	tests := []struct {
		name string
		f    export.Format
		kind grid.RecordKind
		r    grid.Record
		at   string // "": not an Invalid error
	}{
		{"separator in a list", export.CSV, grid.KindPlace, bad, "place p1/aliases"},
		{"blank in a list", export.CSV, grid.KindPlace, blank, "place p1/aliases"},
		{"property without a column", export.CSV, grid.KindBackdrop, grid.Backdrop{ID: "b", Layer: "water", Props: map[string]string{"x": "1"}}, "backdrop water/b/x"},
		{"property that is a column", export.GeoJSON, grid.KindBackdrop, grid.Backdrop{ID: "b", Layer: "water", Props: map[string]string{"layer": "1"}}, "backdrop water/b/layer"},
		{"property that is a place", export.GeoJSONSeq, grid.KindBackdrop, grid.Backdrop{ID: "b", Layer: "water", Props: map[string]string{"lon": "1"}}, "backdrop water/b/lon"},
		{"another kind", export.GeoJSON, grid.KindRoad, bad, ""},
		{"a border in a CSV of areas", export.CSV, grid.KindArea, grid.Border{ID: "b"}, ""},
		{"a record in a file of cases", export.GeoJSON, grid.KindCase, bad, ""},
	}
	for _, tt := range tests {
		var buf bytes.Buffer
		w, err := export.NewWriter(&buf, tt.f, tt.kind, export.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(tt.r)
		e, ok := err.(*grid.Error) //nolint:errorlint // it is returned bare
		if err == nil || ok != (tt.at != "") || (ok && (e.Kind != grid.Invalid || e.Faults[0].At != tt.at || e.Faults[0].SaysZH == "")) {
			t.Errorf("%s: Write = %v, want a fault at %q", tt.name, err, tt.at)
		}
		// Nothing of the record is in the file.
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var empty bytes.Buffer
		w, _ = export.NewWriter(&empty, tt.f, tt.kind, export.Options{}) // as above
		if err := w.Close(); err != nil || !bytes.Equal(buf.Bytes(), empty.Bytes()) {
			t.Errorf("%s: the file is %q, want %q", tt.name, buf.Bytes(), empty.Bytes())
		}
	}
	if _, err := export.NewWriter(&bytes.Buffer{}, export.CSV, grid.KindBackdrop, export.Options{Props: []string{"basis"}}); grid.KindOf(err) != grid.Invalid {
		t.Errorf("NewWriter(property called as a column) = %v, want Invalid", err)
	}
	if _, err := export.NewWriter(&bytes.Buffer{}, "shp", grid.KindRoad, export.Options{}); err == nil {
		t.Error("NewWriter(no format) = nil, want an error")
	}
	if _, err := export.NewWriter(&bytes.Buffer{}, export.CSV, "tree", export.Options{}); err == nil {
		t.Error("NewWriter(no kind) = nil, want an error")
	}
}

func TestClosed(t *testing.T) {
	for _, f := range export.Formats {
		var buf bytes.Buffer
		w, err := export.NewWriter(&buf, f, grid.KindCase, export.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		whole := buf.Len()
		if err := w.WriteCase(&someCase); !errors.Is(err, export.ErrClosed) {
			t.Errorf("%s: WriteCase behind Close = %v, want %v", f, err, export.ErrClosed)
		}
		if err := w.Close(); !errors.Is(err, export.ErrClosed) || buf.Len() != whole {
			t.Errorf("%s: Close again = %v, and %d bytes, want %v, and %d", f, err, buf.Len(), export.ErrClosed, whole)
		}
	}
}

func TestFormatOf(t *testing.T) {
	tests := []struct {
		name string
		want export.Format
	}{
		{"a.geojson", export.GeoJSON},
		{"dir.csv/a.GeoJSONL", export.GeoJSONSeq},
		{"街道.CSV", export.CSV},
		{"a.fgb", ""},
		{"a.shp", ""},
		{"csv", ""},
		{"", ""},
		{"a.csv.gz", ""},
	}
	for _, tt := range tests {
		got, err := export.FormatOf(tt.name)
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("FormatOf(%q) = %q, %v, want %q", tt.name, got, err, tt.want)
		}
		if err != nil && !strings.Contains(err.Error(), "geojson, geojsonl, csv") {
			t.Errorf("FormatOf(%q) = %v, want the extensions listed", tt.name, err)
		}
	}
}

func TestWithin(t *testing.T) {
	box := orb.Bound{Min: orb.Point{121.5, 31.2}, Max: orb.Point{121.6, 31.3}}
	ring := func(x, y, d float64) orb.Polygon {
		return orb.Polygon{{{x, y}, {x + d, y}, {x + d, y + d}, {x, y + d}, {x, y}}}
	}
	around := append(ring(121, 31, 1), ring(121.4, 31.1, 0.3)[0])
	around[1].Reverse()
	tests := []struct {
		name string
		r    grid.Record
		want bool
	}{
		{"point inside", grid.Place{At: orb.Point{121.55, 31.25}}, true},
		{"point on the edge", grid.Place{At: orb.Point{121.5, 31.25}}, true},
		{"point outside", grid.Place{At: orb.Point{121.49, 31.25}}, false},
		{"no shape", grid.Hotspot{}, false},
		{"no outline", grid.Area{}, false},
		{"not of a place", grid.Unit{}, false},
		{"line across", grid.Road{Line: orb.LineString{{121.4, 31.25}, {121.7, 31.25}}}, true},
		{"line past a corner", grid.Road{Line: orb.LineString{{121.45, 31.22}, {121.52, 31.15}}}, false},
		{"area around it", grid.Area{Shape: orb.MultiPolygon{ring(121, 31, 1)}}, true},
		{"in a hole", grid.Area{Shape: orb.MultiPolygon{around}}, false},
		{"touches", grid.Area{Shape: orb.MultiPolygon{ring(121.6, 31.3, 0.1)}}, true},
	}
	for _, tt := range tests {
		if got := export.Within(tt.r, box); got != tt.want {
			t.Errorf("Within(%s) = %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A part of the network is read again: no border is left without its areas.
func TestPartOfTheNetwork(t *testing.T) {
	box := orb.Bound{Min: orb.Point{121.51, 31.27}, Max: orb.Point{121.53, 31.29}}
	var in []grid.Record
	for _, r := range of(demo(t), grid.KindArea, grid.KindBorder) {
		if export.Within(r, box) {
			in = append(in, r)
		}
	}
	if len(of(in, grid.KindBorder)) == 0 || len(of(in, grid.KindArea)) > 20 {
		t.Fatalf("%d records lie in %v, want some of them", len(in), box)
	}
	equal(t, reload(t, write(t, export.GeoJSON, grid.KindArea, export.Options{}, in), grid.KindArea), in)
}
