package load_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"wangge/fixtures"
	"wangge/geo"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/load"
)

// sound checks what holds for every file: faults speak both languages, records
// survive their wire form, outlines are closed and turn the right way.
func sound(t *testing.T, in []byte, kind grid.RecordKind, o load.Options) {
	records, faults, err := load.Records("fuzz", bytes.NewReader(in), kind, o)
	if err != nil {
		t.Fatalf("Records(%q) = %v", in, err)
	}
	for _, f := range faults {
		if f.At == "" || f.Code == "" || f.Says == "" || f.SaysZH == "" {
			t.Errorf("Records(%q): a mute fault: %+v", in, f)
		}
	}
	for _, r := range records {
		b, err := codec.EncodeRecord(r)
		if err != nil {
			t.Fatalf("EncodeRecord(%#v) = %v", r, err)
		}
		if _, err := codec.DecodeRecord(r.RecordKind(), b); err != nil {
			t.Errorf("DecodeRecord(%s) = %v", b, err)
		}
		if a, ok := r.(grid.Area); ok {
			soundRings(t, a)
		}
	}
}

func soundRings(t *testing.T, a grid.Area) {
	for _, p := range a.Shape {
		for i, r := range p {
			if len(r) < 4 || r[0] != r[len(r)-1] || (r.Orientation() == orb.CCW) != (i == 0) {
				t.Errorf("%s: ring %d is not in order: %v", a.Code, i, r)
			}
			for _, q := range r {
				if !geo.InChina(q) {
					t.Errorf("%s: %v is not in China", a.Code, q)
				}
			}
		}
	}
}

// head returns the first lines of a demonstration file.
func head(f *testing.F, name string, lines int, end string) []byte {
	data, err := fixtures.Files.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	all := strings.SplitAfter(string(data), "\n")
	return []byte(strings.TrimRight(strings.Join(all[:min(lines, len(all))], ""), ",\n") + end)
}

func FuzzRecordsCSV(f *testing.F) {
	kinds := []grid.RecordKind{grid.KindArea, grid.KindUnit, grid.KindDuty, grid.KindCategory, grid.KindPlace, grid.KindDoor, grid.KindDay, grid.KindHotspot, grid.KindBackdrop}
	for i, name := range []string{"committees.csv", "units.csv", "duties.csv", "categories.csv", "places.csv", "doors.csv", "calendar.csv"} {
		f.Add(head(f, name, 4, "\n"), uint8(i))
	}
	f.Add([]byte("\xef\xbb\xbfid,name,lon,lat\r\na,\"甲\n\",31.3,121.5\r\n"), uint8(4))
	f.Add([]byte("id,left,right,geometry\nb,310110001,,\"{\"\"type\"\":\"\"LineString\"\",\"\"coordinates\"\":[[121.5,31.3],[121.6,31.3]]}\"\n"), uint8(0))
	f.Fuzz(func(t *testing.T, in []byte, kind uint8) {
		sound(t, in, kinds[int(kind)%len(kinds)], load.Options{Datum: datum.WGS84})
	})
}

func FuzzRecordsGeoJSON(f *testing.F) {
	kinds := []grid.RecordKind{grid.KindArea, grid.KindHotspot, grid.KindRoad, grid.KindBackdrop, grid.KindPlace}
	for i, name := range []string{"areas.geojson", "hotspots.geojson", "roads.geojson", "backdrop.geojson"} {
		f.Add(head(f, name, 4, "\n]}"), uint8(i))
	}
	f.Add([]byte(net([]string{"1", "2 ..2019-06-04"}, []string{"eb 2 1", "edab 1 -", "bcfe 2 -"})), uint8(0))
	f.Add([]byte(net([]string{"1", "0"}, []string{"abefpqeda 1 -", "gh 1 -"})), uint8(0))
	f.Add([]byte(`{"type":"Feature","properties":{"code":"310110001","name":"x"},"geometry":{"type":"Polygon","coordinates":[[[121.5,31.3],[121.6,31.4],[121.6,31.3],[121.5,31.3]]]}}`), uint8(0))
	f.Add([]byte(`{"id":"a","name":"x","lon":121.5,"lat":31.3,"datum":"gcj02"}`+"\n{}"), uint8(4))
	f.Fuzz(func(t *testing.T, in []byte, kind uint8) {
		if len(in) > 0 && in[0] != '{' {
			in = append([]byte{'{'}, in...)
		}
		sound(t, in, kinds[int(kind)%len(kinds)], load.Options{Datum: datum.WGS84})
	})
}

func FuzzRecordsProjected(f *testing.F) {
	kinds := []grid.RecordKind{grid.KindArea, grid.KindPlace, grid.KindRoad, grid.KindBackdrop}
	f.Add([]byte("id,name,x,y\na,甲,645731.616,3460810.821\nb,乙,3460810.821,645731.616\n"), uint8(1), false)
	f.Add([]byte("id,layer,x,y,lon,lat,datum\nw,water,13528657.7,3666561.3,,,epsg:3857\n"), uint8(3), true)
	f.Add([]byte(collectionIn("urn:ogc:def:crs:EPSG::4549", pointAt("[645731.616,3460810.821]"), pointAt("[40645731.616,3460810.821]"))), uint8(1), false)
	f.Add([]byte(collectionIn("EPSG:32651", `{"type":"Feature","properties":{"code":"310110001","name":"x"},"geometry":{"type":"Polygon","coordinates":[[[360000,3459000],[361000,3459000],[361000,3460000],[360000,3459000]]]}}`)), uint8(0), false)
	f.Add([]byte(`{"type":"FeatureCollection","features":[`+pointAt("[1e300,-1]")+`],`+crsMember("epsg:3857")+`,"crs":null}`), uint8(1), false)
	f.Add([]byte(`{"name":"x","x":645731.6,"y":[1],"datum":"epsg4549"}`), uint8(2), true)
	f.Fuzz(func(t *testing.T, in []byte, kind uint8, option bool) {
		o := load.Options{}
		if option {
			o.CRS = datum.GaussKruger120
		}
		sound(t, in, kinds[int(kind)%len(kinds)], o)
	})
}

func FuzzReports(f *testing.F) {
	f.Add([]byte(`{"key":"a","source":"12345","lon":121.5,"lat":31.3,"datum":"gcj02"}` + "\n{}\n"))
	f.Add([]byte("\xef\xbb\xbfkey,lon,lat,datum,at\r\na,121.5,31.3,wgs84,2013-05-03T08:40:00+08:00\r\nb,NaN,,,\r\n"))
	f.Add([]byte("key,text\na,\"x\ny\"\nb,x\"y\n"))
	f.Add([]byte(" \n\n[{}]"))
	f.Add([]byte("SQLite format 3\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		last := 0
		err := load.Reports(bytes.NewReader(in), func(line int, rep grid.Report, faults []grid.Fault) error {
			if line <= last {
				t.Errorf("Reports(%q): line %d behind line %d", in, line, last)
			}
			last = line
			for _, x := range faults {
				if x.At == "" || x.Code == "" || x.Says == "" || x.SaysZH == "" {
					t.Errorf("Reports(%q): a mute fault: %+v", in, x)
				}
			}
			if faults == nil && rep.Point[0] != rep.Point[0] {
				t.Errorf("Reports(%q): NaN without a fault", in)
			}
			return nil
		})
		if e := (*grid.Error)(nil); err != nil && !errors.As(err, &e) && !errors.Is(err, io.EOF) {
			t.Errorf("Reports(%q) = %v, want a *grid.Error", in, err)
		}
	})
}
