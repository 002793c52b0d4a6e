package storetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"wangge/grid"
)

// readAll reads the whole log, some entries at a time, and tells holes in it.
func readAll(t *testing.T, s grid.Store, limit int) []grid.Change {
	t.Helper()
	var all []grid.Change
	for after := int64(0); ; after = all[len(all)-1].Seq {
		batch := must[[]grid.Change](t)(s.Changes(context.Background(), after, limit))
		if len(batch) == 0 {
			return all
		}
		if len(batch) > limit {
			t.Fatalf("Changes(%d, %d) gave %d entries", after, limit, len(batch))
		}
		for _, c := range batch {
			if want := int64(len(all)) + 1; c.Seq != want {
				t.Fatalf("Changes(%d, %d): seq %d, want %d: the log has no holes", after, limit, c.Seq, want)
			}
			if n := len(all); n > 0 && c.At.Before(all[n-1].At) {
				t.Fatalf("change %d was recorded at %v, before the one ahead of it at %v", c.Seq, c.At, all[n-1].At)
			}
			all = append(all, c)
		}
	}
}

func testApply(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	rs := records()
	seen := map[grid.RecordKind]bool{}
	for _, r := range rs {
		seen[r.RecordKind()] = true
	}
	for _, k := range grid.RecordKinds {
		if !seen[k] {
			t.Errorf("the suite has no record of kind %q", k)
		}
	}
	if got := must[int64](t)(s.Apply(ctx, noon, puts(rs))); got != int64(len(rs)) {
		t.Errorf("Apply(%d records) = %d, want that many", len(rs), got)
	}
	later := noon.Add(time.Hour)
	gone := grid.Change{Kind: grid.KindUnit, Key: "chengguan", Deleted: true}
	again := grid.Unit{ID: "sub-daqiao", Name: "新名", Kind: grid.UnitStreet, Street: "310110018", Valid: grid.Span{From: day}}
	must[int64](t)(s.Apply(ctx, later, append(puts([]grid.Record{again}), gone)))
	if got := must[int64](t)(s.Head(ctx)); got != int64(len(rs))+2 {
		t.Errorf("Head() = %d, want %d", got, len(rs)+2)
	}
	for _, limit := range []int{1, 7, 1000} {
		all := readAll(t, s, limit)
		for i, r := range rs {
			c := all[i]
			if c.Kind != r.RecordKind() || c.Key != r.Key() || c.Deleted || !c.At.Equal(noon) || !reflect.DeepEqual(c.Record, r) {
				t.Errorf("change %d = %+v, want %+v", i+1, c, r)
			}
		}
		rest := all[len(rs):]
		if !reflect.DeepEqual(rest[0].Record, grid.Record(again)) || !rest[0].At.Equal(later) {
			t.Errorf("the replacement = %+v, want %+v at %v", rest[0], again, later)
		}
		if rest[1].Kind != gone.Kind || rest[1].Key != gone.Key || !rest[1].Deleted || rest[1].Record != nil {
			t.Errorf("the deletion = %+v, want %+v", rest[1], gone)
		}
	}
}

func testApplyRefuses(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	good := puts([]grid.Record{grid.Unit{ID: "u", Kind: grid.UnitLine}})[0]
	for _, tt := range []struct {
		name string
		bad  grid.Change
	}{
		{"neither a record nor a deletion", grid.Change{Kind: grid.KindUnit, Key: "u"}},
		{"a deletion without a key", grid.Change{Kind: grid.KindUnit, Deleted: true}},
		{"a deletion of no kind", grid.Change{Kind: "nothing", Key: "u", Deleted: true}},
		{"a deletion of a case", grid.Change{Kind: grid.KindCase, Key: "u", Deleted: true}},
		{"a record without a key", puts([]grid.Record{grid.Unit{}})[0]},
	} {
		_, err := s.Apply(ctx, noon, []grid.Change{good, tt.bad})
		wantKind(t, "Apply("+tt.name+")", err, grid.Invalid)
		if got := must[int64](t)(s.Head(ctx)); got != 0 {
			t.Errorf("Apply(%s) left the head at %d, want 0: all or none", tt.name, got)
		}
	}
}

