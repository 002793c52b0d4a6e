// Package hotspot matches a point and a time against the managed places. Each kind
// of hotspot has its file, which says how its shape and its hours are read.
//
// An [Index] is immutable and safe for concurrent use. What must never enter:
// who is responsible; that is grid/duty.
package hotspot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/index"
	"wangge/grid"
	"wangge/grid/calendar"
)

// Index finds hotspots.
type Index struct {
	spots    []spot
	at       map[*grid.Hotspot]int // where a hit's Spot stands in spots
	tree     *index.Tree[int32]
	calendar *calendar.Calendar
}

type spot struct {
	grid.Hotspot
	window calendar.Window
	reach  reach
}

// reach is the exact test of a shape: metres from p to it, 0 inside.
type reach func(p orb.Point, f geo.Frame) float64

// kind is how the hotspots of one kind are read.
type kind struct {
	// shapes are the geometry types that make sense for it.
	shapes []string
	// placeless says that it may have no shape and then holds nowhere.
	placeless bool
	zh, en    phrase
}

// phrase tells a match: before, the metres to the shape, between, the metres of
// reach, after; then open or closed, where the kind has hours of its own; then what
// the calendar says of them.
type phrase struct{ before, between, after, open, closed string }

var kinds = map[grid.HotspotKind]kind{
	grid.Perimeter: perimeter,
	grid.Corridor:  corridor,
	grid.Diversion: diversion,
	grid.Campus:    campus,
	grid.Resource:  resource,
	grid.Site:      site,
}

// New indexes hotspots of all validity periods. An unknown kind, a shape that does
// not fit it, a reach that is no length and a schedule that is no window are all
// told in one Invalid error, each fault at the hotspot's key.
func New(spots []grid.Hotspot, cal *calendar.Calendar) (*Index, error) {
	x := &Index{calendar: cal, spots: make([]spot, 0, len(spots)), at: map[*grid.Hotspot]int{}}
	var items []index.Item[int32]
	var faults []grid.Fault
	for _, h := range spots {
		s := spot{Hotspot: h}
		bad := s.prepare()
		for i := range bad {
			bad[i].At = h.Key() + bad[i].At
		}
		faults = append(faults, bad...)
		if len(bad) == 0 && s.reach != nil {
			items = append(items, index.Item[int32]{Bound: geo.Grow(h.Shape.Bound(), h.Reach), Value: int32(len(x.spots))}) //nolint:gosec // far fewer hotspots
		}
		x.spots = append(x.spots, s)
	}
	if len(faults) > 0 {
		return nil, &grid.Error{Kind: grid.Invalid, Op: "index hotspots", Msg: "some hotspots cannot be read", MsgZH: "部分重点点位无法读取", Faults: faults}
	}
	for i := range x.spots {
		x.at[&x.spots[i].Hotspot] = i
	}
	x.tree = index.New(items)
	return x, nil
}

func (s *spot) prepare() []grid.Fault {
	var faults []grid.Fault
	k, ok := kinds[s.Kind]
	switch {
	case !ok:
		faults = append(faults, grid.Fault{At: "/kind", Code: "kind", Says: fmt.Sprintf("there is no hotspot kind %q", s.Kind), SaysZH: "没有这种点位类型"})
	case s.Shape == nil && !k.placeless:
		faults = append(faults, grid.Fault{At: "/geometry", Code: "missing", Says: "this kind of hotspot needs a place", SaysZH: "该类点位必须有位置"})
	case s.Shape != nil && !slices.Contains(k.shapes, s.Shape.GeoJSONType()):
		faults = append(faults, grid.Fault{At: "/geometry", Code: "geometry", Says: "a " + s.Shape.GeoJSONType() + " does not fit this kind", SaysZH: "图形与点位类型不符"})
	}
	if math.IsNaN(s.Reach) || s.Reach < 0 || s.Reach > 20000 {
		faults = append(faults, grid.Fault{At: "/reach", Code: "range", Says: "reach is metres between 0 and 20,000", SaysZH: "范围应为 0 至 20000 米"})
	}
	var err error
	if s.window, err = calendar.ParseWindow(s.Schedule); err != nil {
		faults = append(faults, grid.Fault{At: "/schedule", Code: "window", Says: err.Error(), SaysZH: "时段写法有误"})
	}
	if s.Shape != nil && len(faults) == 0 {
		s.reach = reachOf(s.Shape)
	}
	return faults
}

