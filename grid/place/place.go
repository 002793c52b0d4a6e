// Package place answers where a point is: district, street office, cell, and the
// nearest border. A [Map] holds the areas valid at one instant; it is immutable
// and safe for concurrent use.
//
// Streets come from an exact coverage. Cells are imported polygons where a street
// has them; else they are generated as pairs (street, hexagon) → cell by a table,
// the hexagon from a coverage of H3 cells of resolution 10, so that nesting in the
// street is exact whatever a drawn outline is rounded to.
//
// What must never enter: hotspots, units, duties.
package place

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/coverage"
	"wangge/geo/hexgrid"
	"wangge/grid"
)

// Resolution is the H3 resolution of generated cells: 15,047 m² on average.
const Resolution = 10

// Map is the partition of a district at one instant.
type Map struct {
	District grid.Area
	streets  []grid.Area // index is that of the coverage
	cover    *coverage.Coverage
	hexes    []hexgrid.Hex
	hexCover *coverage.Coverage
	table    []uint16 // [hex*len(streets)+street] → index of cells, none where there is none
	cells    []Cell
	centers  []orb.Point        // of the cells' bounds
	imported *coverage.Coverage // of imported cells, the first of cells, nil without any

	// While the map is made: the hexagon beyond each side of a hexagon, its bounds.
	beside [][6]int
	around []orb.Bound
}

// none marks an empty place of the table.
const none = ^uint16(0)

// Cell is the smallest managed area. Hexes are empty for an imported cell.
type Cell struct {
	Code   string
	Street int      // index of the street
	Hex    string   // the hexagon with its largest part, "" for an imported cell
	Hexes  []string // all its hexagons, Hex first
	Area   float64  // square metres
	Shape  orb.MultiPolygon
}

// Spot is where a point lies: indexes into the map. The zero Spot is the first
// street, the first cell and the first hexagon. Hex is -1 where the map has none.
type Spot struct{ Street, Cell, Hex int }

// New builds the map of areas and borders that hold at an instant. Cells are
// numbered by numbers, which is extended with those not seen before; it must not
// be in use elsewhere meanwhile. Without any street there is no map: Invalid.
func New(areas []grid.Area, borders []grid.Border, at time.Time, numbers Numbering) (*Map, error) {
	m := &Map{}
	var cells []grid.Area
	for _, a := range areas {
		switch {
		case !a.Valid.Holds(at):
		case a.Level == grid.LevelDistrict:
			m.District = a
		case len(a.Shape) == 0:
		case a.Level == grid.LevelStreet:
			m.streets = append(m.streets, a)
		case a.Level == grid.LevelCell:
			cells = append(cells, a)
		}
	}
	if len(m.streets) == 0 {
		return nil, &grid.Error{
			Kind: grid.Invalid, Op: "build map",
			Msg: "no street office's area is valid then", MsgZH: "该时点没有有效的街道区域",
		}
	}
	slices.SortFunc(m.streets, func(a, b grid.Area) int { return cmp.Compare(a.Code, b.Code) })
	if m.District.Code == "" {
		m.District = grid.Area{Code: m.streets[0].Code[:6], Level: grid.LevelDistrict}
	}
	var err error
	if m.cover, err = cover(m.streets, lines(borders, at)); err != nil {
		return nil, fmt.Errorf("cover streets: %w", err)
	}
	if err := m.addImported(cells); err != nil {
		return nil, err
	}
	if err := m.generate(numbers); err != nil {
		return nil, err
	}
	for i := range m.cells {
		m.centers = append(m.centers, centerOf(m.cells[i].Shape))
	}
	return m, nil
}

func lines(borders []grid.Border, at time.Time) []coverage.Line {
	var out []coverage.Line
	for _, b := range borders {
		if b.Valid.Holds(at) {
			out = append(out, coverage.Line{Points: b.Line, Name: b.Along, Beyond: b.Outside})
		}
	}
	return out
}

func cover(areas []grid.Area, ls []coverage.Line) (*coverage.Coverage, error) {
	in := make([]coverage.Area, len(areas))
	for i, a := range areas {
		in[i] = coverage.Area{Code: a.Code, Shape: a.Shape}
	}
	return coverage.New(in, coverage.Options{Lines: ls})
}

// addImported takes cells that were imported; each must name its street by its code.
func (m *Map) addImported(cells []grid.Area) error {
	if len(cells) == 0 {
		return nil
	}
	slices.SortFunc(cells, func(a, b grid.Area) int { return cmp.Compare(a.Code, b.Code) })
	for _, c := range cells {
		s := slices.IndexFunc(m.streets, func(s grid.Area) bool { return strings.HasPrefix(c.Code, s.Code) })
		if s < 0 {
			return &grid.Error{
				Kind: grid.Invalid, Op: "build map",
				Msg: "cell " + c.Code + " lies in no street of the map", MsgZH: "网格 " + c.Code + " 不属于任何街道",
			}
		}
		m.cells = append(m.cells, Cell{Code: c.Code, Street: s, Shape: c.Shape, Area: areaOf(c.Shape)})
	}
	var err error
	if m.imported, err = cover(cells, nil); err != nil {
		return fmt.Errorf("cover imported cells: %w", err)
	}
	return nil
}

// At returns where p lies, false outside the district (and for NaN). A point on a
// border is in the area with the smaller code. It does not allocate.
func (m *Map) At(p orb.Point) (Spot, bool) {
	s := m.cover.At(p)
	if s < 0 {
		return Spot{}, false
	}
	spot := Spot{Street: s, Hex: m.hexCover.At(p)}
	if m.imported != nil {
		if i := m.imported.At(p); i >= 0 && m.cells[i].Street == s {
			spot.Cell = i // both are in the order of codes
			return spot, true
		}
	}
	if spot.Hex >= 0 {
		if c := m.table[spot.Hex*len(m.streets)+s]; c != none {
			spot.Cell = int(c)
			return spot, true
		}
	}
	spot.Cell = m.nearestCell(s, p)
	return spot, true
}

// nearestCell serves points whose pair is not in the table: a hexagon that only
// touches the street, or a gap between imported cells.
func (m *Map) nearestCell(street int, p orb.Point) int {
	best, at := -1, 0.0
	for i := range m.cells {
		if m.cells[i].Street != street {
			continue
		}
		if d := squared(p, m.centers[i]); best < 0 || d < at {
			best, at = i, d
		}
	}
	return best
}

// Hex returns the id of a Spot's Hex, an H3 cell of resolution 10, "" for -1.
func (m *Map) Hex(i int) string {
	if i < 0 {
		return ""
	}
	return m.hexes[i].ID
}

// Street returns the area of a Spot's Street. The caller must not change it.
func (m *Map) Street(i int) *grid.Area { return &m.streets[i] }

// Cell returns the cell of a Spot's Cell. The caller must not change it.
func (m *Map) Cell(i int) *Cell { return &m.cells[i] }

// Streets returns all streets, by code; Cells all cells, imported ones first.
// The caller must not change them.
func (m *Map) Streets() []grid.Area { return m.streets }

// Cells returns all cells; see [Map.Streets].
func (m *Map) Cells() []Cell { return m.cells }

// Edge returns the nearest border of a street office's area; see [coverage.Coverage.Edge].
func (m *Map) Edge(p orb.Point) (coverage.Edge, bool) { return m.cover.Edge(p) }

// Shares appends the streets within r metres of p; see [coverage.Coverage.Shares].
func (m *Map) Shares(dst []coverage.Share, p orb.Point, r float64) []coverage.Share {
	return m.cover.Shares(dst, p, r)
}
