package coverage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"

	"wangge/geo"
)

// FlawKind names what keeps areas from being a partition.
type FlawKind string

// The kinds of flaw. A lookup answers on every one of them all the same, by the
// edge rule; a flaw says where that answer is hardly what was meant.
const (
	// Invalid: an outline crosses itself, or its parts overlap or have an edge in
	// common. The area takes no part in the rest of the audit.
	Invalid FlawKind = "invalid"
	// Overlap: two areas have a piece in common.
	Overlap FlawKind = "overlap"
	// Gap: a piece between the areas, or inside the outline of them all, that no area has.
	Gap FlawKind = "gap"
	// Beyond: an area reaches over the outline of them all.
	Beyond FlawKind = "beyond"
	// Sliver: an overlap, a gap or a piece beyond, narrower than a border is drawn:
	// two borders that were meant to be one. Two codes or more.
	Sliver FlawKind = "sliver"
	// Mismatch: along the common border of two areas one has vertices that the other
	// does not have, bit for bit. What lies between the two lines may be too small to measure.
	Mismatch FlawKind = "mismatch"
)

// Flaw is one piece of a set of areas that is not as a partition should be.
type Flaw struct {
	Kind  FlawKind
	Codes []string     // the areas concerned, by code
	At    orb.Point    // a point in the piece
	Shape orb.Geometry // the piece, a MultiPolygon; for Mismatch the vertices, a MultiPoint; nil for Invalid
	Area  float64      // of the piece, in square metres
}

// AuditOptions tune an audit. The zero value is right for a district.
type AuditOptions struct {
	// Outline is what the areas should fill. Without it only holes are gaps.
	Outline orb.MultiPolygon
	// MinArea is the size in square metres under which a piece is rounding; 0: 0.01.
	MinArea float64
	// SliverWidth is the width in metres (twice the area by the perimeter) under which
	// a piece is a sliver; 0: 1.
	SliverWidth float64
	// Snap is how far in metres a vertex stands from another area's border to be one
	// that the other should have; 0: 0.02, which is more than 1e-7 degrees.
	Snap float64
}

func (o AuditOptions) withDefaults() AuditOptions {
	o.MinArea = cmp.Or(o.MinArea, 0.01)
	o.SliverWidth = cmp.Or(o.SliverWidth, 1)
	o.Snap = cmp.Or(o.Snap, 0.02)
	return o
}

// auditor holds what an audit works on.
type auditor struct {
	o     AuditOptions
	areas []audited // by code
	flaws []Flaw
}

// audited is an area ready for overlay.
type audited struct {
	Area
	bound orb.Bound // widened by Snap
	poly  geom.Geometry
}

// Audit tells every flaw of a set of areas by kind, then codes, then place. Areas
// without an outline are passed over. A thousand areas take a second or two.
// Errors: those of [New], or an overlay that cannot be computed.
func Audit(areas []Area, o AuditOptions) ([]Flaw, error) {
	a := auditor{o: o.withDefaults()}
	if err := a.take(areas); err != nil {
		return nil, err
	}
	for i := range a.areas {
		for j := i + 1; j < len(a.areas); j++ {
			if err := a.pair(&a.areas[i], &a.areas[j]); err != nil {
				return nil, err
			}
		}
	}
	if err := a.gaps(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(a.flaws, func(x, y Flaw) int {
		return cmp.Or(cmp.Compare(order(x.Kind), order(y.Kind)), slices.Compare(x.Codes, y.Codes), slices.Compare(x.At[:], y.At[:]))
	})
	return a.flaws, nil
}

func order(k FlawKind) int {
	return slices.Index([]FlawKind{Invalid, Overlap, Gap, Beyond, Sliver, Mismatch}, k)
}

// take sorts the areas and tells those that are no valid polygon.
func (a *auditor) take(areas []Area) error {
	sorted := slices.Clone(areas)
	slices.SortFunc(sorted, func(a, b Area) int { return strings.Compare(a.Code, b.Code) })
	for i, area := range sorted {
		if i > 0 && area.Code == sorted[i-1].Code {
			return fmt.Errorf("coverage: two areas have the code %s", area.Code)
		}
		if err := checkRings(area); err != nil {
			return err
		}
		if len(area.Shape) == 0 {
			continue
		}
		poly := toSimple(area.Shape)
		if err := poly.Validate(); err != nil {
			a.flaws = append(a.flaws, Flaw{Kind: Invalid, Codes: []string{area.Code}, At: placeOf(err, area.Shape)})
			continue
		}
		a.areas = append(a.areas, audited{Area: area, bound: geo.Grow(area.Shape.Bound(), a.o.Snap), poly: poly})
	}
	return nil
}

// pair tells what two areas have in common that they should not, and where their
// borders run together with different vertices.
func (a *auditor) pair(x, y *audited) error {
	if !x.bound.Intersects(y.bound) {
		return nil
	}
	both, err := geom.Intersection(x.poly, y.poly)
	if err != nil {
		return fmt.Errorf("coverage: overlay of %s and %s: %w", x.Code, y.Code, err)
	}
	codes := []string{x.Code, y.Code}
	a.pieces(Overlap, codes, both)
	if points := append(a.strays(x, y), a.strays(y, x)...); len(points) > 0 {
		a.flaws = append(a.flaws, Flaw{Kind: Mismatch, Codes: codes, At: points[0], Shape: points})
	}
	return nil
}

// strays are the vertices of x that stand on or beside y's border and are not y's.
func (a *auditor) strays(x, y *audited) orb.MultiPoint {
	var near []orb.Point
	for p := range vertices(x.Shape) {
		if y.bound.Contains(p) {
			near = append(near, p)
		}
	}
	if len(near) == 0 {
		return nil
	}
	has := map[orb.Point]bool{}
	for p := range vertices(y.Shape) {
		has[p] = true
	}
	var out orb.MultiPoint
	for _, p := range near {
		if !has[p] && besideBorder(y.Shape, p, a.o.Snap) {
			out = append(out, p)
		}
	}
	return out
}

// besideBorder reports whether p is within so many metres of a border of shape.
func besideBorder(shape orb.MultiPolygon, p orb.Point, metres float64) bool {
	f, reach := geo.FrameAt(p[1]), geo.Around(p, metres)
	for _, poly := range shape {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				p0, p1 := r[i-1], r[i]
				if max(p0[0], p1[0]) < reach.Min[0] || min(p0[0], p1[0]) > reach.Max[0] ||
					max(p0[1], p1[1]) < reach.Min[1] || min(p0[1], p1[1]) > reach.Max[1] {
					continue
				}
				if _, d := f.Nearest(p, p0, p1); d <= metres {
					return true
				}
			}
		}
	}
	return false
}

