package main

import (
	"fmt"

	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
	"github.com/tidwall/geojson"
	"github.com/tidwall/geojson/geometry"
	"github.com/tidwall/rtree"

	"wangge/geo/coverage"
)

// lookup returns the index of the area that holds a point, -1 for none.
type lookup func(orb.Point) int

// peer is a way to find the area of a point.
type peer struct {
	name  string
	build func([]orb.MultiPolygon) (lookup, error)
}

// peers are what is measured, ours first.
var peers = []peer{
	{"wangge/geo/coverage", ours},
	{"golang/geo s2.ShapeIndex", shapeIndex},
	{"tidwall/rtree + tidwall/geojson", tile38},
	{"tidwall/rtree + simplefeatures prepared", prepared},
	{"tidwall/rtree + orb/planar", plain},
}

func ours(areas []orb.MultiPolygon) (lookup, error) {
	var in []coverage.Area
	for i, a := range areas {
		in = append(in, coverage.Area{Code: fmt.Sprintf("%06d", i), Shape: a})
	}
	c, err := coverage.New(in, coverage.Options{})
	if err != nil {
		return nil, fmt.Errorf("ours: %w", err)
	}
	return c.At, nil
}

// over answers by a tree of the areas' boxes and a test of each candidate.
func over(areas []orb.MultiPolygon, holds func(i int, p orb.Point) bool) lookup {
	var tree rtree.RTreeG[int]
	for i, a := range areas {
		b := a.Bound()
		tree.Insert(b.Min, b.Max, i)
	}
	return func(p orb.Point) int {
		found := -1
		tree.Search(p, p, func(_, _ [2]float64, i int) bool {
			if (found < 0 || i < found) && holds(i, p) {
				found = i
			}
			return true
		})
		return found
	}
}

// plain is what a program with orb at hand does first.
func plain(areas []orb.MultiPolygon) (lookup, error) {
	return over(areas, func(i int, p orb.Point) bool { return planar.MultiPolygonContains(areas[i], p) }), nil
}

// tile38 indexes as Tile38 does: a tree of objects, each with a quadtree of its edges.
func tile38(areas []orb.MultiPolygon) (lookup, error) {
	objects := make([]geojson.Object, len(areas))
	for i, a := range areas {
		var polys []*geometry.Poly
		for _, poly := range a {
			var rings [][]geometry.Point
			for _, r := range poly {
				var ring []geometry.Point
				for _, p := range r {
					ring = append(ring, geometry.Point{X: p[0], Y: p[1]})
				}
				rings = append(rings, ring)
			}
			polys = append(polys, geometry.NewPoly(rings[0], rings[1:], geometry.DefaultIndexOptions))
		}
		objects[i] = geojson.NewMultiPolygon(polys)
		if len(polys) == 1 {
			objects[i] = geojson.NewPolygon(polys[0])
		}
	}
	return over(areas, func(i int, p orb.Point) bool {
		return objects[i].Spatial().IntersectsPoint(geometry.Point{X: p[0], Y: p[1]})
	}), nil
}

// prepared uses the port of JTS's prepared geometries, the origin of those in GEOS.
func prepared(areas []orb.MultiPolygon) (lookup, error) {
	prep := make([]geom.PreparedGeometry, len(areas))
	for i, a := range areas {
		var polys []geom.Polygon
		for _, poly := range a {
			var rings []geom.LineString
			for _, r := range poly {
				var xy []float64
				for _, p := range r {
					xy = append(xy, p[0], p[1])
				}
				rings = append(rings, geom.NewLineString(geom.NewSequence(xy, geom.DimXY)))
			}
			polys = append(polys, geom.NewPolygon(rings))
		}
		var err error
		if prep[i], err = geom.Prepare(geom.NewMultiPolygon(polys).AsGeometry()); err != nil {
			return nil, fmt.Errorf("prepare: %w", err)
		}
	}
	return over(areas, func(i int, p orb.Point) bool {
		ok, err := prep[i].Intersects(geom.XY{X: p[0], Y: p[1]}.AsPoint().AsGeometry())
		return ok && err == nil
	}), nil
}

// shapeIndex joins corners by great circles, not by straight lines in degrees: on
// long edges it answers another question.
func shapeIndex(areas []orb.MultiPolygon) (lookup, error) {
	index := s2.NewShapeIndex()
	of := map[s2.Shape]int{}
	for i, a := range areas {
		var loops []*s2.Loop
		for _, poly := range a {
			for _, r := range poly {
				var points []s2.Point
				for _, p := range r[:len(r)-1] {
					points = append(points, s2.PointFromLatLng(s2.LatLngFromDegrees(p[1], p[0])))
				}
				loop := s2.LoopFromPoints(points)
				loop.Normalize()
				loops = append(loops, loop)
			}
		}
		shape := s2.PolygonFromLoops(loops)
		of[shape] = i
		index.Add(shape)
	}
	index.Build()
	query := s2.NewContainsPointQuery(index, s2.VertexModelClosed)
	return func(p orb.Point) int {
		found := -1
		for _, s := range query.ContainingShapes(s2.PointFromLatLng(s2.LatLngFromDegrees(p[1], p[0]))) {
			if i := of[s]; found < 0 || i < found {
				found = i
			}
		}
		return found
	}, nil
}
