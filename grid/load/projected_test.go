package load_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/coverage"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/load"
)

// The same place near 新华医院 in every projected system, as GDAL has it.
var (
	inYangpu = orb.Point{121.53, 31.26}
	metres   = map[datum.CRS]orb.Point{
		datum.GaussKruger120: {645731.616468, 3460810.821475},
		datum.GaussKruger123: {359983.943936, 3460733.156004},
		datum.UTM51N:         {360039.950238, 3459348.862430},
		datum.WebMercator:    {13528657.716107, 3666561.326242},
	}
)

func TestRecordsProjectedCSV(t *testing.T) {
	const head, column = "id,name,x,y\n", "id,name,x,y,datum\n"
	in4549 := load.Options{CRS: datum.GaussKruger120}
	for _, tt := range []struct {
		name, in string
		kind     grid.RecordKind
		options  load.Options
		records  int
		want     string
	}{
		{"x and y", head + "a,甲,645731.616,3460810.821\n", grid.KindPlace, in4549, 1, ""},
		{"lon and lat", "id,name,lon,lat\na,甲,645731.616,3460810.821\n", grid.KindPlace, in4549, 1, ""},
		{"columns in another order", "y,id,x,name\n3460810.821,a,645731.616,甲\n", grid.KindPlace, in4549, 1, ""},
		{"a datum column", column + "a,甲,645731.616,3460810.821,EPSG:4549\nb,乙,359983.944,3460733.156,epsg4550\n", grid.KindPlace, load.Options{}, 2, ""},
		{"the row's datum before the option", "id,name,lon,lat,datum\na,甲,121.53,31.26,wgs84\nb,乙,645731.616,3460810.821,\n", grid.KindPlace, in4549, 2, ""},
		{"x for some, lon for others", "id,name,x,y,lon,lat,datum\na,甲,,,121.53,31.26,gcj02\nb,乙,645731.616,3460810.821,,,\n", grid.KindPlace, in4549, 2, ""},
		{"x and lon in one row", "id,name,x,y,lon,lat\na,甲,645731.616,3460810.821,121.53,31.26\n", grid.KindPlace, in4549, 0, "line 2 exclusive"},
		{"half a point", head + "a,甲,645731.616,\nb,乙,,3460810.821\n", grid.KindPlace, in4549, 0, "line 2 missing; line 3 missing"},
		{"no point", head + "a,甲,,\n", grid.KindPlace, in4549, 0, "line 2 missing"},
		{"x alone", "id,name,x\na,甲,645731.616\n", grid.KindPlace, in4549, 0, "line 1 unknown; line 1 missing; line 2 missing"},
		{"no system", head + "a,甲,645731.616,3460810.821\nb,乙,1,2\n", grid.KindPlace, load.Options{}, 0, "line 1 datum"},
		{"a system missing", column + "a,甲,645731.616,3460810.821,\n", grid.KindPlace, load.Options{}, 0, "line 2 datum"},
		{"unknown system", column + "a,甲,645731.616,3460810.821,EPSG:4547\n", grid.KindPlace, load.Options{}, 0, "line 2 datum"},
		{"x and y of a datum", column + "a,甲,121.53,31.26,wgs84\n", grid.KindPlace, load.Options{}, 0, "line 2 datum"},
		{"x and y, the option a datum", head + "a,甲,121.53,31.26\n", grid.KindPlace, load.Options{Datum: datum.GCJ02}, 0, "line 2 datum"},
		{"metres where degrees are said", "id,name,lon,lat\na,甲,645731.616,3460810.821\n", grid.KindPlace, load.Options{Datum: datum.WGS84}, 0, "line 2 range"},
		{"northing first", head + "a,甲,3460810.821,645731.616\nb,乙,645731.616,3460810.821\n", grid.KindPlace, in4549, 1, "line 2 swapped"},
		{"zone number", head + "a,甲,40645731.616,3460810.821\n", grid.KindPlace, in4549, 0, "line 2 zone"},
		{"degrees", head + "a,甲,121.53,31.26\n", grid.KindPlace, in4549, 0, "line 2 degrees"},
		{"out of range", head + "a,甲,1e300,3460810.821\nb,乙,645731.616,-1\n", grid.KindPlace, in4549, 0, "line 2 range; line 3 range"},
		{"abroad", head + "a,甲,500000,7000000\n", grid.KindPlace, in4549, 0, "line 2 abroad"},
		{"not numbers", head + "a,甲,NaN,3460810.821\nb,乙,六,Inf\n", grid.KindPlace, in4549, 0, "line 2 number; line 3 number"},
		{"a kind without a place", "code,name,x,y\nc,甲,1,2\n", grid.KindCategory, in4549, 1, "line 1 unknown; line 1 unknown"},
		{"x and y are properties of the base map", "id,layer,lon,lat,x,y\nw,water,121.53,31.26,a,b\n", grid.KindBackdrop, load.Options{Datum: datum.WGS84}, 1, ""},
		{"x and y are the place of the base map", "id,layer,x,y\nw,water,645731.616,3460810.821\n", grid.KindBackdrop, in4549, 1, ""},
		{"a field of GeoJSON is WGS-84", "id,name,geometry\na,甲,\"{\"\"type\"\":\"\"Point\"\",\"\"coordinates\"\":[645731.616,3460810.821]}\"\n", grid.KindPlace, in4549, 0, "line 2 range"},
		{"lines of the wire form", `{"id":"a","name":"甲","x":645731.616,"y":3460810.821,"datum":"epsg:4549"}`, grid.KindPlace, load.Options{}, 1, ""},
		{"wire form, the option", `{"id":"a","name":"甲","lon":645731.616,"lat":3460810.821}` + "\n" + `{"id":"b","name":"乙","x":3460810.821,"y":645731.616}`, grid.KindPlace, in4549, 1, "line 2 swapped"},
	} {
		records, faults, err := load.Records(tt.name, strings.NewReader(tt.in), tt.kind, tt.options)
		if got := told(faults); err != nil || got != tt.want || len(records) != tt.records {
			t.Errorf("%s: Records = %d records, faults %q, %v, want %d, %q", tt.name, len(records), got, err, tt.records, tt.want)
		}
	}
}

