package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/grid"
)

// seeded returns a source whose seed is told.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func testFile(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	cases := samples(seeded(t), 50)
	filed := must[[]grid.Filed](t)(s.File(ctx, cases...))
	for i := range cases {
		cases[i].Seq = int64(i) + 1
		if filed[i].Existing || !reflect.DeepEqual(filed[i].Case, cases[i]) {
			t.Errorf("File(case %d) = %+v, want %+v", i, filed[i], cases[i])
		}
		if got := must[grid.Case](t)(s.Case(ctx, cases[i].ID)); !reflect.DeepEqual(got, cases[i]) {
			t.Errorf("Case(%s) = %+v, want %+v", cases[i].ID, got, cases[i])
		}
	}
	for i, c := range readAll(t, s, 7) {
		if c.Kind != grid.KindCase || c.Key != string(cases[i].ID) || c.Deleted || c.Record != nil {
			t.Errorf("change %d = %+v, want the filing of %s", i+1, c, cases[i].ID)
		}
	}
}

func testFileTwice(t *testing.T, open Open) {
	s, ctx, rng := start(t, open), context.Background(), seeded(t)
	a, b := sample(rng, 1), sample(rng, 2)
	twin := sample(rng, 3) // another case of the same source and key
	twin.Report.Source, twin.Report.Key = a.Report.Source, a.Report.Key
	other := sample(rng, 4) // the same key from another source is another report
	other.Report.Key, other.Report.Source = a.Report.Key, a.Report.Source+"2"
	got := must[[]grid.Filed](t)(s.File(ctx, a, twin, b))
	a.Seq, b.Seq, other.Seq = 1, 2, 3
	for i, want := range []grid.Filed{{Case: a}, {Case: a, Existing: true}, {Case: b}} {
		if !reflect.DeepEqual(got[i], want) {
			t.Errorf("File(a, twin, b)[%d] = %+v, want %+v", i, got[i], want)
		}
	}
	if got := must[[]grid.Filed](t)(s.File(ctx, twin)); !reflect.DeepEqual(got[0], grid.Filed{Case: a, Existing: true}) {
		t.Errorf("File(twin) = %+v, want the first case", got[0])
	}
	if got := must[[]grid.Filed](t)(s.File(ctx, other)); !reflect.DeepEqual(got[0], grid.Filed{Case: other}) {
		t.Errorf("File(other source) = %+v, want a new case", got[0])
	}
	if got := readAll(t, s, 100); len(got) != 3 {
		t.Errorf("the log has %d entries, want 3: a known key leaves none", len(got))
	}
}

func testFileRefuses(t *testing.T, open Open) {
	s, ctx, rng := start(t, open), context.Background(), seeded(t)
	first := sample(rng, 1)
	must[[]grid.Filed](t)(s.File(ctx, first))
	for _, tt := range []struct {
		name  string
		spoil func(*grid.Case)
	}{
		{"no id", func(c *grid.Case) { c.ID = "" }},
		{"no key", func(c *grid.Case) { c.Report.Key = "" }},
		{"no certificate", func(c *grid.Case) { c.Certificate = nil }},
		{"a NUL in the text", func(c *grid.Case) { c.Report.Text = "a\x00b" }},
		{"broken UTF-8", func(c *grid.Case) { c.Report.Address = "\xff" }},
		{"the id of another case", func(c *grid.Case) { c.ID = first.ID }},
	} {
		bad := sample(rng, 3)
		tt.spoil(&bad)
		_, err := s.File(ctx, sample(rng, 2), bad)
		wantKind(t, "File("+tt.name+")", err, grid.Invalid)
		if got := must[int64](t)(s.Head(ctx)); got != 1 {
			t.Fatalf("File(%s) left the head at %d, want 1: all or none", tt.name, got)
		}
	}
}

