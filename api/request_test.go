package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"wangge/api"
)

func TestLocateQuery(t *testing.T) {
	b := newFake(t, nil)
	for _, c := range []struct {
		name, query string
		status      int
		faults      string
	}{
		{"all there", "lon=121.5&lat=31.2&datum=gcj02&accuracy_m=30&category=x&at=2013-05-03T08:40:00%2B08:00&known=2013-05-05&lang=en", 200, ""},
		{"plus sent bare", "lon=121.5&lat=31.2&datum=gcj02&at=2013-05-03T08:40:00+08:00", 200, ""},
		{"empty pairs", "&lon=121.5&&lat=31.2&datum=wgs84&", 200, ""},
		{"nothing", "", 400, "?lon missing, ?lat missing, ?datum datum"},
		{"no datum", "lon=121.5&lat=31.2", 400, "?datum datum"},
		{"unknown datum", "lon=121.5&lat=31.2&datum=wgs72", 400, "?datum datum"},
		{"empty datum", "lon=121.5&lat=31.2&datum=", 400, "?datum empty"},
		{"swapped", "lon=31.2&lat=121.5&datum=wgs84", 400, "?lon swapped"},
		{"swapped and no datum", "lon=31.2&lat=121.5", 400, "?datum datum, ?lon swapped"},
		{"all at once", "lon=31.2&lat=121.5&accuracy_m=-1&at=yesterday&nosuch=1", 400, "?at time, ?nosuch unknown, ?datum datum, ?lon swapped, ?accuracy_m range"},
		{"NaN", "lon=NaN&lat=31.2&datum=wgs84", 400, "?lon finite"},
		{"infinite", "lon=121.5&lat=-Inf&datum=wgs84", 400, "?lat finite"},
		{"too large to read", "lon=1e309&lat=31.2&datum=wgs84", 400, "?lon range"},
		{"hexadecimal", "lon=0x79&lat=31.2&datum=wgs84", 400, "?lon type"},
		{"comma", "lon=121,5&lat=31.2&datum=wgs84", 400, "?lon type"},
		{"repeated", "lon=121.5&lon=121.6&lat=31.2&datum=wgs84", 400, "?lon repeated"},
		{"capital", "Lon=121.5&lat=31.2&datum=wgs84", 400, "?Lon unknown, ?lon missing"},
		{"of another route", "lon=121.5&lat=31.2&datum=wgs84&bbox=1,2,3,4", 400, "?bbox unknown"},
		{"bad percent", "lon=121.5&lat=31.2&datum=wgs84&category=%zz", 400, "?category utf8"},
		{"bad UTF-8", "lon=121.5&lat=31.2&datum=wgs84&category=%ff", 400, "?category utf8"},
		{"NUL", "lon=121.5&lat=31.2&datum=wgs84&category=a%00b", 400, "?category nul"},
		{"long", "lon=121.5&lat=31.2&datum=wgs84&category=" + strings.Repeat("a", 300), 400, "?category long"},
		{"language", "lon=121.5&lat=31.2&datum=wgs84&lang=fr", 400, "?lang choice"},
	} {
		a := b.get(t, "/v1/locate?"+c.query)
		if a.status != c.status {
			t.Errorf("%s: GET /v1/locate?%s = %d %s, want %d", c.name, c.query, a.status, a.body, c.status)
			continue
		}
		if c.status == 400 {
			if got := a.faults(t); got != c.faults {
				t.Errorf("%s: faults = %s, want %s", c.name, got, c.faults)
			}
		}
	}
	p := b.get(t, "/v1/locate?lon=121.5&lat=31.2").problem(t)
	for _, choice := range []string{"wgs84", "cgcs2000", "gcj02", "bd09"} {
		if !strings.Contains(p.Faults[0].Says, choice) || !strings.Contains(p.Faults[0].SaysZH, choice) {
			t.Errorf("the fault of a missing datum does not name %s: %+v", choice, p.Faults[0])
		}
	}
}

func TestManyFaultsAreBounded(t *testing.T) {
	b := newFake(t, nil)
	if n := len(b.get(t, "/v1/locate?"+strings.Repeat("a=1&", 4000)).problem(t).Faults); n > 40 {
		t.Errorf("a query of 4,000 faults is answered with %d", n)
	}
}

