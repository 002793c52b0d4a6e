package intake

import (
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"

	"wangge/grid"
)

// Cells returns the cells of the map that holds at an instant, with their outlines
// cut at the street's border, by code. The first call for a map takes some hundred
// milliseconds; the slice is shared and must not be changed.
func (d *Desk) Cells(at time.Time) ([]grid.Area, error) {
	p := d.current.Load().periodAt(at)
	if p == nil || p.m == nil {
		return nil, nil
	}
	return p.cells()
}

// cut is the part of some hexagons that lies in a street, for drawing: lookups use
// the table, never this outline.
func cut(street, hexes orb.MultiPolygon) (orb.MultiPolygon, error) {
	a, err := toSimple(street)
	if err != nil {
		return nil, err
	}
	b, err := toSimple(hexes)
	if err != nil {
		return nil, err
	}
	if b, err = geom.UnaryUnion(b); err != nil {
		return nil, err
	}
	c, err := geom.Intersection(a, b)
	if err != nil {
		return nil, err
	}
	return polygons(c.ForceCCW())
}

// toSimple does not validate: hexagons side by side make no valid MultiPolygon.
func toSimple(mp orb.MultiPolygon) (geom.Geometry, error) {
	b, err := wkb.Marshal(mp)
	if err != nil {
		return geom.Geometry{}, err
	}
	return geom.UnmarshalWKB(b, geom.NoValidate{})
}

// polygons leaves out the points and lines where outlines only touch.
func polygons(g geom.Geometry) (orb.MultiPolygon, error) {
	o, err := wkb.Unmarshal(g.AsBinary())
	if err != nil {
		return nil, err
	}
	var out orb.MultiPolygon
	var take func(orb.Geometry)
	take = func(g orb.Geometry) {
		switch g := g.(type) {
		case orb.Polygon:
			out = append(out, g)
		case orb.MultiPolygon:
			out = append(out, g...)
		case orb.Collection:
			for _, part := range g {
				take(part)
			}
		}
	}
	take(o)
	return out, nil
}