func TestRecordsProjectedValues(t *testing.T) {
	for c, p := range metres {
		xy := fmt.Sprintf("%.6f,%.6f", p[0], p[1])
		for name, in := range map[string]string{
			"csv":     "id,name,x,y,datum\na,甲," + xy + "," + string(c) + "\n",
			"geojson": collectionIn("urn:ogc:def:crs:EPSG::"+strings.TrimPrefix(string(c), "epsg:"), pointAt("["+xy+"]")),
			"feature": `{"type":"Feature","crs":{"properties":{"name":"` + string(c) + `"}},` + pointAt("[" + xy + ",4.5]")[len(`{"type":"Feature",`):],
		} {
			records, faults, err := load.Records(name, strings.NewReader(in), grid.KindPlace, load.Options{})
			if err != nil || faults != nil || len(records) != 1 {
				t.Errorf("%s %s: Records = %v %v %v, want one record", name, c, records, faults, err)
				continue
			}
			if got := of[grid.Place](records)[0].At; geo.Distance(got, inYangpu) > 0.001 {
				t.Errorf("%s %s: At = %v, want %v within a millimetre", name, c, got, inYangpu)
			}
		}
	}
}

func crsMember(name string) string {
	return `"crs":{"type":"name","properties":{"name":"` + name + `"}}`
}

func collectionIn(crs string, features ...string) string {
	return `{"type":"FeatureCollection",` + crsMember(crs) + `,"features":[` + strings.Join(features, ",") + `]}`
}

func pointAt(coordinates string) string {
	return `{"type":"Feature","properties":{"id":"p` + coordinates + `","name":"甲"},"geometry":{"type":"Point","coordinates":` + coordinates + `}}`
}

