package osm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wangge/geo"
	"wangge/grid"
)

// sort says which kind of place a tag makes; the first that holds counts. An empty
// value is any but "no".
type sort struct{ key, value, kind string }

var sorts = []sort{
	{"amenity", "pharmacy", "pharmacy"},
	{"healthcare", "pharmacy", "pharmacy"},
	{"shop", "chemist", "pharmacy"},
	{"amenity", "hospital", "hospital"},
	{"healthcare", "hospital", "hospital"},
	{"amenity", "clinic", "clinic"},
	{"amenity", "doctors", "clinic"},
	{"amenity", "dentist", "clinic"},
	{"healthcare", "", "clinic"},
	{"amenity", "university", "university"},
	{"amenity", "college", "university"},
	{"amenity", "school", "school"},
	{"amenity", "kindergarten", "school"},
	{"leisure", "park", "park"},
	{"leisure", "garden", "park"},
	{"leisure", "nature_reserve", "park"},
	{"station", "subway", "metro"},
	{"railway", "station", "station"},
	{"railway", "halt", "station"},
	{"highway", "bus_stop", "bus"},
	{"amenity", "bus_station", "bus"},
	{"public_transport", "station", "station"},
	{"public_transport", "platform", "bus"},
	{"amenity", "marketplace", "market"},
	{"shop", "mall", "mall"},
	{"shop", "department_store", "mall"},
	{"shop", "supermarket", "market"},
	{"amenity", "theatre", "theatre"},
	{"amenity", "cinema", "theatre"},
	{"amenity", "library", "culture"},
	{"amenity", "arts_centre", "culture"},
	{"amenity", "community_centre", "culture"},
	{"tourism", "museum", "culture"},
	{"tourism", "gallery", "culture"},
	{"amenity", "townhall", "government"},
	{"amenity", "police", "government"},
	{"amenity", "courthouse", "government"},
	{"office", "government", "government"},
	{"tourism", "hotel", "hotel"},
	{"tourism", "hostel", "hotel"},
	{"landuse", "residential", "compound"},
	{"place", "neighbourhood", "compound"},
	{"place", "quarter", "compound"},
	{"building", "apartments", "compound"},
	{"building", "residential", "compound"},
	{"shop", "", "shop"},
	{"office", "", "office"},
	{"amenity", "", "amenity"},
	{"leisure", "", "leisure"},
	{"tourism", "", "tourism"},
	{"building", "", "building"},
}

// kindOf returns the kind of place that an element is, "" for none.
func kindOf(ts tags) string {
	for _, s := range sorts {
		v := ts.get(s.key)
		switch {
		case v == "" || v == "no":
		case s.value == "" || s.value == v:
			if s.key == "public_transport" && s.value == "platform" && ts.get("railway") != "" {
				continue // of a railway: the station is the place
			}
			return s.kind
		}
	}
	return ""
}

// placeName is what a place is called: the Chinese name, or the one there is.
func placeName(ts tags) string {
	if s := chinese(ts); s != "" {
		return s
	}
	s, _, _ := strings.Cut(clean(ts.get("name")), ";")
	return strings.TrimSpace(s)
}

func isPlace(ts tags) bool { return ts.get("name") != "" && kindOf(ts) != "" }

// stops are what callers put behind the name of a stop, the full form first. A map
// calls it by its road or its neighbour alone ("江浦公园"), which means those.
var stops = map[string][]string{"metro": {"地铁站", "站"}, "bus": {"公交站"}, "station": {"站"}}

// stopNames returns the name of a stop and what else it is called; of another kind of
// place the name as it is.
func stopNames(kind, name string) (string, []string) {
	ends := stops[kind]
	if len(ends) == 0 || han(name) == 0 || strings.HasSuffix(name, "枢纽") {
		return name, nil
	}
	base := name
	for _, end := range []string{"地铁站", "公交站", "火车站", "站"} {
		if s, ok := strings.CutSuffix(name, end); ok && s != "" {
			base = s
			break
		}
	}
	if kind == "metro" {
		return base + ends[0], []string{base + ends[1], "地铁" + base + ends[1]}
	}
	if base != name {
		return name, nil
	}
	return base + ends[0], nil
}

// places are the named things, one for each name and kind within 150 m: of a hospital
// that is a node and an outline, the outline.
func (m *extract) places() []grid.Place {
	byName := map[[2]string][]*drawn{}
	var out []*drawn
	mute := 0
	var muted ref
	var all []found
	m.elements(func(f found) {
		if isPlace(f.tags) {
			all = append(all, f)
		}
	})
	slices.SortStableFunc(all, func(a, b found) int { return -cmp.Compare(a.kind, b.kind) })
	for _, f := range all {
		name := placeName(f.tags)
		if !telling(name) {
			if mute++; mute == 1 {
				muted = f.ref
			}
			continue
		}
		p := &drawn{grid.Place{
			ID: "osm-" + f.key(), Aliases: aliases(f.tags, name), Kind: kindOf(f.tags),
			Address: written(f.tags), At: f.at, Basis: basisOf(f.ref),
		}}
		var also []string
		p.Name, also = stopNames(p.Kind, name)
		p.merge(&drawn{grid.Place{Aliases: also}})
		key := [2]string{p.Kind, p.Name}
		if i := slices.IndexFunc(byName[key], func(q *drawn) bool { return geo.Distance(q.At, p.At) < samePlace }); i >= 0 {
			byName[key][i].merge(p)
			continue
		}
		byName[key] = append(byName[key], p)
		out = append(out, p)
	}
	if mute > 0 {
		m.tellMute(muted, mute)
	}
	records := make([]grid.Place, len(out))
	for i, p := range out {
		records[i] = p.Place
	}
	return records
}

// drawn is a place that others may be merged into.
type drawn struct{ grid.Place }

// merge takes from another element of the same place what this one does not say.
func (d *drawn) merge(p *drawn) {
	for _, a := range p.Aliases {
		if a != d.Name && !slices.Contains(d.Aliases, a) {
			d.Aliases = append(d.Aliases, a)
		}
	}
	slices.Sort(d.Aliases)
	if d.Address == "" {
		d.Address = p.Address
	}
}

func (m *extract) tellMute(first ref, n int) {
	m.notices.add(first, "mute-name", fmt.Sprintf("%d names say nothing by themselves (停车场, 3号楼): left out, this one first", n),
		fmt.Sprintf("%d 个名称本身无法指明地点（如“停车场”“3号楼”），已略去，此为第一个", n))
}
