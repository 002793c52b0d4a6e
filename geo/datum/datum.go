// Package datum reads coordinates in the datums and the projected systems that reach
// a Chinese city desk and turns them into WGS-84 and back.
//
// What must never enter: guessing a datum. A coordinate without its datum is
// refused where it comes in.
package datum

// Datum names a geodetic datum, as it is written outside.
type Datum string

// The datums. CGCS2000 equals WGS-84 to a few centimetres and is read as such.
const (
	WGS84    Datum = "wgs84"
	CGCS2000 Datum = "cgcs2000"
	GCJ02    Datum = "gcj02"
	BD09     Datum = "bd09"
)

// Datums lists every datum, in the order that error messages name them.
var Datums = []Datum{WGS84, CGCS2000, GCJ02, BD09}
