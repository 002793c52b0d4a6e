package demo

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
)

// busy places see more than others of their sort.
var busy = map[string]float64{
	"hosp-hongfangzi": 9, "hosp-xinhua": 8, "hosp-changhai": 7, "hosp-central": 5, "hosp-feike": 3, "hosp-shidong": 3,
	"univ-tongji": 6, "univ-fudan": 5, "univ-sufe-guoding": 3, "univ-usst": 3,
}

// kinds of places.csv, and the metres around them where things happen.
var kinds = map[string]struct {
	where  where
	spread float64
}{
	"hospital": {hospital, 25}, "university": {university, 40}, "school": {school, 25}, "metro": {metro, 30},
	"mall": {mall, 40}, "compound": {compound, 80}, "park": {park, 100},
}

const (
	onRoad    = 8.0   // metres from the middle of a road
	step      = 20.0  // metres between the points of a road
	nearby    = 170.0 // metres from a place to the roads that serve it
	nearCross = 250.0 // metres within which a crossing names a piece of road
)

// addRoads cuts the roads into points and names each piece by its nearest crossing.
// It returns all the points from west to east.
func (w *world) addRoads(desk Filer, at time.Time) []orb.Point {
	crossings := map[string][]grid.Crossing{}
	for _, r := range desk.Records(grid.KindCrossing, at) {
		if c, ok := r.(grid.Crossing); ok {
			crossings[c.RoadA] = append(crossings[c.RoadA], c)
			crossings[c.RoadB] = append(crossings[c.RoadB], c)
		}
	}
	var all []orb.Point
	for _, rec := range desk.Records(grid.KindRoad, at) {
		r, ok := rec.(grid.Road)
		if !ok || r.Class == "expressway" || len(r.Line) < 2 {
			continue
		}
		if w.frame == (geo.Frame{}) {
			w.frame = geo.FrameAt(r.Line[0][1])
		}
		points := w.cut(r.Line)
		for _, p := range points {
			sp := spot{name: w.pieceName(r.Name, p, crossings[r.Name]), at: p, spread: onRoad}
			w.sort(road).put(1, sp)
			if r.Class == "arterial" {
				w.sort(mainRoad).put(1, sp)
			}
		}
		all = append(all, points...)
	}
	slices.SortStableFunc(all, func(a, b orb.Point) int { return cmp.Compare(a[0], b[0]) })
	return all
}

// cut returns points along a line, step metres apart.
func (w *world) cut(line orb.LineString) []orb.Point {
	var out []orb.Point
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		n := max(1, int(w.frame.Distance(a, b)/step))
		for k := range n {
			t := (float64(k) + 0.5) / float64(n)
			out = append(out, orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
		}
	}
	return out
}

func (w *world) pieceName(name string, p orb.Point, crossings []grid.Crossing) string {
	best, other := nearCross, ""
	for _, c := range crossings {
		if d := w.frame.Distance(p, c.At); d < best {
			best, other = d, c.RoadA
			if other == name {
				other = c.RoadB
			}
		}
	}
	if other == "" {
		return name
	}
	return name + "近" + other
}

func (w *world) addPlaces(desk Filer, at time.Time, pieces []orb.Point) {
	for _, r := range desk.Records(grid.KindPlace, at) {
		p, ok := r.(grid.Place)
		if !ok {
			continue
		}
		k, ok := kinds[p.Kind]
		if !ok {
			continue
		}
		s := spot{name: p.Name, named: true, at: p.At, spread: k.spread}
		if len(p.Aliases) > 0 {
			s.name = p.Aliases[0]
		}
		if k.where != compound && k.where != park {
			s.nearby = w.near(pieces, p.At)
		}
		w.sort(k.where).put(max(1, busy[p.ID]), s)
	}
}

// near returns the points of roads close to p; pieces go from west to east.
func (w *world) near(pieces []orb.Point, p orb.Point) []orb.Point {
	from, _ := slices.BinarySearchFunc(pieces, p[0]-nearby/w.frame.KX, func(q orb.Point, lon float64) int { return cmp.Compare(q[0], lon) })
	var out []orb.Point
	for _, q := range pieces[from:] {
		if (q[0]-p[0])*w.frame.KX > nearby {
			break
		}
		if w.frame.Distance(p, q) <= nearby {
			out = append(out, q)
		}
	}
	return out
}

// addHotspots takes the breakfast points and the corridors.
func (w *world) addHotspots(desk Filer, at time.Time) {
	for _, r := range desk.Records(grid.KindHotspot, at) {
		h, ok := r.(grid.Hotspot)
		if !ok {
			continue
		}
		switch shape := h.Shape.(type) {
		case orb.Point:
			if h.Kind == grid.Diversion {
				w.sort(breakfast).put(1, spot{name: h.Name, named: true, at: shape, spread: h.Reach * 0.7})
			}
		case orb.LineString:
			for _, p := range w.cut(shape) {
				w.sort(corridor).put(1, spot{name: h.Road, at: p, spread: h.Reach * 0.5})
			}
		}
	}
}

// addPoints takes the crossings and the doors.
func (w *world) addPoints(desk Filer, at time.Time) {
	for _, r := range desk.Records(grid.KindCrossing, at) {
		if c, ok := r.(grid.Crossing); ok {
			w.sort(crossing).put(1, spot{name: c.RoadA + c.RoadB + "口", named: true, at: c.At, spread: 20})
		}
	}
	for _, r := range desk.Records(grid.KindDoor, at) {
		if d, ok := r.(grid.Door); ok {
			w.sort(door).put(1, spot{name: d.Key(), named: true, at: d.At, spread: 12})
		}
	}
}

// addBeyond takes what lies across the district's border: 60 to 260 m to the right of
// each border that runs along a road and has nothing of ours there.
func (w *world) addBeyond(desk Filer, at time.Time) {
	roads := map[string]bool{}
	for _, r := range desk.Records(grid.KindRoad, at) {
		roads[r.Key()] = true
	}
	for _, r := range desk.Records(grid.KindBorder, at) {
		b, ok := r.(grid.Border)
		if !ok || b.Right != "" || b.Outside == "" || !roads[b.Along] {
			continue
		}
		for i := 1; i < len(b.Line); i++ {
			p, q := b.Line[i-1], b.Line[i]
			length := w.frame.Distance(p, q)
			if length < step {
				continue
			}
			dx, dy := (q[0]-p[0])*w.frame.KX/length, (q[1]-p[1])*w.frame.KY/length
			mid := orb.Point{(p[0]+q[0])/2 + dy*160/w.frame.KX, (p[1]+q[1])/2 - dx*160/w.frame.KY}
			w.sort(beyond).put(length, spot{name: b.Along + "靠" + b.Outside + "一侧", at: mid, spread: 100})
		}
	}
}
