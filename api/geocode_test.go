package api_test

import (
	"net/url"
	"strings"
	"testing"

	"wangge/grid"
)

func TestGeocode(t *testing.T) {
	b := newFake(t, nil)
	const first = `{"type":"Feature","geometry":{"type":"Point","coordinates":[121.5,31.2]},"properties":{"error_m":40,"confidence":0.5,"matched":"road","label":"安图路","street":{"code":"310110013","name":"Street"},"used":[[0,3]]}}`
	const second = `{"type":"Feature","geometry":{"type":"Point","coordinates":[121.5,31.2]},"properties":{"error_m":40,"confidence":0.5,"matched":"road","label":"安图路","street":{"code":"310110013","name":"Street"},"used":[[0,3]],"doubt":"doubt","line":{"type":"LineString","coordinates":[[121.5,31.2],[121.6,31.2]]}}}`
	const head = `{"type":"FeatureCollection","standing":"choice","question":"which?","category":null,"features":[`
	q := "/v1/geocode?street=310110013&lang=en&q=" + url.QueryEscape("安图路")
	for _, tt := range []struct{ query, want string }{
		{q, head + first + "," + second + "]}"},
		{q + "&limit=1", head + first + "]}"},
	} {
		a := b.get(t, tt.query)
		if a.status != 200 || a.body != tt.want || a.header.Get("Content-Type") != "application/geo+json" {
			t.Errorf("GET %s = %d %s\n%s, want\n%s", tt.query, a.status, a.header.Get("Content-Type"), a.body, tt.want)
		}
	}
	if a := b.get(t, "/v1/geocode?street=310110013"); a.faults(t) != "?q missing" {
		t.Errorf("GET /v1/geocode without q = %d, faults %s, want ?q missing", a.status, a.faults(t))
	}
	b.desk.fail = &grid.Error{Kind: grid.Unavailable, Msg: "no map is loaded", MsgZH: "尚未载入地图"}
	if a := b.get(t, q); a.status != 503 {
		t.Errorf("GET /v1/geocode without a map = %d %s, want 503", a.status, a.body)
	}
}

func TestSuggest(t *testing.T) {
	b := newFake(t, nil)
	for _, tt := range []struct {
		query string
		want  int
	}{
		{"suggest=1", 8}, {"suggest=true&limit=3", 3}, {"suggest&limit=1000", 50}, {"suggest=0", 2},
	} {
		a := b.get(t, "/v1/geocode?q=kjl&"+tt.query)
		if n := strings.Count(a.body, `"type":"Feature",`); a.status != 200 || n != tt.want {
			t.Errorf("GET /v1/geocode?q=kjl&%s = %d with %d features, want %d", tt.query, a.status, n, tt.want)
		}
	}
	if a := b.get(t, "/v1/geocode?q=kjl&suggest=maybe"); a.status != 400 {
		t.Errorf("GET /v1/geocode?suggest=maybe = %d, want 400", a.status)
	}
}

func TestReverse(t *testing.T) {
	b := newFake(t, nil)
	a := b.get(t, "/v1/reverse?lon=121.5&lat=31.2&datum=wgs84")
	const want = `{"point":{"type":"Point","coordinates":[121.5,31.2]},"door":{"label":"控江路1665号","lon":0,"lat":0,"distance_m":20,"direction":"东"},"road":null,"crossing":null,"landmark":null,"text":"控江路1665号东侧约 20 米"}` + "\n"
	if a.status != 200 || a.body != want {
		t.Errorf("GET /v1/reverse = %d %s, want %s", a.status, a.body, want)
	}
	if a := b.get(t, "/v1/reverse?lon=121.5&lat=31.2"); a.faults(t) != "?datum datum" {
		t.Errorf("GET /v1/reverse without datum: faults %s, want ?datum datum", a.faults(t))
	}
}