func TestPostLocate(t *testing.T) {
	b := newFake(t, nil)
	const good = `{"text":"红房子医院门口","lon":121.5,"lat":31.2,"datum":"gcj02"}`
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		faults                  string
	}{
		{"good", "application/json", good, 200, ""},
		{"charset", "application/json; charset=UTF-8", good, 200, ""},
		{"no type", "", good, 415, ""},
		{"form", "application/x-www-form-urlencoded", good, 415, ""},
		{"other charset", "application/json; charset=gbk", good, 415, ""},
		{"text", "text/plain", good, 415, ""},
		{"empty", "application/json", "", 400, "byte 0 json"},
		{"list", "application/json", "[]", 400, "byte 0 json"},
		{"unknown field", "application/json", `{"text":"x","colour":1}`, 400, "/colour unknown"},
		{"duplicate", "application/json", `{"text":"x","text":"y"}`, 400, "/text duplicate"},
		{"trailing", "application/json", `{"text":"x"}{}`, 400, "byte 0 json"},
		{"bad UTF-8", "application/json", "{\"text\":\"\xff\"}", 400, "byte 9 utf8"},
		{"NUL", "application/json", `{"text":"a\u0000b"}`, 400, "/text nul"},
		{"NaN", "application/json", `{"lon":NaN,"lat":31,"datum":"wgs84"}`, 400, "/lon json"},
		{"too large a number", "application/json", `{"lon":1e999,"lat":31,"datum":"wgs84"}`, 400, "/lon range"},
		{"deep", "application/json", `{"x":` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + `}`, 400, ""},
		{"query", "application/json", good, 200, ""},
	} {
		a := b.post(t, "/v1/locate", c.contentType, c.body)
		if a.status != c.status {
			t.Errorf("%s: POST /v1/locate = %d %.300s, want %d", c.name, a.status, a.body, c.status)
			continue
		}
		if c.status >= 400 {
			if got := a.faults(t); c.faults != "" && got != c.faults {
				t.Errorf("%s: faults = %s, want %s", c.name, got, c.faults)
			}
		}
		if c.status == 415 && a.header.Get("Accept") == "" {
			t.Errorf("%s: 415 does not say what is accepted", c.name)
		}
	}
	req := request(t, "POST", b.URL+"/v1/locate", "application/json", "\x1f\x8b")
	req.Header.Set("Content-Encoding", "gzip")
	if a := b.do(t, req); a.status != 415 {
		t.Errorf("a compressed body = %d, want 415", a.status)
	}
}

// spaces is a body that never ends, up to n bytes.
func spaces(n int64) io.Reader { return io.LimitReader(endless{}, n) }

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestLargeBody(t *testing.T) {
	b := newFake(t, nil)
	for _, path := range []string{"/v1/locate", "/v1/cases"} {
		for _, known := range []bool{true, false} {
			const size = 20 << 20
			req, err := http.NewRequest(http.MethodPost, b.URL+path, spaces(size))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			if known {
				req.ContentLength = size
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatalf("POST %s of 20 MiB: %v", path, err)
			}
			_ = res.Body.Close()
			if res.StatusCode != http.StatusRequestEntityTooLarge || len(b.desk.taken) != 0 {
				t.Errorf("POST %s of 20 MiB = %d with %d cases filed, want 413 and none", path, res.StatusCode, len(b.desk.taken))
			}
		}
	}
}

func TestLocateStream(t *testing.T) {
	b := newFake(t, nil)
	body := `{"lon":121.5001,"lat":31.2,"datum":"wgs84","category":"a"}
not json

{"lon":31.2,"lat":121.5,"datum":"wgs84"}
{"text":"` + strings.Repeat("长", 400000) + `"}
{"lon":121.5002,"lat":31.2,"datum":"wgs84","category":"b"}`
	a := b.post(t, "/v1/locate", "application/x-ndjson", body)
	if a.status != 200 || a.header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatalf("stream = %d %s", a.status, a.header.Get("Content-Type"))
	}
	type line struct {
		Text    string
		Line    int
		Problem *problem
	}
	var got []string
	for _, l := range strings.Split(strings.TrimSpace(a.body), "\n") {
		var v line
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Fatalf("line %q: %v", l, err)
		}
		if v.Problem != nil {
			got = append(got, fmt.Sprintf("%d:%d", v.Line, v.Problem.Status))
		} else {
			got = append(got, v.Text)
		}
	}
	if s, want := strings.Join(got, " "), "a/121.5001 2:400 4:400 5:413 b/121.5002"; s != want {
		t.Errorf("stream answers %s, want %s", s, want)
	}
}

