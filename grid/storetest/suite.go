// Package storetest is what every [grid.Store] promises, as tests. A store's own test
// is five lines:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(tb testing.TB) storetest.Open {
//			file := filepath.Join(tb.TempDir(), "store.gpkg")
//			return func() (grid.Store, error) { return gpkgstore.Open(file, gpkgstore.Options{}) }
//		})
//	}
//
// What must never enter: anything that only one store does.
package storetest

import (
	"context"
	"testing"

	"wangge/grid"
)

// Open opens one storage; after a Close it opens the same again.
type Open func() (grid.Store, error)

// Run runs the suite. fresh makes a new, empty storage for each test.
func Run(t *testing.T, fresh func(tb testing.TB) Open) {
	t.Helper()
	for _, tt := range []struct {
		name string
		test func(t *testing.T, open Open)
	}{
		{"Empty", testEmpty},
		{"Apply", testApply},
		{"ApplyRefuses", testApplyRefuses},
		{"ApplyRaisesTime", testApplyRaisesTime},
		{"File", testFile},
		{"FileTwice", testFileTwice},
		{"FileRefuses", testFileRefuses},
		{"Cases", testCases},
		{"EachCase", testEachCase},
		{"Cursor", testCursor},
		{"Cancelled", testCancelled},
		{"Concurrent", testConcurrent},
		{"Reopen", testReopen},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, fresh(t)) })
	}
}

// start opens a store and closes it behind the test.
func start(t *testing.T, open Open) grid.Store {
	t.Helper()
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t *testing.T, what string, err error, want grid.Kind) {
	t.Helper()
	if err == nil || grid.KindOf(err) != want {
		t.Errorf("%s = %v (kind %d), want an error of kind %d", what, err, grid.KindOf(err), want)
	}
}

func testEmpty(t *testing.T, open Open) {
	s, ctx := start(t, open), context.Background()
	if got := must[int64](t)(s.Head(ctx)); got != 0 {
		t.Errorf("Head() = %d, want 0", got)
	}
	if got := must[[]grid.Change](t)(s.Changes(ctx, 0, 10)); len(got) != 0 {
		t.Errorf("Changes(0, 10) = %v, want none", got)
	}
	page, next, err := s.Cases(ctx, grid.CaseQuery{})
	if len(page) != 0 || next != "" || err != nil {
		t.Errorf("Cases() = %v, %q, %v, want none", page, next, err)
	}
	_, err = s.Case(ctx, "310110-none")
	wantKind(t, "Case(none)", err, grid.NotFound)
	if err := s.Ping(ctx); err != nil {
		t.Errorf("Ping() = %v, want nil", err)
	}
	if got := must[int64](t)(s.Apply(ctx, noon, nil)); got != 0 {
		t.Errorf("Apply(nothing) = %d, want 0", got)
	}
	if got := must[[]grid.Filed](t)(s.File(ctx)); len(got) != 0 {
		t.Errorf("File(nothing) = %v, want none", got)
	}
}
