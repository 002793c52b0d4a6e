package load_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/load"
)

// stream reads reports and renders each as "line key faults".
func stream(r io.Reader) (out []string, err error) {
	err = load.Reports(r, func(line int, rep grid.Report, faults []grid.Fault) error {
		s := fmt.Sprintf("%d %s", line, rep.Key)
		if faults != nil {
			s += " " + told(faults)
		}
		out = append(out, s)
		return nil
	})
	return out, err
}

func TestReports(t *testing.T) {
	long := strings.Repeat("长", 400_000) // 1.2 MB
	for _, tt := range []struct {
		name, in string
		want     []string
		kind     grid.Kind
		fails    bool
	}{
		{"nothing", "", nil, 0, false},
		{"white space", " \n\n", nil, 0, false},
		{"NDJSON", `{"key":"a"}` + "\n\n" + `{"key":"b"}`, []string{"1 a", "3 b"}, 0, false},
		{"NDJSON, BOM, CRLF", bom + `{"key":"a"}` + "\r\n" + `{"key":"b"}` + "\r\n", []string{"1 a", "2 b"}, 0, false},
		{"NDJSON behind empty lines", "\n\n" + `{"key":"a"}`, []string{"3 a"}, 0, false},
		{"NDJSON with faults", `{"key":"a","colour":1,"lon":"x"}` + "\n{\n" + `{"key":"c"}`, []string{"1 a /colour unknown; /lon type; /lat missing", "2  byte 1 json", "3 c"}, 0, false},
		{"NDJSON with a long line", `{"key":"a"}` + "\n" + `{"key":"` + long + `"}` + "\n" + `{"key":"c"}`, []string{"1 a", "2  line 2 long", "3 c"}, 0, false},
		{"a line of 1 MB", `{"key":"a","text":"` + strings.Repeat("x", 1<<20-30) + `"}`, []string{"1 a"}, 0, false},
		{"CSV", "key,lon,lat,datum\na,121.5,31.3,gcj02\nb,,,\n", []string{"2 a", "3 b"}, 0, false},
		{"CSV, BOM, CRLF", bom + "key,text\r\na,甲\r\n", []string{"2 a"}, 0, false},
		{"CSV over lines", "key,text\na,\"x\ny\"\nb,z\n", []string{"2 a", "4 b"}, 0, false},
		{"CSV with faults", "key,lon,lat,datum,at,accuracy_m\na,x,,mars,yesterday,-\nb\nc,NaN,31.3,wgs84,,\n", []string{"2 a /lon number; /datum datum; /at time; /accuracy_m number; /lat missing", "3  line 3 fields", "4 c /lon number"}, 0, false},
		{"CSV not UTF-8", "key,text\na,\xbc\xd7\nb,\x00\n", []string{"2 a /text utf8", "3 b /text nul"}, 0, false},
		{"CSV with a bare quote", "key,text\na,x\"y\nb,z\n", []string{"2  line 2 csv", "3 b"}, 0, false},
		{"CSV with a long record", "key,text\na,x\nb,\"" + long + "\nc,z\n", []string{"2 a"}, grid.TooLarge, true},
		{"CSV header", "key,colour,key\na,x,b\n", nil, grid.Invalid, true},
		{"CSV header not UTF-8", "key,\xbc\xd7\na,x\n", nil, grid.Invalid, true},
		{"a JSON list", `[{"key":"a"}]`, nil, grid.Invalid, true},
		{"UTF-16", "\xff\xfek\x00", nil, grid.Invalid, true},
		{"a database", "SQLite format 3\x00", nil, grid.Invalid, true},
	} {
		got, err := stream(strings.NewReader(tt.in))
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: Reports = %q, want %q", tt.name, got, tt.want)
		}
		if (err != nil) != tt.fails || (tt.fails && grid.KindOf(err) != tt.kind) {
			t.Errorf("%s: Reports = %v, want kind %v (%v)", tt.name, err, tt.kind, tt.fails)
		}
	}
}

