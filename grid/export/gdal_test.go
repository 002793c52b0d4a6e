package export_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wangge/geo/judge"
	"wangge/grid"
	"wangge/grid/export"
)

// layer is what ogrinfo tells of a file.
type layer struct {
	name, geometry string
	count          int
	extent         [4]float64 // west, south, east, north
	fields         []string
}

var (
	extentLine = regexp.MustCompile(`^Extent: \(([-0-9.]+), ([-0-9.]+)\) - \(([-0-9.]+), ([-0-9.]+)\)$`)
	fieldLine  = regexp.MustCompile(`^([a-z_]+): (?:String|Integer|Integer64|Real|DateTime|Date|StringList|IntegerList)\b`)
)

func inspect(t *testing.T, file string, options ...string) layer {
	t.Helper()
	out := judge.Run(t, judge.Tool(t, "ogrinfo", "gdal-bin"), append([]string{"-ro", "-so", "-al", file}, options...)...)
	var l layer
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		name, rest, _ := strings.Cut(line, ": ")
		switch m := extentLine.FindStringSubmatch(line); {
		case m != nil:
			for i := range l.extent {
				l.extent[i], _ = strconv.ParseFloat(m[i+1], 64) // the pattern is one of numbers
			}
		case name == "Layer name":
			l.name = rest
		case name == "Geometry":
			l.geometry = rest
		case name == "Feature Count":
			l.count, _ = strconv.Atoi(rest) // 0 fails below
		default:
			if m := fieldLine.FindStringSubmatch(line); m != nil {
				l.fields = append(l.fields, m[1])
			}
		}
	}
	return l
}

// exported is a collection as the test writes it.
type exported struct {
	name     string
	kind     grid.RecordKind
	records  []grid.Record
	cases    []grid.Case
	geometry string // as GDAL calls it
	text     string // the column with Chinese text
}

func exportedDemo(t *testing.T) []exported {
	t.Helper()
	all, d := demo(t), yangpu(t)
	cut, err := d.Cells(now)
	if err != nil {
		t.Fatal(err)
	}
	cells := make([]grid.Record, 0, len(cut))
	for _, c := range cut {
		cells = append(cells, c)
	}
	return []exported{
		{"hotspots", grid.KindHotspot, of(all, grid.KindHotspot), nil, "Unknown (any)", "name"},
		{"areas", grid.KindArea, of(all, grid.KindArea), nil, "Multi Polygon", "name"},
		{"borders", grid.KindBorder, of(all, grid.KindBorder), nil, "Line String", "along"},
		{"cells", grid.KindArea, cells, nil, "Multi Polygon", "name"},
		{"roads", grid.KindRoad, of(all, grid.KindRoad), nil, "Line String", "name"},
		{"places", grid.KindPlace, of(all, grid.KindPlace), nil, "Point", "name"},
		{"cases", grid.KindCase, nil, synthetic(t, d, 500), "Point", "text"},
	}
}

func (e *exported) write(t *testing.T, dir string, f export.Format) string {
	t.Helper()
	b := []byte(nil)
	if e.cases != nil {
		b = writeCases(t, f, e.cases)
	} else {
		b = write(t, f, e.kind, export.Options{Name: e.name}, e.records)
	}
	file := filepath.Join(dir, "export-"+e.name+"."+string(f))
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// texts are the values of the column with Chinese text, in order.
func (e *exported) texts(t *testing.T) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(string(e.seq(t))) {
		var f struct{ Properties map[string]any }
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		s, _ := f.Properties[e.text].(string)
		out = append(out, s)
	}
	return out
}

func (e *exported) seq(t *testing.T) []byte {
	t.Helper()
	if e.cases != nil {
		return writeCases(t, export.GeoJSONSeq, e.cases)
	}
	return write(t, export.GeoJSONSeq, e.kind, export.Options{}, e.records)
}

// yangpuBox is the district and a little around it.
var (
	yangpuBox   = [4]float64{121.45, 31.22, 121.60, 31.37}
	shanghaiBox = [4]float64{120.8, 30.6, 122.2, 31.9} // places outside the district are listed too
)