// queries are the filters, each with what it means.
func queries() []struct {
	name  string
	q     grid.CaseQuery
	holds func(*grid.Case) bool
} {
	box := orb.Bound{Min: orb.Point{121.52, 31.27}, Max: orb.Point{121.57, 31.32}}
	from, to := noon.Add(10*24*time.Hour), noon.Add(20*24*time.Hour)
	has := func(c *grid.Case, s string) bool {
		return strings.Contains(c.Report.Text, s) || strings.Contains(c.Report.Address, s) || strings.Contains(c.Report.Key, s)
	}
	return []struct {
		name  string
		q     grid.CaseQuery
		holds func(*grid.Case) bool
	}{
		{"all", grid.CaseQuery{}, func(*grid.Case) bool { return true }},
		{"box", grid.CaseQuery{Bound: &box}, func(c *grid.Case) bool { return c.Located && box.Contains(c.Point) }},
		{"from", grid.CaseQuery{From: from}, func(c *grid.Case) bool { return !c.At.Before(from) }},
		{"to", grid.CaseQuery{To: to}, func(c *grid.Case) bool { return c.At.Before(to) }},
		{"from within a millisecond", grid.CaseQuery{From: from.Add(time.Microsecond)}, func(c *grid.Case) bool { return c.At.After(from) }},
		{"category", grid.CaseQuery{Category: "weiting"}, func(c *grid.Case) bool { return c.Category == "weiting" }},
		{"street", grid.CaseQuery{Street: "310110013"}, func(c *grid.Case) bool { return c.Street == "310110013" }},
		{"cell", grid.CaseQuery{Cell: "310110018000002"}, func(c *grid.Case) bool { return c.Cell == "310110018000002" }},
		{"hotspot", grid.CaseQuery{Hotspot: "hong"}, func(c *grid.Case) bool { return slices.Contains(c.Hotspots, "hong") }},
		{"unit", grid.CaseQuery{Unit: "chengguan"}, func(c *grid.Case) bool { return c.Lead == "chengguan" }},
		{"state", grid.CaseQuery{State: "filed"}, func(*grid.Case) bool { return true }},
		{"another state", grid.CaseQuery{State: "closed"}, func(*grid.Case) bool { return false }},
		{"standing", grid.CaseQuery{Standing: grid.Unlocated}, func(c *grid.Case) bool { return !c.Located }},
		{"source", grid.CaseQuery{Source: "巡查"}, func(c *grid.Case) bool { return c.Report.Source == "巡查" }},
		{"overdue", grid.CaseQuery{Overdue: to}, func(c *grid.Case) bool { return !c.Due.IsZero() && c.Due.Before(to) }},
		{"text", grid.CaseQuery{Text: "流动摊贩"}, func(c *grid.Case) bool { return has(c, "流动摊贩") }},
		{"text with a wildcard", grid.CaseQuery{Text: "100% 堵了_"}, func(c *grid.Case) bool { return has(c, "100% 堵了_") }},
		{"text with a quote", grid.CaseQuery{Text: `it's "`}, func(c *grid.Case) bool { return has(c, `it's "`) }},
		{"text of the address", grid.CaseQuery{Text: "沈阳路"}, func(c *grid.Case) bool { return has(c, "沈阳路") }},
		{"text of the key", grid.CaseQuery{Text: "000007"}, func(c *grid.Case) bool { return has(c, "000007") }},
		{"several", grid.CaseQuery{Street: "310110018", Category: "luan-shetan", Bound: &box, From: from, Hotspot: "road"}, func(c *grid.Case) bool {
			return c.Street == "310110018" && c.Category == "luan-shetan" && c.Located && box.Contains(c.Point) && !c.At.Before(from) && slices.Contains(c.Hotspots, "road")
		}},
	}
}

func testCases(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	all := samples(seeded(t), 250)
	for i := range all {
		all[i].Seq = int64(i) + 1
	}
	must[[]grid.Filed](t)(s.File(ctx, all...))
	for _, tt := range queries() {
		var want []grid.Case
		for _, c := range all {
			if tt.holds(&c) {
				c.Report.Reporter = nil
				want = append(want, c)
			}
		}
		each := []grid.Case(nil)
		err := s.EachCase(ctx, tt.q, func(c grid.Case) error { each = append(each, c); return nil })
		if err != nil || !reflect.DeepEqual(each, want) {
			t.Errorf("%s: EachCase = %d cases, %v, want %d without reporters, oldest first", tt.name, len(each), err, len(want))
		}
		slices.Reverse(want)
		for _, limit := range []int{0, 1, 7, 249, 250, 1000} {
			if limit == 1 && len(want) > 100 {
				continue
			}
			if got := pages(t, s, tt.q, limit); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: Cases by %d = %d cases, want %d without reporters, newest first", tt.name, limit, len(got), len(want))
			}
		}
	}
}

