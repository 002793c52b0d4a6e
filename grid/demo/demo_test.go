package demo_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"wangge/geo"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/demo"
	"wangge/grid/intake"
	"wangge/grid/load"
)

// end is when the year of these tests ends.
var end = time.Date(2026, 5, 20, 10, 30, 0, 0, grid.Zone)

// store keeps the cases of a desk.
type store struct {
	grid.Store
	cases []grid.Case
}

func (s *store) File(_ context.Context, cases ...grid.Case) ([]grid.Filed, error) {
	s.cases = append(s.cases, cases...)
	return make([]grid.Filed, len(cases)), nil
}

// yangpu is the demonstration's desk, built once, and the store behind it.
var yangpu = sync.OnceValues(func() (*intake.Desk, *store) {
	s := &store{}
	return desk(s), s
})

func desk(s grid.Store) *intake.Desk {
	records, err := load.Demo()
	if err != nil {
		panic(err)
	}
	ids := 0
	d, err := intake.Open(context.Background(), grid.NewStaticLog(end, records), intake.Options{
		Store: s, Now: func() time.Time { return end },
		NewID: func(string, time.Time) grid.CaseID { ids++; return grid.CaseID(fmt.Sprintf("%09d", ids)) },
	})
	if err != nil {
		panic(err)
	}
	return d
}

// fill returns the cases of n reports.
func fill(t *testing.T, n int, o demo.Options) []grid.Case {
	t.Helper()
	d, s := yangpu()
	s.cases = nil
	if err := demo.Fill(context.Background(), d, n, o); err != nil {
		t.Fatalf("Fill(%d) = %v, want nil", n, err)
	}
	if len(s.cases) != n {
		t.Fatalf("Fill(%d) filed %d cases, want %d", n, len(s.cases), n)
	}
	return s.cases
}

// tray has the map of a desk and keeps the reports, or refuses them with err.
type tray struct {
	desk    *intake.Desk // nil: no map
	reports []grid.Report
	err     error
}

func (y *tray) Records(k grid.RecordKind, at time.Time) []grid.Record {
	if y.desk == nil {
		return nil
	}
	return y.desk.Records(k, at)
}

func (y *tray) TakeAll(_ context.Context, rs []grid.Report) ([]grid.Filed, error) {
	if y.err == nil {
		y.reports = append(y.reports, rs...)
	}
	return nil, y.err
}

func TestSameSeedSameReports(t *testing.T) {
	desk, _ := yangpu()
	reports := func(seed uint64) []grid.Report {
		y := &tray{desk: desk}
		if err := demo.Fill(context.Background(), y, 1700, demo.Options{End: end, Seed: seed}); err != nil {
			t.Fatal(err)
		}
		return y.reports
	}
	first := reports(1)
	if again := reports(1); !reflect.DeepEqual(first, again) {
		t.Error("Fill(seed 1) gave other reports the second time")
	}
	if other := reports(2); reflect.DeepEqual(first, other) {
		t.Error("Fill(seed 2) gave the reports of seed 1")
	}
}

func TestEveryReport(t *testing.T) {
	cases := fill(t, 4000, demo.Options{End: end})
	keys := map[string]bool{}
	last, lastID := end.AddDate(-1, 0, 0), grid.CaseID("")
	for _, c := range cases {
		r := c.Report
		if !strings.HasSuffix(r.Text, "（模拟数据）") || !strings.HasPrefix(r.Key, "DEMO-20") {
			t.Fatalf("report %q %q is not labelled as synthetic", r.Key, r.Text)
		}
		if r.Reporter != nil || len(r.Attachments) > 0 {
			t.Errorf("report %s has a reporter or attachments, want none", r.Key)
		}
		if keys[r.Key] {
			t.Errorf("key %s came twice", r.Key)
		}
		keys[r.Key] = true
		if r.At.Before(last) || !r.At.Before(end) {
			t.Errorf("report %s at %v, want from %v on and before %v", r.Key, r.At, last, end)
		}
		if c.ID <= lastID {
			t.Errorf("case of %v has the id %s after %s, want ids that sort by time", r.At, c.ID, lastID)
		}
		last, lastID = r.At, c.ID
		if day := r.At.In(grid.Zone).Format("20060102"); len(r.Key) != 19 || r.Key[5:13] != day {
			t.Errorf("key of a report of %s = %s, want DEMO-, the day and six digits", day, r.Key)
		}
		if r.Located && (r.Accuracy < 10 || r.Accuracy > 60 || r.Datum == "") {
			t.Errorf("report %s has accuracy %v in %q, want 10 to 60 m in a datum", r.Key, r.Accuracy, r.Datum)
		}
		if r.Source == "" || c.Category == "" {
			t.Errorf("report %s has source %q and category %q, want both: %s", r.Key, r.Source, c.Category, r.Text)
		}
	}
}

