package intake_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"wangge/grid"
)

// Together the cells are their streets: nothing is lost and nothing stands twice.
// Areas are in square degrees, in which cutting an edge changes nothing.
func TestCellsTileTheirStreets(t *testing.T) {
	d := yangpu(t)
	cells, err := d.Cells(now)
	if err != nil || len(cells) < 5000 {
		t.Fatalf("Cells(%v) = %d cells, %v, want some thousand", now, len(cells), err)
	}
	sum := map[string]float64{}
	for _, c := range cells {
		sum[c.Code[:9]] += planar.Area(c.Shape)
		for _, p := range c.Shape {
			for i, r := range p {
				if outer := i == 0; outer != (r.Orientation() == orb.CCW) || r[0] != r[len(r)-1] {
					t.Fatalf("cell %s: ring %d is open or turns the wrong way round: %v", c.Code, i, r)
				}
			}
		}
	}
	for _, r := range d.Records(grid.KindArea, now) {
		a, _ := r.(grid.Area)
		if a.Level != grid.LevelStreet {
			continue
		}
		if got, want := sum[a.Code], planar.Area(a.Shape); math.Abs(got-want) > want*1e-9 {
			t.Errorf("cells of %s %s have %v square degrees, want %v", a.Code, a.Name, got, want)
		}
	}
}
