package grid

import "github.com/paulmach/orb"

// Description says where a point is in the words of the street. What is nil is not near.
type Description struct {
	Point                          orb.Point // WGS-84
	Door, Road, Crossing, Landmark *Near
	Says                           string
}

// Near is something near a point: metres from it, and the direction in which the point
// lies, seen from it.
type Near struct {
	Label     string
	At        orb.Point
	Distance  float64
	Direction string
}
