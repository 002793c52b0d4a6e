package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/export"
)

var someCase = grid.Case{
	ID: "310110-1", District: "310110",
	Report: grid.Report{
		Key: "20130503000072", Source: "12345", Category: "", Text: "=1+1, \"x\"\n第二行", Address: "沈阳路128号", Located: true,
		Point: orb.Point{121.53440000000002, 31.2592}, Datum: datum.GCJ02, Accuracy: 30,
		Reporter:    &grid.Reporter{Name: "张三丰", Phone: "13900000000"},
		Attachments: []grid.Attachment{{URL: "https://example.invalid/pic"}},
	},
	Certificate: []byte(`{"id":"wg1-AbC","standing":"settled"}`),
	Located:     true, Point: orb.Point{121.530050123456, 31.2613}, Street: "310110018", Cell: "310110018000123", Hex: "8a309a",
	Hotspots: []string{"hongfangzi", "b"}, Lead: "chengguan", Category: "luan-shetan", Standing: grid.Settled, State: grid.StateFiled,
	At: time.Date(2013, 5, 2, 16, 0, 0, 0, time.UTC), FiledAt: time.Date(2013, 5, 3, 0, 41, 2, 345e6, time.UTC), Due: time.Date(2013, 5, 6, 9, 0, 0, 0, time.UTC),
}

func TestCaseFiles(t *testing.T) {
	bare := grid.Case{ID: "310110-2", Standing: grid.Unlocated, At: now, FiledAt: now}
	got := string(writeCases(t, export.GeoJSONSeq, []grid.Case{someCase, bare}))
	want := `{"type":"Feature","properties":{"id":"310110-1","district":"310110","key":"20130503000072","source":"12345","category":"luan-shetan","text":"=1+1, \"x\"\n第二行","address":"沈阳路128号",` +
		`"at":"2013-05-03T00:00:00+08:00","filed_at":"2013-05-03T08:41:02.345+08:00","due":"2013-05-06T17:00:00+08:00","standing":"settled","state":"filed",` +
		`"street":"310110018","cell":"310110018000123","hex":"8a309a","lead":"chengguan","hotspots":["hongfangzi","b"],"accuracy_m":30,` +
		`"asked_lon":121.53440000000002,"asked_lat":31.2592,"asked_datum":"gcj02","certificate":"wg1-AbC"},"geometry":{"type":"Point","coordinates":[121.5300501,31.2613]}}` + "\n" +
		`{"type":"Feature","properties":{"id":"310110-2","district":null,"key":null,"source":null,"category":null,"text":null,"address":null,` +
		`"at":"2013-07-11T10:00:00+08:00","filed_at":"2013-07-11T10:00:00+08:00","due":null,"standing":"unlocated","state":null,` +
		`"street":null,"cell":null,"hex":null,"lead":null,"hotspots":null,"accuracy_m":null,"asked_lon":null,"asked_lat":null,"asked_datum":null,"certificate":null},"geometry":null}` + "\n"
	if got != want {
		t.Errorf("cases.geojsonl =\n%s\nwant\n%s", got, want)
	}
	got = string(writeCases(t, export.CSV, []grid.Case{someCase, bare}))
	want = "\ufeffid,district,key,source,category,text,address,lon,lat,datum,at,filed_at,due,standing,state,street,cell,hex,lead,hotspots,accuracy_m,asked_lon,asked_lat,asked_datum,certificate\n" +
		"310110-1,310110,20130503000072,12345,luan-shetan,\"'=1+1, \"\"x\"\"\n第二行\",沈阳路128号,121.5300501,31.2613,wgs84," +
		"2013-05-03T00:00:00+08:00,2013-05-03T08:41:02.345+08:00,2013-05-06T17:00:00+08:00,settled,filed,310110018,310110018000123,8a309a,chengguan,hongfangzi|b,30,121.53440000000002,31.2592,gcj02,wg1-AbC\n" +
		"310110-2,,,,,,,,,,2013-07-11T10:00:00+08:00,2013-07-11T10:00:00+08:00,,unlocated,,,,,,,,,,,\n"
	if got != want {
		t.Errorf("cases.csv =\n%s\nwant\n%s", got, want)
	}
}