// TestWords holds every sentence to a word that speaks for its category.
func TestWords(t *testing.T) {
	words := map[string][]string{}
	desk, _ := yangpu()
	for _, r := range desk.Records(grid.KindCategory, end) {
		if c, ok := r.(grid.Category); ok {
			words[c.Code] = c.Words
		}
	}
	used := map[string]bool{}
	for _, c := range fill(t, 20000, demo.Options{End: end}) {
		used[c.Category] = true
		spoken := false
		for _, w := range words[c.Category] {
			spoken = spoken || strings.Contains(c.Report.Text, w)
		}
		if !spoken {
			t.Errorf("%s holds no word of %s", c.Report.Text, c.Category)
		}
	}
	if len(used) < 35 {
		t.Errorf("%d categories are used, want 35 or more", len(used))
	}
}

// share is the part of cases that a test holds for.
func share(cases []grid.Case, holds func(*grid.Case) bool) float64 {
	n := 0
	for i := range cases {
		if holds(&cases[i]) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(cases)))
}

func only(cases []grid.Case, holds func(*grid.Case) bool) []grid.Case {
	var out []grid.Case
	for i := range cases {
		if holds(&cases[i]) {
			out = append(out, cases[i])
		}
	}
	return out
}

func hour(c *grid.Case) int { return c.At.In(grid.Zone).Hour() }

func at(hotspots ...string) func(*grid.Case) bool {
	return func(c *grid.Case) bool {
		for _, have := range c.Hotspots {
			for _, h := range hotspots {
				if strings.HasPrefix(have, h) {
					return true
				}
			}
		}
		return false
	}
}

func of(category string) func(*grid.Case) bool {
	return func(c *grid.Case) bool { return c.Category == category }
}

func TestShares(t *testing.T) {
	all := fill(t, 10000, demo.Options{End: end, Seed: 7})
	atHospital := at("hongfangzi", "zhongxin-yiyuan", "perimeter-hosp")
	stalls, parking := only(all, of("luan-shetan")), only(all, of("weiting"))
	noise := only(all, of("shigong-raomin"))
	atBreakfast := only(stalls, at("divert-"))
	if len(atBreakfast) < 200 {
		t.Fatalf("%d stalls at breakfast points, want 200 or more", len(atBreakfast))
	}
	in := func(d datum.Datum) func(*grid.Case) bool {
		return func(c *grid.Case) bool { return c.Report.Datum == d }
	}
	is := func(s grid.Standing) func(*grid.Case) bool {
		return func(c *grid.Case) bool { return c.Standing == s }
	}
	tests := []struct {
		name     string
		got      float64
		min, max float64
	}{
		{"in the district", share(all, func(c *grid.Case) bool { return c.Street != "" }), 0.90, 0.99},
		{"settled", share(all, is(grid.Settled)), 0.6, 0.95},
		{"contested", share(all, is(grid.Contested)), 0.02, 0.35},
		{"outside", share(all, is(grid.Outside)), 0.002, 0.05},
		{"unlocated", share(all, is(grid.Unlocated)), 0.002, 0.05},
		{"in words only", share(all, func(c *grid.Case) bool { return !c.Report.Located }), 0.02, 0.15},
		{"gcj02", share(all, in(datum.GCJ02)), 0.5, 0.9},
		{"bd09", share(all, in(datum.BD09)), 0.02, 0.2},
		{"wgs84", share(all, in(datum.WGS84)), 0.05, 0.3},
		{"around hospitals", share(all, atHospital), 0.18, 0.6},
		{"parking around hospitals in daytime", share(only(parking, atHospital), func(c *grid.Case) bool { return hour(c) >= 7 && hour(c) < 18 }), 0.85, 1},
		{"stalls at breakfast points before 9", share(atBreakfast, func(c *grid.Case) bool { return hour(c) < 9 }), 0.8, 0.99},
		{"noise between 20 and 6", share(noise, func(c *grid.Case) bool { return hour(c) >= 20 || hour(c) < 6 }), 0.95, 1},
		{"illegal construction at weekends", share(only(all, of("weizhang-dajian")), func(c *grid.Case) bool {
			d := c.At.In(grid.Zone).Weekday()
			return d == time.Saturday || d == time.Sunday
		}), 0.02, 0.2},
	}
	for _, tt := range tests {
		t.Logf("%s: %.3f", tt.name, tt.got)
		if tt.got < tt.min || tt.got > tt.max {
			t.Errorf("share %s = %.3f, want %.3f to %.3f", tt.name, tt.got, tt.min, tt.max)
		}
	}
}

