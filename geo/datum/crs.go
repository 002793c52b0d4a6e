package datum

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// CRS names a projected coordinate system in metres, as it is written outside.
// Easting always comes first, as GDAL, QGIS and the spreadsheets made by them write
// it, though the definitions of EPSG:4549 and EPSG:4550 put the northing first and
// surveyors in China call the northing X.
type CRS string

// The projected systems in which the files of an eastern Chinese district come.
const (
	GaussKruger120 CRS = "epsg:4549"  // CGCS2000 / 3-degree Gauss-Kruger CM 120E
	GaussKruger123 CRS = "epsg:4550"  // CGCS2000 / 3-degree Gauss-Kruger CM 123E
	UTM51N         CRS = "epsg:32651" // WGS 84 / UTM zone 51N, central meridian 123E
	WebMercator    CRS = "epsg:3857"  // WGS 84 / Pseudo-Mercator
)

// CRSs lists every projected system, in the order that error messages name them.
var CRSs = []CRS{GaussKruger120, GaussKruger123, UTM51N, WebMercator}

// Faults of a projected point and of a system's name. Each is told apart with
// [errors.Is].
var (
	// ErrUnknownCRS: a name is none of [CRSs].
	ErrUnknownCRS = errors.New("datum: unknown projected system")
	// ErrDegrees: the numbers are a longitude and a latitude of China, not metres.
	ErrDegrees = errors.New("datum: degrees where metres are wanted")
	// ErrSwapped: with easting and northing exchanged the point lies in China, as
	// given it does not.
	ErrSwapped = errors.New("datum: easting and northing are swapped")
	// ErrZoned: the easting begins with the number of the system's zone, as 40645731
	// does; that is another system (EPSG:4528 beside EPSG:4549).
	ErrZoned = errors.New("datum: the easting begins with a zone number")
	// ErrOutside: the point is farther out than the projection is used here.
	ErrOutside = errors.New("datum: outside the projection's range")
)

// ParseCRS returns the system of a name in any case: "EPSG:4549", "epsg4549",
// "urn:ogc:def:crs:EPSG::4549" with or without a version. The error wraps
// [ErrUnknownCRS] and lists the choices.
func ParseCRS(s string) (CRS, error) {
	name := strings.ToLower(s)
	if rest, ok := strings.CutPrefix(name, "urn:ogc:def:crs:epsg:"); ok {
		if version, code, ok := strings.Cut(rest, ":"); ok && strings.Trim(version, "0123456789.") == "" {
			name = "epsg:" + code
		}
	} else if code, ok := strings.CutPrefix(name, "epsg"); ok && !strings.HasPrefix(code, ":") {
		name = "epsg:" + code
	}
	if c := CRS(name); slices.Contains(CRSs, c) {
		return c, nil
	}
	names := make([]string, len(CRSs))
	for i, c := range CRSs {
		names[i] = string(c)
	}
	return "", fmt.Errorf("%w %q: it is one of %s", ErrUnknownCRS, s, strings.Join(names, ", "))
}

// ToWGS84 turns easting and northing in metres into longitude and latitude. The
// same numbers give the same bits, so vertices that two outlines share stay shared.
// A point outside China is returned as any other, if it is within the range of
// [CRS.FromWGS84]. The errors are [geo.ErrNotFinite], [ErrDegrees], [ErrSwapped],
// [ErrZoned], [ErrOutside] and, for a CRS not in [CRSs], [ErrUnknownCRS].
func (c CRS) ToWGS84(p orb.Point) (orb.Point, error) {
	q, err := c.inverse(p)
	if err == nil && geo.InChina(q) {
		return q, nil
	}
	turned := orb.Point{p[1], p[0]}
	switch {
	case errors.Is(err, geo.ErrNotFinite), errors.Is(err, ErrUnknownCRS):
		return orb.Point{}, err
	case geo.InChina(p), geo.InChina(turned):
		return orb.Point{}, fmt.Errorf("%w: %v %v", ErrDegrees, p[0], p[1])
	case c.inChina(turned), c.inChina(c.withoutZone(turned)):
		return orb.Point{}, fmt.Errorf("%w: %v %v", ErrSwapped, p[0], p[1])
	case c.inChina(c.withoutZone(p)):
		return orb.Point{}, fmt.Errorf("%w: %v %v", ErrZoned, p[0], p[1])
	case err != nil:
		return orb.Point{}, err
	}
	return q, nil
}

func (c CRS) inChina(p orb.Point) bool {
	q, err := c.inverse(p)
	return err == nil && geo.InChina(q)
}

// withoutZone takes the number of the system's own zone off an easting: it counts
// zones of three degrees, of six, or those of UTM.
func (c CRS) withoutZone(p orb.Point) orb.Point {
	m := c.transverse()
	if m == nil {
		return p
	}
	zone := math.Floor(p[0] / 1e6)
	if 3*zone == m.meridian || 6*zone-3 == m.meridian || 6*zone-183 == m.meridian {
		p[0] -= zone * 1e6
	}
	return p
}

// FromWGS84 is the inverse of [CRS.ToWGS84]: there and back again moves a point by
// less than a tenth of a millimetre. Gauss-Kruger and UTM reach from the equator to
// 84° north and 4.5° to either side of the central meridian, which is the zone of
// three degrees and its neighbours; web Mercator reaches to 85.0511° north and
// south. The errors are [geo.ErrNotFinite], [ErrOutside] and [ErrUnknownCRS].
func (c CRS) FromWGS84(p orb.Point) (orb.Point, error) {
	if !finite(p) {
		return orb.Point{}, fmt.Errorf("%w: %v %v", geo.ErrNotFinite, p[0], p[1])
	}
	m := c.transverse()
	switch {
	case m == nil && c != WebMercator:
		return orb.Point{}, fmt.Errorf("%w %q", ErrUnknownCRS, string(c))
	case m != nil && m.covers(p):
		return m.forward(p), nil
	case m == nil && math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= mercatorLat:
		return toMercator(p), nil
	}
	return orb.Point{}, fmt.Errorf("%w of %s: %v %v", ErrOutside, c, p[0], p[1])
}

// inverse turns metres into degrees, without a look at what may have gone wrong.
func (c CRS) inverse(p orb.Point) (orb.Point, error) {
	if !finite(p) {
		return orb.Point{}, fmt.Errorf("%w: %v %v", geo.ErrNotFinite, p[0], p[1])
	}
	m := c.transverse()
	switch {
	case m == nil && c != WebMercator:
		return orb.Point{}, fmt.Errorf("%w %q", ErrUnknownCRS, string(c))
	case m != nil && m.near(p):
		if q := m.inverse(p); m.covers(q) {
			return q, nil
		}
	case m == nil && math.Abs(p[0]) <= mercatorEdge && math.Abs(p[1]) <= mercatorEdge:
		return fromMercator(p), nil
	}
	return orb.Point{}, fmt.Errorf("%w of %s: %v %v", ErrOutside, c, p[0], p[1])
}

func (c CRS) transverse() *transverse {
	switch c {
	case GaussKruger120:
		return gaussKruger120
	case GaussKruger123:
		return gaussKruger123
	case UTM51N:
		return utm51
	default:
		return nil
	}
}

func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]-p[0]) && !math.IsNaN(p[1]-p[1]) // ∞-∞ is NaN
}
