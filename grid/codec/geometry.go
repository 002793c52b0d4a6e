package codec

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"
)

// AppendGeometry appends g as a GeoJSON geometry (RFC 7946), null for nil. Numbers
// are the shortest that read back as the same double, so that a shape survives
// storage bit for bit.
func AppendGeometry(dst []byte, g orb.Geometry) []byte {
	switch g := g.(type) {
	case orb.Point:
		return append(appendPoint(append(dst, `{"type":"Point","coordinates":`...), g), '}')
	case orb.MultiPoint:
		return append(appendPoints(append(dst, `{"type":"MultiPoint","coordinates":`...), g), '}')
	case orb.LineString:
		return append(appendPoints(append(dst, `{"type":"LineString","coordinates":`...), g), '}')
	case orb.MultiLineString:
		dst = append(dst, `{"type":"MultiLineString","coordinates":`...)
		return append(appendLines(dst, g), '}')
	case orb.Polygon:
		return append(appendLines(append(dst, `{"type":"Polygon","coordinates":`...), g), '}')
	case orb.MultiPolygon:
		if len(g) == 0 {
			return append(dst, "null"...)
		}
		dst = append(dst, `{"type":"MultiPolygon","coordinates":[`...)
		for i, p := range g {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendLines(dst, p)
		}
		return append(dst, "]}"...)
	}
	return append(dst, "null"...)
}

func appendPoint(dst []byte, p orb.Point) []byte {
	dst = strconv.AppendFloat(append(dst, '['), p[0], 'f', -1, 64)
	dst = strconv.AppendFloat(append(dst, ','), p[1], 'f', -1, 64)
	return append(dst, ']')
}

func appendPoints[L ~[]orb.Point](dst []byte, line L) []byte {
	dst = append(dst, '[')
	for i, p := range line {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPoint(dst, p)
	}
	return append(dst, ']')
}

func appendLines[L ~[]orb.Point, M ~[]L](dst []byte, lines M) []byte {
	dst = append(dst, '[')
	for i, l := range lines {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendPoints(dst, l)
	}
	return append(dst, ']')
}

// ErrGeometry is wrapped by every error of [ParseGeometry].
var ErrGeometry = errors.New("codec: not a GeoJSON geometry")

// ParseGeometry reads a GeoJSON geometry: Point, MultiPoint, LineString,
// MultiLineString, Polygon, MultiPolygon, or null (nil). A third coordinate is
// dropped. It does not check that rings are closed or coordinates in range.
func ParseGeometry(b []byte) (orb.Geometry, error) {
	var wire *struct {
		Type        string         `json:"type"`
		Coordinates jsontext.Value `json:"coordinates"`
		BBox        []float64      `json:"bbox"`
	}
	if err := json.Unmarshal(b, &wire, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrGeometry, err)
	}
	if wire == nil {
		return nil, nil //nolint:nilnil // null is a geometry of no place
	}
	c := wire.Coordinates
	switch wire.Type {
	case "Point":
		return parse(c, func(v []float64) (orb.Geometry, error) { return pointOf(v) })
	case "MultiPoint":
		return parse(c, func(v [][]float64) (orb.Geometry, error) {
			p, err := pointsOf(v)
			return orb.MultiPoint(p), err
		})
	case "LineString":
		return parse(c, func(v [][]float64) (orb.Geometry, error) {
			p, err := pointsOf(v)
			return orb.LineString(p), err
		})
	case "MultiLineString":
		return parse(c, func(v [][][]float64) (orb.Geometry, error) {
			return mapped[orb.MultiLineString](v, func(l [][]float64) (orb.LineString, error) {
				p, err := pointsOf(l)
				return p, err
			})
		})
	case "Polygon":
		return parse(c, func(v [][][]float64) (orb.Geometry, error) { return polygonOf(v) })
	case "MultiPolygon":
		return parse(c, func(v [][][][]float64) (orb.Geometry, error) {
			return mapped[orb.MultiPolygon](v, polygonOf)
		})
	}
	return nil, fmt.Errorf("%w: type %q", ErrGeometry, wire.Type)
}

func parse[T any](c jsontext.Value, build func(T) (orb.Geometry, error)) (orb.Geometry, error) {
	var v T
	if err := json.Unmarshal(c, &v); err != nil {
		return nil, fmt.Errorf("%w: coordinates: %w", ErrGeometry, err)
	}
	g, err := build(v)
	if err != nil {
		return nil, err
	}
	return g, nil
}

func mapped[O ~[]B, A, B any](in []A, f func(A) (B, error)) (O, error) {
	out := make(O, len(in))
	for i, a := range in {
		b, err := f(a)
		if err != nil {
			return nil, err
		}
		out[i] = b
	}
	return out, nil
}

func pointOf(v []float64) (orb.Point, error) {
	if len(v) < 2 || len(v) > 3 {
		return orb.Point{}, fmt.Errorf("%w: a position of %d numbers", ErrGeometry, len(v))
	}
	if math.IsInf(v[0], 0) || math.IsInf(v[1], 0) {
		return orb.Point{}, fmt.Errorf("%w: an infinite coordinate", ErrGeometry)
	}
	return orb.Point{v[0], v[1]}, nil
}

func pointsOf(v [][]float64) ([]orb.Point, error) { return mapped[[]orb.Point](v, pointOf) }

func polygonOf(v [][][]float64) (orb.Polygon, error) {
	return mapped[orb.Polygon](v, func(r [][]float64) (orb.Ring, error) {
		p, err := pointsOf(r)
		return p, err
	})
}
