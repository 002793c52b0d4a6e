package export

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/peterstace/simplefeatures/geom"

	"wangge/grid"
)

// Within reports whether a record's shape and a box have a point in common, edges
// included. A record without a shape lies nowhere. Of the borders of a district and
// its areas it keeps no border without the areas beside it.
func Within(r grid.Record, box orb.Bound) bool {
	shape, _ := placeOf(r)
	if nowhere(shape) || !shape.Bound().Intersects(box) {
		return false
	}
	if _, ok := shape.(orb.Point); ok {
		return true
	}
	a, errA := simple(shape)
	b, errB := simple(box.ToPolygon())
	return errA != nil || errB != nil || geom.Intersects(a, b) // the boxes meet: that much is known
}

func simple(g orb.Geometry) (geom.Geometry, error) {
	b, err := wkb.Marshal(g)
	if err != nil {
		return geom.Geometry{}, err
	}
	return geom.UnmarshalWKB(b, geom.NoValidate{})
}
