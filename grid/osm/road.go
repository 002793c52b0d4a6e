package osm

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
)

// roadError is what a centre line drawn from imagery is off by, in metres, one
// standard error: an estimate.
const roadError = 10

// Distances in metres: of a door from its road, and of a piece from the line that was
// kept, beyond which it is another road of the same name; how much of that is told.
const (
	doorReach  = 200
	apart      = 60
	toldLength = 200
)

// street is a road with the ways it was made of.
type street struct {
	grid.Road
	ways []*kept // all of its name
}

// roads joins the ways of each name into one line, by name.
func (m *extract) roads(doors []grid.Door) []*street {
	byName := map[string]*street{}
	for i := range m.ways {
		w := &m.ways[i]
		if !isRoad(w.tags) {
			continue
		}
		name := chinese(w.tags)
		if byName[name] == nil {
			byName[name] = &street{Road: grid.Road{Name: name, Error: roadError}}
		}
		byName[name].ways = append(byName[name].ways, w)
	}
	numbers := map[string][]grid.Door{}
	for _, d := range doors {
		numbers[d.Road] = append(numbers[d.Road], d)
	}
	var out []*street
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		s := byName[name]
		pieces := m.pieces(s.ways)
		chain := longest(pieces)
		if len(chain) == 0 {
			m.notices.add(s.ways[0].ref, "no-line", name+" has no two nodes in the file; left out", name+" 在文件中没有两个节点，已略去")
			continue
		}
		s.describe(chain)
		m.tellApart(s, pieces)
		s.direct(numbers[name])
		out = append(out, s)
	}
	return out
}

func roadRecords(streets []*street) []grid.Road {
	out := make([]grid.Road, len(streets))
	for i, s := range streets {
		out[i] = s.Road
	}
	return out
}

// pieces cuts the ways of one name where they meet, and where a node is missing.
func (m *extract) pieces(ways []*kept) []*piece {
	uses := map[int64]int{}
	for _, w := range ways {
		for i, id := range w.nodes {
			uses[id]++
			if i == 0 || i == len(w.nodes)-1 || w.nodes[i-1] == w.nodes[i+1] {
				uses[id]++ // an end, or where the way goes back, is a place to cut
			}
		}
	}
	var out []*piece
	for _, w := range ways {
		var p *piece
		flush := func() {
			if p != nil && len(p.line) > 1 {
				out = append(out, p.measured())
			}
			p = nil
		}
		for _, id := range w.nodes {
			at, ok := m.point(id)
			if !ok {
				flush()
				continue
			}
			if p == nil {
				p = &piece{way: w, from: id}
			}
			p.to = id
			if n := len(p.line); n == 0 || p.line[n-1] != at {
				p.line = append(p.line, at)
			}
			if uses[id] > 1 && len(p.line) > 1 {
				flush()
				p = &piece{way: w, from: id, to: id, line: orb.LineString{at}}
			}
		}
		flush()
	}
	return out
}

// describe makes the road of the chain that was found.
func (s *street) describe(chain []step) {
	lengths := map[string]float64{}
	var refs []ref
	for _, st := range chain {
		for _, p := range st.points() {
			if n := len(s.Line); n == 0 || s.Line[n-1] != p {
				s.Line = append(s.Line, p)
			}
		}
		w := st.piece.way
		lengths[class[w.tags.get("highway")]] += st.piece.length
		if !slices.Contains(refs, w.ref) {
			refs = append(refs, w.ref)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(lengths)) {
		if s.Class == "" || lengths[c] > lengths[s.Class] {
			s.Class = c
		}
	}
	for _, w := range s.ways {
		if en := clean(w.tags.get("name:en")); en != "" && s.NameEN == "" {
			s.NameEN = en
		}
	}
	slices.SortFunc(refs, func(a, b ref) int { return cmp.Compare(a.id, b.id) })
	s.Basis = basisOf(refs...)
}

// tellApart tells pieces of the same name that are not beside the line: a second road
// of that name, or one that the extract cuts in two.
func (m *extract) tellApart(s *street, pieces []*piece) {
	f := geo.FrameAt(s.Line[0][1])
	sum, first := 0.0, (*piece)(nil)
	for _, p := range pieces {
		if _, d := f.ToLine(p.line[len(p.line)/2], s.Line); d > apart {
			sum += p.length
			if first == nil {
				first = p
			}
		}
	}
	if sum > toldLength {
		m.notices.add(first.way.ref, "road-apart", fmt.Sprintf("%s: %.0f m of it lie apart from the line that was kept; a road is one line", s.Name, sum),
			fmt.Sprintf("%s：另有 %.0f 米与所取的线不相连；一条道路只取一条线", s.Name, sum))
	}
}

// direct turns the line so that the house numbers of the doors beside it rise.
func (s *street) direct(doors []grid.Door) {
	f := geo.FrameAt(s.Line[0][1])
	type known struct {
		number int
		at     float64
	}
	var ks []known
	for _, d := range doors {
		_, dist := f.ToLine(d.At, s.Line)
		if dist <= doorReach {
			ks = append(ks, known{d.Number, along(f, d.At, s.Line)})
		}
	}
	rise := 0
	for i, a := range ks {
		for _, b := range ks[:i] {
			rise += cmp.Compare(a.number, b.number) * cmp.Compare(a.at, b.at)
		}
	}
	switch {
	case rise < 0:
		s.Line.Reverse()
		fallthrough
	case rise > 0:
		s.Basis += fmt.Sprintf("; house numbers rise along %d doors", len(ks))
	default:
		s.Basis += "; direction of house numbers not known"
	}
}
