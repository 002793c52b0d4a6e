package demo

import (
	"math"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
	"wangge/grid/calendar"
)

// spot is where reports come from: anywhere within spread metres of at, or of one of
// the stretches of road nearby, when there are any.
type spot struct {
	name   string // what people call it
	named  bool   // the name alone says where it is
	at     orb.Point
	spread float64
	nearby []orb.Point
}

// spots are those of one sort, drawn by their weight.
type spots struct {
	urn
	list []spot
}

func (s *spots) put(weight float64, sp spot) {
	s.add(weight)
	s.list = append(s.list, sp)
}

// season tells days apart by what happens on them.
type season int

const (
	inSummer season = 1 << iota // June to September
	dayOff
	seasons = 4
)

// world is what the map offers to draw from. It is read only.
type world struct {
	scenes   [seasons]urn // over scenes, by season
	hours    map[*hours]urn
	channels urn
	spots    map[where]*spots
	calendar *calendar.Calendar
	frame    geo.Frame
}

func newWorld(desk Filer, at time.Time) (*world, error) {
	w := &world{hours: map[*hours]urn{}, spots: map[where]*spots{}}
	pieces := w.addRoads(desk, at)
	w.addPlaces(desk, at, pieces)
	w.addHotspots(desk, at)
	w.addPoints(desk, at)
	w.addBeyond(desk, at)
	w.sort(nowhere).put(1, spot{})
	var err error
	if w.calendar, err = calendarOf(desk); err != nil {
		return nil, err
	}
	for _, c := range channels {
		w.channels.add(c.weight)
	}
	return w, w.addScenes(desk)
}

func (w *world) sort(name where) *spots {
	s := w.spots[name]
	if s == nil {
		s = &spots{}
		w.spots[name] = s
	}
	return s
}

// addScenes weighs the scenes whose category and places the map has.
func (w *world) addScenes(desk Filer) error {
	known := map[string]bool{}
	for _, r := range desk.Records(grid.KindCategory, time.Time{}) {
		known[r.Key()] = true
	}
	for i := range scenes {
		s := &scenes[i]
		if w.hours[s.hours] == nil {
			var u urn
			for _, weight := range s.hours {
				u.add(weight)
			}
			w.hours[s.hours] = u
		}
		for k := range season(seasons) {
			weight := s.weight
			if k&inSummer != 0 {
				weight *= s.summer
			}
			if k&dayOff != 0 {
				weight *= s.rest
			}
			if w.spots[s.where] == nil || !known[s.category] {
				weight = 0
			}
			w.scenes[k].add(weight)
		}
	}
	if w.scenes[0].total() == 0 || w.spots[road] == nil {
		return &grid.Error{
			Kind: grid.Invalid, Op: "fill demonstration",
			Msg: "the map has no roads, places or categories to make synthetic reports of", MsgZH: "地图中没有可用于生成模拟上报的道路、地点或类别",
		}
	}
	return nil
}

func calendarOf(desk Filer) (*calendar.Calendar, error) {
	var days []calendar.Day
	for _, r := range desk.Records(grid.KindDay, time.Time{}) {
		if d, ok := r.(grid.Day); ok {
			days = append(days, calendar.Day{Date: d.Date, Off: d.Off, Name: d.Name})
		}
	}
	return calendar.New(days, calendar.Policy{})
}

func (w *world) seasonOf(t time.Time) season {
	var s season
	if m := t.Month(); m >= time.June && m <= time.September {
		s |= inSummer
	}
	if k := w.calendar.On(t).Kind; k == calendar.Weekend || k == calendar.Holiday {
		s |= dayOff
	}
	return s
}

// within draws a point of WGS-84 at a spot.
func (w *world) within(rnd *rand.Rand, s *spot) orb.Point {
	at, spread := s.at, s.spread
	if len(s.nearby) > 0 && rnd.Float64() < 0.8 {
		at, spread = s.nearby[rnd.IntN(len(s.nearby))], onRoad
	}
	r := spread * math.Sqrt(rnd.Float64())
	sin, cos := math.Sincos(2 * math.Pi * rnd.Float64())
	return orb.Point{at[0] + r*cos/w.frame.KX, at[1] + r*sin/w.frame.KY}
}
