package datum

import (
	"math"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// ToWGS84 turns a point read in datum d into WGS-84. p must have passed
// [geo.Check]; a datum that is not in [Datums] leaves it as it is.
func ToWGS84(p orb.Point, d Datum) orb.Point {
	switch d {
	case GCJ02:
		return unshift(p)
	case BD09:
		return unshift(fromBaidu(p))
	default:
		return p
	}
}

// FromWGS84 is the inverse of [ToWGS84]: there and back again moves a point by
// less than a centimetre anywhere in China.
func FromWGS84(p orb.Point, d Datum) orb.Point {
	switch d {
	case GCJ02:
		return shift(p)
	case BD09:
		return toBaidu(shift(p))
	default:
		return p
	}
}

// The Krasovsky 1940 ellipsoid, which the public GCJ-02 formula is written on.
const (
	krasovskyA  = 6378245.0
	krasovskyE2 = 0.00669342162296594323
)

// shift is the public GCJ-02 formula. Outside the box around China nothing moves.
func shift(p orb.Point) orb.Point {
	if !geo.InChina(p) {
		return p
	}
	d := offset(p)
	return orb.Point{p[0] + d[0], p[1] + d[1]}
}

// offset is how far GCJ-02 lies from WGS-84 at p, in degrees.
func offset(p orb.Point) orb.Point {
	x, y := p[0]-105, p[1]-35
	root := math.Sqrt(math.Abs(x))
	// Sines of multiples of one angle are found from it; the library's are the price.
	s3, c3 := math.Sincos(math.Pi / 3 * x)
	s1, c1 := triple(s3, c3)
	s2 := 2 * s1 * c1 // sin 2πx
	s6 := s2 * (3 - 4*s2*s2)
	t3, u3 := math.Sincos(math.Pi / 3 * y)
	t1, _ := triple(t3, u3)
	waves := (20*s6 + 20*s2) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + waves +
		(20*t1+40*t3)*2/3 +
		(160*math.Sin(math.Pi/12*y)+320*math.Sin(math.Pi/30*y))*2/3
	dLon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + waves +
		(20*s1+40*s3)*2/3 +
		(150*math.Sin(math.Pi/12*x)+300*math.Sin(math.Pi/30*x))*2/3
	sin, cos := math.Sincos(p[1] * math.Pi / 180)
	w2 := 1 - krasovskyE2*sin*sin
	w := math.Sqrt(w2)
	return orb.Point{
		dLon * 180 / (krasovskyA / w * cos * math.Pi),
		dLat * 180 / (krasovskyA * (1 - krasovskyE2) / (w2 * w) * math.Pi),
	}
}

// triple returns the sine and cosine of three times an angle.
func triple(sin, cos float64) (float64, float64) {
	return sin * (3 - 4*sin*sin), cos * (4*cos*cos - 3)
}

// reachable is where the formulas can carry a point of the box: a twentieth of a
// degree beyond it.
var reachable = geo.China.Pad(0.05)

// closeEnough ends the iteration, in degrees: the step that was just made is under a
// tenth of a millimetre, and the next would be a hundred times smaller.
const closeEnough = 1e-9

// unshift finds the point whose GCJ-02 is p by fixed-point iteration: the offset
// changes by less than a hundredth of the step, so each round gains two digits or
// more. Near the edge of the box, where the formula stops, a point may be its own
// GCJ-02 or have none; then the last estimate within the box stands.
func unshift(p orb.Point) orb.Point {
	if !reachable.Contains(p) {
		return p
	}
	q := p
	for range 12 {
		d := offset(q)
		next := orb.Point{p[0] - d[0], p[1] - d[1]}
		moved := math.Abs(next[0]-q[0]) + math.Abs(next[1]-q[1])
		q = next
		if moved < closeEnough {
			break
		}
	}
	if !geo.InChina(q) {
		return p // its origin is outside, where nothing moves
	}
	return q
}

// baiduTurn is the angular frequency of the public BD-09 formula.
const baiduTurn = math.Pi * 3000 / 180

func toBaidu(p orb.Point) orb.Point {
	if !geo.InChina(p) {
		return p
	}
	x, y := p[0], p[1]
	z := math.Hypot(x, y) + 0.00002*math.Sin(y*baiduTurn)
	sin, cos := math.Sincos(math.Atan2(y, x) + 0.000003*math.Cos(x*baiduTurn))
	return orb.Point{z*cos + 0.0065, z*sin + 0.006}
}

// fromBaidu inverts toBaidu by iteration; the public inverse alone is off by up to
// a metre.
func fromBaidu(p orb.Point) orb.Point {
	if !reachable.Contains(p) {
		return p
	}
	q := orb.Point{p[0] - 0.0065, p[1] - 0.006}
	for range 12 {
		r := toBaidu(q)
		dx, dy := p[0]-r[0], p[1]-r[1]
		q[0], q[1] = q[0]+dx, q[1]+dy
		if math.Abs(dx)+math.Abs(dy) < closeEnough {
			break
		}
	}
	if !geo.InChina(q) {
		return p
	}
	return q
}