// GDAL reads every format as it was meant: the layer, how many features of which
// geometry, where, every field, the text; and can hand it on.
func TestGDALReads(t *testing.T) {
	ogr2ogr := judge.Tool(t, "ogr2ogr", "gdal-bin")
	dir := t.TempDir()
	for _, e := range exportedDemo(t) {
		header, _ := rows([]byte(headerOf(t, &e)))
		for _, f := range export.Formats {
			t.Run(e.name+"."+string(f), func(t *testing.T) {
				file := e.write(t, dir, f)
				var options []string
				if f == export.CSV {
					options = []string{"-oo", "X_POSSIBLE_NAMES=lon", "-oo", "Y_POSSIBLE_NAMES=lat", "-oo", "GEOM_POSSIBLE_NAMES=geometry"}
				}
				e.check(t, inspect(t, file, options...), f, strings.Split(header, ","))

				args := append([]string{"-f", "CSV", "/vsistdout/", file, "-select", e.text}, options...)
				if got, want := column(t, judge.Run(t, ogr2ogr, args...)), e.texts(t); !slices.Equal(got, want) {
					t.Errorf("%s as GDAL has it: %d texts, the first %.3q, want %d, %.3q", e.text, len(got), got, len(want), want)
				}

				pack := filepath.Join(dir, e.name+"-"+string(f)+".gpkg")
				judge.Run(t, ogr2ogr, append([]string{"-f", "GPKG", pack, file, "-a_srs", "EPSG:4326"}, options...)...)
				if l := inspect(t, pack); l.count != len(e.records)+len(e.cases) {
					t.Errorf("the GeoPackage has %d features, want %d", l.count, len(e.records)+len(e.cases))
				}
			})
		}
	}
}

// headerOf is the CSV of nothing.
func headerOf(t *testing.T, e *exported) string {
	t.Helper()
	if e.cases != nil {
		return string(writeCases(t, export.CSV, nil))
	}
	return string(write(t, export.CSV, e.kind, export.Options{}, nil))
}

func (e *exported) check(t *testing.T, l layer, f export.Format, columns []string) {
	t.Helper()
	geometry, name := e.geometry, "export-"+e.name
	if f == export.GeoJSON {
		name = e.name // that of the collection, not of the file
	}
	if f == export.CSV && geometry != "Point" {
		geometry = "Unknown (any)" // a column of shapes says no more
	}
	if l.name != name || l.count != len(e.records)+len(e.cases) || l.geometry != geometry {
		t.Errorf("ogrinfo: layer %q, %d features, %s, want %q, %d, %s", l.name, l.count, l.geometry, name, len(e.records)+len(e.cases), geometry)
	}
	box := yangpuBox
	if e.name == "places" {
		box = shanghaiBox
	}
	if l.extent[0] < box[0] || l.extent[1] < box[1] || l.extent[2] > box[2] || l.extent[3] > box[3] || l.extent[0] >= l.extent[2] {
		t.Errorf("ogrinfo: extent %v, want one inside %v", l.extent, box)
	}
	want := columns
	if f != export.CSV {
		want = nil
		for _, c := range columns {
			if !slices.Contains([]string{"lon", "lat", "datum", "geometry"}, c) {
				want = append(want, c)
			}
		}
	}
	if !slices.Equal(l.fields, want) {
		t.Errorf("ogrinfo: fields %q, want %q", l.fields, want)
	}
}

// column reads a CSV of one column as GDAL writes it: with a comma behind the header
// and in empty rows.
func column(t *testing.T, s string) []string {
	t.Helper()
	r := csv.NewReader(strings.NewReader(s))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v in %.200q", err, s)
	}
	var out []string
	for _, rec := range all[1:] {
		out = append(out, rec[0])
	}
	return out
}

// A file of areas with their borders has both, by kind of geometry.
func TestGDALReadsTheNetwork(t *testing.T) {
	ogr2ogr := judge.Tool(t, "ogr2ogr", "gdal-bin")
	all := demo(t)
	file := filepath.Join(t.TempDir(), "areas.geojson")
	if err := os.WriteFile(file, write(t, export.GeoJSON, grid.KindArea, export.Options{Name: "areas"}, of(all, grid.KindArea, grid.KindBorder)), 0o600); err != nil {
		t.Fatal(err)
	}
	for geometry, want := range map[string]int{"LINESTRING": len(of(all, grid.KindBorder)), "MULTIPOLYGON": outlined(all)} {
		got := column(t, judge.Run(t, ogr2ogr, "-f", "CSV", "/vsistdout/", file, "-select", "basis", "-where", "OGR_GEOMETRY='"+geometry+"'"))
		if len(got) != want {
			t.Errorf("GDAL finds %d of %s, want %d", len(got), geometry, want)
		}
	}
}

func outlined(all []grid.Record) int {
	n := 0
	for _, r := range of(all, grid.KindArea) {
		if a, ok := r.(grid.Area); ok && len(a.Shape) > 0 {
			n++
		}
	}
	return n
}
