package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// The fake's five streets have no office.
func TestAudit(t *testing.T) {
	b := newFake(t, nil)
	for _, tt := range []struct {
		path, accept, kind string
		errors             int
		geo                bool
	}{
		{"/v1/audit/map", "", "application/json", 5, false},
		{"/v1/audit/map?at=2013-05-06T00:00:00Z", "", "application/json", 5, false},
		{"/v1/audit/map", "application/geo+json", "application/geo+json", 5, true},
		{"/v1/audit/map?f=geojson", "", "application/geo+json", 5, true},
		{"/v1/audit/duties", "", "application/json", 0, false},
		{"/v1/audit/duties", "application/geo+json", "application/json", 0, false},
	} {
		req := request(t, http.MethodGet, b.URL+tt.path, "", "")
		req.Header.Set("Accept", tt.accept)
		a := b.do(t, req)
		var got struct {
			Items    []struct{ Severity, Code string }
			Features []struct{ Properties struct{ Severity string } }
			Counts   map[string]int
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Errorf("GET %s = %s: %v", tt.path, a.body, err)
			continue
		}
		if a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), tt.kind) || got.Counts["error"] != tt.errors || len(got.Counts) != 3 {
			t.Errorf("GET %s = %d %s %v, want 200 %s and %d errors", tt.path, a.status, a.header.Get("Content-Type"), got.Counts, tt.kind, tt.errors)
		}
		want := map[bool]int{tt.geo: got.Counts["error"] + got.Counts["warning"] + got.Counts["note"]}
		if len(got.Features) != want[true] || len(got.Items) != want[false] {
			t.Errorf("GET %s counts %v, and has %d items, %d features", tt.path, got.Counts, len(got.Items), len(got.Features))
		}
	}
	if a := b.get(t, "/v1/audit/duties?at=2013-05-06T00:00:00Z"); a.status != 400 {
		t.Errorf("GET /v1/audit/duties?at = %d, want 400: duties are audited for all times", a.status)
	}
}
