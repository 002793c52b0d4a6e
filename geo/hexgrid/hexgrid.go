// Package hexgrid is the only door to H3. It turns longitude, latitude into H3's
// latitude, longitude once, here: swapped, H3 gives another valid cell and no error.
//
// What must never enter: areas and their codes. Functions are safe for concurrent use.
package hexgrid

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"wangge/geo"
)

// Resolution is the house's default: cells of 15,047 m² on average.
const Resolution = 10

// MaxCells is how many cells [Cover] gives at most; a city has some 500,000 at the
// default resolution.
const MaxCells = 4_000_000

// Faults, told apart with [errors.Is]; those of a point are geo's.
var (
	// ErrResolution: a resolution outside 0..15.
	ErrResolution = errors.New("hexgrid: resolution is not 0 to 15")
	// ErrTooMany: a shape with more than [MaxCells] cells.
	ErrTooMany = errors.New("hexgrid: too many cells")
)

// Hex is one H3 cell. Ring is closed and counter-clockwise; its corners are those
// of the canonical H3 vertexes, rounded to 1e-9 degrees, so that neighbours share
// identical doubles. A point within a millimetre of a hexagon's edge may be in
// one cell by its ring and in its neighbour by [At].
type Hex struct {
	ID     string
	Center orb.Point
	Ring   orb.Ring
}

// At returns the id of the cell of a resolution (0..15) that holds p, anywhere on
// earth. The error is [ErrResolution] or what [geo.Check] finds wrong with p.
func At(p orb.Point, res int) (string, error) {
	if res < 0 || res > 15 {
		return "", fmt.Errorf("%w: %d", ErrResolution, res)
	}
	if err := geo.Check(p); err != nil && !errors.Is(err, geo.ErrAbroad) {
		return "", fmt.Errorf("hexgrid: %w", err)
	}
	c, err := h3.LatLngToCell(latLng(p), res)
	if err != nil {
		return "", fmt.Errorf("hexgrid: cell at %v: %w", p, err)
	}
	return c.String(), nil
}

// Cover returns every cell of a resolution whose shape meets the bounds of one of
// shape's polygons, by id. It over-answers (some two cells beyond the bounds), and
// never misses one that meets shape. Polygons lie between 85° south and north and
// do not cross the date line. A shape without points has no cells. The error is
// [ErrResolution], [ErrTooMany], or that of a corner as [geo.Check] finds it.
func Cover(shape orb.MultiPolygon, res int) ([]Hex, error) {
	seen := map[h3.Cell]struct{}{}
	for _, poly := range shape {
		if len(poly) == 0 || len(poly[0]) == 0 {
			continue
		}
		cells, err := coverBound(poly.Bound(), res)
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			seen[c] = struct{}{}
		}
	}
	corners := map[h3.Vertex]orb.Point{}
	out := make([]Hex, 0, len(seen))
	for c := range seen {
		h, err := hexOf(c, corners)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b Hex) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// coverBound finds the cells whose centres lie in b grown by 2.5 mean edges: a
// cell's corner is at most 1.6 mean edges from its centre.
func coverBound(b orb.Bound, res int) ([]h3.Cell, error) {
	edge, err := h3.HexagonEdgeLengthAvgM(res)
	if err != nil {
		return nil, fmt.Errorf("%w: %d", ErrResolution, res)
	}
	for _, p := range []orb.Point{b.Min, b.Max} {
		if err := geo.Check(p); err != nil && !errors.Is(err, geo.ErrAbroad) {
			return nil, fmt.Errorf("hexgrid: cover: %w", err)
		}
	}
	b = geo.Grow(b, 2.5*edge)
	if b.Min[0] < -180 || b.Max[0] > 180 || b.Min[1] < -85 || b.Max[1] > 85 {
		return nil, fmt.Errorf("hexgrid: cover: %w: %v", geo.ErrRange, b)
	}
	f := geo.FrameAt(b.Center()[1])
	area, err := h3.HexagonAreaAvgM2(res)
	if err != nil {
		return nil, fmt.Errorf("%w: %d", ErrResolution, res)
	}
	width, height := (b.Max[0]-b.Min[0])*f.KX, (b.Max[1]-b.Min[1])*f.KY
	if n := width * height / area; n > MaxCells {
		return nil, fmt.Errorf("%w: about %.0f at resolution %d, %d is the most", ErrTooMany, n, res, MaxCells)
	}
	loop := h3.GeoLoop{
		latLng(b.Min), latLng(orb.Point{b.Max[0], b.Min[1]}), latLng(b.Max), latLng(orb.Point{b.Min[0], b.Max[1]}),
	}
	cells, err := h3.PolygonToCells(h3.GeoPolygon{GeoLoop: loop}, res)
	if err != nil {
		return nil, fmt.Errorf("hexgrid: cover: %w", err)
	}
	return cells, nil
}

func hexOf(c h3.Cell, corners map[h3.Vertex]orb.Point) (Hex, error) {
	center, err := c.LatLng()
	if err != nil {
		return Hex{}, fmt.Errorf("hexgrid: centre of %s: %w", c, err)
	}
	vertexes, err := c.Vertexes()
	if err != nil {
		return Hex{}, fmt.Errorf("hexgrid: corners of %s: %w", c, err)
	}
	h := Hex{ID: c.String(), Center: rounded(center), Ring: make(orb.Ring, 0, len(vertexes)+1)}
	for _, v := range vertexes {
		p, ok := corners[v]
		if !ok {
			at, err := v.LatLng()
			if err != nil {
				return Hex{}, fmt.Errorf("hexgrid: corner of %s: %w", c, err)
			}
			p = rounded(at)
			corners[v] = p
		}
		h.Ring = append(h.Ring, p)
	}
	h.Ring = append(h.Ring, h.Ring[0])
	return h, nil
}

// latLng and rounded are the two places where the order of the axes turns.
func latLng(p orb.Point) h3.LatLng { return h3.NewLatLng(p[1], p[0]) }

func rounded(ll h3.LatLng) orb.Point {
	return orb.Point{math.Round(ll.Lng*1e9) / 1e9, math.Round(ll.Lat*1e9) / 1e9}
}
