package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// twoStreets overlap by a fifth, and have no district and no offices.
const twoStreets = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"310110001","name":"甲街道"},"geometry":{"type":"Polygon","coordinates":[[[121.5,31.3],[121.505,31.3],[121.505,31.305],[121.5,31.305],[121.5,31.3]]]}},
{"type":"Feature","properties":{"code":"310110002","name":"乙街道"},"geometry":{"type":"Polygon","coordinates":[[[121.504,31.3],[121.51,31.3],[121.51,31.305],[121.504,31.305],[121.504,31.3]]]}}]}`

func TestAudit(t *testing.T) {
	store := filepath.Join(t.TempDir(), "s.gpkg")
	done(t, "import", "areas", file(t, "areas.geojson", twoStreets), "--store", store)
	for _, tt := range []struct {
		args string
		code int
		want string // on standard output
	}{
		{"audit --at 2024-07-01T00:00:00+08:00", exitDone, "errors: 0, warnings: 0, notes: 7\n"},
		{"audit --lang zh --at 2024-07-01T00:00:00+08:00", exitDone, "错误 0，警告 0，提示 7\n"},
		{"audit", exitDone, "errors: 0, warnings: 0, notes: 7\n"}, // in 2013
		{"audit --at yesterday", exitUsage, ""},
		{"audit --store " + store, exitNo, "error    overlap   甲街道 310110001, 乙街道 310110002: 52777 m² belong to both"},
		{"audit --store " + store, exitNo, "errors: 3, warnings: 2, notes: 0\n"},
		{"audit --lang zh --store " + store, exitNo, "错误  office    甲街道 310110001：单位中没有其街道办事处，无从托底\n"},
		{"audit --store " + filepath.Join(t.TempDir(), "none.gpkg"), exitNo, ""},
	} {
		code, out, errs := wangge(t, strings.NewReader(""), strings.Fields(tt.args)...)
		if code != tt.code || !strings.Contains(out, tt.want) || (tt.want == "") != (errs != "") {
			t.Errorf("wangge %s = %d, %q, %q, want %d and %q", tt.args, code, out, errs, tt.code, tt.want)
		}
	}
	code, out, errs := wangge(t, strings.NewReader(""), "audit", "--json", "--store", store)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for _, line := range lines {
		var f struct {
			Severity, Code, Says string
			IDs                  []string
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil || f.Severity == "" || f.Code == "" || len(f.IDs) == 0 || f.Says == "" {
			t.Errorf("wangge audit --json writes %s: %v", line, err)
		}
	}
	if code != exitNo || len(lines) != 5 || !strings.HasPrefix(errs, "errors: 3") {
		t.Errorf("wangge audit --json = %d, %d lines, %q, want 1, 5 lines and the count", code, len(lines), errs)
	}
}
