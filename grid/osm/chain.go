package osm

import (
	"cmp"
	"container/heap"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"wangge/geo"
)

// A road goes on where two pieces meet and the turn is less than maxTurn degrees, and
// over a gap of up to maxGap metres (a junction drawn without its name) that is left as
// it was entered, within gapTurn degrees. It never comes back beside itself, closer
// than beside metres: that would be its other carriageway.
const (
	maxTurn = 120
	maxGap  = 60
	gapTurn = 60
	beside  = 40
	against = 135
)

// maxStarts bounds the ends from which the longest chain of a network is looked for.
const maxStarts = 32

// piece is a part of a way between two places where it may meet others of its name.
type piece struct {
	way      *kept
	from, to int64
	line     orb.LineString
	length   float64 // metres
	frame    geo.Frame
	around   orb.Bound // everything within beside metres, and a little more
}

func (p *piece) measured() *piece {
	p.frame, p.around = geo.FrameAt(p.line[0][1]), geo.Grow(p.line.Bound(), beside)
	for i := 1; i < len(p.line); i++ {
		p.length += p.frame.Distance(p.line[i-1], p.line[i])
	}
	return p
}

// step is a piece walked forward or back.
type step struct {
	*piece
	back bool
}

func (s step) points() orb.LineString {
	if !s.back {
		return s.line
	}
	l := slices.Clone(s.line)
	l.Reverse()
	return l
}

func (s step) start() (id int64, at orb.Point) {
	if s.back {
		return s.to, s.line[len(s.line)-1]
	}
	return s.from, s.line[0]
}

func (s step) end() (id int64, at orb.Point) { return step{s.piece, !s.back}.start() }

// leaving is the direction at the start, arriving that at the end, in metres.
func (s step) leaving() [2]float64 {
	a, b := s.line[0], s.line[1]
	if s.back {
		a, b = s.line[len(s.line)-1], s.line[len(s.line)-2]
	}
	return heading(s.frame, a, b)
}

func (s step) arriving() [2]float64 {
	d := step{s.piece, !s.back}.leaving()
	return [2]float64{-d[0], -d[1]}
}

// middle is the middle segment of the step.
func (s step) middle() (a, b orb.Point) {
	i := len(s.line) / 2
	if s.back {
		return s.line[i], s.line[i-1]
	}
	return s.line[i-1], s.line[i]
}

func heading(f geo.Frame, a, b orb.Point) [2]float64 {
	return [2]float64{(b[0] - a[0]) * f.KX, (b[1] - a[1]) * f.KY}
}

// turn is the angle between two directions, in degrees.
func turn(a, b [2]float64) float64 {
	return math.Abs(math.Atan2(a[0]*b[1]-a[1]*b[0], a[0]*b[0]+a[1]*b[1])) * 180 / math.Pi
}

// network is the pieces of one name as steps 2i (forward) and 2i+1 (back), and what
// may follow each.
type network struct {
	steps []step
	next  [][]move
	fed   []bool // something leads to the step
}

type move struct {
	to  int
	gap float64
}

func newNetwork(pieces []*piece) *network {
	n := &network{}
	at := map[int64][]int{} // steps that begin at a node
	for _, p := range pieces {
		for _, back := range []bool{false, true} {
			s := step{p, back}
			id, _ := s.start()
			at[id] = append(at[id], len(n.steps))
			n.steps = append(n.steps, s)
		}
	}
	n.next, n.fed = make([][]move, len(n.steps)), make([]bool, len(n.steps))
	var loose []int // steps that begin where nothing else does
	for i, s := range n.steps {
		id, _ := s.end()
		for _, k := range at[id] {
			if k/2 != i/2 && turn(s.arriving(), n.steps[k].leaving()) < maxTurn {
				n.link(i, k, 0)
			}
		}
		if id, _ := s.start(); len(at[id]) == 1 {
			loose = append(loose, i)
		}
	}
	n.bridge(loose)
	return n
}

func (n *network) link(i, k int, gap float64) {
	n.next[i] = append(n.next[i], move{k, gap})
	n.fed[k] = true
}

// bridge links loose ends over a gap. The loose steps are those that begin at one, so
// each of them walked back ends there.
func (n *network) bridge(loose []int) {
	lon := func(i int) float64 { _, p := n.steps[i].start(); return p[0] }
	slices.SortFunc(loose, func(a, b int) int { return cmp.Or(cmp.Compare(lon(a), lon(b)), cmp.Compare(a, b)) })
	for x, a := range loose {
		for _, b := range loose[x+1:] {
			if (lon(b)-lon(a))*n.steps[a].frame.KX > maxGap {
				break
			}
			n.over(a, b)
			n.over(b, a)
		}
	}
}