// testApplyRaisesTime: each call is recorded behind the one before, so that "as known
// at" never lies between the changes of one call.
func testApplyRaisesTime(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	for i, at := range []time.Time{noon, noon, noon.Add(-time.Hour), noon.Add(time.Hour)} {
		must[int64](t)(s.Apply(ctx, at, puts([]grid.Record{grid.Day{Date: "2013-01-05"}, grid.Day{Date: "2013-01-06"}})))
		all := readAll(t, s, 100)
		a, b := all[2*i], all[2*i+1]
		if !a.At.Equal(b.At) {
			t.Errorf("one call was recorded at %v and %v", a.At, b.At)
		}
		if i > 0 && !a.At.After(all[2*i-1].At) {
			t.Errorf("call %d was recorded at %v, not behind %v", i+1, a.At, all[2*i-1].At)
		}
	}
	if last := readAll(t, s, 100)[7]; !last.At.Equal(noon.Add(time.Hour)) {
		t.Errorf("a later call was recorded at %v, want its own time", last.At)
	}
}

func testCancelled(t *testing.T, open Open) {
	s := start(t, open)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, call := range map[string]func() error{
		"Apply":    func() error { _, err := s.Apply(ctx, noon, puts(records())); return err },
		"File":     func() error { _, err := s.File(ctx, samples(seeded(t), 3)...); return err },
		"Changes":  func() error { _, err := s.Changes(ctx, 0, 1); return err },
		"Head":     func() error { _, err := s.Head(ctx); return err },
		"Case":     func() error { _, err := s.Case(ctx, "x"); return err },
		"Cases":    func() error { _, _, err := s.Cases(ctx, grid.CaseQuery{}); return err },
		"EachCase": func() error { return s.EachCase(ctx, grid.CaseQuery{}, func(grid.Case) error { return nil }) },
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s(cancelled) = %v, want context.Canceled", name, err)
		}
	}
	if got := must[int64](t)(s.Head(context.Background())); got != 0 {
		t.Errorf("Head() = %d after cancelled writes, want 0", got)
	}
}

func testReopen(t *testing.T, open Open) {
	s, ctx := must[grid.Store](t)(open()), context.Background()
	cases := samples(seeded(t), 20)
	must[int64](t)(s.Apply(ctx, noon, puts(records())))
	must[[]grid.Filed](t)(s.File(ctx, cases...))
	before := readAll(t, s, 100)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := s.Head(ctx)
	wantKind(t, "Head(closed)", err, grid.Unavailable)
	_, err = s.File(ctx, sample(seeded(t), 99))
	wantKind(t, "File(closed)", err, grid.Unavailable)

	s = start(t, open)
	if after := readAll(t, s, 100); !reflect.DeepEqual(after, before) {
		t.Error("the log differs after Close and Open")
	}
	for i := range cases {
		got := must[grid.Case](t)(s.Case(ctx, cases[i].ID))
		cases[i].Seq = int64(len(records()) + i + 1)
		if !reflect.DeepEqual(got, cases[i]) {
			t.Errorf("Case(%s) after Open = %+v, want %+v", cases[i].ID, got, cases[i])
		}
	}
	again := must[[]grid.Filed](t)(s.File(ctx, cases[0]))
	if !again[0].Existing {
		t.Error("File(a known key) after Open = a new case, want the first")
	}
	if seq := must[int64](t)(s.Apply(ctx, noon.Add(time.Hour), puts(records()[:1]))); seq != int64(len(before))+1 {
		t.Errorf("Apply after Open = %d, want %d", seq, len(before)+1)
	}
	if !slices.IsSortedFunc(readAll(t, s, 3), func(a, b grid.Change) int { return a.At.Compare(b.At) }) {
		t.Error("the log is not in order of time")
	}
}
