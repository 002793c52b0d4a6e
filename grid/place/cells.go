package place

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"wangge/geo"
	"wangge/geo/coverage"
	"wangge/geo/hexgrid"
	"wangge/grid"
)

// fragmentBelow is the area in square metres under which a piece of a hexagon
// joins its neighbour in the same street.
const fragmentBelow = 1500.0

// part is the piece of one hexagon that lies in one street.
type part struct {
	street, hex int
	area        float64    // square metres
	sides       [6]float64 // metres of each of the hexagon's sides inside the street
	group       int        // index of the part it has joined, itself at first
}

// generate makes the cells of every street that has no imported ones.
func (m *Map) generate(numbers Numbering) error {
	var all orb.MultiPolygon
	for _, s := range m.streets {
		all = append(all, s.Shape...)
	}
	hexes, err := hexgrid.Cover(all, Resolution)
	if err != nil {
		return fmt.Errorf("cover with hexagons: %w", err)
	}
	m.hexes = hexes
	var g errgroup.Group // the two halves of the work take about as long
	g.Go(m.coverHexes)
	g.Go(func() error { return m.divide(numbers) })
	return g.Wait()
}

func (m *Map) coverHexes() (err error) {
	in := make([]coverage.Area, len(m.hexes))
	for i, h := range m.hexes {
		in[i] = coverage.Area{Code: h.ID, Shape: orb.MultiPolygon{{h.Ring}}}
	}
	if m.hexCover, err = coverage.New(in, coverage.Options{}); err != nil {
		return fmt.Errorf("cover hexagons: %w", err)
	}
	return nil
}

// divide makes the cells and the table.
func (m *Map) divide(numbers Numbering) error {
	m.beside = m.neighbors()
	m.around = make([]orb.Bound, len(m.hexes))
	for i := range m.hexes {
		m.around[i] = m.hexes[i].Ring.Bound()
	}
	m.table = slices.Repeat([]uint16{none}, len(m.hexes)*len(m.streets))
	taken := map[int]bool{} // streets with imported cells
	for _, c := range m.cells {
		taken[c.Street] = true
	}
	for s := range m.streets {
		if taken[s] {
			continue
		}
		if err := m.generateStreet(s, numbers); err != nil {
			return err
		}
	}
	m.beside, m.around = nil, nil
	return nil
}

func (m *Map) generateStreet(s int, numbers Numbering) error {
	parts := m.parts(s)
	m.join(parts)
	groups := map[int][]part{}
	for i := range parts {
		g := root(parts, i)
		groups[g] = append(groups[g], parts[i])
	}
	cells := make([]Cell, 0, len(groups))
	members := map[string][]part{}
	for _, ps := range groups {
		slices.SortFunc(ps, func(a, b part) int {
			return cmp.Or(-cmp.Compare(a.area, b.area), cmp.Compare(a.hex, b.hex))
		})
		c := Cell{Street: s, Hex: m.hexes[ps[0].hex].ID}
		for _, p := range ps {
			c.Hexes = append(c.Hexes, m.hexes[p.hex].ID)
			c.Area += p.area
			c.Shape = append(c.Shape, orb.Polygon{m.hexes[p.hex].Ring})
		}
		cells = append(cells, c)
		members[c.Hex] = ps
	}
	if err := numbers.assign(m.streets[s].Code, cells, m.hexCenter); err != nil {
		return err
	}
	slices.SortFunc(cells, func(a, b Cell) int { return cmp.Compare(a.Code, b.Code) })
	for _, c := range cells {
		for _, p := range members[c.Hex] {
			m.table[p.hex*len(m.streets)+s] = uint16(len(m.cells)) //nolint:gosec // at most 999 cells a street
		}
		m.cells = append(m.cells, c)
	}
	return nil
}

func (m *Map) hexCenter(id string) orb.Point {
	i, _ := slices.BinarySearchFunc(m.hexes, id, func(h hexgrid.Hex, id string) int { return cmp.Compare(h.ID, id) })
	return m.hexes[i].Center
}

// parts clips the street by every hexagon near it. Hexagons whose piece has no
// area are left out; one that no border comes near is in the street as a whole or
// not at all.
func (m *Map) parts(s int) []part {
	shape := m.streets[s].Shape
	bound := shape.Bound()
	f := geo.FrameAt(bound.Center()[1])
	var out []part
	var holds []int
	for h := range m.hexes {
		ring := m.hexes[h].Ring
		around := m.around[h]
		if !around.Intersects(bound) {
			continue
		}
		p := part{street: s, hex: h, group: len(out)}
		if bordered(shape, around) {
			for _, poly := range shape {
				for _, r := range poly {
					p.add(clip(r, ring), ring, f)
				}
			}
		} else if holds = m.cover.All(holds[:0], m.hexes[h].Center); slices.Contains(holds, s) {
			p.add(ring[:len(ring)-1], ring, f)
		}
		if p.area > 1e-6 {
			out = append(out, p)
		}
	}
	return out
}

// bordered reports whether the box of any edge of a shape meets b.
func bordered(shape orb.MultiPolygon, b orb.Bound) bool {
	for _, poly := range shape {
		for _, r := range poly {
			for i := 1; i < len(r); i++ {
				u, v := r[i-1], r[i]
				if max(u[0], v[0]) >= b.Min[0] && min(u[0], v[0]) <= b.Max[0] &&
					max(u[1], v[1]) >= b.Min[1] && min(u[1], v[1]) <= b.Max[1] {
					return true
				}
			}
		}
	}
	return false
}

