package load_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/load"
)

// told renders faults as "place code" for the tables.
func told(faults []grid.Fault) string {
	var out []string
	for _, f := range faults {
		out = append(out, f.At+" "+f.Code)
		if f.Says == "" || f.SaysZH == "" {
			out = append(out, "(mute)")
		}
	}
	return strings.Join(out, "; ")
}

const bom = "\xef\xbb\xbf"

func TestRecordsCSV(t *testing.T) {
	const head = "id,name,lon,lat,datum\n"
	for _, tt := range []struct {
		name, in string
		kind     grid.RecordKind
		records  int
		want     string
	}{
		{"good", head + "a,甲,121.5,31.3,wgs84\n", grid.KindPlace, 1, ""},
		{"BOM and CRLF", bom + "id,name,lon,lat,datum\r\na,甲,121.5,31.3,wgs84\r\n", grid.KindPlace, 1, ""},
		{"columns in another order, spaces", "datum, lat ,lon,name,id\nwgs84, 31.3 ,121.5,甲,a", grid.KindPlace, 1, ""},
		{"empty lines", head + "\na,甲,121.5,31.3,wgs84\n\n", grid.KindPlace, 1, ""},
		{"empty file", "", grid.KindPlace, 0, "line 1 empty"},
		{"unknown column", "id,name,lon,lat,datum,colour\na,甲,121.5,31.3,wgs84,red\n", grid.KindPlace, 1, "line 1 unknown"},
		{"column twice", "id,name,lon,lat,datum,name\na,甲,121.5,31.3,wgs84,乙\n", grid.KindPlace, 1, "line 1 duplicate"},
		{"missing columns", "name\n甲\n", grid.KindPlace, 0, "line 1 missing; line 1 missing; line 2 missing; line 2 missing"},
		{"missing value", head + ",甲,121.5,31.3,wgs84\n", grid.KindPlace, 0, "line 2 missing"},
		{"no datum", "id,name,lon,lat\na,甲,121.5,31.3\nb,乙,121.5,31.3\n", grid.KindPlace, 0, "line 1 datum"},
		{"a datum missing", head + "a,甲,121.5,31.3,\nb,乙,121.5,31.3,wgs84\n", grid.KindPlace, 1, "line 2 datum"},
		{"unknown datum", head + "a,甲,121.5,31.3,beijing54\n", grid.KindPlace, 0, "line 2 datum"},
		{"bad number", head + "a,甲,121.5,三十一,wgs84\n", grid.KindPlace, 0, "line 2 number"},
		{"NaN and Inf", head + "a,甲,NaN,31.3,wgs84\nb,乙,121.5,Inf,wgs84\nc,丙,1e999,31,wgs84\n", grid.KindPlace, 0, "line 2 number; line 3 number; line 4 number"},
		{"hexadecimal", head + "a,甲,0x79p0,31.3,wgs84\n", grid.KindPlace, 0, "line 2 number"},
		{"swapped", head + "a,甲,31.3,121.5,wgs84\n", grid.KindPlace, 0, "line 2 swapped"},
		{"range", head + "a,甲,1215,31.3,wgs84\n", grid.KindPlace, 0, "line 2 range"},
		{"abroad", head + "a,甲,2.35,48.85,wgs84\n", grid.KindPlace, 0, "line 2 abroad"},
		{"half a point", head + "a,甲,121.5,,wgs84\n", grid.KindPlace, 0, "line 2 missing"},
		{"too few fields", head + "a,甲\nb,乙,121.5,31.3,wgs84\n", grid.KindPlace, 1, "line 2 fields"},
		{"bare quote", head + "a,甲\"x\",121.5,31.3,wgs84\nb,乙,121.5,31.3,wgs84\n", grid.KindPlace, 1, "line 2 csv"},
		{"open quote", head + "a,\"甲,121.5,31.3,wgs84\n", grid.KindPlace, 0, "line 2 csv"},
		{"not UTF-8", head + "a,\xbc\xd7,121.5,31.3,wgs84\n", grid.KindPlace, 0, "line 2 utf8; line 2 missing"},
		{"NUL", head + "a,甲\x00,121.5,31.3,wgs84\n", grid.KindPlace, 0, "line 2 nul; line 2 missing"},
		{"same key", head + "a,甲,121.5,31.3,wgs84\na,乙,121.5,31.3,wgs84\n", grid.KindPlace, 2, "line 3 duplicate"},
		{"two faults in a row", head + "a,,31.3,121.5,wgs84\n", grid.KindPlace, 0, "line 2 swapped; line 2 missing"},
		{"shape as GeoJSON", "name,geometry\n路,\"{\"\"type\"\":\"\"LineString\"\",\"\"coordinates\"\":[[121.5,31.3],[121.6,31.3]]}\"\n", grid.KindRoad, 1, ""},
		{"bad date", "id,name,kind,valid_from\na,甲,line,2019-02-30\nb,乙,line,04/06/2019\n", grid.KindUnit, 0, "line 2 date; line 3 date"},
		{"period turned", "id,name,kind,valid_from,valid_to\na,甲,line,2019-06-04,2019-06-04\n", grid.KindUnit, 0, "line 2 period"},
		{"periods overlap", "id,name,kind,valid_from\na,甲,line,\na,甲,line,2019-06-04\n", grid.KindUnit, 2, "line 3 overlap"},
		{"periods follow", "id,name,kind,valid_from,valid_to\na,甲,line,,2019-06-04\na,甲,line,2019-06-04,\n", grid.KindUnit, 2, ""},
		{"closed list", "id,name,kind\na,甲,boss\n", grid.KindUnit, 0, "line 2 value"},
		{"street office without street", "id,name,kind\na,甲,street\n", grid.KindUnit, 0, "line 2 street"},
		{"limit", "code,name,limit\na,甲,4 working_hour\nb,乙,soon\nc,丙,0 hour\n", grid.KindCategory, 1, "line 3 limit; line 4 limit"},
		{"yes and no", "date,off,name\n2013-01-05,no,元旦\n2013-01-01,是,元旦\n2013-01-02,maybe,元旦\n", grid.KindDay, 2, "line 4 value"},
		{"a day", "date,off\n5 Jan 2013,no\n", grid.KindDay, 0, "line 2 date"},
		{"place twice over", "id,lead,hotspot,street\na,x,h,310110001\n", grid.KindDuty, 0, "line 2 exclusive"},
		{"matter twice over", "id,lead,category,group\na,x,c,g\n", grid.KindDuty, 0, "line 2 exclusive"},
		{"code", "code,name\n31011x,甲\n3101,乙\n", grid.KindArea, 0, "line 2 code; line 3 code"},
		{"level", "code,name,level\n310110001001,甲,street\n", grid.KindArea, 0, "line 2 level"},
		{"committee without outline", "code,name\n310110001001,甲\n", grid.KindArea, 1, ""},
		{"street without outline", "code,name\n310110001,甲\n", grid.KindArea, 0, "line 2 not-closed"},
	} {
		records, faults, err := load.Records(tt.name, strings.NewReader(tt.in), tt.kind, load.Options{})
		if got := told(faults); err != nil || got != tt.want || len(records) != tt.records {
			t.Errorf("%s: Records = %d records, faults %q, %v, want %d, %q", tt.name, len(records), got, err, tt.records, tt.want)
		}
	}
}

