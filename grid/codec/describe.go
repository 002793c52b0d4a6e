package codec

import "wangge/grid"

// AppendDescription appends a description of a point as one JSON object.
func AppendDescription(dst []byte, d *grid.Description) []byte {
	o := object{append(dst, '{')}
	o.name("point")
	o.b = AppendGeometry(o.b, d.Point)
	for _, n := range []struct {
		name string
		near *grid.Near
	}{{"door", d.Door}, {"road", d.Road}, {"crossing", d.Crossing}, {"landmark", d.Landmark}} {
		if n.near == nil {
			o.null(n.name)
			continue
		}
		o.open(n.name)
		o.str("label", n.near.Label)
		o.float("lon", n.near.At[0], 6)
		o.float("lat", n.near.At[1], 6)
		o.float("distance_m", n.near.Distance, 1)
		o.str("direction", n.near.Direction)
		o.close()
	}
	o.str("text", d.Says)
	o.close()
	return o.b
}
