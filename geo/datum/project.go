package datum

import (
	"math"

	"github.com/paulmach/orb"
)

const degree = math.Pi / 180

// transverse is a transverse Mercator projection of an ellipsoid by Krüger's series
// to the sixth order of the third flattening: C. F. F. Karney, Transverse Mercator
// with an accuracy of a few nanometers, J. Geodesy 85 (2011), equations 7 to 14, 19
// to 21, 35 and 36 (doi 10.1007/s00190-011-0445-3).
type transverse struct {
	e, e2       float64 // eccentricity and its square
	radius      float64 // of the rectifying sphere, times the scale on the meridian
	meridian    float64 // in degrees
	alpha, beta series
}

// falseEasting of every system here, in metres; no false northing.
const falseEasting = 500000

// The semi-major axis of both ellipsoids, and one divided by the flattening of each.
const (
	semiMajor     = 6378137.0
	inverseWGS84  = 298.257223563
	inverseGRS80C = 298.257222101 // CGCS2000's
)

var (
	gaussKruger120 = newTransverse(inverseGRS80C, 120, 1)
	gaussKruger123 = newTransverse(inverseGRS80C, 123, 1)
	utm51          = newTransverse(inverseWGS84, 123, 0.9996)
)

func newTransverse(inverse, meridian, scale float64) *transverse {
	f := 1 / inverse
	n := f / (2 - f)
	m := &transverse{
		e2:       f * (2 - f),
		radius:   scale * semiMajor / (1 + n) * (1 + n*n*(1.0/4+n*n*(1.0/64+n*n/256))),
		meridian: meridian,
		alpha: newSeries(n, [6][6]float64{
			{1. / 2, -2. / 3, 5. / 16, 41. / 180, -127. / 288, 7891. / 37800},
			{13. / 48, -3. / 5, 557. / 1440, 281. / 630, -1983433. / 1935360},
			{61. / 240, -103. / 140, 15061. / 26880, 167603. / 181440},
			{49561. / 161280, -179. / 168, 6601661. / 7257600},
			{34729. / 80640, -3418889. / 1995840},
			{212378941. / 319334400},
		}),
		beta: newSeries(n, [6][6]float64{
			{1. / 2, -2. / 3, 37. / 96, -1. / 360, -81. / 512, 96199. / 604800},
			{1. / 48, 1. / 15, -437. / 1440, 46. / 105, -1118711. / 3870720},
			{17. / 480, -37. / 840, -209. / 4480, 5569. / 90720},
			{4397. / 161280, -11. / 504, -830251. / 7257600},
			{4583. / 161280, -108847. / 3991680},
			{20648693. / 638668800},
		}),
	}
	m.e = math.Sqrt(m.e2)
	return m
}

// series holds the coefficients of sin 2z, sin 4z … sin 12z.
type series [6]float64

// newSeries evaluates the polynomials in n; the row of sin 2jz begins with nʲ.
func newSeries(n float64, rows [6][6]float64) series {
	var s series
	for j, row := range rows {
		for k := 5; k >= 0; k-- {
			s[j] = s[j]*n + row[k]
		}
		s[j] *= math.Pow(n, float64(j+1))
	}
	return s
}

// sum adds the series up at z by Clenshaw's rule.
func (s *series) sum(z complex128) complex128 {
	sin, cos := math.Sincos(2 * real(z))
	up := math.Exp(2 * imag(z))
	sinh, cosh := (up-1/up)/2, (up+1/up)/2
	a := complex(2*cos*cosh, -2*sin*sinh)
	var b, last complex128
	for j := 5; j >= 0; j-- {
		b, last = a*b-last+complex(s[j], 0), b
	}
	return complex(sin*cosh, cos*sinh) * b
}

// Degrees to either side of the meridian, and of latitude, that are projected. The
// slack lets what was projected come back.
const (
	reach    = 4.5
	reachLat = 84
	slack    = 1e-9
)

func (m *transverse) covers(p orb.Point) bool {
	return math.Abs(p[0]-m.meridian) <= reach+slack && p[1] >= -slack && p[1] <= reachLat+slack
}

// near is a box of metres around what covers holds; far beyond, the series has no
// meaning.
func (m *transverse) near(p orb.Point) bool {
	return math.Abs(p[0]-falseEasting) <= 510e3 && p[1] >= -1e3 && p[1] <= 9.4e6
}

func (m *transverse) forward(p orb.Point) orb.Point {
	sin, cos := math.Sincos((p[0] - m.meridian) * degree)
	t := m.conformal(math.Tan(p[1] * degree))
	z := complex(math.Atan2(t, cos), math.Asinh(sin/math.Hypot(t, cos)))
	z += m.alpha.sum(z)
	return orb.Point{falseEasting + m.radius*imag(z), m.radius * real(z)}
}

func (m *transverse) inverse(p orb.Point) orb.Point {
	z := complex(p[1]/m.radius, (p[0]-falseEasting)/m.radius)
	z -= m.beta.sum(z)
	sin, cos := math.Sincos(real(z))
	sinh := math.Sinh(imag(z))
	return orb.Point{
		m.meridian + math.Atan2(sinh, cos)/degree,
		math.Atan(m.geodetic(sin/math.Hypot(sinh, cos))) / degree,
	}
}

// conformal turns the tangent of a latitude into that of the conformal latitude.
func (m *transverse) conformal(tan float64) float64 {
	sec := math.Sqrt(1 + tan*tan)
	s := math.Sinh(m.e * math.Atanh(m.e*tan/sec))
	return tan*math.Sqrt(1+s*s) - s*sec
}

// geodetic inverts conformal by Newton's method: two steps or three.
func (m *transverse) geodetic(want float64) float64 {
	tan := want / (1 - m.e2)
	for range 6 {
		got := m.conformal(tan)
		step := (want - got) / math.Sqrt(1+got*got) *
			(1 + (1-m.e2)*tan*tan) / ((1 - m.e2) * math.Sqrt(1+tan*tan))
		tan += step
		if math.Abs(step) < 1e-9*max(1, math.Abs(tan)) {
			break // the next step would be below the last bit
		}
	}
	return tan
}

// Where web Mercator ends: the square of the tiles, in metres from the middle and in
// degrees of latitude. A micrometre of slack lets what was projected come back.
const (
	mercatorEdge = math.Pi*semiMajor + 1e-6
	mercatorLat  = 85.0511287798066
)

// toMercator projects WGS-84 latitudes as if they were a sphere's (EPSG method 1024).
func toMercator(p orb.Point) orb.Point {
	return orb.Point{semiMajor * p[0] * degree, semiMajor * math.Asinh(math.Tan(p[1]*degree))}
}

func fromMercator(p orb.Point) orb.Point {
	return orb.Point{p[0] / semiMajor / degree, math.Atan(math.Sinh(p[1]/semiMajor)) / degree}
}
