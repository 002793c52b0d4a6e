package export

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"wangge/grid/codec"
)

// collection is a FeatureCollection, a feature on each line.
type collection struct {
	name, attribution string
	some              bool // a feature was written
}

func (c *collection) begin(dst []byte) []byte {
	dst = append(dst, `{"type":"FeatureCollection",`...)
	for _, m := range [][2]string{{"name", c.name}, {"attribution", c.attribution}} {
		if m[1] != "" {
			dst = append(append(append(dst, '"'), m[0]...), `":`...)
			dst = append(codec.AppendString(dst, m[1]), ',')
		}
	}
	return append(dst, `"features":[`...)
}

func (c *collection) row(dst []byte, it *item) ([]byte, error) {
	if c.some {
		dst = append(dst, ',')
	}
	dst, err := appendFeature(append(dst, '\n'), it)
	if err != nil {
		return nil, err
	}
	c.some = true
	return dst, nil
}

func (c *collection) end(dst []byte) []byte { return append(dst, "\n]}\n"...) }

// lines is a feature on each line and nothing else.
type lines struct{}

func (lines) begin(dst []byte) []byte { return dst }

func (lines) row(dst []byte, it *item) ([]byte, error) {
	dst, err := appendFeature(dst, it)
	if err != nil {
		return nil, err
	}
	return append(dst, '\n'), nil
}

func (lines) end(dst []byte) []byte { return dst }

func appendFeature(dst []byte, it *item) ([]byte, error) {
	dst = append(dst, `{"type":"Feature","properties":{`...)
	for i := range it.values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendValue(append(dst, it.layout.columns[i].member...), &it.values[i])
	}
	if len(it.props) > 0 {
		var err error
		if dst, err = appendProps(dst, it); err != nil {
			return nil, err
		}
	}
	dst = append(dst, `},"geometry":`...)
	if it.isPoint {
		dst = append(dst, `{"type":"Point","coordinates":[`...)
		dst = strconv.AppendFloat(dst, it.point[0], 'f', -1, 64)
		dst = strconv.AppendFloat(append(dst, ','), it.point[1], 'f', -1, 64)
		dst = append(dst, "]}"...)
	} else {
		dst = appendShape(dst, it.shape)
	}
	return append(dst, '}'), nil
}

func appendProps(dst []byte, it *item) ([]byte, error) {
	for _, name := range slices.Sorted(maps.Keys(it.props)) {
		if it.layout.has(name) {
			return nil, taken(string(it.layout.kind)+" "+it.key(), name)
		}
		dst = append(codec.AppendString(append(dst, ','), name), ':')
		dst = codec.AppendString(dst, it.props[name])
	}
	return dst, nil
}

// appendShape appends a geometry, null for an empty one.
func appendShape(dst []byte, g orb.Geometry) []byte {
	if nowhere(g) {
		return append(dst, "null"...)
	}
	return codec.AppendGeometry(dst, g)
}

func nowhere(g orb.Geometry) bool {
	switch g := g.(type) {
	case nil:
		return true
	case orb.MultiPolygon:
		return len(g) == 0
	case orb.LineString:
		return len(g) == 0
	}
	return false
}

func appendValue(dst []byte, v *value) []byte {
	switch v.is {
	case text:
		return codec.AppendString(dst, v.s)
	case integer:
		return strconv.AppendInt(dst, v.n, 10)
	case number:
		if math.IsNaN(v.f) || math.IsInf(v.f, 0) {
			break
		}
		return strconv.AppendFloat(dst, v.f, 'f', -1, 64)
	case truth:
		return strconv.AppendBool(dst, v.n != 0)
	case instant, day:
		return append(codec.AppendTime(append(dst, '"'), time.UnixMilli(v.n)), '"')
	case list:
		dst = append(dst, '[')
		for i, s := range v.list {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = codec.AppendString(dst, s)
		}
		return append(dst, ']')
	case limit:
		dst = strconv.AppendInt(append(dst, `{"n":`...), v.n, 10)
		return append(codec.AppendString(append(dst, `,"unit":`...), v.s), '}')
	case none:
	}
	return append(dst, "null"...)
}
