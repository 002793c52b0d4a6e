package main

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// contract is the report that the contract shows.
const contract = `{"key": "20130503000072", "source": "12345", "category": "luan-shetan", "text": "红房子医院门口有流动摊贩占道",
 "lon": 121.5344, "lat": 31.2592, "datum": "gcj02", "accuracy_m": 30, "at": "2013-05-03T08:40:00+08:00",
 "address": "沈阳路128号", "reporter": {"name": "测试", "phone": "000"}, "attachments": [{"url": "https://example.org/a.jpg"}]}`

// ask sends a request and returns the status and the body. what is "GET /path" or
// "POST /path".
func ask(t *testing.T, base, what, body string, header ...string) (int, string) {
	t.Helper()
	method, path, _ := strings.Cut(what, " ")
	req, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// filed is a part of a case.
type filed struct {
	ID          string          `json:"id"`
	Certificate json.RawMessage `json:"certificate"`
}

func caseOf(t *testing.T, body string) (f filed, certificate string) {
	t.Helper()
	var c struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if err := json.Unmarshal(f.Certificate, &c); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return f, c.ID
}

// TestServe files the contract's report, sees it again after a restart byte for byte,
// and replays its certificate.
func TestServe(t *testing.T) {
	store := filepath.Join(t.TempDir(), "w.gpkg")
	s := start(t, "--open", "--store", store, "--demo", "40")
	status, created := ask(t, s.url, "POST /v1/cases", contract)
	if status != http.StatusCreated || !strings.Contains(created, "大桥街道") || strings.Contains(created, "测试") {
		t.Fatalf("POST /v1/cases = %d %s, want 201 with 大桥街道 and without the reporter", status, created)
	}
	if status, again := ask(t, s.url, "POST /v1/cases", contract); status != http.StatusOK || again != created {
		t.Errorf("POST /v1/cases again = %d %s, want 200 and the first case", status, again)
	}
	f, id := caseOf(t, created)
	_, one := ask(t, s.url, "GET /v1/cases/"+f.ID, "")
	if !strings.Contains(one, `"reporter":{"name":"测试","phone":"000"}`) {
		t.Errorf("GET /v1/cases/{id} = %s, want the reporter", one)
	}
	_, preview := ask(t, s.url, "POST /v1/locate", `{"text":"红房子医院门口有流动摊贩占道"}`)
	_, previewID := caseOf(t, `{"certificate":`+preview+`}`)
	if n := strings.Count(listed(t, s.url), `"key":"DEMO-`); n != 40 {
		t.Errorf("GET /v1/cases lists %d synthetic cases, want 40", n)
	}
	s.stop()

	s = start(t, "--open", "--store", store, "--demo", "40")
	if _, after := ask(t, s.url, "GET /v1/cases/"+f.ID, ""); after != one {
		t.Errorf("GET /v1/cases/{id} after a restart = %s, want %s", after, one)
	}
	if _, replay := ask(t, s.url, "GET /v1/certificates/"+id, ""); replay != string(f.Certificate) {
		t.Errorf("GET /v1/certificates/{id} after a restart = %s, want %s", replay, f.Certificate)
	}
	if _, replay := ask(t, s.url, "GET /v1/certificates/"+previewID, ""); replay != preview {
		t.Errorf("GET /v1/certificates/{a preview} after a restart = %s, want %s", replay, preview)
	}
	if _, text := ask(t, s.url, "GET /v1/certificates/"+id, "", "Accept", "text/plain"); !strings.HasPrefix(text, "该点位于杨浦区大桥街道") {
		t.Errorf("GET /v1/certificates/{id} as text = %s", text)
	}
	if n := strings.Count(listed(t, s.url), `"key":"DEMO-`); n != 40 {
		t.Errorf("after a restart with --demo GET /v1/cases lists %d synthetic cases, want the 40 there were", n)
	}
}

func listed(t *testing.T, url string) string {
	t.Helper()
	_, body := ask(t, url, "GET /v1/cases?limit=1000", "")
	return body
}

// TestServeRefuses: what is wrong is told, all of it, and nothing is filed.
func TestServeRefuses(t *testing.T) {
	s := start(t, "--open", "--store", filepath.Join(t.TempDir(), "w.gpkg"), "--demo", "0")
	for _, tt := range []struct {
		name, what, body string
		status           int
		want             []string
	}{
		{"no datum", "POST /v1/cases", `{"key":"1","source":"t","lon":121.5,"lat":31.28}`, 400, []string{"/datum", "wgs84", "gcj02", "bd09", "cgcs2000"}},
		{"no datum in the query", "GET /v1/locate?lon=121.5&lat=31.28", "", 400, []string{"?datum", "wgs84"}},
		{"swapped", "POST /v1/cases", `{"key":"1","source":"t","lon":31.28,"lat":121.5,"datum":"wgs84"}`, 400, []string{"swapped", "颠倒"}},
		{"NaN", "GET /v1/locate?lon=NaN&lat=31.28&datum=wgs84", "", 400, []string{"?lon"}},
		{"NaN in a body", "POST /v1/cases", `{"key":"1","source":"t","lon":NaN,"lat":31.28,"datum":"wgs84"}`, 400, []string{"/lon", "JSON"}},
		{"huge", "POST /v1/cases", `{"key":"1","source":"t","lon":1e308,"lat":31.28,"datum":"wgs84"}`, 400, []string{"/lon"}},
		{"an unknown field", "POST /v1/cases", `{"key":"1","source":"t","text":"安图路","longitude":1}`, 400, []string{"/longitude"}},
		{"an unknown parameter", "GET /v1/locate?lon=121.5&lat=31.28&datum=wgs84&zoom=3", "", 400, []string{"?zoom"}},
		{"a name twice", "POST /v1/cases", `{"key":"1","source":"t","text":"安图路","text":"x"}`, 400, []string{"/text", "twice"}},
		{"broken UTF-8", "POST /v1/cases", "{\"key\":\"1\",\"source\":\"t\",\"text\":\"\xff\"}", 400, []string{"UTF-8"}},
		{"a NUL", "POST /v1/cases", `{"key":"1","source":"t","text":"a\u0000b"}`, 400, []string{"/text"}},
		{"20 MB", "POST /v1/cases", `{"key":"1","source":"t","text":"` + strings.Repeat("a", 20<<20) + `"}`, 413, []string{"large"}},
		{"deep nesting", "POST /v1/cases", strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), 400, nil},
		{"several at once", "POST /v1/cases", `{"lon":31.28,"lat":121.5,"accuracy_m":-1}`, 400, []string{"/key", "/source", "/datum", "/accuracy_m", "swapped"}},
		{"no such case", "GET /v1/cases/310110-x", "", 404, nil},
		{"no such certificate", "GET /v1/certificates/wg1-x", "", 400, nil},
		{"no such page", "GET /v2", "", 404, nil},
	} {
		status, body := ask(t, s.url, tt.what, tt.body)
		for _, want := range append(tt.want, `"detail_zh"`) {
			if status != tt.status || !strings.Contains(body, want) {
				t.Errorf("%s: %s = %d %.600s, want %d and %q", tt.name, tt.what, status, body, tt.status, want)
			}
		}
	}
	if body := listed(t, s.url); !strings.HasPrefix(body, `{"items":[]`) {
		t.Errorf("GET /v1/cases = %s, want none", body)
	}
}