// A line is answered before the next is sent: the stream can be talked to.
func TestLocateStreamTalks(t *testing.T) {
	b := newFake(t, nil)
	out, in := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, b.URL+"/v1/locate", out)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	first := make(chan struct{})
	go func() {
		_, _ = io.WriteString(in, `{"text":"x","category":"first"}`+"\n")
		<-first
		_, _ = io.WriteString(in, `{"text":"x","category":"second"}`+"\n")
		_ = in.Close()
	}()
	client := http.Client{Timeout: 20 * time.Second}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	if !lines.Scan() || !strings.Contains(lines.Text(), "first/") {
		t.Fatalf("first answer = %q, want one before the second question", lines.Text())
	}
	close(first)
	if !lines.Scan() || !strings.Contains(lines.Text(), "second/") || lines.Scan() {
		t.Errorf("second answer = %q", lines.Text())
	}
}

func TestPostCase(t *testing.T) {
	b := newFake(t, nil)
	body := `{"key":"k1","source":"12345","text":"x","reporter":{"name":"张三","phone":"1"}}`
	first, again := b.post(t, "/v1/cases", "application/json", body), b.post(t, "/v1/cases", "application/json", body)
	if first.status != 201 || first.header.Get("Location") != "/v1/cases/310110-1" {
		t.Errorf("first = %d, Location %q, want 201 and an address", first.status, first.header.Get("Location"))
	}
	if again.status != 200 || again.body != first.body {
		t.Errorf("again = %d %s, want 200 and the first case", again.status, again.body)
	}
	if strings.Contains(first.body, "张三") {
		t.Error("the answer to filing repeats the reporter")
	}
	if one := b.get(t, first.header.Get("Location")); one.status != 200 || !strings.Contains(one.body, "张三") {
		t.Errorf("GET %s = %d, want the case with its reporter", first.header.Get("Location"), one.status)
	}
	if list := b.get(t, "/v1/cases"); strings.Contains(list.body, "张三") || !strings.Contains(list.body, `"next":null`) {
		t.Errorf("GET /v1/cases = %s, want the case without its reporter, and no next", list.body)
	}
	if a := b.post(t, "/v1/cases", "application/json", `{"source":"12345","text":"x"}`); a.status != 400 || a.faults(t) != "/key missing" {
		t.Errorf("no key = %d %s, want 400", a.status, a.body)
	}
	for i, want := range []int{201, 200} {
		req := request(t, "POST", b.URL+"/v1/cases", "application/json", `{"source":"12345","text":"x"}`)
		req.Header.Set("Idempotency-Key", "abc")
		if a := b.do(t, req); a.status != want {
			t.Errorf("Idempotency-Key, time %d = %d, want %d", i+1, a.status, want)
		}
	}
	req := request(t, "POST", b.URL+"/v1/cases", "application/json", `{"source":"12345","text":"x"}`)
	req.Header.Set("Idempotency-Key", strings.Repeat("a", 129))
	if a := b.do(t, req); a.status != 400 {
		t.Errorf("a long Idempotency-Key = %d, want 400", a.status)
	}
	page := b.get(t, "/v1/cases?limit=1&source=12345")
	if link := page.header.Get("Link"); link != `</v1/cases?cursor=more%26more&limit=1&source=12345>; rel="next"` {
		t.Errorf("Link = %s", link)
	}
}

func rows(n int, bad ...int) string {
	var w strings.Builder
	for i := 1; i <= n; i++ {
		lat := 31.2
		for _, x := range bad {
			if x == i {
				lat = 400
			}
		}
		if lat > 90 {
			fmt.Fprintf(&w, `{"key":"k%d","source":"s","lon":31.2,"lat":121.5,"datum":"wgs84"}`+"\n", i)
			continue
		}
		fmt.Fprintf(&w, `{"key":"k%d","source":"s","lon":121.5,"lat":%v,"datum":"wgs84"}`+"\n", i, lat)
	}
	return w.String()
}

type summary struct {
	Summary *struct {
		Rows, Bad, Filed, Existing int
		Done                       bool
		Rejected                   []struct {
			Line   int
			Faults []struct{ Code string }
		}
		Problem *problem
	}
}

func summaryOf(tb testing.TB, a answer) summary {
	tb.Helper()
	lines := strings.Split(strings.TrimSpace(a.body), "\n")
	var s summary
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &s); err != nil || s.Summary == nil {
		tb.Fatalf("import ends with %q, want a summary: %v", lines[len(lines)-1], err)
	}
	return s
}