func TestRecordsValues(t *testing.T) {
	in := "id,hotspot_kind,group,window,closed,lead,assist,limit,basis,basis_en,assumed,valid_from\n" +
		"d1,perimeter,街面秩序,workday 05:00-09:00,yes,@street,chengguan | gongan|,2 working_hour,据,why,no,2012-11-01\n"
	records, faults, err := load.Records("duties.csv", strings.NewReader(in), grid.KindDuty, load.Options{})
	want := grid.Duty{
		ID: "d1", HotspotKind: grid.Perimeter, Group: "街面秩序", Window: "workday 05:00-09:00", Closed: true,
		Lead: grid.StreetOffice, Assist: []string{"chengguan", "gongan"}, Limit: grid.Limit{N: 2, Unit: grid.WorkingHours},
		Basis: "据", BasisEN: "why", Valid: grid.Span{From: day("2012-11-01").UTC()},
	}
	if err != nil || faults != nil || len(records) != 1 || !reflect.DeepEqual(records[0], grid.Record(want)) {
		t.Errorf("Records = %#v %v %v, want %#v", records, faults, err, want)
	}
}

func TestRecordsGeoJSON(t *testing.T) {
	road := func(name, geometry string) string {
		return `{"type":"Feature","properties":{"name":"` + name + `"},"geometry":` + geometry + `}`
	}
	good := road("甲", `{"type":"LineString","coordinates":[[121.5,31.3],[121.6,31.3]]}`)
	collection := func(features ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
	}
	area := func(rings string) string {
		return `{"type":"Feature","properties":{"code":"310110001","name":"甲"},"geometry":{"type":"Polygon","coordinates":` + rings + `}}`
	}
	for _, tt := range []struct {
		name, in string
		kind     grid.RecordKind
		records  int
		want     string
	}{
		{"good", collection(good), grid.KindRoad, 1, ""},
		{"BOM", bom + collection(good), grid.KindRoad, 1, ""},
		{"no features", collection(), grid.KindRoad, 0, ""},
		{"type last", `{"features":[` + good + `],"type":"FeatureCollection"}`, grid.KindRoad, 1, ""},
		{"one Feature", strings.ReplaceAll(good, ",", ",\n"), grid.KindRoad, 1, ""},
		{"a Feature a line", good + "\n" + road("乙", `{"type":"LineString","coordinates":[[121.5,31.3],[121.6,31.4]]}`), grid.KindRoad, 2, ""},
		{"GeoJSON text sequence", "\x1e" + good + "\n\x1e" + good, grid.KindRoad, 2, "line 2 duplicate"},
		{"wire form", `{"name":"甲","geometry":{"type":"LineString","coordinates":[[121.5,31.3],[121.6,31.3]]},"streets":["310110001"],"error":12}`, grid.KindRoad, 1, ""},
		{"wire form with a datum", `{"id":"a","name":"甲","lon":121.5,"lat":31.3,"datum":"cgcs2000"}`, grid.KindPlace, 1, ""},
		{"wire form without a datum", `{"id":"a","name":"甲","lon":121.5,"lat":31.3}`, grid.KindPlace, 0, "line 1 datum"},
		{"a bare list", `[` + good + `]`, grid.KindRoad, 0, "line 1 format"},
		{"cut off", collection(good)[:60], grid.KindRoad, 0, "feature 1 json"},
		{"cut off behind a feature", strings.TrimSuffix(collection(good), "]}"), grid.KindRoad, 1, "feature 2 json"},
		{"unknown property, once", collection(`{"type":"Feature","properties":{"name":"甲","x":1},"geometry":null}`, `{"type":"Feature","properties":{"name":"乙","x":1},"geometry":null}`), grid.KindRoad, 0, "feature 1 unknown; feature 1 missing; feature 2 missing"},
		{"name twice", collection(`{"type":"Feature","properties":{"name":"甲","name":"乙"},"geometry":null}`, good), grid.KindRoad, 1, "feature 1 duplicate"},
		{"not UTF-8", collection("{\"type\":\"Feature\",\"properties\":{\"name\":\"\xbc\xd7\"},\"geometry\":null}", good), grid.KindRoad, 1, "feature 1 utf8"},
		{"a NUL", collection(road(`\u0000`, "null"), good), grid.KindRoad, 1, "feature 1 nul"},
		{"no geometry", collection(road("甲", "null")), grid.KindRoad, 0, "feature 1 missing"},
		{"wrong geometry", collection(road("甲", `{"type":"Point","coordinates":[121.5,31.3]}`)), grid.KindRoad, 0, "feature 1 geometry"},
		{"bad geometry", collection(road("甲", `{"type":"Line","coordinates":[1]}`)), grid.KindRoad, 0, "feature 1 geometry"},
		{"infinite", collection(road("甲", `{"type":"LineString","coordinates":[[1e999,31.3],[121.6,31.3]]}`)), grid.KindRoad, 0, "feature 1 geometry"},
		{"swapped", collection(road("甲", `{"type":"LineString","coordinates":[[31.3,121.5],[31.3,121.6]]}`)), grid.KindRoad, 0, "feature 1 swapped"},
		{"one point", collection(road("甲", `{"type":"LineString","coordinates":[[121.5,31.3],[121.5,31.3]]}`)), grid.KindRoad, 0, "feature 1 line"},
		{"another system", `{"crs":{"type":"name","properties":{"name":"EPSG:4547"}},` + collection(good)[1:], grid.KindRoad, 1, "/crs datum"},
		{"collection not ended", collection(good) + "}", grid.KindRoad, 1, "/features json"},
		{"no collection", `{"type":"Topology","features":[` + good + `]}`, grid.KindRoad, 1, "/type type"},
		{"the same system", `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},` + collection(good)[1:], grid.KindRoad, 1, ""},
		{"polygon", collection(area(`[[[121.5,31.3],[121.6,31.3],[121.6,31.4],[121.5,31.3]]]`)), grid.KindArea, 1, ""},
		{"open ring", collection(area(`[[[121.5,31.3],[121.6,31.3],[121.6,31.4],[121.5,31.4]]]`)), grid.KindArea, 0, "feature 1 ring-open"},
		{"bow tie", collection(area(`[[[121.5,31.3],[121.6,31.4],[121.6,31.3],[121.5,31.45],[121.5,31.3]]]`)), grid.KindArea, 0, "feature 1 ring-crossing"},
		{"no area", collection(area(`[[[121.5,31.3],[121.6,31.3],[121.5,31.3],[121.5,31.3]]]`)), grid.KindArea, 0, "feature 1 ring"},
		{"empty ring", collection(area(`[[]]`)), grid.KindArea, 0, "feature 1 ring-open"},
		{"list in a text", collection(`{"type":"Feature","properties":{"name":["甲"]},"geometry":null}`), grid.KindRoad, 0, "feature 1 type; feature 1 missing"},
		{"deep", collection(`{"type":"Feature","properties":{"name":[[["甲"]]]},"geometry":null}`), grid.KindRoad, 0, "feature 1 type"},
		{"no Feature", collection(`{"type":"Shape"}`), grid.KindRoad, 0, "feature 1 type"},
		{"no record", `{"name":1`, grid.KindRoad, 0, "line 1 json"},
		{"more behind", good + good, grid.KindRoad, 0, "line 1 json"},
		{"props of the base map", collection(`{"type":"Feature","properties":{"id":"w","layer":"water","width_m":20,"kind":"creek"},"geometry":{"type":"Point","coordinates":[121.5,31.3]}}`), grid.KindBackdrop, 1, ""},
	} {
		records, faults, err := load.Records(tt.name, strings.NewReader(tt.in), tt.kind, load.Options{})
		if got := told(faults); err != nil || got != tt.want || len(records) != tt.records {
			t.Errorf("%s: Records = %d records, faults %q, %v, want %d, %q", tt.name, len(records), got, err, tt.records, tt.want)
		}
	}
}

