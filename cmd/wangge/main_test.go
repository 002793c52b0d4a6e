package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wangge/grid"
)

// beMain makes the test binary the program itself, for tests that kill it.
const beMain = "WANGGE_TEST_BE_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(beMain) == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// noon is the time of every test that does not say another.
var noon = time.Date(2013, 5, 3, 12, 0, 0, 0, grid.Zone)

// output is a buffer that a service may still write to while a test reads it.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// wangge runs a command to its end, at noon.
func wangge(t *testing.T, in io.Reader, args ...string) (code int, out, errs string) {
	t.Helper()
	return wanggeAt(t, noon, in, args...)
}

func wanggeAt(t *testing.T, now time.Time, in io.Reader, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e output
	p := &program{in: in, out: &o, err: &e, getenv: func(string) string { return "" }, now: func() time.Time { return now }}
	code = p.run(t.Context(), args)
	return code, o.String(), e.String()
}

// done runs a command that must succeed, and returns what it wrote.
func done(t *testing.T, args ...string) string {
	t.Helper()
	return doneAt(t, noon, args...)
}

func doneAt(t *testing.T, now time.Time, args ...string) string {
	t.Helper()
	code, out, errs := wanggeAt(t, now, strings.NewReader(""), args...)
	if code != exitDone {
		t.Fatalf("wangge %s = %d, want 0\n%s%s", strings.Join(args, " "), code, out, errs)
	}
	return out
}

func file(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUsage(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "none.gpkg")
	short := file(t, "token", "too short")
	for _, tt := range []struct {
		args string
		code int
		want string // on either stream
	}{
		{"", exitDone, "locate"},
		{"--help", exitDone, "Answer one point or text"},
		{"version", exitDone, "wangge devel"},
		{"nonsense", exitUsage, "nonsense"},
		{"locate --lon 121.5 --datum wgs84", exitUsage, "--lon and --lat come together"},
		{"locate --lon 121.5 --lat 31.2 --datum utm", exitUsage, "wgs84, cgcs2000, gcj02, bd09"},
		{"locate --lon 121.5 --lat 31.2 --at yesterday --datum wgs84", exitUsage, "RFC 3339"},
		{"locate --lon 121.5 --lat 31.2", exitNo, "datum"},
		{"locate --lon 31.2 --lat 121.5 --datum wgs84", exitNo, "swapped"},
		{"locate --lon NaN --lat 31.2 --datum wgs84", exitNo, "finite"},
		{"locate --lon 1e308 --lat 31.2 --datum wgs84", exitNo, "-180 to 180"},
		{"locate --category luan-shetan", exitUsage, "a stream says category"},
		{"locate --text x --store " + empty, exitNo, "there is no store"},
		{"serve", exitUsage, "--open"},
		{"serve --open --addr 0.0.0.0:0", exitUsage, "loopback"},
		{"serve --open --addr [::]:0", exitUsage, "loopback"},
		{"serve --open --addr example.org:0", exitUsage, "loopback"},
		{"serve --open --token-file " + short, exitUsage, "takes no token"},
		{"serve --token-file " + short, exitUsage, "shorter than 32"},
		{"serve --open --addr 127.0.0.1:0 --store postgres://localhost/x", exitUsage, "PostgreSQL"},
		{"import areas " + empty, exitNo, "no such file"},
		{"import nonsense " + empty, exitUsage, "areas"},
		{"import cases x --replace", exitUsage, "--replace"},
	} {
		code, out, errs := wangge(t, strings.NewReader(""), strings.Fields(tt.args)...)
		if code != tt.code || !strings.Contains(out+errs, tt.want) {
			t.Errorf("wangge %s = %d, want %d and %q\n%s%s", tt.args, code, tt.code, tt.want, out, errs)
		}
	}
}

func TestLocateOne(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want []string
	}{
		{
			[]string{"locate", "--text", "红房子医院门口有流动摊贩占道"},
			[]string{"大桥街道", "✓ duty", "红房子医院周边", "wg1-"},
		},
		{
			[]string{"locate", "--lon", "121.5436", "--lat", "31.2921", "--datum", "wgs84", "--category", "luan-shetan", "--at", "2013-01-05T09:30:00+08:00"},
			[]string{"2013-01-05（星期六）是元旦调休上班日", "已超时 30 分钟"},
		},
		{
			[]string{"--lang", "en", "locate", "--lon", "121.5355", "--lat", "31.2954", "--datum", "wgs84", "--accuracy-m", "30"},
			[]string{"Changbai", "Yanji", "安图路"},
		},
		{
			[]string{"locate", "--json", "--lon", "121.5530", "--lat", "31.2600", "--datum", "wgs84"},
			[]string{`"standing":"outside"`, "浦东新区"},
		},
	} {
		out := done(t, tt.args...)
		for _, w := range tt.want {
			if !strings.Contains(out, w) {
				t.Errorf("wangge %s lacks %q:\n%s", strings.Join(tt.args, " "), w, out)
			}
		}
	}
}

// TestLocateMakeupRest: the policy for a make-up Saturday is a setting.
func TestLocateMakeupRest(t *testing.T) {
	out := done(t, "locate", "--makeup-rest", "--lon", "121.5436", "--lat", "31.2921", "--datum", "wgs84", "--category", "luan-shetan", "--at", "2013-01-05T09:30:00+08:00")
	if !strings.Contains(out, "按休息日执行") || strings.Contains(out, "超时") {
		t.Errorf("wangge locate --makeup-rest = %s, want it permitted", out)
	}
}