func TestNoPersonalData(t *testing.T) {
	cases := append(synthetic(t, yangpu(t), 50), someCase)
	for _, f := range export.Formats {
		b := writeCases(t, f, cases)
		for _, word := range []string{"张三丰", "13900000000", "reporter", "example.invalid"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("cases.%s holds %q", f, word)
			}
		}
	}
}

func TestCertificateID(t *testing.T) {
	tests := []struct{ name, certificate, want string }{
		{"as written", `{"id":"wg1-a_B","standing":"settled"}`, "wg1-a_B"},
		{"another order", `{"standing":"settled","edge":{"id":"x"},"id":"wg1-c"}`, "wg1-c"},
		{"spaces", `{ "id" : "wg1-d" }`, "wg1-d"},
		{"escaped", `{"id":"wg1\u002de"}`, "wg1-e"},
		{"none", `{"standing":"settled"}`, ""},
		{"damaged", `{"id":"wg1`, ""},
		{"empty", ``, ""},
	}
	for _, tt := range tests {
		var f struct{ Properties struct{ Certificate string } }
		if err := json.Unmarshal(writeCases(t, export.GeoJSONSeq, []grid.Case{{Certificate: []byte(tt.certificate)}}), &f); err != nil || f.Properties.Certificate != tt.want {
			t.Errorf("certificate id of %s = %q, %v, want %q", tt.name, f.Properties.Certificate, err, tt.want)
		}
	}
}

// What a spreadsheet would run is text; what it would not is left alone.
func TestFormulas(t *testing.T) {
	tests := []struct{ in, want string }{
		{`=HYPERLINK("http://x")`, `'=HYPERLINK("http://x")`},
		{"+86", "'+86"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"\r=1", "'\r=1"},
		{"\n=1", "'\n=1"},
		{"＝1", "'＝1"},
		{"＋1", "'＋1"},
		{"－1", "'－1"},
		{"＠a", "'＠a"},
		{"  =1", "'  =1"},
		{"a=1", "a=1"},
		{"'=1", "'=1"},
		{"占道 -", "占道 -"},
		{"", ""},
		{"1-2", "1-2"},
	}
	for _, tt := range tests {
		for _, put := range []func(*grid.Case, string){
			func(c *grid.Case, s string) { c.Report.Text = s },
			func(c *grid.Case, s string) { c.Report.Key = s },
			func(c *grid.Case, s string) { c.Report.Source = s },
			func(c *grid.Case, s string) { c.Report.Address = s },
			func(c *grid.Case, s string) { c.Category = s },
			func(c *grid.Case, s string) {
				if strings.TrimSpace(s) != "" { // an empty member of a list is refused
					c.Hotspots = []string{s, "b"}
				}
			},
		} {
			var c grid.Case
			put(&c, tt.in)
			rec := parseCSV(t, writeCases(t, export.CSV, []grid.Case{c}))[1]
			want := strings.ReplaceAll(tt.want, "\r\n", "\n")
			if !slices.Contains(rec, want) && !slices.Contains(rec, want+"|b") {
				t.Errorf("CSV of %q = %q, want a field %q", tt.in, rec, want)
			}
			for _, field := range rec {
				if f := strings.TrimLeft(field, " "); f != "" && strings.ContainsAny(f[:1], "=+-@\t\r\n") {
					t.Errorf("CSV of %q has the field %q", tt.in, field)
				}
			}
		}
	}
}

func parseCSV(t rapid.TB, b []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatalf("not CSV: %v\n%q", err, b)
	}
	return all
}