// gaps tells what no area has, and what areas have beyond the outline.
func (a *auditor) gaps() error {
	if len(a.areas) == 0 {
		return nil
	}
	parts := make([]geom.Geometry, len(a.areas))
	for i := range a.areas {
		parts[i] = a.areas[i].poly
	}
	all, err := geom.UnionMany(parts)
	if err != nil {
		return fmt.Errorf("coverage: union of all areas: %w", err)
	}
	if len(a.o.Outline) == 0 {
		for _, poly := range polygons(all) {
			for _, hole := range poly[1:] {
				a.gap(orb.MultiPolygon{{hole}})
			}
		}
		return nil
	}
	outline := toSimple(a.o.Outline)
	if err := outline.Validate(); err != nil {
		return fmt.Errorf("coverage: the outline of all: %w", err)
	}
	rest, err := geom.Difference(outline, all)
	if err != nil {
		return fmt.Errorf("coverage: outline without its areas: %w", err)
	}
	for _, poly := range polygons(rest) {
		a.gap(orb.MultiPolygon{poly})
	}
	for i := range a.areas {
		over, err := geom.Difference(a.areas[i].poly, outline)
		if err != nil {
			return fmt.Errorf("coverage: %s beyond the outline: %w", a.areas[i].Code, err)
		}
		a.pieces(Beyond, []string{a.areas[i].Code}, over)
	}
	return nil
}

// gap tells a gap with the areas around it.
func (a *auditor) gap(piece orb.MultiPolygon) {
	var codes []string
	for i := range a.areas {
		if a.areas[i].bound.Intersects(piece.Bound()) && a.borders(&a.areas[i], piece) {
			codes = append(codes, a.areas[i].Code)
		}
	}
	a.piece(Gap, codes, piece)
}

// borders reports whether an edge of piece, not only a corner, lies on x's border.
func (a *auditor) borders(x *audited, piece orb.MultiPolygon) bool {
	for _, poly := range piece {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				mid := orb.Point{(r[i-1][0] + r[i][0]) / 2, (r[i-1][1] + r[i][1]) / 2}
				if besideBorder(x.Shape, mid, a.o.Snap) {
					return true
				}
			}
		}
	}
	return false
}

func (a *auditor) pieces(kind FlawKind, codes []string, g geom.Geometry) {
	for _, poly := range polygons(g) {
		a.piece(kind, codes, orb.MultiPolygon{poly})
	}
}

// piece tells a piece of one polygon, unless it is too small.
func (a *auditor) piece(kind FlawKind, codes []string, piece orb.MultiPolygon) {
	size, around := measure(piece)
	if size < a.o.MinArea {
		return
	}
	if 2*size < a.o.SliverWidth*around {
		kind = Sliver
	}
	a.flaws = append(a.flaws, Flaw{Kind: kind, Codes: codes, At: inside(piece), Shape: piece, Area: size})
}

// measure returns the area and the perimeter of a piece, in square metres and
// metres.
func measure(mp orb.MultiPolygon) (size, around float64) {
	f := geo.FrameAt(mp.Bound().Center()[1])
	for _, poly := range mp {
		for k, r := range poly {
			sum := 0.0
			for i := 1; i < len(r); i++ {
				ax, ay := (r[i-1][0]-r[0][0])*f.KX, (r[i-1][1]-r[0][1])*f.KY
				bx, by := (r[i][0]-r[0][0])*f.KX, (r[i][1]-r[0][1])*f.KY
				sum += ax*by - ay*bx
				around += math.Hypot(bx-ax, by-ay)
			}
			if sum = math.Abs(sum) / 2; k > 0 {
				sum = -sum
			}
			size += sum
		}
	}
	return size, around
}
