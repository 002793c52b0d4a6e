// Package geo is the ground floor: longitude and latitude, metres, bounds and
// exact signs. It imports only the standard library and orb's types.
//
// Every point in the house is an [orb.Point] in degrees, longitude first.
// What must never enter: areas, units, datums, anything with a name.
package geo

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Faults of a point. Each is told apart with [errors.Is].
var (
	// ErrNotFinite: a coordinate is NaN or infinite.
	ErrNotFinite = errors.New("geo: coordinate is not a finite number")
	// ErrRange: longitude beyond ±180 or latitude beyond ±90.
	ErrRange = errors.New("geo: coordinate is outside ±180, ±90 degrees")
	// ErrSwapped: read the other way round the point lies in China, as given it does not.
	ErrSwapped = errors.New("geo: longitude and latitude are swapped")
	// ErrAbroad: a valid point outside the box around China.
	ErrAbroad = errors.New("geo: point is outside China")
)

// China is the box in which the Chinese datums differ from WGS-84. It is the
// rule of thumb of the public GCJ-02 formula: parts of its neighbours lie in it.
var China = orb.Bound{Min: orb.Point{72.004, 0.8293}, Max: orb.Point{137.8347, 55.8271}}

// Check says what is wrong with p as a point of China, most telling fault first:
// [ErrNotFinite], [ErrSwapped], [ErrRange], [ErrAbroad]; nil when nothing is.
func Check(p orb.Point) error {
	lon, lat := p[0], p[1]
	if !finite(lon) || !finite(lat) {
		return fmt.Errorf("%w: %v %v", ErrNotFinite, lon, lat)
	}
	if InChina(p) {
		return nil
	}
	if InChina(orb.Point{lat, lon}) {
		return fmt.Errorf("%w: %v %v", ErrSwapped, lon, lat)
	}
	if math.Abs(lon) > 180 || math.Abs(lat) > 90 {
		return fmt.Errorf("%w: %v %v", ErrRange, lon, lat)
	}
	return fmt.Errorf("%w: %v %v", ErrAbroad, lon, lat)
}

// InChina reports whether p lies in [China], its edges included. NaN does not.
func InChina(p orb.Point) bool {
	return p[0] >= China.Min[0] && p[0] <= China.Max[0] && p[1] >= China.Min[1] && p[1] <= China.Max[1]
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }
