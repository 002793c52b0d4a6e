// Package hexgrid is the only door to H3. It turns longitude, latitude into H3's
// latitude, longitude once, here: swapped, H3 gives another valid cell and no error.
//
// What must never enter: areas and their codes. Functions are safe for concurrent use.
package hexgrid

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"wangge/geo"
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

// At returns the id of the cell of a resolution (0..15) that holds p. A point that
// is no finite coordinate is an error.
func At(p orb.Point, res int) (string, error) {
	if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
		return "", fmt.Errorf("hexgrid: %w", geo.ErrNotFinite)
	}
	c, err := h3.LatLngToCell(h3.NewLatLng(p[1], p[0]), res)
	if err != nil {
		return "", fmt.Errorf("hexgrid: cell at %v: %w", p, err)
	}
	return c.String(), nil
}

// Cover returns every cell of a resolution whose shape meets the bounds of one of
// shape's polygons, by id. It over-answers, and never misses one that meets shape.
func Cover(shape orb.MultiPolygon, res int) ([]Hex, error) {
	seen := map[h3.Cell]bool{}
	for _, poly := range shape {
		b := poly.Bound()
		loop := make(h3.GeoLoop, 0, 4)
		edge, err := h3.HexagonEdgeLengthAvgM(res)
		if err != nil {
			return nil, fmt.Errorf("hexgrid: resolution %d: %w", res, err)
		}
		b = geo.Grow(b, 2.5*edge) // cells are found by their centres
		for _, p := range []orb.Point{b.Min, {b.Max[0], b.Min[1]}, b.Max, {b.Min[0], b.Max[1]}} {
			loop = append(loop, h3.NewLatLng(p[1], p[0]))
		}
		cells, err := h3.PolygonToCells(h3.GeoPolygon{GeoLoop: loop}, res)
		if err != nil {
			return nil, fmt.Errorf("hexgrid: cover: %w", err)
		}
		for _, c := range cells {
			seen[c] = true
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

func hexOf(c h3.Cell, corners map[h3.Vertex]orb.Point) (Hex, error) {
	center, err := c.LatLng()
	if err != nil {
		return Hex{}, fmt.Errorf("hexgrid: centre of %s: %w", c, err)
	}
	vertexes, err := c.Vertexes()
	if err != nil {
		return Hex{}, fmt.Errorf("hexgrid: corners of %s: %w", c, err)
	}
	h := Hex{ID: c.String(), Center: rounded(center)}
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

func rounded(ll h3.LatLng) orb.Point {
	return orb.Point{math.Round(ll.Lng*1e9) / 1e9, math.Round(ll.Lat*1e9) / 1e9}
}