func TestServeToken(t *testing.T) {
	const token = "0123456789abcdef0123456789abcdef"
	s := start(t, "--token-file", file(t, "token", token+"\n"), "--store", filepath.Join(t.TempDir(), "w.gpkg"), "--demo", "0")
	for _, tt := range []struct {
		path, header string
		want         int
	}{
		{"/healthz", "", 200},
		{"/readyz", "", 200},
		{"/v1/version", "", 401},
		{"/metrics", "", 401},
		{"/v1/locate?lon=121.5&lat=31.28&datum=wgs84", "", 401},
		{"/v1/locate?lon=121.5&lat=31.28&datum=wgs84", "Bearer " + token[1:] + "0", 401},
		{"/v1/locate?lon=121.5&lat=31.28&datum=wgs84", "Basic " + token, 401},
		{"/v1/locate?lon=121.5&lat=31.28&datum=wgs84", "Bearer " + token, 200},
		{"/metrics", "Bearer " + token, 200},
	} {
		if status, body := ask(t, s.url, "GET "+tt.path, "", "Authorization", tt.header); status != tt.want {
			t.Errorf("GET %s with %q = %d %s, want %d", tt.path, tt.header, status, body, tt.want)
		}
	}
}

// TestServeFollows: what another process imports is answered with within a moment.
func TestServeFollows(t *testing.T) {
	store := filepath.Join(t.TempDir(), "w.gpkg")
	s := start(t, "--open", "--store", store, "--demo", "0")
	unit := "id,name,kind\nnew-unit,新单位,line\n"
	duty := "id,category,lead,limit,basis,hotspot\nduty-new,luan-shetan,new-unit,1 hour,测试依据,hongfangzi\n"
	done(t, "import", "units", file(t, "u.csv", unit), "--store", store)
	done(t, "import", "duties", file(t, "d.csv", duty), "--store", store)
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, body := ask(t, s.url, "POST /v1/locate", contract)
		if strings.Contains(body, `"lead":{"id":"new-unit"`) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("POST /v1/locate = %s, want new-unit to lead", body)
		}
		time.Sleep(50 * time.Millisecond) // between two looks, not a guess at how long it takes
	}
}

// TestServeKeepsOldAnswers: a certificate given before an edit of the duties replays as
// it was, and ?known asks for what was known then.
func TestServeKeepsOldAnswers(t *testing.T) {
	store := filepath.Join(t.TempDir(), "w.gpkg")
	s := start(t, "--open", "--store", store, "--demo", "0")
	_, before := ask(t, s.url, "POST /v1/locate", contract)
	_, id := caseOf(t, `{"certificate":`+before+`}`)
	known := time.Now().UTC().Format(time.RFC3339Nano)
	s.stop()
	doneAt(t, time.Now(), "import", "duties", file(t, "d.csv", "id,category,lead,basis,hotspot\nduty-new,luan-shetan,jiaojing,测试依据,hongfangzi\n"), "--store", store)
	s = start(t, "--open", "--store", store)
	if _, now := ask(t, s.url, "POST /v1/locate", contract); !strings.Contains(now, `"lead":{"id":"jiaojing"`) {
		t.Errorf("POST /v1/locate after the edit = %s, want jiaojing to lead", now)
	}
	if _, replay := ask(t, s.url, "GET /v1/certificates/"+id, ""); replay != before {
		t.Errorf("GET /v1/certificates/{id} after the edit = %s, want %s", replay, before)
	}
	asked := "/v1/locate?lon=121.5344&lat=31.2592&datum=gcj02&category=luan-shetan&at=2013-05-03T08:40:00%2B08:00&known="
	if _, old := ask(t, s.url, "GET "+asked+known, ""); !strings.Contains(old, `"lead":{"id":"sub-daqiao"`) {
		t.Errorf("GET /v1/locate?known=before the edit = %s, want sub-daqiao to lead", old)
	}
	if status, _ := ask(t, s.url, "GET "+asked+"2001-01-01T00:00:00Z", ""); status != 400 {
		t.Errorf("GET /v1/locate?known=2001 = %d, want 400", status)
	}
}