func (s summary) String() string {
	out := fmt.Sprintf("rows %d bad %d filed %d existing %d done %v", s.Summary.Rows, s.Summary.Bad, s.Summary.Filed, s.Summary.Existing, s.Summary.Done)
	for _, r := range s.Summary.Rejected {
		out += fmt.Sprintf(" %d:%s", r.Line, r.Faults[0].Code)
	}
	return out
}

func TestImport(t *testing.T) {
	b := newFake(t, nil)
	const nd = "application/x-ndjson"
	for _, c := range []struct {
		name, query, contentType, body, want string
		cases                                int
	}{
		{"three bad rows", "", nd, rows(1000, 17, 500, 1000), "rows 1000 bad 3 filed 0 existing 0 done false 17:swapped 500:swapped 1000:swapped", 0},
		{"said not to keep going", "?keep_going=false", nd, rows(10, 1), "rows 10 bad 1 filed 0 existing 0 done false 1:swapped", 0},
		{"keep going", "?keep_going", nd, rows(1000, 17, 500, 1000), "rows 1000 bad 3 filed 997 existing 0 done true 17:swapped 500:swapped 1000:swapped", 997},
		{"again, mended", "", nd, rows(1000), "rows 1000 bad 0 filed 3 existing 997 done true", 1000},
		{"no key", "", nd, `{"source":"s","text":"x"}`, "rows 1 bad 1 filed 0 existing 0 done false 1:missing", 1000},
		{"CSV", "", "text/csv", "key,source,lon,lat,datum\nc1,s,121.5,31.2,wgs84\nc2,s,31.2,121.5,wgs84\n", "rows 2 bad 1 filed 0 existing 0 done false 3:swapped", 1000},
		{"CSV, good", "", "text/csv; charset=utf-8", "key,source,lon,lat,datum\nc1,s,121.5,31.2,wgs84\n", "rows 1 bad 0 filed 1 existing 0 done true", 1001},
		{"nothing", "", nd, "", "rows 0 bad 0 filed 0 existing 0 done true", 1001},
	} {
		a := b.post(t, "/v1/cases:import"+c.query, c.contentType, c.body)
		if a.status != 200 {
			t.Errorf("%s = %d %s, want 200", c.name, a.status, a.body)
			continue
		}
		if got := summaryOf(t, a).String(); got != c.want || len(b.desk.taken) != c.cases {
			t.Errorf("%s: summary %s with %d cases, want %s with %d", c.name, got, len(b.desk.taken), c.want, c.cases)
		}
	}
	if a := b.post(t, "/v1/cases:import", "text/csv", "nonsense\n1\n"); a.status != 400 {
		t.Errorf("a CSV without known columns = %d, want 400", a.status)
	}
	if a := b.post(t, "/v1/cases:import", "application/json", "{}"); a.status != 415 {
		t.Errorf("JSON = %d, want 415", a.status)
	}
}

func TestImportProgressAndLimits(t *testing.T) {
	b := newFake(t, func(o *api.Options) { o.ImportBytes = 4 << 20 })
	a := b.post(t, "/v1/cases:import", "application/x-ndjson", rows(12000))
	if n := strings.Count(a.body, `"phase":"check"`); n != 2 {
		t.Errorf("an import of 12,000 rows has %d lines of progress in its check, want 2", n)
	}
	if s := summaryOf(t, a); s.Summary.Filed != 12000 {
		t.Errorf("summary = %s, want 12000 filed", s)
	}
	filed := len(b.desk.taken)
	if a := b.post(t, "/v1/cases:import", "application/x-ndjson", rows(100000)); a.status != 413 {
		t.Errorf("5 MiB where 4 are taken = %d, want 413", a.status)
	}
	req := request(t, "POST", b.URL+"/v1/cases:import", "application/x-ndjson", "")
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader(strings.ReplaceAll(rows(100000), `:"k`, `:"z`))), -1
	if s := summaryOf(t, b.do(t, req)); s.Summary.Done || s.Summary.Problem == nil || s.Summary.Problem.Status != 413 {
		t.Errorf("5 MiB of unknown length: %s, want a summary with a 413", s)
	}
	if a := b.post(t, "/v1/cases:import?keep_going", "application/x-ndjson", strings.Repeat("x\n", 20000)); a.status != 400 {
		t.Errorf("lines that are not JSON = %d %.200s, want 400", a.status, a.body)
	}
	if s := summaryOf(t, b.post(t, "/v1/cases:import?keep_going", "application/x-ndjson", strings.Repeat("{}\n", 20000))); s.Summary.Bad != 10000 || s.Summary.Done {
		t.Errorf("20,000 bad rows: bad %d done %v, want it to stop at 10,000", s.Summary.Bad, s.Summary.Done)
	}
	if len(b.desk.taken) != filed {
		t.Errorf("%d cases were filed by refused imports", len(b.desk.taken)-filed)
	}
}

