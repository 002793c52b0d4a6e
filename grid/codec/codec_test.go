package codec_test

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

var (
	day1 = time.Date(2019, 6, 4, 0, 0, 0, 0, grid.Zone).UTC()
	ring = orb.Ring{{121.5, 31.2}, {121.6, 31.2}, {121.6, 31.3}, {121.5, 31.2}}
)

// TestRecordNames pins the wire names: they are a contract with every stored log.
func TestRecordNames(t *testing.T) {
	tests := []struct {
		rec  grid.Record
		want string
	}{
		{
			grid.Area{
				Code: "310110021", Name: "长海路街道", NameEN: "Changhai Road", Level: grid.LevelStreet,
				Shape: orb.MultiPolygon{{ring}}, Residents: 7, Valid: grid.Span{From: day1}, Basis: "b",
			},
			`{"code":"310110021","name":"长海路街道","name_en":"Changhai Road","level":"street","geometry":{"type":"MultiPolygon","coordinates":[[[[121.5,31.2],[121.6,31.2],[121.6,31.3],[121.5,31.2]]]]},"residents":7,"valid_from":"2019-06-04T00:00:00+08:00","basis":"b"}`,
		},
		{
			grid.Border{ID: "a1", Left: "1", Right: "2", Outside: "宝山区", Along: "三门路", Line: orb.LineString{{1, 2}, {3, 4}}},
			`{"id":"a1","left":"1","right":"2","outside":"宝山区","along":"三门路","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]}}`,
		},
		{
			grid.Unit{ID: "u", Name: "城管", Full: "f", Kind: grid.UnitLine, Street: "s", Note: "n"},
			`{"id":"u","name":"城管","full":"f","kind":"line","street":"s","note":"n"}`,
		},
		{
			grid.Hotspot{ID: "h", Kind: grid.Site, Reach: 1.5, Streets: []string{"1", "2"}, Lead: "u", Schedule: "daily 08:00-09:00", Assumed: true},
			`{"id":"h","kind":"site","reach":1.5,"streets":["1","2"],"lead":"u","schedule":"daily 08:00-09:00","assumed":true}`,
		},
		{
			grid.Hotspot{ID: "h", Kind: grid.Perimeter, Shape: orb.Point{121.5, 31.25}},
			`{"id":"h","kind":"perimeter","geometry":{"type":"Point","coordinates":[121.5,31.25]}}`,
		},
		{
			grid.Duty{ID: "d", HotspotKind: grid.Campus, Group: "g", Window: "w", Closed: true, Lead: "u", Assist: []string{"a"}, Limit: grid.Limit{N: 2, Unit: grid.WorkingDays}, BasisEN: "e"},
			`{"id":"d","hotspot_kind":"campus","group":"g","window":"w","closed":true,"lead":"u","assist":["a"],"limit":{"n":2,"unit":"working_day"},"basis_en":"e"}`,
		},
		{grid.Category{Code: "c", Group: "g", GroupEN: "G", Tags: []string{"t"}, Words: []string{"w"}}, `{"code":"c","group":"g","group_en":"G","tags":["t"],"words":["w"]}`},
		{grid.Place{ID: "p", Aliases: []string{"x"}, At: orb.Point{1, 2}}, `{"id":"p","aliases":["x"],"geometry":{"type":"Point","coordinates":[1,2]}}`},
		{grid.Road{Name: "安图路", Line: orb.LineString{{1, 2}, {3, 4}}, Error: 14}, `{"name":"安图路","geometry":{"type":"LineString","coordinates":[[1,2],[3,4]]},"error":14}`},
		{grid.Crossing{RoadA: "a", RoadB: "b", At: orb.Point{1, 2}}, `{"road_a":"a","road_b":"b","geometry":{"type":"Point","coordinates":[1,2]}}`},
		{grid.Door{Road: "r", Number: 5, Suffix: "号", At: orb.Point{1, 2}}, `{"road":"r","number":5,"suffix":"号","geometry":{"type":"Point","coordinates":[1,2]}}`},
		{grid.Day{Date: "2013-01-05", Name: "元旦"}, `{"date":"2013-01-05","name":"元旦"}`},
		{grid.Backdrop{ID: "w", Layer: "water", Shape: orb.Polygon{ring}, Props: map[string]string{"b": "2", "a": "1"}}, `{"id":"w","layer":"water","geometry":{"type":"Polygon","coordinates":[[[121.5,31.2],[121.6,31.2],[121.6,31.3],[121.5,31.2]]]},"props":{"a":"1","b":"2"}}`},
		{grid.Measure{Campaign: "c1", ID: "1.1", Value: "35", Approx: true}, `{"campaign":"c1","id":"1.1","value":"35","approx":true}`},
	}
	seen := map[grid.RecordKind]bool{}
	for _, tt := range tests {
		seen[tt.rec.RecordKind()] = true
		got, err := codec.EncodeRecord(tt.rec)
		if err != nil || string(got) != tt.want {
			t.Errorf("EncodeRecord(%+v) = %s, %v, want %s", tt.rec, got, err, tt.want)
		}
		back, err := codec.DecodeRecord(tt.rec.RecordKind(), got)
		if err != nil || !reflect.DeepEqual(back, tt.rec) {
			t.Errorf("DecodeRecord(%s) = %+v, %v, want %+v", got, back, err, tt.rec)
		}
	}
	for _, k := range grid.RecordKinds {
		if !seen[k] {
			t.Errorf("record kind %s has no pinned names", k)
		}
	}
}

