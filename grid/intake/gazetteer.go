package intake

import (
	"math"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/address"
	"wangge/grid"
	"wangge/grid/place"
)

// gazetteer gathers the names of the map: the records in the terms of geo/address,
// which knows no noun of ours. Streets are those of the newest map.
func gazetteer(a *Atlas) address.Build {
	var b address.Build
	m := a.newest()
	b.Street = func(p orb.Point) string {
		if m == nil {
			return ""
		}
		s, ok := m.At(p)
		if !ok {
			return ""
		}
		return m.Street(s.Street).Code
	}
	for _, p := range all[grid.Place](a) {
		b.Places = append(b.Places, address.Place{Name: p.Name, Aliases: p.Aliases, Kind: p.Kind, Address: p.Address, At: p.At})
	}
	for _, h := range all[grid.Hotspot](a) {
		if p, ok := h.Shape.(orb.Point); ok {
			b.Hotspots = append(b.Hotspots, address.Place{Name: h.Name, At: p, Error: h.Reach})
		}
	}
	for _, c := range all[grid.Crossing](a) {
		b.Crossings = append(b.Crossings, address.Crossing{RoadA: c.RoadA, RoadB: c.RoadB, At: c.At, Error: c.Error})
	}
	for _, d := range all[grid.Door](a) {
		b.Doors = append(b.Doors, address.Door{Road: d.Road, Number: d.Number, Suffix: d.Suffix, At: d.At})
	}
	for _, r := range all[grid.Road](a) {
		x := address.Road{Name: r.Name, Line: r.Line}
		if r.NameEN != "" {
			x.Names = []string{r.NameEN}
		}
		b.Roads = append(b.Roads, x)
	}
	b.Areas = areasOf(a, m)
	return b
}

func (a *Atlas) newest() *place.Map {
	for i := len(a.maps) - 1; i >= 0; i-- {
		if a.maps[i].m != nil {
			return a.maps[i].m
		}
	}
	return nil
}

// areasOf names the district, the street offices, former ones too, and committees.
func areasOf(a *Atlas, m *place.Map) []address.Area {
	var out []address.Area
	for _, r := range all[grid.Area](a) {
		if r.Level == grid.LevelCell {
			continue
		}
		x := address.Area{Name: r.Name, Code: r.Code}
		if r.Level == grid.LevelStreet && len(r.Shape) > 0 && m != nil {
			x.At, x.Radius = middle(r.Shape, m)
		}
		out = append(out, x)
	}
	return out
}

// middle is a point of an outline far from its edge, and the radius of a disc as large
// as the outline.
func middle(shape orb.MultiPolygon, m *place.Map) (orb.Point, float64) {
	const n = 24
	b := shape.Bound()
	f := geo.FrameAt(b.Center()[1])
	best, far, inside := b.Center(), -1.0, 0
	for i := range n {
		for j := range n {
			p := orb.Point{
				b.Min[0] + (float64(i)+0.5)/n*(b.Max[0]-b.Min[0]),
				b.Min[1] + (float64(j)+0.5)/n*(b.Max[1]-b.Min[1]),
			}
			if !holds(shape, p) {
				continue
			}
			inside++
			if e, ok := m.Edge(p); ok && e.Distance > far {
				best, far = p, e.Distance
			}
		}
	}
	area := float64(inside) / (n * n) * (b.Max[0] - b.Min[0]) * f.KX * (b.Max[1] - b.Min[1]) * f.KY
	return best, math.Sqrt(area / math.Pi)
}

// holds reports whether an outline holds a point that is not near its edge.
func holds(shape orb.MultiPolygon, p orb.Point) bool {
	in := false
	for _, poly := range shape {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				if (r[i-1][1] <= p[1]) != (r[i][1] <= p[1]) && (geo.Orient(r[i-1], r[i], p) > 0) == (r[i][1] > r[i-1][1]) {
					in = !in
				}
			}
		}
	}
	return in
}