// over links the end of step a walked back with the start of step b.
func (n *network) over(a, b int) {
	from, to := n.steps[a^1], n.steps[b]
	_, p := from.end()
	_, q := to.start()
	gap := from.frame.Distance(p, q)
	if a/2 == b/2 || gap > maxGap || turn(from.arriving(), to.leaving()) > gapTurn {
		return
	}
	across := heading(from.frame, p, q)
	if gap > 5 && (turn(from.arriving(), across) > gapTurn || turn(across, to.leaving()) > gapTurn) {
		return
	}
	n.link(a^1, b, gap)
}

// longest returns the longest chain of pieces that runs on as a road does; of equal
// ones the first. nil when there are no pieces.
func longest(pieces []*piece) []step {
	n := newNetwork(pieces)
	part := n.parts()
	starts := map[int]int{} // of each part
	var best []step
	length := 0.0
	for pass := range 2 { // first from the ends; a part without any is a ring, and begins anywhere
		for i := range n.steps {
			if (pass == 0 && n.fed[i]) || (pass == 1 && starts[part[i/2]] > 0) || starts[part[i/2]] >= maxStarts {
				continue
			}
			starts[part[i/2]]++
			if chain, l := n.farthest(i); l > length*(1+1e-9) {
				best, length = chain, l
			}
		}
	}
	return best
}

// parts numbers the pieces by what hangs together.
func (n *network) parts() []int {
	part := make([]int, len(n.steps)/2)
	for i := range part {
		part[i] = i
	}
	root := func(i int) int {
		for part[i] != i {
			part[i] = part[part[i]]
			i = part[i]
		}
		return i
	}
	for i, ms := range n.next {
		for _, mv := range ms {
			part[root(i/2)] = root(mv.to / 2)
		}
	}
	for i := range part {
		part[i] = root(i)
	}
	return part
}

// queued is a step reached, with the metres from the start to its end.
type queued struct {
	step, from int
	metres     float64
}

type queue []queued

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].metres < q[j].metres }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(queued)) } //nolint:forcetypeassert // ours
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}

// farthest walks the shortest ways (Dijkstra) from a step to all others and returns
// the longest of them.
func (n *network) farthest(start int) ([]step, float64) {
	from := map[int]int{}
	q := &queue{{start, -1, n.steps[start].length}}
	last := queued{from: -1}
	for q.Len() > 0 {
		x, _ := heap.Pop(q).(queued)
		if _, done := from[x.step]; done || n.comesBack(from, x) {
			continue
		}
		from[x.step] = x.from
		if x.metres > last.metres {
			last = x
		}
		for _, mv := range n.next[x.step] {
			if _, done := from[mv.to]; !done {
				heap.Push(q, queued{mv.to, x.step, x.metres + mv.gap + n.steps[mv.to].length})
			}
		}
	}
	var chain []step
	for i := last.step; i >= 0; i = from[i] {
		chain = append(chain, n.steps[i])
	}
	slices.Reverse(chain)
	return chain, last.metres
}

// comesBack reports whether a step runs against an earlier one beside it.
func (n *network) comesBack(from map[int]int, x queued) bool {
	a, b := n.steps[x.step].middle()
	mid := orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}
	dir := heading(n.steps[x.step].frame, a, b)
	for i := x.from; i >= 0; i = from[i] {
		s := n.steps[i]
		if !s.around.Contains(mid) {
			continue
		}
		l := s.points()
		for k := 1; k < len(l); k++ {
			if _, d := s.frame.Nearest(mid, l[k-1], l[k]); d < beside && turn(dir, heading(s.frame, l[k-1], l[k])) > against {
				return true
			}
		}
	}
	return false
}

// along is the metres from the start of a line to its point nearest to p.
func along(f geo.Frame, p orb.Point, line orb.LineString) float64 {
	best, at, sum := math.Inf(1), 0.0, 0.0
	for i := 1; i < len(line); i++ {
		q, d := f.Nearest(p, line[i-1], line[i])
		if d < best {
			best, at = d, sum+f.Distance(line[i-1], q)
		}
		sum += f.Distance(line[i-1], line[i])
	}
	return at
}
