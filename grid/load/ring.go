package load

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"wangge/geo"
)

// area returns twice the signed area of a closed ring in square degrees, positive
// when it runs counter-clockwise. It is measured from the first point, so that
// small rings far from the origin keep their digits.
func area(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		ax, ay := r[i-1][0]-r[0][0], r[i-1][1]-r[0][1]
		bx, by := r[i][0]-r[0][0], r[i][1]-r[0][1]
		sum += ax*by - bx*ay
	}
	return sum
}

// crossing tells a polygon whose rings cross or overlap, themselves or each other.
func crossing(p orb.Polygon) (says, zh string) {
	lines := make([]geom.LineString, len(p))
	for i, r := range p {
		flat := make([]float64, 0, 2*len(r))
		for _, q := range r {
			flat = append(flat, q[0], q[1])
		}
		lines[i] = geom.NewLineString(geom.NewSequence(flat, geom.DimXY))
	}
	if err := geom.NewPolygon(lines).Validate(); err != nil {
		says, zh = "the rings of the outline cross or overlap", "边界的环自相交、重叠或相互交叉"
		if _, near, ok := strings.Cut(err.Error(), "(at or near "); ok {
			near = strings.Trim(near, "{})")
			says, zh = says+", at or near "+near, zh+"，位于 "+near+" 附近"
		}
	}
	return says, zh
}

// polygons puts closed rings together: counter-clockwise ones are outlines,
// clockwise ones holes of the smallest outline around them. It returns false when
// a hole has no outline. The answer is the same for the same rings in any order.
func polygons(rings []orb.Ring) (orb.MultiPolygon, bool) {
	var outer orb.MultiPolygon
	var holes []orb.Ring
	for _, r := range rings {
		r = canonical(r)
		if area(r) > 0 {
			outer = append(outer, orb.Polygon{r})
		} else {
			holes = append(holes, r)
		}
	}
	// Smallest first: the first outline around a hole is its own.
	slices.SortFunc(outer, func(a, b orb.Polygon) int { return cmp.Compare(area(a[0]), area(b[0])) })
	slices.SortFunc(holes, func(a, b orb.Ring) int { return comparePoints(a[0], b[0]) })
	for _, h := range holes {
		i := slices.IndexFunc(outer, func(p orb.Polygon) bool { return within(h, p[0]) })
		if i < 0 {
			return nil, false
		}
		outer[i] = append(outer[i], h)
	}
	slices.SortFunc(outer, func(a, b orb.Polygon) int { return comparePoints(a[0][0], b[0][0]) })
	return outer, len(outer) > 0
}

// canonical turns a closed ring so that it begins at its westernmost, then
// southernmost point.
func canonical(r orb.Ring) orb.Ring {
	open := r[:len(r)-1]
	k := 0
	for i, p := range open {
		if comparePoints(p, open[k]) < 0 {
			k = i
		}
	}
	out := make(orb.Ring, 0, len(r))
	out = append(append(out, open[k:]...), open[:k]...)
	return append(out, out[0])
}

func comparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// within reports whether a hole lies in an outline that it does not cross: its
// first vertex off the outline decides.
func within(hole, outline orb.Ring) bool {
	for _, p := range hole {
		if in, on := contains(outline, p); !on {
			return in
		}
	}
	return false
}

// contains counts, exactly, the edges to the east of p. on is true when p lies on
// the ring.
func contains(r orb.Ring, p orb.Point) (in, on bool) {
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if geo.OnSegment(a, b, p) {
			return false, true
		}
		if (a[1] > p[1]) == (b[1] > p[1]) {
			continue
		}
		if b[1] > a[1] == (geo.Orient(a, b, p) > 0) {
			in = !in
		}
	}
	return in, false
}
