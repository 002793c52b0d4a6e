package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"wangge/api"
	"wangge/grid"
)

type answer struct {
	status int
	header http.Header
	body   string
}

type problem struct {
	Type, Title, Detail string
	Status              int
	DetailZH            string `json:"detail_zh"`
	Faults              []struct {
		At, Code, Says string
		SaysZH         string `json:"says_zh"`
	}
}

func (a answer) problem(tb testing.TB) problem {
	tb.Helper()
	var p problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		tb.Fatalf("problem %q: %v", a.body, err)
	}
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" || p.Status != a.status || p.Detail == "" || p.DetailZH == "" || p.Type == "" || p.Faults == nil {
		tb.Errorf("problem = %s with type %s and status %d, want a whole application/problem+json", a.body, ct, a.status)
	}
	return p
}

func (a answer) faults(tb testing.TB) string {
	tb.Helper()
	var list []string
	for _, f := range a.problem(tb).Faults {
		list = append(list, f.At+" "+f.Code)
	}
	return strings.Join(list, ", ")
}

func request(tb testing.TB, method, url, contentType, body string) *http.Request {
	tb.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req
}

func roundTrip(tb testing.TB, req *http.Request) answer {
	tb.Helper()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		tb.Fatalf("%s %s: %v", req.Method, req.URL.Path, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatalf("%s %s: read: %v", req.Method, req.URL.Path, err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (b *bench) get(tb testing.TB, path string) answer {
	tb.Helper()
	return roundTrip(tb, request(tb, "GET", b.URL+path, "", ""))
}

func (b *bench) post(tb testing.TB, path, contentType, body string) answer {
	tb.Helper()
	return roundTrip(tb, request(tb, "POST", b.URL+path, contentType, body))
}

func TestNewOptions(t *testing.T) {
	d := &fakeDesk{}
	st := &fakeStore{desk: d}
	for _, c := range []struct {
		name string
		o    api.Options
		ok   bool
	}{
		{"open", api.Options{Desk: d, Store: st, Open: true}, true},
		{"token", api.Options{Desk: d, Store: st, Token: "t"}, true},
		{"neither open nor token", api.Options{Desk: d, Store: st}, false},
		{"open and token", api.Options{Desk: d, Store: st, Open: true, Token: "t"}, false},
		{"token with a line end", api.Options{Desk: d, Store: st, Token: "t\n"}, false},
		{"no desk", api.Options{Store: st, Open: true}, false},
	} {
		if _, err := api.New(c.o); (err == nil) != c.ok {
			t.Errorf("%s: New() error = %v, want ok %v", c.name, err, c.ok)
		}
	}
}

func TestToken(t *testing.T) {
	b := newFake(t, func(o *api.Options) { o.Open, o.Token = false, "s3cret" })
	for _, c := range []struct {
		path, auth string
		want       int
	}{
		{"/v1/version", "", 401},
		{"/v1/version", "Bearer s3cret", 200},
		{"/v1/version", "bearer s3cret", 200},
		{"/v1/version", "Bearer s3cre", 401},
		{"/v1/version", "Bearer s3crett", 401},
		{"/v1/version", "Bearer ", 401},
		{"/v1/version", "Basic s3cret", 401},
		{"/v1/version?token=s3cret", "", 401},
		{"/metrics", "", 401},
		{"/v1/openapi.json", "", 401},
		{"/nowhere", "", 401},
		{"/nowhere", "Bearer s3cret", 404},
		{"/healthz", "", 200},
		{"/readyz", "", 200},
		{"/", "", 401},
		{"/", "Bearer s3cret", 200},
	} {
		req := request(t, "GET", b.URL+c.path, "", "")
		if c.auth != "" {
			req.Header.Set("Authorization", c.auth)
		}
		a := b.do(t, req)
		if a.status != c.want {
			t.Errorf("GET %s with %q = %d, want %d", c.path, c.auth, a.status, c.want)
		}
		if a.status == 401 && !strings.HasPrefix(a.header.Get("Www-Authenticate"), "Bearer") {
			t.Errorf("GET %s: 401 without WWW-Authenticate", c.path)
		}
	}
	req := request(t, "GET", b.URL+"/", "", "")
	req.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	if a := b.do(t, req); a.status != 401 || !strings.Contains(a.body, "sign-in") {
		t.Errorf("GET / by a browser without a token = %d, want 401 with the page that asks for it", a.status)
	}
}

func TestOpenIsLocal(t *testing.T) {
	b := newFake(t, nil)
	for _, c := range []struct {
		name, method, host string
		header             [2]string
		want               int
	}{
		{"plain", "GET", "", [2]string{}, 200},
		{"localhost", "GET", "localhost:8080", [2]string{}, 200},
		{"rebound name", "GET", "evil.example:8080", [2]string{}, 403},
		{"name that begins like loopback", "GET", "127.0.0.1.evil.example", [2]string{}, 403},
		{"other address", "GET", "10.0.0.7", [2]string{}, 403},
		{"IPv6 loopback", "GET", "[::1]:8080", [2]string{}, 200},
		{"through a proxy", "GET", "", [2]string{"X-Forwarded-For", "10.0.0.7"}, 403},
		{"through a named proxy", "GET", "", [2]string{"Forwarded", "for=10.0.0.7"}, 403},
		{"write from another site", "POST", "", [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"write from a neighbour site", "POST", "", [2]string{"Sec-Fetch-Site", "same-site"}, 403},
		{"write from another origin", "POST", "", [2]string{"Origin", "https://evil.example"}, 403},
		{"write from nowhere", "POST", "", [2]string{"Origin", "null"}, 403},
		{"write from the page", "POST", "", [2]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"write by a program", "POST", "", [2]string{}, 200},
	} {
		path, body, ct := "/v1/version", "", ""
		if c.method == "POST" {
			path, body, ct = "/v1/locate", `{"text":"x"}`, "application/json"
		}
		req := request(t, c.method, b.URL+path, ct, body)
		if c.host != "" {
			req.Host = c.host
		}
		if c.header[0] != "" {
			req.Header.Set(c.header[0], c.header[1])
		}
		if a := b.do(t, req); a.status != c.want {
			t.Errorf("%s = %d, want %d: %s", c.name, a.status, c.want, a.body)
		}
	}
}

func TestOpenRefusesUnknownEnds(t *testing.T) {
	s, err := api.New(api.Options{Desk: &fakeDesk{}, Store: &fakeStore{}, Open: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, remote := range []string{"192.0.2.1:1234", "127.0.0.1:1234", ""} {
		w := newRecorder()
		req := request(t, "GET", "http://localhost/v1/version", "", "")
		req.RemoteAddr = remote // and no local address: not from an http.Server
		s.ServeHTTP(w, req)
		if w.status != 403 {
			t.Errorf("from %q to nobody knows where = %d, want 403", remote, w.status)
		}
	}
}

type recorder struct {
	status int
	head   http.Header
	body   bytes.Buffer
}

func newRecorder() *recorder                          { return &recorder{head: http.Header{}} }
func (r *recorder) Header() http.Header               { return r.head }
func (r *recorder) WriteHeader(s int)                 { r.status = s }
func (r *recorder) Write(b []byte) (n int, err error) { return r.body.Write(b) }

func TestMethodsAndPaths(t *testing.T) {
	b := newFake(t, nil)
	for _, c := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{"DELETE", "/v1/cases", 405, "GET, HEAD, POST"},
		{"PUT", "/v1/locate", 405, "GET, HEAD, POST"},
		{"POST", "/v1/version", 405, "GET, HEAD"},
		{"GET", "/v1/cases:import", 405, "POST"},
		{"GET", "/v1/nothing", 404, ""},
		{"GET", "/v1/cases/", 404, ""},
		{"GET", "/assets/../go.mod", 404, ""},
		{"GET", "/v1/basemap/secret", 404, ""},
	} {
		a := b.do(t, request(t, c.method, b.URL+c.path, "", ""))
		if a.status != c.want || a.header.Get("Allow") != c.allow {
			t.Errorf("%s %s = %d, Allow %q, want %d, %q", c.method, c.path, a.status, a.header.Get("Allow"), c.want, c.allow)
		}
		a.problem(t)
	}
	get, head := b.get(t, "/v1/version"), b.do(t, request(t, "HEAD", b.URL+"/v1/version", "", ""))
	if head.status != 200 || head.body != "" || head.header.Get("Content-Length") != get.header.Get("Content-Length") {
		t.Errorf("HEAD /v1/version = %d %q, length %s, want 200, no body, length %s", head.status, head.body, head.header.Get("Content-Length"), get.header.Get("Content-Length"))
	}
}

func TestHeaders(t *testing.T) {
	b := newFake(t, nil)
	for _, path := range []string{"/v1/version", "/nowhere", "/", "/v1/areas"} {
		a := b.get(t, path)
		for _, h := range []string{"X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "Cache-Control", "X-Frame-Options"} {
			if a.header.Get(h) == "" {
				t.Errorf("GET %s has no %s", path, h)
			}
		}
		if csp := a.header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.HasPrefix(csp, "default-src 'none'") {
			t.Errorf("GET %s: policy %q is not strict", path, csp)
		}
	}
}

// A panic and an unknown error are told as our fault, without a word of them.
func TestInternalIsSilent(t *testing.T) {
	var logged bytes.Buffer
	b := newFake(t, func(o *api.Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
	if a := b.post(t, "/v1/locate", "application/json", `{"text":"panic"}`); a.status != 500 || strings.Contains(a.body, "falls over") {
		t.Errorf("panic = %d %s, want a silent 500", a.status, a.body)
	}
	b.desk.fail = io.ErrNoProgress
	if a := b.post(t, "/v1/locate", "application/json", `{"text":"x"}`); a.status != 500 || strings.Contains(a.body, "Read") {
		t.Errorf("unknown error = %d %s, want a silent 500", a.status, a.body)
	}
	b.desk.fail = &grid.Error{Kind: grid.Unavailable, Msg: "full", MsgZH: "满"}
	if a := b.post(t, "/v1/locate", "application/json", `{"text":"x"}`); a.status != 503 || a.problem(t).Detail != "full" {
		t.Errorf("unavailable = %d %s, want 503 full", a.status, a.body)
	}
	b.store.down = true
	if a := b.get(t, "/readyz"); a.status != 503 || strings.Contains(a.body, "secret") {
		t.Errorf("GET /readyz of a store that is down = %d %s, want a 503 that tells no path", a.status, a.body)
	}
	if a := b.get(t, "/healthz"); a.status != 200 {
		t.Errorf("GET /healthz of a store that is down = %d, want 200", a.status)
	}
}

// Nothing that a caller says or that stands in an address reaches the log or an error.
func TestNothingPersonalIsRepeated(t *testing.T) {
	var logged bytes.Buffer
	b := newFake(t, func(o *api.Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
	const name = "张三13800138000"
	var said strings.Builder
	for _, a := range []answer{
		b.get(t, "/v1/cases?q="+name+"&nosuch="+name),
		b.get(t, "/v1/cases?"+name+"=1"),
		b.get(t, "/v1/locate?lon="+name+"&lat=1&datum="+name+"&at="+name+"&lang="+name),
		b.get(t, "/v1/cases?bbox="+name+"&limit="+name+"&state="+name),
		b.get(t, "/v1/certificates/"+name), b.get(t, "/v1/cases/"+name), b.get(t, "/"+name),
		b.post(t, "/v1/locate", "application/json", `{"text":"`+name+`","reporter":{"name":"`+name+`","age":3,"`+name+`":1},"`+name+`":2,"lon":"`+name+`"}`),
		b.post(t, "/v1/cases", "application/json", `{"text":"`+name+`"}`),
		b.post(t, "/v1/cases:import", "application/x-ndjson", `{"text":"`+name+`","at":"`+name+`"}`),
		b.post(t, "/v1/cases:import", "text/csv", name+",x\n1,2\n"),
	} {
		said.WriteString(a.body)
	}
	for what, text := range map[string]string{"an answer": said.String(), "the log": logged.String()} {
		if strings.Contains(text, "13800138000") {
			t.Errorf("%s repeats what was sent: %s", what, text)
		}
	}
}

func TestMetrics(t *testing.T) {
	b := newFake(t, nil)
	b.get(t, "/v1/locate?lon=121.5&lat=31.2&datum=wgs84")
	b.get(t, "/v1/locate")
	b.get(t, "/v1/areas/310110001")
	a := b.get(t, "/metrics")
	for _, want := range []string{
		`wangge_http_requests_total{method="GET",route="/v1/locate",status="2xx"} 1`,
		`wangge_http_requests_total{method="GET",route="/v1/locate",status="4xx"} 1`,
		`wangge_http_requests_total{method="GET",route="/v1/areas/{id}",status="2xx"} 1`,
		`wangge_certificates_total{standing="settled"} 1`,
		`wangge_http_request_seconds_count{method="GET",route="/v1/locate"} 2`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("GET /metrics lacks %s", want)
		}
	}
	if strings.Contains(a.body, "310110001") {
		t.Error("GET /metrics names an area")
	}
}