func TestRecords(t *testing.T) {
	b := newFake(t, nil)
	for _, c := range []struct{ path, accept, contentType, has string }{
		{"/v1/areas", "", "application/json", `"next":null`},
		{"/v1/areas", "application/geo+json", "application/geo+json", `"FeatureCollection"`},
		{"/v1/areas", "application/geo+json;q=0.5, application/json", "application/json", `"items"`},
		{"/v1/areas?f=geojson", "application/json", "application/geo+json", `"properties"`},
		{"/v1/areas/310110003", "", "application/json", `"code":"310110003"`},
		{"/v1/areas/310110003?f=geojson", "", "application/geo+json", `"id":"310110003"`},
		{"/v1/units", "application/geo+json", "application/json", `{"items":[],"next":null}`},
	} {
		req := request(t, "GET", b.URL+c.path, "", "")
		if c.accept != "" {
			req.Header.Set("Accept", c.accept)
		}
		a := b.do(t, req)
		if a.status != 200 || a.header.Get("Content-Type") != c.contentType || !strings.Contains(a.body, c.has) || !json.Valid([]byte(a.body)) {
			t.Errorf("GET %s with %q = %d %s %.200s, want %s with %s", c.path, c.accept, a.status, a.header.Get("Content-Type"), a.body, c.contentType, c.has)
		}
		req.Header.Set("If-None-Match", a.header.Get("ETag"))
		if again := b.do(t, req); again.status != 304 || again.body != "" {
			t.Errorf("GET %s again = %d, want 304", c.path, again.status)
		}
	}
	for path, want := range map[string]int{
		"/v1/areas?bbox=121.495,31.2,121.505,31.3": 1, "/v1/areas?level=street": 5, "/v1/areas?level=cell": 2, "/v1/areas?level=cell&limit=1": 1, "/v1/areas/310110001000002": 1,
	} {
		if n := strings.Count(b.get(t, path).body, `"code"`); n != want {
			t.Errorf("GET %s has %d areas, want %d", path, n, want)
		}
	}
	for _, path := range []string{"/v1/areas?level=house", "/v1/areas?cursor=!!", "/v1/areas?cursor=YWJj", "/v1/areas?limit=0", "/v1/areas?bbox=3,2,1,0", "/v1/areas?bbox=1,2,3", "/v1/units?bbox=1,2,3,4", "/v1/areas?at=2013"} {
		if a := b.get(t, path); a.status != 400 {
			t.Errorf("GET %s = %d, want 400", path, a.status)
		}
	}
}

func TestRecordsPages(t *testing.T) {
	b := newFake(t, nil)
	var codes []string
	for path := "/v1/areas?limit=2"; path != ""; {
		a := b.get(t, path)
		var page struct {
			Items []struct{ Code string }
			Next  *string
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			codes = append(codes, it.Code)
		}
		if path = ""; page.Next != nil {
			path = *page.Next
		}
	}
	if got, want := strings.Join(codes, " "), "310110001 310110002 310110003 310110004 310110005"; got != want {
		t.Errorf("pages = %s, want %s", got, want)
	}
}

func TestCertificate(t *testing.T) {
	b := newFake(t, nil)
	req := request(t, "GET", b.URL+"/v1/certificates/wg1-fake", "", "")
	if a := b.do(t, req); a.status != 200 || !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
		t.Errorf("certificate = %d, kept %q, want it kept for ever", a.status, a.header.Get("Cache-Control"))
	}
	req.Header.Set("Accept", "text/plain")
	if a := b.do(t, req); a.body != "正文\n" || a.header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("certificate as text = %q %s", a.body, a.header.Get("Content-Type"))
	}
	if a := b.get(t, "/v1/certificates/wg1-"+strings.Repeat("x", 5000)); a.status != 404 {
		t.Errorf("a long id = %d, want 404", a.status)
	}
}
