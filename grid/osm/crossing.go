package osm

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/index"
	"wangge/grid"
)

// sameCrossing is the metres within which two roads meet once: the four corners of two
// dual carriageways.
const sameCrossing = 80

// pair is two roads by name, the smaller first.
type pair [2]string

func pairOf(a, b string) pair {
	if b < a {
		a, b = b, a
	}
	return pair{a, b}
}

// crossings are where two roads have a node in common, or cross on one level.
func (m *extract) crossings(streets []*street) []grid.Crossing {
	meets := map[pair][]found{}
	var nodes []standing
	for i, s := range streets {
		for _, w := range s.ways {
			for _, id := range w.nodes {
				nodes = append(nodes, standing{id, i})
			}
		}
	}
	slices.SortFunc(nodes, func(a, b standing) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.street, b.street)) })
	nodes = slices.Compact(nodes)
	for i, a := range nodes {
		p, ok := m.point(a.node)
		for _, b := range nodes[i+1:] {
			if !ok || b.node != a.node {
				break
			}
			k := pairOf(streets[a.street].Name, streets[b.street].Name)
			meets[k] = append(meets[k], found{&kept{ref: ref{node, a.node}}, p})
		}
	}
	for k, fs := range m.levelCrossings(streets) {
		if len(meets[k]) == 0 {
			meets[k] = fs
		}
	}
	out := make([]grid.Crossing, 0, len(meets))
	for k, fs := range meets {
		slices.SortFunc(fs, func(a, b found) int {
			return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.at[1], b.at[1]))
		})
		p, refs, _ := mean(fs, sameCrossing)
		out = append(out, grid.Crossing{RoadA: k[0], RoadB: k[1], At: p, Error: roadError, Basis: basisOf(refs...)})
	}
	return out
}

// standing is a node that a street has.
type standing struct {
	node   int64
	street int
}

// segment is a part of a way between two of its nodes.
type segment struct {
	street, way, at int
	a, b            orb.Point
}

// level is the layer that a way lies on; bridges and tunnels have one without saying.
func level(ts tags) int {
	if n, err := strconv.Atoi(ts.get("layer")); err == nil {
		return n
	}
	switch {
	case ts.get("bridge") != "" && ts.get("bridge") != "no":
		return 1
	case ts.get("tunnel") != "" && ts.get("tunnel") != "no":
		return -1
	}
	return 0
}

// levelCrossings finds ways of two names that cross on one level without a node that
// would say so, each by the way of the first road.
func (m *extract) levelCrossings(streets []*street) map[pair][]found {
	var segments []segment
	for i, s := range streets {
		for k, w := range s.ways {
			l := m.line(w)
			for n := 1; n < len(l); n++ {
				segments = append(segments, segment{i, k, n, l[n-1], l[n]})
			}
		}
	}
	items := make([]index.Item[int], len(segments))
	for i, s := range segments {
		items[i] = index.Item[int]{Bound: orb.LineString{s.a, s.b}.Bound(), Value: i}
	}
	tree := index.New(items)
	out := map[pair][]found{}
	for _, s := range segments {
		tree.Search(orb.LineString{s.a, s.b}.Bound(), func(i int) bool {
			o := segments[i]
			if o.street <= s.street || !crosses(s, o) {
				return true
			}
			v, w := streets[s.street].ways[s.way], streets[o.street].ways[o.way]
			if level(v.tags) == level(w.tags) {
				k := pairOf(streets[s.street].Name, streets[o.street].Name)
				out[k] = append(out[k], found{&kept{ref: v.ref}, cut(s, o)})
			}
			return true
		})
	}
	return out
}

// crosses reports whether two segments cross between their ends.
func crosses(s, o segment) bool {
	return geo.Orient(s.a, s.b, o.a)*geo.Orient(s.a, s.b, o.b) < 0 && geo.Orient(o.a, o.b, s.a)*geo.Orient(o.a, o.b, s.b) < 0
}

// cut is where two segments that cross do so.
func cut(s, o segment) orb.Point {
	rx, ry := s.b[0]-s.a[0], s.b[1]-s.a[1]
	qx, qy := o.b[0]-o.a[0], o.b[1]-o.a[1]
	t := ((o.a[0]-s.a[0])*qy - (o.a[1]-s.a[1])*qx) / (rx*qy - ry*qx)
	return orb.Point{s.a[0] + t*rx, s.a[1] + t*ry}
}
