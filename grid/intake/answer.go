package intake

import (
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/coverage"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/duty"
	"wangge/grid/place"
)

// defaultReach is the accuracy in metres assumed where none is stated: that of a
// phone in the open, and about that of the demonstration map's borders.
const defaultReach = 10.0

// answer is the compact answer to an enquiry: indexes and numbers, no sentences.
// One can be used again and again.
type answer struct {
	q       codec.Enquiry
	m       *place.Map
	point   orb.Point // WGS-84
	moved   float64
	spot    place.Spot
	inside  bool
	edge    coverage.Edge
	other   int // the street beyond the edge, -1 outside the district
	reach   float64
	hits    []grid.Hit
	room    [8]grid.Hit
	duty    duty.Answer
	ask     duty.Question
	rival   duty.Answer // who would lead beyond the edge, when contested by place
	near    bool        // the edge is within reach, or the words leave another street possible
	spread  []spread    // of a road: the part of it in each street, the largest first
	due     time.Time
	dueSure bool
	stand   grid.Standing
}

// ask checks a report and turns it into an enquiry to the atlas it asks for.
func (d *Desk) ask(r *grid.Report) (*Atlas, codec.Enquiry, error) {
	var q codec.Enquiry
	if faults := Check(r); len(faults) > 0 {
		return nil, q, invalid(faults)
	}
	a := d.current.Load()
	if !r.Known.IsZero() {
		var err error
		if a, err = d.known(r.Known); err != nil {
			return nil, q, err
		}
	}
	if a.seq == 0 {
		return nil, q, noMap("answer report")
	}
	q.Asked = grid.Asked{Accuracy: r.Accuracy, At: r.At, Known: r.Known}
	if q.Asked.At.IsZero() {
		q.Asked.At = d.o.Now()
	}
	q.Asked.At = q.Asked.At.UTC().Truncate(time.Millisecond)
	q.Seq, q.Hash = a.seq, a.hash
	a.position(r, &q)
	q.Category = r.Category
	switch {
	case q.Category == "":
		if code, _ := a.duties.Propose(r.Text); code != "" {
			q.Category, q.Proposed = code, true
		}
	case a.duties.Category(q.Category) == nil:
		return nil, q, invalid([]grid.Fault{{
			At: "/category", Code: "category", Says: "there is no such category", SaysZH: "没有这个案件类别",
		}})
	}
	return a, q, nil
}

// answer fills ans. The error is Invalid when the map has no area at that time.
func (a *Atlas) answer(q *codec.Enquiry, ans *answer) error {
	*ans = answer{q: *q, other: -1, stand: grid.Unlocated}
	ans.hits = ans.room[:0]
	at := q.Asked.At
	if ans.m = a.mapAt(at); ans.m == nil {
		return invalid([]grid.Fault{{At: "/at", Code: "no_map", Says: "the map knows no areas at that time", SaysZH: "该时点没有可用的区域地图"}})
	}
	ans.ask = duty.Question{District: ans.m.District.Code, Category: q.Category, At: at}
	ans.duty.Category = a.duties.Category(q.Category)
	if !q.Asked.Located {
		return nil
	}
	ans.point = datum.ToWGS84(q.Asked.Point, q.Asked.Datum)
	if ans.point != q.Asked.Point {
		ans.moved = geo.Distance(q.Asked.Point, ans.point)
	}
	ans.reach = reachOf(&q.Asked)
	ans.edge, _ = ans.m.Edge(ans.point)
	ans.spot, ans.inside = ans.m.At(ans.point)
	if !ans.inside {
		ans.stand = grid.Outside
		return nil
	}
	ans.other = ans.edge.Left
	if ans.other == ans.spot.Street {
		ans.other = ans.edge.Right
	}
	ans.near = ans.edge.Distance <= ans.reach
	ans.hits = a.hotspots.Match(ans.hits, ans.point, at)
	if q.Asked.Matched != nil {
		a.read(ans)
	}
	ans.ask.Street, ans.ask.Hits = ans.m.Street(ans.spot.Street).Code, ans.hits
	ans.duty = a.duties.Assign(&ans.ask)
	ans.stand = grid.Settled
	if ans.near {
		ans.stand = grid.Contested
		if ans.other >= 0 {
			there := ans.ask
			there.Street = ans.m.Street(ans.other).Code
			ans.rival = a.duties.Assign(&there)
		}
	}
	if ans.duty.Tie != nil {
		ans.stand = grid.Contested
	}
	if l := ans.duty.Limit; l.N > 0 {
		ans.due, ans.dueSure = a.calendar.Due(at, l.N, string(l.Unit))
	}
	return nil
}

// reachOf is the radius of the accuracy circle in metres.
func reachOf(asked *grid.Asked) float64 {
	switch {
	case asked.Matched != nil:
		return max(asked.Accuracy, asked.Matched.Error)
	case asked.Accuracy > 0:
		return asked.Accuracy
	}
	return defaultReach
}

// brief fills a certificate without sentences: no id, no steps, no text. What c
// points at is used again.
func (ans *answer) brief(c *grid.Certificate, lang grid.Lang) {
	old := *c
	*c = grid.Certificate{
		Lang: lang, Standing: ans.stand, Asked: ans.q.Asked, Located: ans.q.Asked.Located, Point: ans.point,
		Moved: ans.moved, Due: ans.due, Hotspots: old.Hotspots[:0],
	}
	c.Category.Code, c.Category.Proposed = ans.q.Category, ans.q.Proposed
	if k := ans.duty.Category; k != nil {
		c.Category.Ref = grid.Ref{Code: k.Code, Name: k.Name, NameEN: k.NameEN}
	}
	if !c.Located {
		return
	}
	c.Edge = again(old.Edge)
	*c.Edge = grid.EdgeAnswer{Distance: ans.edge.Distance, Along: ans.edge.Along, Other: grid.Ref{Name: ans.edge.Beyond}}
	if ans.other >= 0 {
		c.Edge.Other = ref(ans.m.Street(ans.other))
	}
	if !ans.inside {
		return
	}
	cell := ans.m.Cell(ans.spot.Cell)
	c.Place = again(old.Place)
	*c.Place = grid.PlaceAnswer{
		District: ref(&ans.m.District), Street: ref(ans.m.Street(ans.spot.Street)), Cell: cell.Code, Hex: ans.m.Hex(ans.spot.Hex),
	}
	for _, h := range ans.hits {
		c.Hotspots = append(c.Hotspots, grid.HotspotAnswer{
			ID: h.Spot.ID, Name: h.Spot.Name, NameEN: h.Spot.NameEN, Kind: h.Spot.Kind, Distance: h.Distance, Open: h.Open,
		})
	}
	if u := ans.duty.Lead; u != nil {
		c.Lead = again(old.Lead)
		*c.Lead = *unitRef(u)
	}
	if ans.duty.Duty != nil {
		c.Duty = ans.duty.Duty.ID
	}
}

// again returns p, or a new value where there is none.
func again[T any](p *T) *T {
	if p == nil {
		return new(T)
	}
	return p
}

func ref(a *grid.Area) grid.Ref { return grid.Ref{Code: a.Code, Name: a.Name, NameEN: a.NameEN} }

func unitRef(u *grid.Unit) *grid.UnitRef {
	if u == nil {
		return nil
	}
	return &grid.UnitRef{ID: u.ID, Name: u.Name, NameEN: u.NameEN}
}