func TestDecodeRecordFaults(t *testing.T) {
	for _, in := range []string{
		``, `[]`, `{"code":"1","code":"2"}`, `{"nope":1}`, `{"code":1}`, `{"code":"1"} {}`, `{"geometry":{"type":"Point","coordinates":[1,2]}}`,
		`{"geometry":{"type":"Circle"}}`, `{"valid_from":"yesterday"}`,
	} {
		if got, err := codec.DecodeRecord(grid.KindArea, []byte(in)); err == nil {
			t.Errorf("DecodeRecord(area, %s) = %+v, want an error", in, got)
		}
	}
}

func TestDecodeReport(t *testing.T) {
	in := `{"key": "20130503000072", "source": "12345", "category": "luan-shetan", "text": "红房子医院门口有流动摊贩占道",
 "lon": 121.5344, "lat": 31.2592, "datum": "gcj02", "accuracy_m": 30, "at": "2013-05-03T08:40:00+08:00",
 "address": "沈阳路128号", "reporter": {"name": "模拟", "phone": "000"}, "attachments": [{"url": "https://example.org/a.jpg", "sha256": "00"}]}`
	want := grid.Report{
		Key: "20130503000072", Source: "12345", Category: "luan-shetan", Text: "红房子医院门口有流动摊贩占道",
		Located: true, Point: orb.Point{121.5344, 31.2592}, Datum: datum.GCJ02, Accuracy: 30,
		At: time.Date(2013, 5, 3, 0, 40, 0, 0, time.UTC), Address: "沈阳路128号",
		Reporter:    &grid.Reporter{Name: "模拟", Phone: "000"},
		Attachments: []grid.Attachment{{URL: "https://example.org/a.jpg", SHA256: "00"}},
	}
	got, faults := codec.DecodeReport([]byte(in))
	if len(faults) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("DecodeReport(contract's example) = %+v, %v, want %+v", got, faults, want)
	}
	again, faults := codec.DecodeReport(codec.AppendReport(nil, &got, true))
	if len(faults) > 0 || !reflect.DeepEqual(again, want) {
		t.Errorf("DecodeReport(AppendReport(r)) = %+v, %v, want %+v", again, faults, want)
	}
	if out := string(codec.AppendReport(nil, &got, false)); strings.Contains(out, "reporter") {
		t.Errorf("AppendReport(r, false) = %s, want no reporter", out)
	}
}

func TestDecodeReportFaults(t *testing.T) {
	deep := strings.Repeat("[", 100) + strings.Repeat("]", 100)
	tests := []struct{ name, in, want string }{
		{"nothing", ``, "byte 0 json"},
		{"not an object", `[1]`, "byte 0 json"},
		{"cut off", `{"lon":1`, "byte 8 json"},
		{"name without value", `{"lon"`, "/lon json"},
		{"trailing", `{} {}`, "byte 0 json"},
		{"broken UTF-8", "{\"text\":\"\xff\"}", "byte 9 utf8"},
		{"twice", `{"lon":1,"lon":2}`, "/lon duplicate"},
		{"unknown", `{"foo":{"a":[1]}}`, "/foo unknown"},
		{"unknown inside", `{"reporter":{"age":3}}`, "/reporter/age unknown"},
		{"too deep", `{"foo":` + deep + `}`, "byte 0 depth"},
		{"NUL", `{"text":"a\u0000b"}`, "/text nul"},
		{"only lat", `{"lat":31}`, "/lon missing"},
		{"huge number", `{"lon":1e400,"lat":1}`, "/lon range"},
		{"NaN", `{"lon":NaN,"lat":1}`, "/lon json"},
		{"datum", `{"datum":"mars"}`, "/datum datum"},
		{"time", `{"at":"03.05.2013"}`, "/at time"},
		{"attachments not closed", `{"attachments":[{"url":"a"}`, "/attachments json"},
		{"attachment", `{"attachments":["a"]}`, "/attachments/0 type"},
		{
			"all at once", `{"lon":"x","lat":true,"text":5,"bar":1,"at":7}`,
			"/lon type|/lat type|/text type|/bar unknown|/at type",
		},
	}
	for _, tt := range tests {
		_, faults := codec.DecodeReport([]byte(tt.in))
		var got []string
		for _, f := range faults {
			got = append(got, f.At+" "+f.Code)
			if f.Says == "" || f.SaysZH == "" {
				t.Errorf("%s: fault %+v lacks a sentence", tt.name, f)
			}
		}
		if g := strings.Join(got, "|"); g != tt.want {
			t.Errorf("%s: DecodeReport(%.60s) faults = %s, want %s", tt.name, tt.in, g, tt.want)
		}
	}
}

