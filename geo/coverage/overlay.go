package coverage

import (
	"fmt"
	"iter"
	"strings"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"wangge/geo"
)

// toSimple turns a shape with checked rings into the overlay library's form. Whether
// it is valid is not asked.
func toSimple(mp orb.MultiPolygon) geom.Geometry {
	polys := make([]geom.Polygon, len(mp))
	for i, poly := range mp {
		rings := make([]geom.LineString, len(poly))
		for j, r := range poly {
			flat := make([]float64, 0, 2*len(r))
			for _, p := range r {
				flat = append(flat, p[0], p[1])
			}
			rings[j] = geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
		}
		polys[i] = geom.NewPolygon(rings)
	}
	return geom.NewMultiPolygon(polys).AsGeometry()
}

// polygons are those of an overlay's result; points and lines, where shapes only
// touch, are left out.
func polygons(g geom.Geometry) []orb.Polygon {
	var out []orb.Polygon
	for _, part := range g.Dump() {
		poly, ok := part.AsPolygon()
		if !ok || poly.IsEmpty() {
			continue
		}
		var rings orb.Polygon
		for _, line := range poly.DumpRings() {
			seq := line.Coordinates()
			r := make(orb.Ring, seq.Length())
			for i := range r {
				xy := seq.GetXY(i)
				r[i] = orb.Point{xy.X, xy.Y}
			}
			rings = append(rings, r)
		}
		out = append(out, rings)
	}
	return out
}

// inside is a point in the interior of a shape.
func inside(mp orb.MultiPolygon) orb.Point {
	if xy, ok := toSimple(mp).PointOnSurface().XY(); ok {
		return orb.Point{xy.X, xy.Y}
	}
	return mp[0][0][0]
}

// vertices are all vertices of a shape, the first of each ring once.
func vertices(mp orb.MultiPolygon) iter.Seq[orb.Point] {
	return func(yield func(orb.Point) bool) {
		for _, poly := range mp {
			for _, r := range poly {
				for _, p := range r[1:] {
					if !yield(p) {
						return
					}
				}
			}
		}
	}
}

// placeOf is where a shape is not valid: where two edges cross, else the place that
// the library's error tells, else the first vertex.
func placeOf(err error, shape orb.MultiPolygon) orb.Point {
	var edges [][2]orb.Point
	for _, poly := range shape {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				edges = append(edges, [2]orb.Point{r[i-1], r[i]})
			}
		}
	}
	for i, e := range edges {
		for _, f := range edges[:i] {
			if p, ok := crossing(e, f); ok {
				return p
			}
		}
	}
	var p orb.Point
	if _, near, ok := strings.Cut(err.Error(), "(at or near {"); ok {
		if n, _ := fmt.Sscanf(near, "%g %g", &p[0], &p[1]); n == 2 {
			return p
		}
	}
	return shape[0][0][0]
}

// crossing returns where two segments cross within both; touching is no crossing.
func crossing(e, f [2]orb.Point) (orb.Point, bool) {
	if geo.Orient(e[0], e[1], f[0])*geo.Orient(e[0], e[1], f[1]) >= 0 || geo.Orient(f[0], f[1], e[0])*geo.Orient(f[0], f[1], e[1]) >= 0 {
		return orb.Point{}, false
	}
	dx, dy := e[1][0]-e[0][0], e[1][1]-e[0][1]
	side := func(p orb.Point) float64 { return dx*(p[1]-e[0][1]) - dy*(p[0]-e[0][0]) }
	t := side(f[0]) / (side(f[0]) - side(f[1]))
	return orb.Point{f[0][0] + t*(f[1][0]-f[0][0]), f[0][1] + t*(f[1][1]-f[0][1])}, true
}
