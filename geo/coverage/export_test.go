package coverage

import (
	"sync"

	"github.com/paulmach/orb"
)

// IndexBytes is what a lookup can touch when it is sure.
func (c *Coverage) IndexBytes() int { return 4*len(c.raster.boxes) + 2*len(c.raster.records) }

// Forget lets the next Edge build its raster anew.
func (c *Coverage) Forget() { c.near = sync.OnceValue(c.makeNearest) }

// Sure reports whether At answers without asking polygons in full.
func (c *Coverage) Sure(p orb.Point) bool {
	word, x, y := c.raster.find(p)
	if word < isRecord {
		return true
	}
	_, sure := walk(c.raster.records[word&^isRecord:], x, y)
	return sure
}

// Box is the place in degrees of x, y boxes from the corner of the raster.
func (c *Coverage) Box(x, y float64) orb.Point {
	r := &c.raster
	return orb.Point{r.west + x*units/r.sx, r.south + y*units/r.sy}
}

// Boxes are how many columns and rows the raster has.
func (c *Coverage) Boxes() (nx, ny int) { return c.raster.nx, c.raster.ny }