func TestRecordsProjectedGeoJSON(t *testing.T) {
	const urn = "urn:ogc:def:crs:EPSG::4549"
	good, other := pointAt("[645731.616,3460810.821]"), pointAt("[645732,3460811]")
	degrees := pointAt("[121.53,31.26]")
	plain := `{"type":"FeatureCollection","features":[` + good + `]}`
	line := func(crs, f string) string { return `{` + crsMember(crs) + `,` + f[1:] }
	in4549, in4550 := load.Options{CRS: datum.GaussKruger120}, load.Options{CRS: datum.GaussKruger123}
	for _, tt := range []struct {
		name, in string
		options  load.Options
		records  int
		want     string
	}{
		{"as GDAL writes it", collectionIn(urn, good, other), load.Options{}, 2, ""},
		{"short name", collectionIn("EPSG:4549", good), load.Options{}, 1, ""},
		{"crs behind the features", `{"type":"FeatureCollection","features":[` + good + `],` + crsMember(urn) + `}`, load.Options{}, 1, ""},
		{"name with an escape", strings.Replace(collectionIn(urn, good), `"crs"`, `"\u0063rs"`, 1), load.Options{}, 1, ""},
		{"two systems", strings.Replace(collectionIn(urn, good), `"features"`, crsMember("EPSG:4550")+`,"features"`, 1), load.Options{}, 1, "/crs duplicate"},
		{"one system twice", strings.Replace(collectionIn(urn, good), `"features"`, crsMember("EPSG:4549")+`,"features"`, 1), load.Options{}, 1, ""},
		{"one Feature", strings.ReplaceAll(line(urn, good), `,"`, ",\n\""), load.Options{}, 1, ""},
		{"lines", line(urn, good) + "\n" + degrees + "\n" + line(urn, other), load.Options{}, 3, ""},
		{"a line's system is its own", line(urn, good) + "\n" + other, load.Options{}, 1, "line 2 range"},
		{"a line of another system", degrees + "\n" + line("EPSG:4547", good), load.Options{}, 1, "line 2 datum"},
		{"a feature in degrees by its own word", collectionIn(urn, good, line("urn:ogc:def:crs:OGC:1.3:CRS84", degrees)), load.Options{}, 2, ""},
		{"null names no system", `{"crs":null,` + plain[1:], load.Options{}, 0, "feature 1 range"},
		{"a crs without a name", `{"crs":{"type":"EPSG","properties":{"code":4549}},"type":"FeatureCollection","features":[` + degrees + `]}`, load.Options{}, 1, "/crs datum"},
		{"no crs", plain, load.Options{}, 0, "feature 1 range"},
		{"no crs, the option", plain, in4549, 0, "feature 1 datum; feature 1 range"},
		{"degrees without crs, the option", `{"type":"FeatureCollection","features":[` + degrees + `]}`, in4549, 0, "feature 1 datum"},
		{"the option says the same", collectionIn(urn, good), in4549, 1, ""},
		{"the option says another", collectionIn(urn, good, other), in4550, 1, "feature 1 datum"},
		{"the option says a datum", collectionIn(urn, good, other), load.Options{Datum: datum.WGS84}, 1, "feature 1 datum"},
		{"northing first", collectionIn(urn, good, pointAt("[3460810.821,645731.616]")), load.Options{}, 1, "feature 2 swapped"},
		{"zone number", collectionIn(urn, good, pointAt("[40645731.616,3460810.821]")), load.Options{}, 1, "feature 2 zone"},
		{"degrees", collectionIn(urn, degrees, good), load.Options{}, 1, "feature 1 degrees"},
		{"web Mercator said to be 4549", collectionIn(urn, pointAt("[13528657.7,3666561.3]")), load.Options{}, 0, "feature 1 range"},
		{"abroad", collectionIn(urn, pointAt("[500000,7000000]")), load.Options{}, 0, "feature 1 abroad"},
		{"no geometry", collectionIn(urn, `{"type":"Feature","properties":{"id":"a","name":"甲"},"geometry":null}`), load.Options{}, 0, "feature 1 missing"},
		{"a line where a point is wanted", collectionIn(urn, `{"type":"Feature","properties":{"id":"a","name":"甲"},"geometry":{"type":"LineString","coordinates":[[645731,3460810],[645732,3460811]]}}`), load.Options{}, 0, "feature 1 geometry"},
		{"cut off", collectionIn(urn, good)[:150], load.Options{}, 0, "feature 1 json"},
	} {
		records, faults, err := load.Records(tt.name, strings.NewReader(tt.in), grid.KindPlace, tt.options)
		if got := told(faults); err != nil || got != tt.want || len(records) != tt.records {
			t.Errorf("%s: Records = %d records, faults %q, %v, want %d, %q", tt.name, len(records), got, err, tt.records, tt.want)
		}
	}
}

