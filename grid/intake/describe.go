package intake

import (
	"wangge/geo/address"
	"wangge/geo/datum"
	"wangge/grid"
)

// Suggest returns what a text being typed may become, up to limit, as candidates.
func (d *Desk) Suggest(typed string, limit int, lang grid.Lang) (grid.Geocoding, error) {
	out := grid.Geocoding{Text: typed, Lang: lang, Standing: grid.Unlocated}
	a := d.current.Load()
	if a == nil || a.seq == 0 {
		return out, noMap("suggest")
	}
	for _, label := range a.names.Suggest(typed, limit) {
		found := a.names.Geocode(label, address.Options{})
		if len(found.Candidates) == 0 {
			continue
		}
		c := a.candidate(&found.Candidates[0], lang)
		c.Label, c.Used = label, nil
		out.Candidates, out.Standing = append(out.Candidates, c), grid.Choice
	}
	return out, nil
}

// Reverse describes the point of a report, which has passed [Check].
func (d *Desk) Reverse(r *grid.Report, lang grid.Lang) (grid.Description, error) {
	if faults := Check(r); len(faults) > 0 {
		return grid.Description{}, invalid(faults)
	}
	a := d.current.Load()
	if a == nil || a.seq == 0 {
		return grid.Description{}, noMap("describe point")
	}
	p := datum.ToWGS84(r.Point, r.Datum)
	x := a.names.Reverse(p)
	return grid.Description{
		Point: p, Says: in(lang, x.Sentence),
		Door: near(x.Door, lang), Road: near(x.Road, lang), Crossing: near(x.Crossing, lang), Landmark: near(x.Landmark, lang),
	}, nil
}

func near(n *address.Near, lang grid.Lang) *grid.Near {
	if n == nil {
		return nil
	}
	return &grid.Near{Label: n.Label, At: n.At, Distance: n.Distance, Direction: in(lang, n.Direction)}
}
