// Package osm reads an extract of OpenStreetMap into records of the house: roads,
// house numbers, named places, crossings and, when asked, administrative outlines.
//
// A file is .osm.pbf or .osm (XML), told by content, and is gone through three times:
// relations say which ways are needed, ways which nodes. Kept are the named things and
// 24 bytes for each node that one of them needs; all else passes by. The blocks of a
// PBF without the kind that is looked for are not unpacked again.
//
// Where OpenStreetMap says less than a record holds, the record is left without it;
// whatever is left out that somebody would look for is told. What must never enter: a
// guess at an area's code, the responsibility of anybody, a store.
package osm

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"wangge/grid"
)

// Credit begins the basis of every record that comes from here; the licence wants it
// kept with the data.
const Credit = "© OpenStreetMap contributors, ODbL" //nolint:gosec // credit, not credentials

// Options say what to read beside roads, doors, places and crossings.
type Options struct {
	// Areas takes districts (admin_level 6) and streets (admin_level 8) whose code is tagged.
	Areas bool
}

// Read returns the records of an extract, by kind and then by key, each key once:
// areas if asked for, roads, crossings, doors, places. OpenStreetMap is WGS-84, and so
// are they. Streets of places, doors and roads are not filled in.
//
// The faults are notices, not a refusal: each names an element ("relation 123") that
// was left out or cut short, with the reason; of one sort at most 20 are told, then
// their number. name is used in errors only.
//
// The error is a *[grid.Error] of kind Invalid for a file that is not an extract, is
// cut off (in the midst of a block: a PBF that ends between two is whole) or breaks the
// format, of kind TooLarge for one whose named things do not fit into memory; else what
// r or ctx returned. Reading moves r.
func Read(ctx context.Context, name string, r io.ReadSeeker, o Options) ([]grid.Record, []grid.Fault, error) {
	src, err := open(name, r)
	if err != nil {
		return nil, nil, err
	}
	m := newMap(o)
	if err := m.gather(ctx, src); err != nil {
		if e, ok := err.(*grid.Error); ok && e.Op == "" { //nolint:errorlint // made by us, not wrapped
			e.Op = "read " + name
		}
		return nil, nil, err
	}
	var out []grid.Record
	out = append(out, byKey(m.areas())...)
	doors := m.doors()
	lines := m.roads(doors)
	out = append(out, byKey(roadRecords(lines))...)
	out = append(out, byKey(m.crossings(lines))...)
	out = append(out, byKey(doors)...)
	out = append(out, byKey(m.places())...)
	return out, m.notices.list(), nil
}

// byKey sorts records of one kind and makes them plain records.
func byKey[R grid.Record](rs []R) []grid.Record {
	slices.SortFunc(rs, func(a, b R) int { return cmp.Compare(a.Key(), b.Key()) })
	out := make([]grid.Record, len(rs))
	for i, r := range rs {
		out[i] = r
	}
	return out
}

// basisOf credits the elements that a record rests on.
func basisOf(refs ...ref) string {
	s := Credit + ": " + refs[0].String()
	for _, r := range refs[1:min(len(refs), 4)] {
		s += ", " + r.String()
	}
	if n := len(refs) - 4; n > 0 {
		s += fmt.Sprintf(" and %d more", n)
	}
	return s
}

// maxAlike bounds the notices of one sort.
const maxAlike = 20

// notices are told in the order of their sorts.
type notices struct {
	sorts []string
	told  map[string][]grid.Fault
	more  map[string]int
}

func (n *notices) add(at ref, code, says, zh string) {
	if n.told == nil {
		n.told, n.more = map[string][]grid.Fault{}, map[string]int{}
	}
	switch have := n.told[code]; {
	case len(have) == maxAlike:
		n.more[code]++
		return
	case have == nil:
		n.sorts = append(n.sorts, code)
	}
	n.told[code] = append(n.told[code], grid.Fault{At: at.String(), Code: code, Says: says, SaysZH: zh})
}

func (n *notices) list() []grid.Fault {
	var out []grid.Fault
	for _, code := range n.sorts {
		out = append(out, n.told[code]...)
		if more := n.more[code]; more > 0 {
			out = append(out, grid.Fault{
				At: "file", Code: code,
				Says: fmt.Sprintf("and %d more of the sort %s", more, code), SaysZH: fmt.Sprintf("另有 %d 处同类情况（%s）", more, code),
			})
		}
	}
	return out
}
