package place

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"wangge/grid"
)

// Numbering remembers the codes of generated cells: street code and hexagon →
// sequence. Codes are never reused, so it outlives a change of the map. Not safe
// for concurrent use.
type Numbering map[string]map[string]int

// Clone returns a copy that can be extended on its own.
func (n Numbering) Clone() Numbering {
	out := make(Numbering, len(n))
	for street, m := range n {
		out[street] = maps.Clone(m)
	}
	return out
}

// maxSequence is what three digits hold.
const maxSequence = 999

// rowHeight is the height in degrees of latitude of a row of cells, about 133 m:
// the height of a hexagon.
const rowHeight = 0.0012

// assign gives every cell of a street its code: 9 digits of the street, 000 for
// "not divided into committees", 3 digits of sequence. Cells not seen before are
// numbered behind the others, row by row from the north, west to east in a row.
func (n Numbering) assign(street string, cells []Cell, center func(hex string) orb.Point) error {
	seen := n[street]
	if seen == nil {
		seen = map[string]int{}
		n[street] = seen
	}
	type fresh struct {
		hex string
		at  orb.Point
		row float64
	}
	var unseen []fresh
	north := math.Inf(-1)
	for _, c := range cells {
		at := center(c.Hex)
		north = max(north, at[1])
		if _, ok := seen[c.Hex]; !ok {
			unseen = append(unseen, fresh{hex: c.Hex, at: at})
		}
	}
	for i := range unseen {
		unseen[i].row = math.Floor((north - unseen[i].at[1]) / rowHeight)
	}
	slices.SortFunc(unseen, func(a, b fresh) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.at[0], b.at[0]), cmp.Compare(a.hex, b.hex))
	})
	last := 0
	for _, s := range seen {
		last = max(last, s)
	}
	if last+len(unseen) > maxSequence {
		return &grid.Error{
			Kind: grid.Invalid, Op: "number cells",
			Msg:   fmt.Sprintf("street %s has more than %d cells: divide it into committees first", street, maxSequence),
			MsgZH: fmt.Sprintf("街道 %s 的网格超过 %d 个，请先划分居委会", street, maxSequence),
		}
	}
	for _, u := range unseen {
		last++
		seen[u.hex] = last
	}
	for i := range cells {
		cells[i].Code = fmt.Sprintf("%s000%03d", street, seen[cells[i].Hex])
	}
	return nil
}
