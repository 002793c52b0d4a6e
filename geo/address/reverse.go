package address

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Near is something near a point: how far it is in metres, and in which direction of it
// the point lies, one of eight.
type Near struct {
	Label     string
	At        orb.Point
	Distance  float64
	Direction Sentence
}

// Description says where a point is in the words of the street. What is nil is not
// known within [Farthest]. Sentence is what a patrol officer understands.
type Description struct {
	Door, Road, Crossing, Landmark *Near
	Sentence                       Sentence
}

// Farthest is the distance in metres beyond which nothing is called near.
const Farthest = 1000

// How near in metres something must be to say where a point is.
const (
	atDoor     = 80
	atLandmark = 150
	atCrossing = 200
)

// Reverse describes a point. One that is not finite has an empty description.
func (g *Gazetteer) Reverse(p orb.Point) Description {
	var d Description
	if s := p[0] + p[1]; math.IsNaN(s) || math.IsInf(s, 0) {
		return d
	}
	var door, road, crossing, landmark nearest
	for _, r := range g.byName {
		if len(r.line) > 1 && !r.made {
			along, off := r.project(p)
			road.try(p, r.point(along, 0), math.Abs(off), r.name)
		}
		for i := range r.doors {
			if x := &r.doors[i]; !x.place {
				if m := span(p, x.at); m < door.distance() {
					door.try(p, x.at, m, x.label(r))
				}
			}
		}
	}
	for _, c := range g.corners {
		crossing.try(p, c.At, span(p, c.At), c.RoadA+"、"+c.RoadB)
	}
	for i := range g.landmarks {
		x := &g.landmarks[i]
		landmark.try(p, x.At, span(p, x.At), x.Name)
	}
	d.Door, d.Road, d.Crossing, d.Landmark = door.near, road.near, crossing.near, landmark.near
	d.Sentence = d.say()
	return d
}

func (d *door) label(r *road) string {
	suffix := "号"
	if d.lane {
		suffix = "弄"
	}
	return fmt.Sprint(r.name, d.number, suffix)
}

// nearest keeps the nearest of what it tries, the first of equals.
type nearest struct{ near *Near }

func (n *nearest) distance() float64 {
	if n.near == nil {
		return Farthest
	}
	return n.near.Distance
}

func (n *nearest) try(p, at orb.Point, metres float64, label string) {
	if metres < n.distance() {
		n.near = &Near{Label: label, At: at, Distance: metres, Direction: eighth(at, p)}
	}
}

// say chooses what people would name: a landmark that is much nearer than any door, a
// door with the landmark at it, a landmark, a crossing, or the road alone.
func (d *Description) say() Sentence {
	l := d.Landmark
	switch {
	case l != nil && l.Distance <= atDoor && (d.Door == nil || 2*l.Distance < d.Door.Distance):
		return beside(l.Label, l.Label, l)
	case d.Door != nil && d.Door.Distance <= atDoor:
		zh, en := d.Door.Label, d.Door.Label
		if l != nil && l.Distance <= atDoor {
			zh, en = zh+"（"+l.Label+"）", en+" ("+l.Label+")"
		}
		return beside(zh, en, d.Door)
	case l != nil && l.Distance <= atLandmark:
		return beside(l.Label, l.Label, l)
	case d.Crossing != nil && d.Crossing.Distance <= atCrossing:
		return beside(d.Crossing.Label+"路口", "the crossing of "+d.Crossing.Label, d.Crossing)
	}
	best := d.Road
	for _, n := range []*Near{d.Door, d.Landmark, d.Crossing} {
		if n != nil && (best == nil || n.Distance < best.Distance) {
			best = n
		}
	}
	if best == nil {
		return Sentence{ZH: fmt.Sprintf("周边 %d 米内没有已知的道路、门牌或标志", Farthest), EN: fmt.Sprintf("no known road, number or landmark within %d m", Farthest)}
	}
	return beside(best.Label, best.Label, best)
}

func beside(zh, en string, n *Near) Sentence {
	if n.Distance < 8 {
		return Sentence{ZH: zh + "处", EN: "at " + en}
	}
	m := int(math.Round(n.Distance/5) * 5)
	return Sentence{
		ZH: fmt.Sprintf("%s%s侧约 %d 米", zh, n.Direction.ZH, m),
		EN: fmt.Sprintf("about %d m %s of %s", m, n.Direction.EN, en),
	}
}

var eighths = [...]Sentence{
	{"东", "east"},
	{"东北", "north-east"},
	{"北", "north"},
	{"西北", "north-west"},
	{"西", "west"},
	{"西南", "south-west"},
	{"南", "south"},
	{"东南", "south-east"},
}

// eighth names the direction of b seen from a.
func eighth(a, b orb.Point) Sentence {
	angle := math.Atan2(b[1]-a[1], (b[0]-a[0])*math.Cos(a[1]*math.Pi/180))
	return eighths[(int(math.Round(angle/(math.Pi/4)))+8)%8]
}
