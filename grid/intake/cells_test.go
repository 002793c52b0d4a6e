package intake_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"wangge/grid"
)

// Together the cells are their streets: nothing is lost and nothing stands twice.
// Outlines are for drawing; the overlay that cuts them may be off by a hundred-thousandth.
func TestCellsTileTheirStreets(t *testing.T) {
	d := yangpu(t)
	cells, err := d.Cells(now)
	if err != nil || len(cells) < 5000 {
		t.Fatalf("Cells(%v) = %d cells, %v, want some thousand", now, len(cells), err)
	}
	sum := map[string]float64{}
	for _, c := range cells {
		sum[c.Code[:9]] += geo.Area(c.Shape)
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
		if got, want := sum[a.Code], geo.Area(a.Shape); math.Abs(got-want) > want*1e-5 {
			t.Errorf("cells of %s %s have %.1f m², want %.1f", a.Code, a.Name, got, want)
		}
	}
}
