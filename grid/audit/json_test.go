package audit_test

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"

	"wangge/grid/audit"
)

func TestAppend(t *testing.T) {
	piece := orb.MultiPolygon{{{{121.5, 31.3}, {121.6, 31.3}, {121.6, 31.4}, {121.5, 31.3}}}}
	for _, tt := range []struct {
		name          string
		f             audit.Finding
		json, feature string
	}{
		{
			"no place",
			audit.Finding{Severity: audit.Note, Code: "gap", IDs: []string{"a\"b"}, Says: "x", SaysZH: "甲"},
			`{"severity":"note","code":"gap","ids":["a\"b"],"says":"x","says_zh":"甲"}`,
			`{"type":"Feature","geometry":null,"properties":{"severity":"note","code":"gap","ids":["a\"b"],"says":"x","says_zh":"甲"}}`,
		},
		{
			"a point",
			audit.Finding{Severity: audit.Error, Code: "invalid", Located: true, Point: orb.Point{121.5, 31.3}},
			`{"severity":"error","code":"invalid","ids":[],"says":"","says_zh":"","point":{"type":"Point","coordinates":[121.5,31.3]}}`,
			`{"type":"Feature","geometry":{"type":"Point","coordinates":[121.5,31.3]},"properties":{"severity":"error","code":"invalid","ids":[],"says":"","says_zh":"","point":{"type":"Point","coordinates":[121.5,31.3]}}}`,
		},
		{
			"a piece",
			audit.Finding{Severity: audit.Error, Code: "overlap", IDs: []string{"1", "2"}, Located: true, Point: orb.Point{121.5, 31.3}, Shape: piece, Area: 12.345},
			`{"severity":"error","code":"overlap","ids":["1","2"],"says":"","says_zh":"","point":{"type":"Point","coordinates":[121.5,31.3]},"area_m2":12.35,` +
				`"geometry":{"type":"MultiPolygon","coordinates":[[[[121.5,31.3],[121.6,31.3],[121.6,31.4],[121.5,31.3]]]]}}`,
			`{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[121.5,31.3],[121.6,31.3],[121.6,31.4],[121.5,31.3]]]]},` +
				`"properties":{"severity":"error","code":"overlap","ids":["1","2"],"says":"","says_zh":"","point":{"type":"Point","coordinates":[121.5,31.3]},"area_m2":12.35}}`,
		},
	} {
		for _, x := range []struct{ what, got, want string }{
			{"AppendJSON", string(audit.AppendJSON(nil, &tt.f)), tt.json},
			{"AppendFeature", string(audit.AppendFeature(nil, &tt.f)), tt.feature},
		} {
			if x.got != x.want || !jsontext.Value(x.got).IsValid() {
				t.Errorf("%s: %s = %s, want %s", tt.name, x.what, x.got, x.want)
			}
		}
	}
}