func TestLocateStream(t *testing.T) {
	var in strings.Builder
	for i := range 3000 {
		switch {
		case i%1000 == 500:
			in.WriteString("{\"lon\":121.5,\"lat\":31.2}\n")
		default:
			fmt.Fprintf(&in, `{"lon":%.4f,"lat":31.28,"datum":"wgs84","at":"2013-05-03T08:40:00+08:00"}`+"\n", 121.50+float64(i)/50000)
		}
	}
	code, out, errs := wangge(t, strings.NewReader(in.String()), "locate")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitNo || len(lines) != 3000 || !strings.Contains(errs, "3 of them") {
		t.Fatalf("wangge locate < 3000 lines = %d with %d lines, want 1 with 3000\n%s", code, len(lines), errs)
	}
	for i, l := range lines {
		want := fmt.Sprintf(`"asked":{"lon":%v,`, float64(int((121.50+float64(i)/50000)*10000+0.5))/10000)
		if i%1000 == 500 {
			want = fmt.Sprintf(`{"line":%d,"problem":`, i+1)
		}
		if !strings.Contains(l, want) {
			t.Fatalf("line %d = %s, want %s: order is kept", i+1, l, want)
		}
	}
}

func TestImportRecords(t *testing.T) {
	store := filepath.Join(t.TempDir(), "own.gpkg")
	for _, tt := range []struct{ kind, file, want string }{
		{"areas", "areas.geojson", "113 added"},
		{"units", "units.csv", "39 added"},
		{"categories", "categories.csv", "48 added"},
		{"hotspots", "hotspots.geojson", "50 added"},
		{"duties", "duties.csv", "90 added"},
		{"calendar", "calendar.csv", "577 added"},
		{"places", "places.csv", "376 added"},
		{"roads", "roads.geojson", "174 added"},
		{"crossings", "crossings.csv", "326 added"},
		{"doors", "doors.csv", "1108 added"},
	} {
		path := "../../fixtures/" + tt.file
		if out := done(t, "import", tt.kind, path, "--store", store, "--dry-run"); !strings.Contains(out, "dry run") {
			t.Errorf("import --dry-run %s = %s", tt.kind, out)
		}
		out := done(t, "import", tt.kind, path, "--store", store)
		if tt.kind != "areas" && !strings.Contains(out, tt.want) { // an area has one record for each of its shapes
			t.Errorf("import %s = %s, want %s", tt.kind, out, tt.want)
		}
		if out := done(t, "import", tt.kind, path, "--store", store); !strings.Contains(out, " 0 added, 0 changed, 0 deleted") {
			t.Errorf("import %s again = %s, want no change", tt.kind, out)
		}
	}
	out := done(t, "locate", "--store", store, "--text", "红房子医院门口有流动摊贩占道")
	if !strings.Contains(out, "大桥街道") {
		t.Errorf("locate on the imported map = %s, want 大桥街道", out)
	}
}

// TestImportCases: three bad rows of a thousand are named and nothing is filed, unless
// the others are wanted.
func TestImportCases(t *testing.T) {
	store := demoStore(t)
	var rows strings.Builder
	for i := range 1000 {
		lon := "121.53"
		if i == 16 || i == 499 || i == 999 {
			lon = "31.26"
		}
		fmt.Fprintf(&rows, `{"key":"k%d","source":"t","lon":%s,"lat":31.26,"datum":"wgs84"}`+"\n", i, lon)
	}
	path := file(t, "cases.ndjson", rows.String())
	code, _, errs := wangge(t, nil, "import", "cases", path, "--store", store)
	for _, line := range []string{"line 17 ", "line 500 ", "line 1000 "} {
		if !strings.Contains(errs, line) {
			t.Errorf("import of 3 bad rows lacks %q:\n%s", line, errs)
		}
	}
	if n := caseCount(t, store); code != exitNo || n != 0 {
		t.Errorf("import of 3 bad rows = %d and filed %d, want 1 and none\n%s", code, n, errs)
	}
	code, out, errs := wangge(t, nil, "import", "cases", path, "--store", store, "--keep-going")
	if n := caseCount(t, store); code != exitNo || n != 997 || !strings.Contains(out, "997 filed") {
		t.Errorf("import --keep-going = %d and filed %d, want 1 and 997\n%s%s", code, n, out, errs)
	}
}

// demoStore is a store with the demonstration map and no case.
func demoStore(t *testing.T) string {
	t.Helper()
	store := filepath.Join(t.TempDir(), "demo.gpkg")
	start(t, "--open", "--store", store, "--demo", "0").stop()
	return store
}

func caseCount(t *testing.T, store string) int {
	t.Helper()
	out := done(t, "export", "cases", "-o", "-", "--format", "geojsonl", "--store", store)
	return strings.Count(out, "\n")
}

// serving is a running wangge serve.
type serving struct {
	url  string
	log  output
	stop func()
}

// start runs wangge serve on a free port; it is stopped with the test if not before.
func start(t *testing.T, args ...string) *serving {
	t.Helper()
	s := &serving{}
	ctx, cancel := context.WithCancel(context.Background())
	url, ended := make(chan string, 1), make(chan int, 1)
	p := &program{
		in: strings.NewReader(""), out: &s.log, err: &s.log, getenv: func(string) string { return "" }, now: time.Now,
		listening: func(u string) { url <- strings.TrimSuffix(u, "/") },
	}
	go func() { ended <- p.run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if code := <-ended; code != exitDone {
			t.Errorf("wangge serve ended with %d\n%s", code, s.log.String())
		}
	})
	select {
	case s.url = <-url:
	case code := <-ended:
		ended <- code
		t.Fatalf("wangge serve ended with %d before it listened\n%s", code, s.log.String())
	}
	t.Cleanup(s.stop)
	return s
}
