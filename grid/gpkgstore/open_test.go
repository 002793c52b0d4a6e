package gpkgstore_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"wangge/geo/judge"
	"wangge/grid"
	"wangge/grid/gpkgstore"
)

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.gpkg")
	geojson := filepath.Join(dir, "p.geojson")
	write(t, geojson, `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[121,31]}}`)
	tests := map[string]string{}
	for name, body := range map[string]string{"a text": "hello", "half a database": "SQLite format 3\x00", "a database of others": "SQLite format 3\x00" + string(make([]byte, 200))} {
		file := filepath.Join(dir, name)
		write(t, file, body)
		tests[name] = file
	}
	t.Run("GDAL's GeoPackage", func(t *testing.T) {
		judge.Run(t, judge.Tool(t, "ogr2ogr", "gdal-bin"), "-f", "GPKG", foreign, geojson)
		refused(t, foreign)
	})
	for name, file := range tests {
		t.Run(name, func(t *testing.T) { refused(t, file) })
	}
	_, err := gpkgstore.Open(filepath.Join(dir, "no", "such", "folder.gpkg"), gpkgstore.Options{})
	if grid.KindOf(err) != grid.Unavailable {
		t.Errorf("Open(in no folder) = %v, want Unavailable", err)
	}
}

// refused wants a file to be refused and left as it was.
func refused(t *testing.T, file string) {
	t.Helper()
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := gpkgstore.Open(file, gpkgstore.Options{}); grid.KindOf(err) != grid.Invalid || err == nil {
		t.Errorf("Open(%s) = %v, %v, want Invalid", filepath.Base(file), s, err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("Open(%s) changed the file (%v)", filepath.Base(file), err)
	}
}

func write(t *testing.T, file, body string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestOpenEmptyFile: a file that was made beforehand, by a container's mount say.
func TestOpenEmptyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "empty.gpkg")
	write(t, file, "")
	s, err := gpkgstore.Open(file, gpkgstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestTwoProcesses: two stores on one file, as two processes have it, see and do not
// disturb one another.
func TestTwoProcesses(t *testing.T) {
	file, ctx := filepath.Join(t.TempDir(), "two.gpkg"), context.Background()
	var stores [2]*gpkgstore.Store
	for i := range stores {
		s, err := gpkgstore.Open(file, gpkgstore.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}()
		stores[i] = s
	}
	for n := range 20 {
		seq, err := stores[n%2].Apply(ctx, time.Now(), []grid.Change{{Record: grid.Day{Date: "2013-01-05"}}})
		if err != nil || seq != int64(n)+1 {
			t.Fatalf("Apply number %d = %d, %v, want %d", n, seq, err, n+1)
		}
		if head, err := stores[1-n%2].Head(ctx); head != seq || err != nil {
			t.Fatalf("the other's Head() = %d, %v, want %d", head, err, seq)
		}
	}
}
