package intake_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/intake"
	"wangge/grid/load"
)

// growing is a log to which a test appends.
type growing struct{ changes []grid.Change }

func (g *growing) add(at time.Time, records ...grid.Record) {
	for _, r := range records {
		g.changes = append(g.changes, grid.Change{Seq: int64(len(g.changes)) + 1, At: at, Kind: r.RecordKind(), Key: r.Key(), Record: r})
	}
}

func (g *growing) Changes(_ context.Context, after int64, limit int) ([]grid.Change, error) {
	rest := g.changes[min(after, int64(len(g.changes))):]
	return rest[:min(limit, len(rest))], nil
}

func (g *growing) Head(context.Context) (int64, error) { return int64(len(g.changes)), nil }

// TestMapsAreDrawnOnce: a desk that followed the log change by change, and so kept its
// maps, has the same cells with the same codes as one that reads the whole log at once,
// at every state of it.
func TestMapsAreDrawnOnce(t *testing.T) {
	records, err := load.Demo()
	if err != nil {
		t.Fatal(err)
	}
	ctx, log, hour := context.Background(), &growing{}, now
	step := func(rs ...grid.Record) {
		hour = hour.Add(time.Hour)
		log.add(hour, rs...)
	}
	open := func() *intake.Desk {
		d, err := intake.Open(ctx, log, intake.Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	step(records...)
	followed := open()
	first := followed.Version()
	for i := range 6 {
		switch i % 3 {
		case 0:
			step(grid.Unit{ID: fmt.Sprint("u", i), Name: "单位", Kind: grid.UnitLine})
		case 1: // a street is gone from some day on: the cells that are new get new numbers
			area := records[1].(grid.Area)
			area.Valid.To = time.Date(2030+i, 1, 1, 0, 0, 0, 0, grid.Zone)
			step(area)
		case 2:
			step(records[1])
		}
		if err := followed.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		fresh := open()
		if a, b := followed.Version(), fresh.Version(); a != b {
			t.Fatalf("step %d: version %v, want %v", i, a, b)
		}
		for _, at := range []time.Time{now, time.Date(2035, 1, 1, 0, 0, 0, 0, grid.Zone)} {
			if got, want := cellCodes(t, followed, at), cellCodes(t, fresh, at); !slices.Equal(got, want) {
				t.Errorf("step %d: the followed desk has other cells than a fresh one", i)
			}
		}
	}
	if first == followed.Version() {
		t.Error("Version did not change with the log")
	}
}

// cellCodes asks for the cells of a lattice of points, some 150 m apart.
func cellCodes(t *testing.T, d *intake.Desk, at time.Time) []string {
	t.Helper()
	var out []string
	var c grid.Certificate
	for x := 121.49; x < 121.58; x += 0.0015 {
		for y := 31.24; y < 31.35; y += 0.0015 {
			if err := d.Brief(&grid.Report{Located: true, Point: orb.Point{x, y}, Datum: datum.WGS84, At: at}, &c); err != nil {
				t.Fatal(err)
			}
			if c.Place != nil {
				out = append(out, c.Place.Cell)
			}
		}
	}
	if len(out) < 1000 {
		t.Fatalf("%d points lie in cells, want 1000 or more", len(out))
	}
	return out
}
