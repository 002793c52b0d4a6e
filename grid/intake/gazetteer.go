package intake

import (
	"github.com/paulmach/orb"

	"wangge/geo/address"
	"wangge/grid"
)

// gazetteer gathers the names of the map: the records in the terms of geo/address,
// which knows no noun of ours.
func gazetteer(a *Atlas) address.Build {
	var b address.Build
	for _, p := range all[grid.Place](a) {
		b.Places = append(b.Places, address.Place{Name: p.Name, Aliases: p.Aliases, Address: p.Address, At: p.At, Street: p.Street})
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
		b.Doors = append(b.Doors, address.Door{Road: d.Road, Number: d.Number, Suffix: d.Suffix, At: d.At, Street: d.Street})
	}
	for _, r := range all[grid.Road](a) {
		b.Roads = append(b.Roads, address.Road{Name: r.Name, Line: r.Line})
	}
	return b
}
