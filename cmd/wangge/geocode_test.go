package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wangge/grid"
)

// evaluationFile is of our own writing; fixtures/README.md says how.
const evaluationFile = "../../fixtures/evaluation.csv"

// TestEvaluation holds the geocoder to what was measured with the file, less two points.
func TestEvaluation(t *testing.T) {
	rows, err := readWanted(evaluationFile)
	if err != nil || len(rows) < 250 {
		t.Fatalf("readWanted = %d rows, %v, want 250 or more", len(rows), err)
	}
	p := &program{now: func() time.Time { return noon }}
	h, err := p.openMap(t.Context(), &mapFlags{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := evaluate(rows, func(text, focus string) (grid.Geocoding, error) { return h.desk.Geocoding(text, focus, grid.ZH) })
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		got   share
		floor float64
	}{
		{"street at top 1", e.street, 0.962},
		{"confidence above 0.9", e.sure, 0.98},
		{"within the stated error", e.calibrated, 0.967},
		{"no place", e.unlocated, 0.98},
		{"outside", e.outside, 0.98},
	} {
		t.Logf("%s: %v", tt.name, tt.got)
		if tt.got.part() < tt.floor {
			t.Errorf("%s: %v right, want %.1f %% or more", tt.name, tt.got, 100*tt.floor)
		}
	}
	for _, m := range e.misses {
		t.Logf("%s: got %s, want %s", m.address, m.got, m.want)
	}
}

// TestEvaluate reckons by hand.
func TestEvaluate(t *testing.T) {
	rows := []wanted{
		{"a", [2]float64{121.5, 31.2}, true, "1"},
		{"b", [2]float64{121.5, 31.2}, true, "1"},
		{"c", [2]float64{}, false, "2"},
		{"d", [2]float64{}, false, ""},
		{"e", [2]float64{}, false, wantOutside},
		{"f", [2]float64{}, false, wantOutside},
	}
	at := func(lat float64, how, street string, sure float64) grid.Geocoding {
		return grid.Geocoding{Standing: grid.Located, Candidates: []grid.GeocodingCandidate{{
			At: [2]float64{121.5, lat}, How: how, Label: "x", Error: 50, Confidence: sure, Street: grid.Ref{Code: street},
		}}}
	}
	away := at(31.2, "place", "", 0.95)
	away.Standing = grid.Outside
	answers := map[string]grid.Geocoding{
		"a": at(31.2, "door", "1", 0.95), "b": at(31.201, "road", "2", 0.95), "c": at(31.2, "door", "2", 0.6),
		"d": {Standing: grid.Unlocated}, "e": away, "f": {Standing: grid.Unlocated},
	}
	e, err := evaluate(rows, func(text, _ string) (grid.Geocoding, error) { return answers[text], nil })
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := e.write(&out, grid.EN); err != nil {
		t.Fatal(err)
	}
	const want = `rows: 6
street right at top 1: 66.7 % (2/3)
distance of doors (median, 90th percentile, count): 0 m, 0 m, 1
distance of all (median, 90th percentile, count): 0 m, 111 m, 2
within the stated error: 50.0 % (1/2)
right where confidence > 0.9: 66.7 % (2/3)
no place, said so: 100.0 % (1/1)
outside, said so: 50.0 % (1/2)
miss	b	got 2 road x 0.95	want 1
miss	f	got unlocated	want outside
`
	if out.String() != want {
		t.Errorf("evaluate writes\n%s, want\n%s", out.String(), want)
	}
}

func TestGeocode(t *testing.T) {
	small := file(t, "small.csv", "address,lon,lat,street_code\n安图路76号,121.5372,31.2938,310110013\n人民广场,,,outside\n没有地点,,,310110001\n")
	for _, tt := range []struct {
		name, in string
		args     []string
		code     int
		want     string // on either stream
	}{
		{"text", "", []string{"geocode", "--text", "安图路76号"}, exitDone, "door     安图路76号  长白新村街道"},
		{"English", "", []string{"--lang", "en", "geocode", "--text", "人民广场"}, exitDone, "outside the district"},
		{"question", "", []string{"geocode", "--text", "安图路"}, exitDone, "? 是安图路东侧还是西侧"},
		{"focus", "", []string{"geocode", "--text", "安图路", "--street", "310110015", "--json", "--limit", "1"}, exitDone, `"candidates":[{"lon":`},
		{"line", "", []string{"geocode", "--json", "--text", "安图路76号有人乱设摊"}, exitDone, `"used":[[0,6]]`},
		{"category", "", []string{"geocode", "--json", "--text", "有人乱设摊"}, exitDone, `"standing":"unlocated","question":null,"candidates":[],"category":{"code":"luan-shetan","name":"乱设摊","words":["乱设摊"]}}`},
		{"long", "", []string{"geocode", "--text", strings.Repeat("x", 20001)}, exitNo, "20000 bytes"},
		{"stream", "安图路76号\n\xff\n", []string{"geocode"}, exitNo, "{\"line\":2,\"problem\":{"},
		{"CSV", "address,street\n安图路76号,\n", []string{"geocode"}, exitDone, `{"text":"安图路76号","standing":"located"`},
		{"limit", "", []string{"geocode", "--text", "x", "--limit", "0"}, exitUsage, "--limit"},
		{"floor alone", "", []string{"geocode", "--text", "x", "--floor", "9"}, exitUsage, "--floor"},
		{"both", "", []string{"geocode", "--text", "x", "--evaluate", small}, exitUsage, "not both"},
		{"below the floor", "", []string{"--lang", "en", "geocode", "--evaluate", small, "--floor", "90"}, exitNo, "street right at top 1: 50.0 % (1/2)"},
		{"above the floor", "", []string{"--lang", "en", "geocode", "--evaluate", small, "--floor", "50"}, exitDone, "miss\t没有地点\tgot unlocated\twant 310110001"},
		{"no column", "", []string{"geocode", "--evaluate", file(t, "no.csv", "address,lon,lat\n")}, exitNo, "no column street_code"},
		{"no point", "", []string{"geocode", "--evaluate", file(t, "bad.csv", "address,lon,lat,street_code\na,31.2,121.5,\n")}, exitNo, "line 2"},
		{"ragged", "", []string{"geocode", "--evaluate", file(t, "ragged.csv", "address,lon,lat,street_code\na\n")}, exitNo, "line 2"},
	} {
		code, out, errs := wangge(t, strings.NewReader(tt.in), tt.args...)
		if code != tt.code || !strings.Contains(out+errs, tt.want) {
			t.Errorf("%s: wangge %.100s = %d\n%s%s\nwant %d and %s", tt.name, fmt.Sprint(tt.args), code, out, errs, tt.code, tt.want)
		}
	}
}