func reachOf(shape orb.Geometry) reach {
	switch g := shape.(type) {
	case orb.Point:
		return func(p orb.Point, f geo.Frame) float64 { return f.Distance(p, g) }
	case orb.LineString:
		return func(p orb.Point, f geo.Frame) float64 { _, d := f.ToLine(p, g); return d }
	case orb.Polygon:
		return func(p orb.Point, f geo.Frame) float64 { return toPolygon(p, g, f) }
	case orb.MultiPolygon:
		return func(p orb.Point, f geo.Frame) float64 {
			best := math.Inf(1)
			for _, poly := range g {
				best = min(best, toPolygon(p, poly, f))
			}
			return best
		}
	}
	return nil
}

// toPolygon is 0 inside and on the edge, the metres to the edge in a hole and outside.
func toPolygon(p orb.Point, poly orb.Polygon, f geo.Frame) float64 {
	in, best := false, math.Inf(1)
	for _, r := range poly {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if _, d := f.Nearest(p, a, b); d < best {
				best = d
			}
			if (a[1] <= p[1]) != (b[1] <= p[1]) && (geo.Orient(a, b, p) > 0) == (b[1] > a[1]) {
				in = !in
			}
		}
	}
	if in {
		return 0
	}
	return best
}

// Match appends the hotspots that are valid at an instant and have p within their
// reach, the nearest first, equally near ones by ID. It does not allocate when dst
// has room.
func (x *Index) Match(dst []grid.Hit, p orb.Point, at time.Time) []grid.Hit {
	f, start := geo.FrameAt(p[1]), len(dst)
	x.tree.Search(p.Bound(), func(i int32) bool {
		s := &x.spots[i]
		if s.Valid.Holds(at) {
			if d := s.reach(p, f); d <= s.Reach {
				dst = append(dst, grid.Hit{Spot: &s.Hotspot, Distance: d, Open: x.calendar.Open(s.window, at)})
			}
		}
		return true
	})
	slices.SortFunc(dst[start:], func(a, b grid.Hit) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.Spot.ID, b.Spot.ID))
	})
	return dst
}

// AppendWhy appends the explanation of a hit of this index, nothing for a hit of
// another one: how far the place is, and why it is open or not.
func (x *Index) AppendWhy(dst []byte, h grid.Hit, at time.Time, lang grid.Lang) []byte {
	i, ok := x.at[h.Spot]
	if !ok {
		return dst
	}
	w := kinds[h.Spot.Kind].zh
	semicolon, colon := "；", "："
	if lang == grid.EN {
		w, semicolon, colon = kinds[h.Spot.Kind].en, "; ", ": "
	}
	dst = strconv.AppendInt(append(dst, w.before...), int64(math.Round(h.Distance)), 10)
	dst = strconv.AppendInt(append(dst, w.between...), int64(math.Round(h.Spot.Reach)), 10)
	dst = append(dst, w.after...)
	before := semicolon
	if w.open != "" {
		state := w.open
		if !h.Open {
			state = w.closed
		}
		dst = append(append(dst, semicolon...), state...)
		before = colon
	}
	if win := x.spots[i].window; !win.Always() {
		dst = x.calendar.AppendExplain(append(dst, before...), win, at, lang == grid.EN)
	}
	return dst
}

// Len returns how many hotspots there are, of all validity periods.
func (x *Index) Len() int { return len(x.spots) }
