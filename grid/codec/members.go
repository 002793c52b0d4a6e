package codec

import "wangge/grid"

// Member is one member of a record's wire form and the index of the Go field it
// comes from. A Span has two of them.
type Member struct {
	Name  string
	Field int
}

// Members lists the members that a kind of record can have, in the order of
// [EncodeRecord]; nil for a kind that is none of a record.
func Members(kind grid.RecordKind) []Member {
	t, ok := recordTypes[kind]
	if !ok {
		return nil
	}
	var out []Member
	for _, f := range shapeOf(t) {
		if t.Field(f.index).Type == spanType {
			out = append(out, Member{"valid_from", f.index}, Member{"valid_to", f.index})
			continue
		}
		out = append(out, Member{f.name, f.index})
	}
	return out
}