// The sentences name both numbers in full and the order.
func TestRecordsProjectedSentences(t *testing.T) {
	in := "id,name,x,y\na,甲,3460810.821,645731.616\n"
	_, faults, err := load.Records("p", strings.NewReader(in), grid.KindPlace, load.Options{CRS: datum.GaussKruger120})
	want := grid.Fault{
		At: "line 2", Code: "swapped",
		Says:   "easting and northing are swapped: 3460810.821 645731.616; the easting comes first",
		SaysZH: "东坐标与北坐标颠倒：3460810.821 645731.616；东坐标在前",
	}
	if err != nil || len(faults) != 1 || faults[0] != want {
		t.Errorf("Records = %+v, %v, want %+v", faults, err, want)
	}
}

func TestParseOptions(t *testing.T) {
	for name, want := range map[string]load.Options{
		"gcj02": {Datum: datum.GCJ02}, "epsg:4549": {CRS: datum.GaussKruger120}, "EPSG:32651": {CRS: datum.UTM51N},
		"urn:ogc:def:crs:EPSG::3857": {CRS: datum.WebMercator},
	} {
		if got, err := load.ParseOptions(name); err != nil || got != want {
			t.Errorf("ParseOptions(%q) = %+v, %v, want %+v", name, got, err, want)
		}
	}
	for _, name := range []string{"", "WGS84", "epsg:4547", "beijing54"} {
		_, err := load.ParseOptions(name)
		if !errors.Is(err, datum.ErrUnknown) || !strings.Contains(err.Error(), "bd09, epsg:4549, epsg:4550") {
			t.Errorf("ParseOptions(%q) error = %v, want ErrUnknown and the choices", name, err)
		}
	}
}

// streetsFile writes the demonstration map's street offices as GeoJSON; crs is the
// whole member with its comma, or nothing, and turn is applied to every vertex.
func streetsFile(t *testing.T, crs string, turn func(orb.Point) orb.Point) (file string, streets map[string]orb.MultiPolygon) {
	t.Helper()
	streets, _ = streetsAt(demo(t), day("2024-01-01"))
	var features []string
	for _, code := range slices.Sorted(maps.Keys(streets)) {
		shape := streets[code].Clone()
		for _, p := range shape {
			for _, r := range p {
				for i := range r {
					r[i] = turn(r[i])
				}
			}
		}
		b, err := json.Marshal(shape)
		if err != nil {
			t.Fatal(err)
		}
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":"甲"},"geometry":{"type":"MultiPolygon","coordinates":%s}}`, code, b))
	}
	return `{"type":"FeatureCollection",` + crs + `"features":[` + strings.Join(features, ",\n") + `]}`, streets
}

func loadStreets(t *testing.T, file string) map[string]orb.MultiPolygon {
	t.Helper()
	records, faults, err := load.Records("streets", strings.NewReader(file), grid.KindArea, load.Options{})
	if err != nil || faults != nil {
		t.Fatalf("Records = %v, %v", told(faults), err)
	}
	out := map[string]orb.MultiPolygon{}
	for _, a := range of[grid.Area](records) {
		out[a.Code] = a.Shape
	}
	return out
}