func TestRecordsFormats(t *testing.T) {
	for _, head := range []string{"\xff\xfei\x00d\x00", "PK\x03\x04x", "SQLite format 3\x00", "\x00\x00\x27\x0a", "\x1f\x8b\x08"} {
		_, faults, err := load.Records("f", strings.NewReader(head), grid.KindPlace, load.Options{})
		if got := told(faults); err != nil || got != "line 1 format" {
			t.Errorf("Records(%q) = %q, %v, want line 1 format", head, got, err)
		}
	}
}

func TestRecordsDatum(t *testing.T) {
	const in = "id,name,lon,lat\na,红房子医院,121.5344,31.2592\n"
	for _, d := range datum.Datums {
		records, faults, err := load.Records("p", strings.NewReader(in), grid.KindPlace, load.Options{Datum: d})
		if err != nil || faults != nil || len(records) != 1 {
			t.Fatalf("%s: Records = %v %v %v", d, records, faults, err)
		}
		want := datum.ToWGS84(orb.Point{121.5344, 31.2592}, d)
		if got := of[grid.Place](records)[0].At; got != want {
			t.Errorf("%s: At = %v, want %v", d, got, want)
		}
	}
	const feature = `{"type":"Feature","properties":{"id":"a","name":"甲"},"geometry":{"type":"Point","coordinates":[121.5,31.3]}}`
	_, faults, err := load.Records("p", strings.NewReader(feature), grid.KindPlace, load.Options{Datum: datum.GCJ02})
	if got := told(faults); err != nil || got != "feature 1 datum" {
		t.Errorf("GeoJSON said to be gcj02: Records = %q %v, want feature 1 datum", got, err)
	}
}

func TestRecordsErrors(t *testing.T) {
	if _, _, err := load.Records("x", strings.NewReader(""), "ghost", load.Options{}); grid.KindOf(err) != grid.Invalid {
		t.Errorf("Records of kind ghost = %v, want Invalid", err)
	}
	broken := errors.New("cable out")
	if _, _, err := load.Records("x", iotest.ErrReader(broken), grid.KindPlace, load.Options{}); !errors.Is(err, broken) {
		t.Errorf("Records of a broken reader = %v, want %v", err, broken)
	}
}

func TestRecordsManyFaults(t *testing.T) {
	var b strings.Builder
	b.WriteString("id,name,kind\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "u%d,,line\n", i)
	}
	_, faults, err := load.Records("u", strings.NewReader(b.String()), grid.KindUnit, load.Options{})
	if err != nil || len(faults) != 1001 || faults[1000].Code != "more" || faults[0].At != "line 2" {
		t.Errorf("Records = %d faults, %v, want 1000 and one that says how many more", len(faults), err)
	}
}