func TestReportsFields(t *testing.T) {
	want := grid.Report{
		Key: "20130503000072", Source: "12345", Category: "luan-shetan", Text: "红房子医院门口有流动摊贩占道", Address: "沈阳路128号",
		Located: true, Point: orb.Point{121.5344, 31.2592}, Datum: datum.GCJ02, Accuracy: 30,
		At: time.Date(2013, 5, 3, 0, 40, 0, 0, time.UTC), Known: time.Date(2013, 5, 5, 0, 0, 0, 0, time.UTC),
		Reporter:    &grid.Reporter{Name: "甲", Phone: "1"},
		Attachments: []grid.Attachment{{URL: "https://example.org/a.jpg", SHA256: "00"}},
	}
	for name, in := range map[string]string{
		"CSV": "key,source,category,text,address,lon,lat,datum,accuracy_m,at,known,reporter_name,reporter_phone,attachment_url,attachment_sha256\n" +
			"20130503000072,12345,luan-shetan,红房子医院门口有流动摊贩占道,沈阳路128号,121.5344,31.2592,gcj02,30,2013-05-03T08:40:00+08:00,2013-05-05T00:00:00Z,甲,1,https://example.org/a.jpg,00\n",
		"NDJSON": `{"key":"20130503000072","source":"12345","category":"luan-shetan","text":"红房子医院门口有流动摊贩占道","address":"沈阳路128号",` +
			`"lon":121.5344,"lat":31.2592,"datum":"gcj02","accuracy_m":30,"at":"2013-05-03T08:40:00+08:00","known":"2013-05-05T00:00:00Z",` +
			`"reporter":{"name":"甲","phone":"1"},"attachments":[{"url":"https://example.org/a.jpg","sha256":"00"}]}`,
	} {
		err := load.Reports(strings.NewReader(in), func(_ int, got grid.Report, faults []grid.Fault) error {
			if faults != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: Reports = %+v, %v, want %+v", name, got, faults, want)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: Reports = %v", name, err)
		}
	}
}

func TestReportsStops(t *testing.T) {
	full := errors.New("full")
	for _, in := range []string{"{}\n{}\n{}\n", "key\na\nb\nc\n"} {
		n := 0
		err := load.Reports(strings.NewReader(in), func(int, grid.Report, []grid.Fault) error {
			n++
			if n == 2 {
				return full
			}
			return nil
		})
		if n != 2 || !errors.Is(err, full) {
			t.Errorf("Reports(%q) called %d times and returned %v, want 2 and %v", in, n, err, full)
		}
		broken := errors.New("cable out")
		_, err = stream(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("Reports of a reader that breaks = %v, want %v", err, broken)
		}
	}
}

// A slow sender is answered line by line.
func TestReportsDoesNotWait(t *testing.T) {
	for _, lines := range [][]string{{"{\"key\":\"a\"}\n", "{\"key\":\"b\"}\n"}, {"key,text\na,x\n", "b,y\n"}} {
		r, w := io.Pipe()
		seen := make(chan string)
		go func() {
			_ = load.Reports(r, func(_ int, rep grid.Report, _ []grid.Fault) error {
				seen <- rep.Key
				return nil
			})
			close(seen)
		}()
		for i, want := range []string{"a", "b"} {
			if _, err := io.WriteString(w, lines[i]); err != nil {
				t.Fatal(err)
			}
			if got := <-seen; got != want { // the next line is not written before this one is seen
				t.Errorf("report %d = %q, want %q", i, got, want)
			}
		}
		_ = w.Close()
		<-seen
	}
}

// endless is a stream of lines that never grows in memory.
type endless struct {
	line string
	n    int // lines left
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.n == 0 {
			return 0, io.EOF
		}
		e.n--
		e.rest = e.line
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func TestReportsMemory(t *testing.T) {
	const lines = 200_000
	for _, line := range []string{
		`{"key":"a","text":"红房子医院门口有流动摊贩占道","lon":121.5344,"lat":31.2592,"datum":"gcj02"}` + "\n",
		"key,text\n",
	} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		n := 0
		err := load.Reports(&endless{line: line, n: lines}, func(int, grid.Report, []grid.Fault) error {
			n++
			if n == lines-1 {
				runtime.GC()
				runtime.ReadMemStats(&now)
			}
			return nil
		})
		if err != nil || n < lines-1 {
			t.Fatalf("Reports read %d of %d, %v", n, lines, err)
		}
		if grown := int64(now.HeapAlloc) - int64(before.HeapAlloc); grown > 4<<20 {
			t.Errorf("after %d lines of %q the heap has grown by %d bytes, want less than 4 MB", n, line[:8], grown)
		}
	}
}

func BenchmarkReports(b *testing.B) {
	for name, in := range map[string][2]string{
		"ndjson": {"", `{"key":"20130503000072","source":"12345","text":"红房子医院门口有流动摊贩占道","lon":121.5344,"lat":31.2592,"datum":"gcj02","at":"2013-05-03T08:40:00+08:00"}` + "\n"},
		"csv":    {"key,source,text,lon,lat,datum,at\n", "20130503000072,12345,红房子医院门口有流动摊贩占道,121.5344,31.2592,gcj02,2013-05-03T08:40:00+08:00\n"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(in[1])))
			r := io.MultiReader(strings.NewReader(in[0]), &endless{line: in[1], n: b.N})
			if err := load.Reports(r, func(_ int, _ grid.Report, faults []grid.Fault) error {
				if faults != nil {
					b.Fatal(faults)
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkDemo(b *testing.B) {
	for b.Loop() {
		if _, err := load.Demo(); err != nil {
			b.Fatal(err)
		}
	}
}
