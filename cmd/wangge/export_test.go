package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"wangge/grid"
	"wangge/grid/demo"
)

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What is exported can be imported into an empty store; exported again, it is the
// same to the byte. The credit of the demonstration map is not the store's.
func TestExportImportExport(t *testing.T) {
	for _, files := range [][]string{
		{"areas.geojson", "hotspots.csv", "duties.geojsonl", "backdrop.csv"},
		{"areas.csv", "borders.csv", "places.geojson"},
	} {
		dir := t.TempDir()
		store := filepath.Join(dir, "a.gpkg")
		for _, f := range files {
			name, _, _ := strings.Cut(f, ".")
			done(t, "export", name, "-o", filepath.Join(dir, f))
			if name == bordersName {
				name = "areas"
			}
			done(t, "import", name, filepath.Join(dir, f), "--store", store)
		}
		for _, f := range files {
			name, _, _ := strings.Cut(f, ".")
			again := filepath.Join(dir, "again-"+f)
			done(t, "export", name, "-o", again, "--store", store)
			want := bytes.ReplaceAll(readFile(t, filepath.Join(dir, f)), []byte(`"attribution":"`+demoNotice+`",`), nil)
			if got := readFile(t, again); !bytes.Equal(got, want) || len(got) < 1000 {
				t.Errorf("%s: %d bytes came back, want the same %d", f, len(got), len(want))
			}
		}
	}
}

func TestExportUsage(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.csv")
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"no such collection", []string{"trees", "-o", out}, `"areas"`},
		{"no output", []string{"areas"}, "--output"},
		{"no such format", []string{"areas", "-o", filepath.Join(dir, "x.fgb")}, "geojson, geojsonl, csv"},
		{"format of standard output", []string{"areas", "-o", "-"}, "--format"},
		{"cases without a store", []string{"cases", "-o", out}, "--store"},
		{"time of cases", []string{"cases", "-o", out, "--store", "s.gpkg", "--at", "2013-05-03T08:40:00+08:00"}, "--from"},
		{"filter of cases", []string{"areas", "-o", out, "--street", "310110018"}, "are for cases"},
		{"bad time", []string{"areas", "-o", out, "--at", "yesterday"}, "--at"},
		{"bad standing", []string{"cases", "-o", out, "--store", "s.gpkg", "--standing", "x"}, "standing"},
		{"box of three", []string{"areas", "-o", out, "--bbox", "121,31,122"}, "minlon,minlat,maxlon,maxlat"},
		{"box of words", []string{"areas", "-o", out, "--bbox", "a,b,c,d"}, "minlon,minlat,maxlon,maxlat"},
		{"box turned round", []string{"areas", "-o", out, "--bbox", "122,32,121,31"}, "minlon,minlat,maxlon,maxlat"},
		{"box with swapped axes", []string{"areas", "-o", out, "--bbox", "31,121,32,122"}, "swapped"},
		{"box of nothing", []string{"areas", "-o", out, "--bbox", "NaN,31,122,32"}, "minlon,minlat,maxlon,maxlat"},
		{"a folder", []string{"areas", "-o", dir, "--format", "csv"}, "is a folder"},
	}
	for _, tt := range tests {
		code, _, errs := wangge(t, nil, append([]string{"export"}, tt.args...)...)
		if code != exitUsage || !strings.Contains(errs, tt.says) {
			t.Errorf("%s: exit %d, %q, want %d and %q", tt.name, code, errs, exitUsage, tt.says)
		}
	}
	if code, _, errs := wangge(t, nil, "export", "areas", "-o", out, "--store", filepath.Join(dir, "none.gpkg")); code != exitNo || !strings.Contains(errs, "none.gpkg") {
		t.Errorf("export of a store that is not there: exit %d, %q, want %d", code, errs, exitNo)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v was left in the folder, want nothing", left)
	}
}