// sides returns the directed edges of outlines, and whose left side each has; an edge
// that two areas have on the same side is an error.
func sides(t *testing.T, streets map[string]orb.MultiPolygon) map[[2]orb.Point]string {
	t.Helper()
	out := map[[2]orb.Point]string{}
	for code, m := range streets {
		for _, p := range m {
			for _, r := range p {
				for k := 1; k < len(r); k++ {
					e := [2]orb.Point{r[k-1], r[k]}
					if other := out[e]; other != "" {
						t.Errorf("edge %v lies on the left of both %s and %s", e, other, code)
					}
					out[e] = code
				}
			}
		}
	}
	return out
}

// Neighbours that share their vertices in metres share them, bit by bit, in degrees:
// the streets stay a partition.
func TestProjectedPartition(t *testing.T) {
	for _, c := range datum.CRSs {
		file, before := streetsFile(t, crsMember(string(c))+",", func(p orb.Point) orb.Point {
			q, err := c.FromWGS84(p)
			if err != nil {
				t.Fatal(err)
			}
			// To the millimetre, as such files are: not the doubles that would come back.
			return orb.Point{math.Round(q[0]*1000) / 1000, math.Round(q[1]*1000) / 1000}
		})
		after := loadStreets(t, file)
		want, got := sides(t, before), sides(t, after)
		shared := func(edges map[[2]orb.Point]string) (n int) {
			for e := range edges {
				if edges[[2]orb.Point{e[1], e[0]}] != "" {
					n++
				}
			}
			return n
		}
		if len(got) != len(want) || shared(got) != shared(want) || shared(got) == 0 {
			t.Errorf("%s: %d edges, %d of them shared, want %d and %d", c, len(got), shared(got), len(want), shared(want))
		}
		onePlaceEach(t, c, after, got)
	}
}

// onePlaceEach asks for points beside every shared edge: one street has each.
func onePlaceEach(t *testing.T, c datum.CRS, streets map[string]orb.MultiPolygon, edges map[[2]orb.Point]string) {
	t.Helper()
	var areas []coverage.Area
	for code, m := range streets {
		areas = append(areas, coverage.Area{Code: code, Shape: m})
	}
	cover, err := coverage.New(areas, coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	for e, left := range edges {
		right := edges[[2]orb.Point{e[1], e[0]}]
		if right == "" {
			continue
		}
		s, off := random.Float64(), 1e-9*(random.Float64()-0.5) // within 0.1 mm
		p := orb.Point{e[0][0] + s*(e[1][0]-e[0][0]) + off, e[0][1] + s*(e[1][1]-e[0][1]) + off}
		// Beside a corner a third street may have it; never none, and never two but on the line.
		in := cover.All(nil, p)
		if len(in) != 1 && geo.Orient(e[0], e[1], p) != 0 {
			t.Errorf("seed %d: %s: %v beside the edge of %s and %s lies in %d streets, want 1", seed, c, p, left, right, len(in))
		}
	}
}

// TestOgr2ogr lets GDAL project the streets and reads what it wrote.
func TestOgr2ogr(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("ogr2ogr (Debian: gdal-bin) is not installed")
	}
	file, before := streetsFile(t, "", func(p orb.Point) orb.Point { return p })
	dir := t.TempDir()
	in := filepath.Join(dir, "in.geojson")
	if err := os.WriteFile(in, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range datum.CRSs {
		out := filepath.Join(dir, strings.Replace(string(c), ":", "-", 1)+".geojson")
		if told, err := exec.Command("ogr2ogr", "-f", "GeoJSON", "-t_srs", string(c), "-lco", "RFC7946=NO", out, in).CombinedOutput(); err != nil {
			t.Fatalf("ogr2ogr %s: %v: %s", c, err, told)
		}
		written, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		after := loadStreets(t, string(written))
		for code, m := range before {
			if got, want := len(after[code]), len(m); got != want {
				t.Fatalf("%s: %s has %d parts, want %d", c, code, got, want)
			}
			for i, p := range m {
				for j, r := range p {
					for k, q := range r {
						if got := after[code][i][j][k]; geo.Distance(got, q) > 0.001 {
							t.Fatalf("%s: %s: vertex %d = %v, want %v within a millimetre", c, code, k, got, q)
						}
					}
				}
			}
		}
	}
}
