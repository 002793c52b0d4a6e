package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const town = "../../grid/osm/testdata/town.osm"

// TestImportOSM: an extract of OpenStreetMap becomes roads, crossings, doors and
// places, and outlines when they are asked for.
func TestImportOSM(t *testing.T) {
	store := filepath.Join(t.TempDir(), "own.gpkg")
	const want = "roads: 2 added, 0 changed, 0 deleted, 0 unchanged\n" +
		"crossings: 1 added, 0 changed, 0 deleted, 0 unchanged\n" +
		"doors: 4 added, 0 changed, 0 deleted, 0 unchanged\n" +
		"places: 3 added, 0 changed, 0 deleted, 0 unchanged\n"
	dry := done(t, "import", "osm", town+".pbf", "--store", store, "--dry-run")
	if strings.ReplaceAll(dry, " (dry run, nothing stored)", "") != want || strings.Count(dry, "dry run") != 4 {
		t.Errorf("import osm --dry-run = %s, want\n%s", dry, want)
	}
	if out := done(t, "import", "osm", town+".pbf", "--store", store); out != want {
		t.Errorf("import osm = %s, want\n%s", out, want)
	}
	code, out, errs := wangge(t, nil, "import", "osm", town, "--store", store, "--areas")
	if code != exitDone || !strings.HasPrefix(out, "areas: 3 added, 0 changed, 0 deleted, 0 unchanged\nroads: 0 added, 0 changed, 0 deleted, 2 unchanged\n") {
		t.Errorf("import osm --areas = %d %s%s", code, out, errs)
	}
	for _, w := range []string{"relation 203: 无码镇 has no code", "node 24: ", "way 110: "} {
		if !strings.Contains(errs, w) {
			t.Errorf("import osm --areas tells %s, want %q", errs, w)
		}
	}
	for text, w := range map[string]string{"试金路745弄9号门口有垃圾": "西试街道", "东郊诊疗所门口": "东试街道", "试金路14号": "东试街道"} {
		if out := done(t, "locate", "--store", store, "--text", text); !strings.Contains(out, w) {
			t.Errorf("locate --text %s = %s, want %s", text, out, w)
		}
	}
}

// TestImportOSMReplace: what came from an extract and is gone goes; what came otherwise
// stays, and a crossing keeps its name.
func TestImportOSMReplace(t *testing.T) {
	store := filepath.Join(t.TempDir(), "own.gpkg")
	done(t, "import", "places", file(t, "p.csv", "id,name,lon,lat,datum\nown,自有医院,121.53,31.26,wgs84\n"), "--store", store)
	done(t, "import", "crossings", file(t, "c.csv", "road_a,road_b,lon,lat,datum\n试金路,新海支路,121.53,31.2601,wgs84\n"), "--store", store)
	out := done(t, "import", "osm", town, "--store", store)
	if !strings.Contains(out, "crossings: 0 added, 1 changed") {
		t.Errorf("import osm = %s, want the crossing changed", out)
	}
	data, err := os.ReadFile(town)
	if err != nil {
		t.Fatal(err)
	}
	fewer := strings.ReplaceAll(string(data), `v="新海小苑"`, `v=""`)
	out = done(t, "import", "osm", file(t, "fewer.osm", fewer), "--store", store, "--replace")
	if !strings.Contains(out, "places: 0 added, 0 changed, 1 deleted, 2 unchanged") {
		t.Errorf("import osm --replace = %s, want one place deleted", out)
	}
	if out := done(t, "export", "places", "-o", "-", "--format", "csv", "--store", store); !strings.Contains(out, "自有医院") || strings.Contains(out, "新海小苑") {
		t.Errorf("places behind --replace = %s", out)
	}
}

// TestImportOSMAreas: an outline takes the period of the one it replaces.
func TestImportOSMAreas(t *testing.T) {
	store := filepath.Join(t.TempDir(), "own.gpkg")
	const square = `{"type":"Polygon","coordinates":[[[121.53,31.25],[121.55,31.25],[121.55,31.27],[121.53,31.27],[121.53,31.25]]]}`
	areas := `{"type":"Feature","properties":{"code":"319901001","name":"东试街道","valid_from":"2010-01-01"},"geometry":` + square + "}\n"
	done(t, "import", "areas", file(t, "a.geojsonl", areas), "--store", store)
	out := done(t, "import", "osm", town, "--store", store, "--areas")
	if !strings.HasPrefix(out, "areas: 2 added, 1 changed, 0 deleted") {
		t.Errorf("import osm --areas = %s, want one changed", out)
	}
}

func TestImportOSMRefused(t *testing.T) {
	store := filepath.Join(t.TempDir(), "own.gpkg")
	cut := file(t, "cut.osm.pbf", "\x00\x00\x00\x0d\x0a\x09OSMHeader")
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"import osm -", exitUsage, "not standard input"},
		{"import osm " + town + " --datum wgs84", exitUsage, "WGS-84"},
		{"import osm " + town + " --keep-going", exitUsage, "--keep-going"},
		{"import roads " + town + " --areas", exitUsage, "--areas is for osm"},
		{"import osm " + town + ".none", exitNo, "no such file"},
		{"import osm " + cut, exitNo, "block 1: the file is cut off here"},
		{"import osm ../../fixtures/roads.geojson", exitNo, "neither .osm.pbf nor .osm"},
	} {
		code, out, errs := wangge(t, strings.NewReader(""), append(strings.Fields(tt.args), "--store", store)...)
		if code != tt.code || !strings.Contains(errs, tt.want) {
			t.Errorf("wangge %s = %d, want %d and %q\n%s%s", tt.args, code, tt.code, tt.want, out, errs)
		}
	}
	if _, err := os.Stat(store); err == nil {
		t.Error("a refused import made a store")
	}
}
