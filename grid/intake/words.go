package intake

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"wangge/geo/address"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// Where a point comes from words, the certificate carries on how sure that is.

// position takes the point that was sent, or the best reading of the address, or else
// of the text.
func (a *Atlas) position(r *grid.Report, q *codec.Enquiry) {
	if r.Located {
		q.Asked.Located, q.Asked.Point, q.Asked.Datum = true, r.Point, r.Datum
		return
	}
	var best address.Answer
	for _, text := range []string{r.Address, r.Text} {
		if text == "" || len(best.Candidates) > 0 && best.Standing != address.Choice {
			continue
		}
		found := a.names.Geocode(text, address.Options{})
		if len(found.Candidates) > 0 && (len(best.Candidates) == 0 || found.Standing == address.Located) {
			best = found
		}
	}
	if len(best.Candidates) == 0 {
		return
	}
	c := &best.Candidates[0]
	m := &grid.Match{How: c.How, Label: c.Label, Error: c.Error, Confidence: math.Round(c.Confidence*100) / 100}
	if best.Standing == address.Choice && len(best.Candidates) > 1 {
		m.Rival = best.Candidates[1].Label
	}
	q.Asked.Located, q.Asked.Point, q.Asked.Datum, q.Asked.Matched = true, c.At, datum.WGS84, m
}

// The confidence in a street office's area from which words settle it.
const sureWords = 0.9

// spread is the part of a road that lies in a street, -1 for outside the district.
type spread struct {
	street int
	part   float64
}

// read lets the standing follow from what the words leave open: a road is a line through
// several streets, and another reading may lie in another one.
func (a *Atlas) read(ans *answer) {
	m := ans.q.Asked.Matched
	if m.Confidence >= sureWords {
		ans.near = false
	}
	switch {
	case m.How == "road":
		points := a.names.Spread(m.Label)
		if m.Confidence < sureWords {
			a.spreadOver(ans, points)
		}
		ans.hits = a.alongAll(ans, points)
	case m.Error > wide:
		ans.hits = ans.hits[:0] // a point that is only somewhere in there falls in nothing
	}
	if m.Rival == "" || len(ans.spread) > 0 {
		return
	}
	if r := a.names.Geocode(m.Rival, address.Options{}); len(r.Candidates) > 0 {
		if s, ok := ans.m.At(r.Candidates[0].At); ok {
			ans.near = s.Street != ans.spot.Street
			if ans.near {
				ans.other = s.Street
			}
		}
	}
}

// wide is the error in metres from which a point says nothing of hotspots and cells.
const wide = 300

// spreadOver counts the points of a road by street. A part beyond the likeliest street
// that is a tenth or more makes it contested.
func (a *Atlas) spreadOver(ans *answer, points []orb.Point) {
	if len(points) == 0 {
		return
	}
	counts := map[int]int{}
	for _, p := range points {
		street := -1
		if s, ok := ans.m.At(p); ok {
			street = s.Street
		}
		counts[street]++
	}
	for street, n := range counts {
		ans.spread = append(ans.spread, spread{street, float64(n) / float64(len(points))})
	}
	slices.SortFunc(ans.spread, func(x, y spread) int {
		return cmp.Or(-cmp.Compare(x.part, y.part), cmp.Compare(x.street, y.street))
	})
	ans.near, ans.other = false, -1
	for _, s := range ans.spread {
		if s.street != ans.spot.Street {
			ans.other, ans.near = s.street, s.part >= 0.1
			break
		}
	}
}

// alongAll keeps the hotspots that hold half of a road or more: 杨树浦路 itself, not a
// gate that stands on it.
func (a *Atlas) alongAll(ans *answer, points []orb.Point) []grid.Hit {
	holds := map[*grid.Hotspot]int{}
	var room [16]grid.Hit
	for _, p := range points {
		for _, h := range a.hotspots.Match(room[:0], p, ans.q.Asked.At) {
			holds[h.Spot]++
		}
	}
	return slices.DeleteFunc(ans.hits, func(h grid.Hit) bool { return 2*holds[h.Spot] < len(points) })
}
