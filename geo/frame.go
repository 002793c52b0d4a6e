package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// The WGS-84 ellipsoid.
const (
	semiMajor = 6378137.0
	ecc2      = 0.00669437999014
)

// Frame turns small differences in degrees into metres around one latitude:
// the tangent plane of the WGS-84 ellipsoid. Within 10 km of the latitude it was
// made for, distances are within 1 part in 1,000 of the geodesic; within 500 m,
// 1 part in 20,000. The zero Frame measures nothing.
type Frame struct {
	KX, KY float64 // metres per degree of longitude and of latitude
}

// FrameAt returns the frame for a latitude in degrees. The radii are those of
// curvature in the meridian and the prime vertical (Snyder, Map Projections,
// USGS 1395, equations 4-18 to 4-20).
func FrameAt(lat float64) Frame {
	s, c := math.Sincos(lat * math.Pi / 180)
	w2 := 1 - ecc2*s*s
	w := math.Sqrt(w2)
	n := semiMajor / w
	m := semiMajor * (1 - ecc2) / (w2 * w)
	return Frame{KX: n * c * math.Pi / 180, KY: m * math.Pi / 180}
}

// Distance returns the metres between two points near the frame's latitude.
func (f Frame) Distance(a, b orb.Point) float64 {
	dx, dy := (a[0]-b[0])*f.KX, (a[1]-b[1])*f.KY
	return math.Sqrt(dx*dx + dy*dy)
}

// Nearest returns the point of the segment a-b nearest to p, and its distance
// from p in metres. A segment of no length is a point.
func (f Frame) Nearest(p, a, b orb.Point) (orb.Point, float64) {
	t, d2 := f.foot(p, a, b)
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}, math.Sqrt(d2)
}

// foot returns how far along the segment a-b its point nearest to p lies, 0 at a and 1
// at b, and its distance from p in square metres.
func (f Frame) foot(p, a, b orb.Point) (t, d2 float64) {
	ax, ay := (a[0]-p[0])*f.KX, (a[1]-p[1])*f.KY
	dx, dy := (b[0]-a[0])*f.KX, (b[1]-a[1])*f.KY
	if l2 := dx*dx + dy*dy; l2 > 0 {
		t = -(ax*dx + ay*dy) / l2
		t = min(1, max(0, t))
	}
	x, y := ax+t*dx, ay+t*dy
	return t, x*x + y*y
}

// ToLine returns the metres from p to the nearest point of a line, and that
// point. An empty line is infinitely far.
func (f Frame) ToLine(p orb.Point, line orb.LineString) (orb.Point, float64) {
	if len(line) == 1 {
		return line[0], f.Distance(p, line[0])
	}
	best, at, part := math.Inf(1), 0, 0.0
	for i := 1; i < len(line); i++ {
		if t, d2 := f.foot(p, line[i-1], line[i]); d2 < best {
			best, at, part = d2, i, t
		}
	}
	if at == 0 {
		return orb.Point{}, best
	}
	a, b := line[at-1], line[at]
	return orb.Point{a[0] + part*(b[0]-a[0]), a[1] + part*(b[1]-a[1])}, math.Sqrt(best)
}

// Distance returns the metres between two points, measured at their mean latitude.
func Distance(a, b orb.Point) float64 {
	return FrameAt((a[1]+b[1])/2).Distance(a, b)
}

// Around returns the box that holds everything within r metres of p, rounded
// outward: it may hold a little more, never less.
func Around(p orb.Point, r float64) orb.Bound {
	return Grow(orb.Bound{Min: p, Max: p}, r)
}

// Grow widens b by r metres on every side, rounded outward by a millionth and
// measured at the latitude where a degree is shortest.
func Grow(b orb.Bound, r float64) orb.Bound {
	lat := math.Max(math.Abs(b.Min[1]), math.Abs(b.Max[1])) + r/111000
	f := FrameAt(math.Min(lat, 89))
	ky := FrameAt(0).KY // a degree of latitude is shortest at the equator
	dx, dy := r/f.KX*(1+1e-6)+1e-12, r/ky*(1+1e-6)+1e-12
	return orb.Bound{
		Min: orb.Point{b.Min[0] - dx, b.Min[1] - dy},
		Max: orb.Point{b.Max[0] + dx, b.Max[1] + dy},
	}
}