// TestPointsLieWhereTheyAre holds a point against the spot that its words name: the
// datum is applied once and the right way round.
func TestPointsLieWhereTheyAre(t *testing.T) {
	desk, _ := yangpu()
	found, err := desk.Geocoding("新华医院", "", grid.ZH)
	xinhua := found.Candidates
	if err != nil || len(xinhua) != 1 {
		t.Fatalf("Geocoding(新华医院) = %v, %v, want one", xinhua, err)
	}
	seen := 0
	for _, c := range fill(t, 6000, demo.Options{End: end}) {
		if !c.Report.Located || !strings.Contains(c.Report.Text, "新华医院") {
			continue
		}
		seen++
		if d := geo.Distance(xinhua[0].At, c.Point); d > 200 {
			t.Errorf("report %s in %s lies %.0f m from 新华医院, want within 200", c.Report.Key, c.Report.Datum, d)
		}
	}
	if seen < 50 {
		t.Errorf("%d reports at 新华医院, want 50 or more", seen)
	}
}

func TestShortNumbersAndProgress(t *testing.T) {
	desk, _ := yangpu()
	for _, n := range []int{-1, 0, 1, 499, 500, 1001} {
		y := &tray{desk: desk}
		var told []int
		err := demo.Fill(context.Background(), y, n, demo.Options{End: end, Progress: func(done int) { told = append(told, done) }})
		if err != nil || len(y.reports) != max(0, n) {
			t.Errorf("Fill(%d) filed %d, %v, want %d, nil", n, len(y.reports), err, max(0, n))
		}
		if n > 0 && (len(told) == 0 || told[len(told)-1] != n) {
			t.Errorf("Fill(%d) told %v, want %d in the end", n, told, n)
		}
	}
}

func TestWhatStopsIt(t *testing.T) {
	if err := demo.Fill(context.Background(), &tray{}, 5, demo.Options{End: end}); grid.KindOf(err) != grid.Invalid {
		t.Errorf("Fill(no map) = %v, want Invalid", err)
	}
	desk, _ := yangpu()
	away := &grid.Error{Kind: grid.Unavailable, Msg: "away"}
	if err := demo.Fill(context.Background(), &tray{desk: desk, err: away}, 5, demo.Options{End: end}); !errors.Is(err, error(away)) {
		t.Errorf("Fill(store away) = %v, want it to wrap %v", err, away)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := demo.Fill(ctx, &tray{desk: desk}, 5, demo.Options{End: end}); !errors.Is(err, context.Canceled) {
		t.Errorf("Fill(cancelled) = %v, want context.Canceled", err)
	}
}

// nothing takes reports and keeps none.
type nothing struct{ grid.Store }

func (nothing) File(_ context.Context, cases ...grid.Case) ([]grid.Filed, error) {
	return make([]grid.Filed, len(cases)), nil
}

func BenchmarkFill(b *testing.B) {
	desk := desk(nothing{})
	for _, n := range []int{2000, 20000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := demo.Fill(context.Background(), desk, n, demo.Options{End: end}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}
