package gpkgstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/judge"
	"wangge/grid"
	"wangge/grid/gpkgstore"
	"wangge/grid/load"
)

// TestGDAL opens the live file, a writer still at it, with GDAL: the validator finds
// nothing wrong, and every layer has the rows, the geometry and the words it should.
func TestGDAL(t *testing.T) {
	ogrinfo := judge.Tool(t, "ogrinfo", "gdal-bin")
	// python3 of the distribution: it has GDAL's bindings, another one on the path may not.
	python := judge.Tool(t, "/usr/bin/python3", "python3-gdal")
	file := filepath.Join(t.TempDir(), "live.gpkg")
	s, err := gpkgstore.Open(file, gpkgstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	counts := fill(t, s)
	if out := judge.Run(t, python, "-m", "osgeo_utils.samples.validate_gpkg", "--extra", file); strings.TrimSpace(out) != "" {
		t.Errorf("validate_gpkg --extra says\n%s", out)
	}
	for layer, want := range map[string]string{
		"areas": "Multi Polygon", "borders": "Line String", "hotspots": "Unknown (any)", "roads": "Line String",
		"places": "Point", "crossings": "Point", "doors": "Point", "backdrop": "Unknown (any)", "cases": "Point",
		"units": "None", "duties": "None", "categories": "None", "calendar": "None", "campaigns": "None",
		"changes": "None", "certificates": "None",
	} {
		out := judge.Run(t, ogrinfo, "-ro", "-so", file, layer)
		for _, line := range []string{"Geometry: " + want, fmt.Sprintf("Feature Count: %d", counts[layer])} {
			if !strings.Contains(out, line+"\n") {
				t.Errorf("ogrinfo %s lacks %q:\n%s", layer, line, out)
			}
		}
	}
	if out := judge.Run(t, ogrinfo, "-ro", "-so", file); strings.Contains(out, "reporters") {
		t.Errorf("the reporters are listed among the layers:\n%s", out)
	}
	for where, want := range map[string]string{
		"hotspots -where id='hongfangzi'":       "红房子医院周边",
		"cases -where key='k1'":                 "at (DateTime) = 2013/05/03 04:00:00+00",
		"cases -spat 121.52 31.25 121.54 31.27": "Feature Count: 2",
		"areas -where code='310110021'":         "长海路街道",
		"units -where id='chengguan'":           "城管",
	} {
		args := append([]string{"-ro", "-al", file}, strings.Fields(where)...)
		if out := judge.Run(t, ogrinfo, args...); !strings.Contains(out, want) {
			t.Errorf("ogrinfo %s lacks %q:\n%s", where, want, out)
		}
	}
}

// fill stores the demonstration map and three cases, and returns the rows of each layer.
func fill(t *testing.T, s *gpkgstore.Store) map[string]int {
	t.Helper()
	ctx, noon := context.Background(), time.Date(2013, 5, 3, 12, 0, 0, 0, grid.Zone)
	records, err := load.Demo()
	if err != nil {
		t.Fatal(err)
	}
	names := map[grid.RecordKind]string{
		grid.KindArea: "areas", grid.KindBorder: "borders", grid.KindUnit: "units", grid.KindHotspot: "hotspots",
		grid.KindDuty: "duties", grid.KindCategory: "categories", grid.KindPlace: "places", grid.KindRoad: "roads",
		grid.KindCrossing: "crossings", grid.KindDoor: "doors", grid.KindDay: "calendar", grid.KindBackdrop: "backdrop",
		grid.KindMeasure: "campaigns",
	}
	counts := map[string]int{"changes": len(records) + 3, "cases": 3, "certificates": 3}
	changes := make([]grid.Change, len(records))
	for i, r := range records {
		changes[i] = grid.Change{Record: r}
		counts[names[r.RecordKind()]]++
	}
	if _, err := s.Apply(ctx, noon, changes); err != nil {
		t.Fatal(err)
	}
	for i, p := range []orb.Point{{121.53, 31.26}, {121.531, 31.2605}, {}} {
		c := grid.Case{
			ID: grid.CaseID(fmt.Sprint("310110-", i)), District: "310110", Certificate: []byte("{}"), Located: i < 2, Point: p,
			Report: grid.Report{Source: "12345", Key: fmt.Sprint("k", i), Reporter: &grid.Reporter{Name: "测试", Phone: "000"}},
			At:     noon, FiledAt: noon, State: grid.StateFiled, Standing: grid.Settled,
		}
		if _, err := s.File(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	return counts
}