// Any text at all gives files that other readers accept, with the text in them.
func TestAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s string
		if rapid.Bool().Draw(t, "bytes") {
			s = string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))
		} else {
			s = rapid.String().Draw(t, "text")
		}
		var buf bytes.Buffer
		w, err := export.NewWriter(&buf, export.GeoJSON, grid.KindCase, export.Options{Name: s})
		if err != nil {
			t.Fatal(err)
		}
		c := grid.Case{ID: "1", Report: grid.Report{Text: s}, Located: true, Point: orb.Point{
			rapid.Float64Range(-180, 180).Draw(t, "lon"), rapid.Float64Range(-90, 90).Draw(t, "lat"),
		}}
		if err := errors.Join(w.WriteCase(&c), w.WriteCase(&c), w.Close()); err != nil {
			t.Fatal(err)
		}
		var fc struct {
			Features []struct {
				Properties struct{ Text *string }
				Geometry   struct{ Coordinates orb.Point }
			}
		}
		if err := json.Unmarshal(buf.Bytes(), &fc); err != nil || len(fc.Features) != 2 {
			t.Fatalf("%d features, %v, in %q", len(fc.Features), err, buf.Bytes())
		}
		want := string([]rune(s)) // each bad byte is U+FFFD
		if got := fc.Features[1].Properties.Text; (got == nil) != (s == "") || got != nil && *got != want {
			t.Fatalf("text %q came back as %v", s, got)
		}
		if p := fc.Features[0].Geometry.Coordinates; math.Abs(p[0]-c.Point[0]) > 5.1e-8 || math.Abs(p[1]-c.Point[1]) > 5.1e-8 {
			t.Fatalf("point %v came back as %v", c.Point, p)
		}
		rec := parseCSV(t, csvOf(t, c))
		if len(rec) != 2 || len(rec[0]) != len(rec[1]) {
			t.Fatalf("CSV of %q = %q", s, rec)
		}
		want = strings.ReplaceAll(strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd"), "\r\n", "\n") // the last is encoding/csv's
		if got := rec[1][5]; got != want && got != "'"+want {
			t.Fatalf("text %q came back as %q, want %q", s, got, want)
		}
	})
}

func csvOf(t rapid.TB, c grid.Case) []byte {
	var buf bytes.Buffer
	w, err := export.NewWriter(&buf, export.CSV, grid.KindCase, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteCase(&c), w.Close()); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// full is a disk that is full after so many bytes, and then has room again.
type full struct {
	left int
	told bool
}

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 && !f.told {
		f.told = true
		return 0, errFull
	}
	return len(p), nil
}

// What was lost stays lost: a Writer whose disk was full once never ends well.
func TestDiskFull(t *testing.T) {
	w, err := export.NewWriter(&full{left: 1 << 20}, export.GeoJSON, grid.KindCase, export.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 1 << 20 {
		if err = w.WriteCase(&someCase); err != nil {
			break
		}
	}
	if !errors.Is(err, errFull) {
		t.Errorf("WriteCase to a full disk = %v, want %v", err, errFull)
	}
	if err := w.WriteCase(&someCase); !errors.Is(err, errFull) {
		t.Errorf("WriteCase behind it = %v, want %v", err, errFull)
	}
	if err := w.Close(); !errors.Is(err, errFull) {
		t.Errorf("Close behind it = %v, want %v", err, errFull)
	}
}

// peak counts the largest piece that is written at once.
type peak struct{ largest, total int }

func (p *peak) Write(b []byte) (int, error) {
	p.largest, p.total = max(p.largest, len(b)), p.total+len(b)
	return len(b), nil
}

// Memory does not grow with the file: a row leaves next to nothing behind, and
// pieces stay small.
func TestConstantMemory(t *testing.T) {
	for _, f := range export.Formats {
		var out peak
		w, err := export.NewWriter(&out, f, grid.KindCase, export.Options{})
		if err != nil {
			t.Fatal(err)
		}
		c := someCase
		c.Report.Text = "红房子医院门口有流动摊贩占道"
		allocs := testing.AllocsPerRun(20_000, func() {
			if err := w.WriteCase(&c); err != nil {
				t.Fatal(err)
			}
		})
		if allocs > 2 || out.largest > 256<<10 || out.total < 5<<20 {
			t.Errorf("%s: %.0f allocations a case, pieces of up to %d bytes of %d, want at most 2 and 256 KB", f, allocs, out.largest, out.total)
		}
	}
}
