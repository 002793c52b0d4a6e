package audit

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"

	"wangge/grid/codec"
)

// AppendJSON appends a finding as one JSON object: severity, code, ids, says,
// says_zh, and where there is a place point, area_m2 and geometry.
func AppendJSON(dst []byte, f *Finding) []byte {
	dst = appendMembers(append(dst, '{'), f)
	if f.Shape != nil {
		dst = codec.AppendGeometry(append(dst, `,"geometry":`...), f.Shape)
	}
	return append(dst, '}')
}

// AppendFeature appends a finding as a GeoJSON feature, with the geometry of the
// piece, else its point, else none.
func AppendFeature(dst []byte, f *Finding) []byte {
	var g orb.Geometry
	switch {
	case f.Shape != nil:
		g = f.Shape
	case f.Located:
		g = f.Point
	}
	dst = codec.AppendGeometry(append(dst, `{"type":"Feature","geometry":`...), g)
	return append(appendMembers(append(dst, `,"properties":{`...), f), "}}"...)
}

func appendMembers(dst []byte, f *Finding) []byte {
	member := func(name, value string) {
		dst = append(append(append(dst, '"'), name...), `":`...)
		dst, _ = jsontext.AppendQuote(dst, value) // its only error is bad UTF-8, which it replaces
		dst = append(dst, ',')
	}
	member("severity", string(f.Severity))
	member("code", f.Code)
	dst = append(dst, `"ids":[`...)
	for i, id := range f.IDs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, id)
	}
	dst = append(dst, "],"...)
	member("says", f.Says)
	member("says_zh", f.SaysZH)
	if f.Located {
		dst = append(codec.AppendGeometry(append(dst, `"point":`...), f.Point), ',')
	}
	if f.Area > 0 {
		dst = append(strconv.AppendFloat(append(dst, `"area_m2":`...), f.Area, 'f', 2, 64), ',')
	}
	return dst[:len(dst)-1]
}