func TestEnquiryRoundTrip(t *testing.T) {
	at := time.Date(2013, 5, 3, 0, 40, 0, 5e6, time.UTC)
	tests := []codec.Enquiry{
		{Asked: grid.Asked{At: at}},
		{Asked: grid.Asked{Located: true, Point: orb.Point{121.5344, 31.2592}, Datum: datum.GCJ02, Accuracy: 30, At: at}, Category: "luan-shetan", Seq: 9999, Hash: 0xdeadbeef},
		{Asked: grid.Asked{Located: true, Point: orb.Point{math.Copysign(0, -1), 5e-324}, Datum: datum.WGS84, At: at, Known: at.Add(-time.Hour), Matched: &grid.Match{How: "place", Label: "红房子医院", Error: 60, Confidence: 0.93, Rival: "红房子"}}, Category: "其他", Proposed: true, Seq: 1},
	}
	for _, want := range tests {
		id := codec.FormatID(&want)
		got, err := codec.ParseID(id)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("ParseID(%s) = %+v, %v, want %+v", id, got, err, want)
		}
		for i := range len(id) {
			bad := id[:i] + "_" + id[i+1:]
			if bad == id {
				bad = id[:i] + "A" + id[i+1:]
			}
			if got, err := codec.ParseID(bad); err == nil {
				t.Errorf("ParseID(%s), changed at %d, = %+v, want an error", bad, i, got)
			}
		}
	}
}

func FuzzDecodeReport(f *testing.F) {
	for _, s := range []string{`{"lon":121.5,"lat":31.2,"datum":"gcj02"}`, `{"text":"红房子医院","at":"2013-05-03T08:40:00+08:00"}`, `{"attachments":[{"url":"a"}],"reporter":{"name":"b"}}`, `{"a":[[[]]]}`, `{"lon":1e999}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, faults := codec.DecodeReport(b)
		if len(faults) > 0 {
			return
		}
		again, faults := codec.DecodeReport(codec.AppendReport(nil, &r, true))
		if len(faults) > 0 || !r.At.Equal(again.At) && r.At.Sub(again.At).Abs() >= time.Millisecond {
			t.Errorf("DecodeReport(AppendReport(%+v)) = %+v, %v", r, again, faults)
		}
	})
}

func FuzzParseID(f *testing.F) {
	f.Add(codec.FormatID(&codec.Enquiry{Asked: grid.Asked{At: day1}, Category: "c", Seq: 3}))
	f.Add("wg1-AAAA")
	f.Fuzz(func(t *testing.T, id string) {
		if e, err := codec.ParseID(id); err == nil && codec.FormatID(&e) != id {
			t.Errorf("FormatID(ParseID(%s)) = %s", id, codec.FormatID(&e))
		}
	})
}

func FuzzParseGeometry(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2]]]}`))
	f.Add([]byte(`{"type":"MultiPolygon","coordinates":[[[[1,2,3]]]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		g, err := codec.ParseGeometry(b)
		if err != nil || g == nil {
			return
		}
		again, err := codec.ParseGeometry(codec.AppendGeometry(nil, g))
		if err != nil && !strings.Contains(err.Error(), "MultiPolygon") {
			t.Errorf("ParseGeometry(AppendGeometry(%v)) = %v, %v", g, again, err)
		}
	})
}

func BenchmarkDecodeReport(b *testing.B) {
	in := []byte(`{"key":"20130503000072","source":"12345","category":"luan-shetan","lon":121.5344,"lat":31.2592,"datum":"gcj02","accuracy_m":30,"at":"2013-05-03T08:40:00+08:00"}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if _, faults := codec.DecodeReport(in); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}