// pages reads every page of a query.
func pages(t *testing.T, s grid.Store, q grid.CaseQuery, limit int) []grid.Case {
	t.Helper()
	var out []grid.Case
	q.Limit = limit
	for {
		page, next, err := s.Cases(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		most := limit
		if most == 0 {
			most = 100
		}
		if len(page) > most || next != "" && len(page) != most {
			t.Fatalf("Cases(limit %d) gave a page of %d and cursor %q", limit, len(page), next)
		}
		out = append(out, page...)
		if q.Cursor = next; next == "" {
			return out
		}
	}
}

// testEachCase: one consistent snapshot, whatever is filed meanwhile, and fn's error ends it.
func testEachCase(t *testing.T, open Open) {
	s, ctx, rng := start(t, open), context.Background(), seeded(t)
	must[[]grid.Filed](t)(s.File(ctx, samples(rng, 100)...))
	n := 0
	err := s.EachCase(ctx, grid.CaseQuery{Limit: 3, Cursor: "ignored"}, func(grid.Case) error {
		if n++; n <= 50 {
			_, err := s.File(ctx, sample(rng, 100+n))
			return err
		}
		return nil
	})
	if err != nil || n != 100 {
		t.Errorf("EachCase while filing = %d cases, %v, want the 100 there were", n, err)
	}
	enough := errors.New("enough")
	n = 0
	err = s.EachCase(ctx, grid.CaseQuery{}, func(grid.Case) error {
		if n++; n == 10 {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) || n != 10 {
		t.Errorf("EachCase(stopped at 10) = %v after %d", err, n)
	}
}

func testCursor(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	for _, bad := range []string{"x", "AAAA", "\x00", "c1", strings.Repeat("A", 5000)} {
		_, _, err := s.Cases(ctx, grid.CaseQuery{Cursor: bad})
		wantKind(t, fmt.Sprintf("Cases(cursor %.10q)", bad), err, grid.Invalid)
	}
}

// testConcurrent files the same keys from many sides while the log is read: each key
// is filed once, and readers never see a hole.
func testConcurrent(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	const callers, keys = 8, 60
	var wg sync.WaitGroup
	var mu sync.Mutex
	ids := map[string]map[grid.CaseID]int{} // by key: the ids that were answered
	fresh := 0
	for w := range callers {
		rng := rand.New(rand.NewPCG(uint64(w), 1))
		wg.Go(func() {
			for _, k := range rng.Perm(keys) {
				c := sample(rng, 1000*w+k)
				c.Report.Source, c.Report.Key = "12345", fmt.Sprint("key", k)
				filed, err := s.File(ctx, c)
				if err != nil {
					t.Errorf("File = %v", err)
					return
				}
				mu.Lock()
				if ids[c.Report.Key] == nil {
					ids[c.Report.Key] = map[grid.CaseID]int{}
				}
				ids[c.Report.Key][filed[0].Case.ID]++
				if !filed[0].Existing {
					fresh++
				}
				mu.Unlock()
			}
		})
	}
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for after := int64(0); ; {
			batch, err := s.Changes(ctx, after, 10)
			if err != nil {
				t.Errorf("Changes = %v", err)
				return
			}
			for _, c := range batch {
				if c.Seq != after+1 {
					t.Errorf("a reader saw %d behind %d", c.Seq, after)
					return
				}
				after = c.Seq
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	wg.Wait()
	close(stop)
	reader.Wait()
	if fresh != keys || len(ids) != keys {
		t.Errorf("%d cases were new for %d keys, want %d", fresh, len(ids), keys)
	}
	for key, seen := range ids {
		if len(seen) != 1 {
			t.Errorf("%s was answered with %d ids, want one", key, len(seen))
		}
	}
	if got := readAll(t, s, 1000); len(got) != keys {
		t.Errorf("the log has %d entries, want %d", len(got), keys)
	}
}
