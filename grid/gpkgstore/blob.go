package gpkgstore

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// A GeoPackage geometry (12-128r17, 2.1.3): "GP", version 0, flags, the SRS, an
// envelope (none for a point), then ISO WKB. Written here in little-endian order.
const (
	srsID         = 4326
	flagLittle    = 1
	flagEnvelope  = 1 << 1 // minx, maxx, miny, maxy
	flagEmpty     = 1 << 4
	headerLen     = 8
	envelopeBytes = 32
	wkbPoint      = 1
)

// appendBlob appends the blob of a geometry that has points.
func appendBlob(dst []byte, g orb.Geometry) ([]byte, error) {
	if p, ok := g.(orb.Point); ok {
		dst = append(dst, 'G', 'P', 0, flagLittle)
		dst = binary.LittleEndian.AppendUint32(dst, srsID)
		dst = binary.LittleEndian.AppendUint32(append(dst, flagLittle), wkbPoint)
		return appendDoubles(dst, p[0], p[1]), nil
	}
	body, err := wkb.Marshal(g, binary.LittleEndian)
	if err != nil {
		return dst, fmt.Errorf("encode geometry: %w", err)
	}
	b := g.Bound()
	dst = append(dst, 'G', 'P', 0, flagLittle|flagEnvelope)
	dst = binary.LittleEndian.AppendUint32(dst, srsID)
	dst = appendDoubles(dst, b.Min[0], b.Max[0], b.Min[1], b.Max[1])
	return append(dst, body...), nil
}

func appendDoubles(dst []byte, vs ...float64) []byte {
	for _, v := range vs {
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(v))
	}
	return dst
}

// pointOf reads the blob of a point that this package wrote.
func pointOf(b []byte) (orb.Point, bool) {
	const at = headerLen + 5
	if len(b) != at+16 || b[0] != 'G' || b[1] != 'P' || b[3] != flagLittle {
		return orb.Point{}, false
	}
	return orb.Point{doubleAt(b, at), doubleAt(b, at+8)}, true
}

func doubleAt(b []byte, at int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b[at:]))
}

// envelope returns minx, maxx, miny, maxy of a blob of any writer of GeoPackages, as
// far as its header tells: false for an empty geometry and for what is no blob.
func envelope(b []byte) (e [4]float64, ok bool) {
	if len(b) < headerLen || b[0] != 'G' || b[1] != 'P' || b[3]&flagEmpty != 0 {
		return e, false
	}
	if p, ok := pointOf(b); ok {
		return [4]float64{p[0], p[0], p[1], p[1]}, !math.IsNaN(p[0])
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[3]&flagLittle != 0 {
		order = binary.LittleEndian
	}
	if b[3]>>1&7 == 0 { // no envelope in the header: ask the geometry
		g, err := wkb.Unmarshal(b[headerLen:])
		if err != nil || g.Bound().IsEmpty() {
			return e, false
		}
		bound := g.Bound()
		return [4]float64{bound.Min[0], bound.Max[0], bound.Min[1], bound.Max[1]}, true
	}
	if len(b) < headerLen+envelopeBytes {
		return e, false
	}
	for i := range e {
		e[i] = math.Float64frombits(order.Uint64(b[headerLen+8*i:]))
	}
	return e, true
}