// add adds a clipped ring's signed area, and its signed length along each side of
// the hexagon; bridges that the clipping leaves run there and back and cancel.
func (p *part) add(clipped, hex orb.Ring, f geo.Frame) {
	p.area += signedArea(clipped, f)
	for i := range clipped {
		a, b := clipped[i], clipped[(i+1)%len(clipped)]
		for side := range min(6, len(hex)-1) {
			u, v := hex[side], hex[side+1]
			if onLine(a, u, v, f) && onLine(b, u, v, f) {
				dx, dy := (v[0]-u[0])*f.KX, (v[1]-u[1])*f.KY
				p.sides[side] += ((b[0]-a[0])*f.KX*dx + (b[1]-a[1])*f.KY*dy) / math.Hypot(dx, dy)
				break
			}
		}
	}
}

// onLine allows a tenth of a millimetre: clipped points are rounded.
func onLine(p, u, v orb.Point, f geo.Frame) bool {
	_, d := f.Nearest(p, u, v)
	return d < 1e-4
}

// clip cuts a ring by a convex counter-clockwise ring (Sutherland and Hodgman
// 1974). The result is open: its last point is not its first.
func clip(r, convex orb.Ring) []orb.Point {
	out := slices.Clone([]orb.Point(r[:len(r)-1]))
	for i := range len(convex) - 1 {
		u, v := convex[i], convex[i+1]
		side := func(p orb.Point) float64 { return (v[0]-u[0])*(p[1]-u[1]) - (v[1]-u[1])*(p[0]-u[0]) }
		in := out
		out = make([]orb.Point, 0, len(in)+4)
		for j, q := range in {
			p := in[(j+len(in)-1)%len(in)]
			sp, sq := side(p), side(q)
			if (sp >= 0) != (sq >= 0) {
				t := sp / (sp - sq)
				out = append(out, orb.Point{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])})
			}
			if sq >= 0 {
				out = append(out, q)
			}
		}
	}
	return out
}

func signedArea(r []orb.Point, f geo.Frame) float64 {
	if len(r) < 3 {
		return 0
	}
	sum, o := 0.0, r[0]
	for i := range r {
		a, b := r[i], r[(i+1)%len(r)]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2 * f.KX * f.KY
}

func areaOf(mp orb.MultiPolygon) float64 {
	f, sum := geo.FrameAt(mp.Bound().Center()[1]), 0.0
	for _, p := range mp {
		for i, r := range p {
			a := math.Abs(signedArea(r, f))
			if i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func centerOf(mp orb.MultiPolygon) orb.Point { return mp.Bound().Center() }

func squared(a, b orb.Point) float64 {
	dx, dy := (a[0]-b[0])*0.85, a[1]-b[1]
	return dx*dx + dy*dy
}

func root(parts []part, i int) int {
	for parts[i].group != i {
		i = parts[i].group
	}
	return i
}

// join lets every fragment join the neighbour with which it shares the longest
// edge inside the street, smallest first. A fragment without a neighbour stays.
func (m *Map) join(parts []part) {
	at := make(map[int]int, len(parts)) // hexagon → part
	order := make([]int, len(parts))
	for i := range parts {
		at[parts[i].hex] = i
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(parts[a].area, parts[b].area), cmp.Compare(parts[a].hex, parts[b].hex))
	})
	for _, i := range order {
		g := root(parts, i)
		if m.groupArea(parts, g) >= fragmentBelow {
			continue
		}
		best, length := -1, 0.0
		for j := range parts {
			if root(parts, j) != g {
				continue
			}
			for side, other := range m.beside[parts[j].hex] {
				k, ok := at[other]
				if ok && root(parts, k) != g && parts[j].sides[side] > length {
					best, length = k, parts[j].sides[side]
				}
			}
		}
		if best >= 0 {
			parts[g].group = root(parts, best)
		}
	}
}

func (m *Map) groupArea(parts []part, g int) float64 {
	sum := 0.0
	for i := range parts {
		if root(parts, i) == g {
			sum += parts[i].area
		}
	}
	return sum
}

// neighbors returns, for each hexagon, the hexagon beyond each of its sides, -1
// where there is none in the map. Neighbours share their corners exactly.
func (m *Map) neighbors() [][6]int {
	type side struct{ a, b orb.Point }
	owner := make(map[side]int, 6*len(m.hexes))
	for h := range m.hexes {
		for i := range min(6, len(m.hexes[h].Ring)-1) {
			owner[side{m.hexes[h].Ring[i], m.hexes[h].Ring[i+1]}] = h
		}
	}
	out := make([][6]int, len(m.hexes))
	for h := range m.hexes {
		out[h] = [6]int{-1, -1, -1, -1, -1, -1}
		for i := range min(6, len(m.hexes[h].Ring)-1) {
			if o, ok := owner[side{m.hexes[h].Ring[i+1], m.hexes[h].Ring[i]}]; ok {
				out[h][i] = o
			}
		}
	}
	return out
}

// Areas returns the cells as areas, for lists and exports, with their outlines cut
// at the street's border by the given function (street shape, hexagons → outline).
func (m *Map) Areas(cut func(street, hexes orb.MultiPolygon) (orb.MultiPolygon, error)) ([]grid.Area, error) {
	out := make([]grid.Area, len(m.cells))
	for i, c := range m.cells {
		s := &m.streets[c.Street]
		shape := c.Shape
		if c.Hex != "" {
			var err error
			if shape, err = cut(s.Shape, c.Shape); err != nil {
				return nil, fmt.Errorf("outline of cell %s: %w", c.Code, err)
			}
		}
		out[i] = grid.Area{Code: c.Code, Name: s.Name + " " + c.Code[12:], Level: grid.LevelCell, Shape: shape, Valid: s.Valid, Basis: c.Hex}
	}
	return out, nil
}
