package osm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
)

// Bounds of what is kept: nodes, and bytes of everything but their places. A city of
// a million nodes keeps some 30 MB.
const (
	maxNodes = 40 << 20
	maxKept  = 1 << 30
)

// kept is an element that is of use, with the tags that are.
type kept struct {
	ref
	at      orb.Point // of a node
	tags    tags
	nodes   []int64  // of a way
	members []member // ways of a relation
}

// extract is what was kept of a file.
type extract struct {
	o         Options
	nodes     []kept
	ways      []kept
	relations []kept
	wayAt     map[int64]int // where a way stands in ways
	ids       []int64       // of the nodes that ways need, in order
	points    []orb.Point   // theirs; NaN-free, the zero point is one that is missing
	spent     int
	notices   notices
}

func newMap(o Options) *extract { return &extract{o: o, wayAt: map[int64]int{}} }

// uses are the keys, up to the first colon, of which something is made.
var uses = map[string]bool{
	"name": true, "alt_name": true, "short_name": true, "official_name": true, "old_name": true, "loc_name": true,
	"addr": true, "highway": true, "layer": true, "bridge": true, "tunnel": true, "area": true, "boundary": true,
	"admin_level": true, "ref": true, "gb2260": true, "china_class": true, "amenity": true, "shop": true, "leisure": true,
	"tourism": true, "office": true, "healthcare": true, "railway": true, "station": true, "subway": true, "public_transport": true,
	"place": true, "landuse": true, "building": true,
}

// maxValue bounds a value in bytes; OpenStreetMap has none beyond 255 characters.
const maxValue = 1020

// keep copies what is of use; the source needs its own again.
func (m *extract) keep(e *element) (kept, error) {
	k := kept{ref: e.ref, at: e.at, nodes: slices.Clone(e.nodes)}
	for _, t := range e.tags {
		base, _, _ := strings.Cut(t.key, ":")
		if uses[base] && len(t.key) <= maxValue && len(t.value) <= maxValue {
			k.tags = append(k.tags, tag{strings.Clone(t.key), strings.Clone(t.value)})
			m.spent += len(t.key) + len(t.value) + 32
		}
	}
	for _, x := range e.members {
		if x.kind == way && (x.role == "" || x.role == "outer" || x.role == "inner") {
			k.members = append(k.members, member{x.ref, strings.Clone(x.role)})
		}
	}
	m.spent += 128 + 8*len(k.nodes) + 32*len(k.members)
	if m.spent > maxKept {
		return k, tooLarge()
	}
	return k, nil
}

// gather goes through the file: relations, the ways that are of use or belong to
// them, the nodes of those.
func (m *extract) gather(ctx context.Context, src source) error {
	needed := map[int64]bool{}
	err := src.each(ctx, relation, func(e *element) error {
		if !isPlace(e.tags) && !isDoor(e.tags) && (!m.o.Areas || !isBoundary(e.tags)) {
			return nil
		}
		k, err := m.keep(e)
		for _, x := range k.members {
			needed[x.id] = true
		}
		m.relations = append(m.relations, k)
		return err
	})
	if err != nil {
		return err
	}
	err = src.each(ctx, way, func(e *element) error {
		if !needed[e.id] && !isRoad(e.tags) && !isPlace(e.tags) && !isDoor(e.tags) {
			return nil
		}
		k, err := m.keep(e)
		m.ways = append(m.ways, k)
		return err
	})
	if err != nil {
		return err
	}
	if err := m.need(); err != nil {
		return err
	}
	err = src.each(ctx, node, func(e *element) error {
		if i, ok := slices.BinarySearch(m.ids, e.id); ok {
			m.points[i] = m.checked(e)
		}
		if !isPlace(e.tags) && !isDoor(e.tags) {
			return nil
		}
		k, err := m.keep(e)
		if k.at = m.checked(e); k.at != (orb.Point{}) {
			m.nodes = append(m.nodes, k)
		}
		return err
	})
	if err != nil {
		return err
	}
	return m.settle()
}

// need lists the nodes that the ways need.
func (m *extract) need() error {
	for _, w := range m.ways {
		m.ids = append(m.ids, w.nodes...)
		if len(m.ids) > 2*maxNodes {
			if m.ids = sorted(m.ids); len(m.ids) > maxNodes {
				return tooLarge()
			}
		}
	}
	if m.ids = slices.Clip(sorted(m.ids)); len(m.ids) > maxNodes {
		return tooLarge()
	}
	m.points = make([]orb.Point, len(m.ids))
	return nil
}

func tooLarge() error {
	return &grid.Error{
		Kind: grid.TooLarge, Msg: "the named things of the file do not fit into memory; cut out the city first (osmium extract does)",
		MsgZH: "文件中有名称的要素过多，内存放不下；请先裁出所在城市（如 osmium extract）",
	}
}

func sorted(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// checked is the place of a node, or the zero point for one that is none of China.
func (m *extract) checked(e *element) orb.Point {
	if err := geo.Check(e.at); err != nil {
		m.notices.add(e.ref, "abroad", fmt.Sprintf("it is not in China: %v %v; left out", e.at[0], e.at[1]),
			fmt.Sprintf("不在中国境内：%v %v，已略去", e.at[0], e.at[1]))
		return orb.Point{}
	}
	return e.at
}

// settle puts the elements in the order of their ids, whatever that of the file, and
// refuses a file that has one twice.
func (m *extract) settle() error {
	for _, list := range [][]kept{m.nodes, m.ways, m.relations} {
		slices.SortStableFunc(list, func(a, b kept) int {
			switch {
			case a.id < b.id:
				return -1
			case a.id > b.id:
				return 1
			}
			return 0
		})
		for i := 1; i < len(list); i++ {
			if list[i].id == list[i-1].id {
				return &grid.Error{
					Kind: grid.Invalid, Msg: list[i].String() + " stands in the file twice: histories and merged extracts are not read",
					MsgZH: list[i].String() + " 在文件中出现两次：不支持历史数据或未去重的合并数据",
				}
			}
		}
	}
	for i, w := range m.ways {
		m.wayAt[w.id] = i
	}
	return nil
}

// point returns where a node of a way is; ok is false when the file does not have it.
func (m *extract) point(id int64) (p orb.Point, ok bool) {
	i, ok := slices.BinarySearch(m.ids, id)
	if !ok || m.points[i] == (orb.Point{}) {
		return orb.Point{}, false
	}
	return m.points[i], true
}

// line returns the points of a way that are known, repeated ones once. A way that
// leaves the extract is cut short.
func (m *extract) line(w *kept) orb.LineString {
	var l orb.LineString
	for _, id := range w.nodes {
		if p, ok := m.point(id); ok && (len(l) == 0 || l[len(l)-1] != p) {
			l = append(l, p)
		}
	}
	return l
}