// A failure leaves the file that was there, and nothing beside it.
func TestExportIsWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "roads.csv")
	if err := os.WriteFile(out, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &program{getenv: func(string) string { return "" }, now: func() time.Time { return noon }}
	h, err := p.openMap(t.Context(), &mapFlags{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := exportCommand{Collection: "roads", Output: out}
	flags, err := c.read()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.export(ctx, p, h, &flags); err == nil {
		t.Error("an export that was stopped = nil, want an error")
	}
	left, err := os.ReadDir(dir)
	if got := string(readFile(t, out)); got != "old" || len(left) != 1 || err != nil {
		t.Errorf("after a stopped export the file holds %q beside %v, want the old one alone", got, left)
	}
	done(t, "export", "roads", "-o", out)
	if left, err = os.ReadDir(dir); len(left) != 1 || err != nil || len(readFile(t, out)) < 1000 {
		t.Errorf("after an export there are %v, want the new file alone", left)
	}
	done(t, "export", "roads", "-o", os.DevNull, "--format", "csv")
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is now %v, %v, want what it was", os.DevNull, info, err)
	}
}

func TestExportParts(t *testing.T) {
	count := func(args ...string) int {
		code, out, errs := wangge(t, nil, append([]string{"export", "-o", "-", "--format", "geojsonl"}, args...)...)
		if code != exitDone || !strings.Contains(errs, strconv.Itoa(strings.Count(out, "\n"))+" exported") {
			t.Errorf("export %v = %d, %q, want the count", args, code, errs)
		}
		return strings.Count(out, "\n")
	}
	box := []string{"--bbox", "121.50,31.27,121.52,31.29"}
	all, some := count("areas"), count(append(box, "areas")...)
	if all < 400 || some == 0 || some >= 60 {
		t.Errorf("%d areas and borders, %d in a box, want some of them", all, some)
	}
	before, now := count("areas", "--at", "2019-06-03T00:00:00+08:00"), count("areas", "--at", "2019-06-04T00:00:00+08:00")
	if before >= all || now >= all || before == now {
		t.Errorf("%d areas and borders on one day and %d on the next, of %d, want fewer and not as many", before, now, all)
	}
	if cells, in := count("cells"), count(append(box, "cells")...); cells < 5000 || in == 0 || in > 1000 {
		t.Errorf("%d cells, %d in a box, want some of them", cells, in)
	}
	if got := count("units"); got != 39 {
		t.Errorf("%d units, want 39", got)
	}
	if got := count(append(box, "units")...); got != 0 {
		t.Errorf("%d units in a box, want none: they have no place", got)
	}
}

func TestExportCases(t *testing.T) {
	dir := t.TempDir()
	store := demoStore(t)
	p := &program{getenv: func(string) string { return "" }, now: func() time.Time { return noon }}
	h, err := p.openMap(t.Context(), &mapFlags{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), h.desk, 400, demo.Options{End: noon, Seed: 5}); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{}
	middle := noon.AddDate(0, -6, 0)
	err = h.store.EachCase(t.Context(), grid.CaseQuery{}, func(c grid.Case) error {
		want["all"]++
		want[string(c.Standing)]++
		want["street "+c.Street]++
		want["category "+c.Category]++
		if c.At.Before(middle) {
			want["before"]++
		} else {
			want["after"]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"all", nil, "all"},
		{"standing", []string{"--standing", "contested"}, "contested"},
		{"street", []string{"--street", "310110018"}, "street 310110018"},
		{"category", []string{"--category", "luan-shetan"}, "category luan-shetan"},
		{"from", []string{"--from", middle.Format(time.RFC3339)}, "after"},
		{"to", []string{"--to", middle.Format(time.RFC3339)}, "before"},
	}
	for _, tt := range tests {
		file := filepath.Join(dir, tt.name+".geojson")
		out := done(t, append([]string{"export", "cases", "--store", store, "-o", file}, tt.args...)...)
		var fc struct {
			Features []struct{ Properties map[string]any }
		}
		if err := json.Unmarshal(readFile(t, file), &fc); err != nil {
			t.Fatal(err)
		}
		if n := len(fc.Features); n != want[tt.want] || n == 0 || !strings.HasPrefix(out, "cases: "+strconv.Itoa(n)+" exported") {
			t.Errorf("%s: %d cases, %q, want %d", tt.name, n, out, want[tt.want])
		}
	}
	file := filepath.Join(dir, "cases.csv")
	done(t, "export", "cases", "--store", store, "-o", file)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(readFile(t, file), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != want["all"]+1 {
		t.Errorf("cases.csv has %d rows, %v, want %d and a header", len(rows), err, want["all"])
	}
}
