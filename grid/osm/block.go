package osm

import (
	"errors"

	"github.com/paulmach/orb"
	"google.golang.org/protobuf/encoding/protowire"
)

// formatError is a block that is not as the format has it.
type formatError struct {
	last ref // the last element that was sound
	why  error
}

func (e *formatError) Error() string { return e.why.Error() }
func (e *formatError) Unwrap() error { return e.why }

func (e *formatError) behind(word string) string {
	if e.last.kind == 0 {
		return ""
	}
	return word + e.last.String()
}

func (e *formatError) tail() string {
	if e.last.kind == 0 {
		return ""
	}
	return " 之后"
}

// What a block can get wrong.
var (
	errWire   = errors.New("osm: not protocol buffers")
	errIndex  = errors.New("osm: a text is named that the block does not have")
	errUneven = errors.New("osm: lists that belong together differ in length")
)

// fields calls fn for every field of a message: numbers have b nil, texts and messages v 0.
func fields(msg []byte, fn func(num protowire.Number, v uint64, b []byte) error) error {
	for len(msg) > 0 {
		num, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return &formatError{why: errWire}
		}
		msg = msg[n:]
		var v uint64
		var b []byte
		switch typ {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(msg)
		case protowire.BytesType:
			b, n = protowire.ConsumeBytes(msg)
			if b == nil {
				b = []byte{}
			}
		default:
			n = protowire.ConsumeFieldValue(num, typ, msg)
			num = 0 // none of ours
		}
		if n < 0 {
			return &formatError{why: errWire}
		}
		msg = msg[n:]
		if err := fn(num, v, b); err != nil {
			return err
		}
	}
	return nil
}

// packed is a list of numbers in one field.
type packed []byte

// next takes the next number; ok is false at the end and where it is broken off, which
// leaves the list as it is.
func (p *packed) next() (v uint64, ok bool) {
	v, n := protowire.ConsumeVarint(*p)
	if n < 0 {
		return 0, false
	}
	*p = (*p)[n:]
	return v, true
}

func (p *packed) signed() (int64, bool) {
	v, ok := p.next()
	return protowire.DecodeZigZag(v), ok
}

// maxTexts bounds the texts of a block, which has some thousand elements.
const maxTexts = 4 << 20

// block reads one PrimitiveBlock.
type block struct {
	want, holds kind
	fn          func(*element) error

	texts                  []string
	granularity, lon0, lat int64
	e                      element
	last                   ref
}

func (b *block) read(data []byte) error {
	b.granularity = 100
	var groups [][]byte
	err := fields(data, func(num protowire.Number, v uint64, m []byte) error {
		switch {
		case num == 1 && m != nil:
			return b.readTexts(m)
		case num == 2 && m != nil:
			groups = append(groups, m)
		case num == 17:
			b.granularity = int64(int32(v)) //nolint:gosec // as the format has it
		case num == 19:
			b.lat = int64(v) //nolint:gosec // as the format has it
		case num == 20:
			b.lon0 = int64(v) //nolint:gosec // as the format has it
		}
		return nil
	})
	for i := 0; i < len(groups) && err == nil; i++ {
		err = fields(groups[i], func(num protowire.Number, _ uint64, m []byte) error { return b.primitive(num, m) })
	}
	if e, ok := errors.AsType[*formatError](err); ok && e.last.kind == 0 {
		e.last = b.last
	}
	return err
}

// readTexts takes the table of texts as parts of one string.
func (b *block) readTexts(table []byte) error {
	all := string(table)
	at := 0
	for len(table) > at {
		num, typ, n := protowire.ConsumeTag(table[at:])
		if n < 0 {
			return &formatError{why: errWire}
		}
		at += n
		size := protowire.ConsumeFieldValue(num, typ, table[at:])
		if size < 0 {
			return &formatError{why: errWire}
		}
		if len(b.texts) > maxTexts {
			return &formatError{why: errIndex}
		}
		if num == 1 && typ == protowire.BytesType {
			text, _ := protowire.ConsumeBytes(table[at:]) // it is there
			b.texts = append(b.texts, all[at+size-len(text):at+size])
		}
		at += size
	}
	return nil
}

var primitives = map[protowire.Number]kind{1: node, 2: node, 3: way, 4: relation}

func (b *block) primitive(num protowire.Number, m []byte) error {
	k := primitives[num]
	b.holds |= k
	if k&b.want == 0 || m == nil {
		return nil
	}
	if num == 2 {
		return b.dense(m)
	}
	return b.one(k, m)
}

// point turns the numbers of a node into degrees. Those of the usual granularity
// become the same doubles as the seven digits of XML.
func (b *block) point(lon, lat int64) orb.Point {
	nano := func(offset, v int64) float64 {
		n := offset + b.granularity*v
		if n%100 == 0 {
			return float64(n/100) / 1e7
		}
		return float64(n) / 1e9
	}
	return orb.Point{nano(b.lon0, lon), nano(b.lat, lat)}
}

func (b *block) emit() error {
	b.last = b.e.ref
	return b.fn(&b.e)
}

func (b *block) addTag(k, v uint64) error {
	if k >= uint64(len(b.texts)) || v >= uint64(len(b.texts)) {
		return &formatError{why: errIndex}
	}
	b.e.tags = append(b.e.tags, tag{b.texts[k], b.texts[v]})
	return nil
}

// dense reads nodes that stand in columns.
func (b *block) dense(m []byte) error {
	var ids, lats, lons, pairs packed
	err := fields(m, func(num protowire.Number, _ uint64, f []byte) error {
		if to, ok := map[protowire.Number]*packed{1: &ids, 8: &lats, 9: &lons, 10: &pairs}[num]; ok {
			*to = f
		}
		return nil
	})
	if err != nil {
		return err
	}
	var id, lat, lon int64
	tagged := len(pairs) > 0
	for len(ids) > 0 {
		d, ok1 := ids.signed()
		dlat, ok2 := lats.signed()
		dlon, ok3 := lons.signed()
		if !ok1 || !ok2 || !ok3 {
			return &formatError{why: errUneven}
		}
		id, lat, lon = id+d, lat+dlat, lon+dlon
		b.e.ref, b.e.at, b.e.tags = ref{node, id}, b.point(lon, lat), b.e.tags[:0]
		for tagged {
			k, ok := pairs.next()
			if !ok {
				return &formatError{why: errUneven}
			}
			if k == 0 {
				break
			}
			v, ok := pairs.next()
			if !ok {
				return &formatError{why: errUneven}
			}
			if err := b.addTag(k, v); err != nil {
				return err
			}
		}
		if err := b.emit(); err != nil {
			return err
		}
	}
	return nil
}

// columns are the fields of one node, way or relation.
type columns struct {
	id, lat, lon uint64
	lists        [11]packed // by the number of the field
}

// The fields that are lists: keys and values of all, nodes of a way, roles, ids and
// types of a relation's members.
const (
	keysField   = 2
	valuesField = 3
	nodesField  = 8
	rolesField  = 8
	idsField    = 9
	typesField  = 10
)

func (b *block) one(k kind, m []byte) error {
	var c columns
	err := fields(m, func(num protowire.Number, v uint64, f []byte) error {
		switch {
		case f != nil && num > 0 && int(num) < len(c.lists):
			c.lists[num] = f
		case num == 1:
			c.id = v
		case num == 8:
			c.lat = v
		case num == 9:
			c.lon = v
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.e = element{ref: ref{k, int64(c.id)}, tags: b.e.tags[:0], nodes: b.e.nodes[:0], members: b.e.members[:0]} //nolint:gosec // as the format has it
	keys, values := c.lists[keysField], c.lists[valuesField]
	for len(keys) > 0 {
		key, ok1 := keys.next()
		value, ok2 := values.next()
		if !ok1 || !ok2 {
			return &formatError{why: errUneven}
		}
		if err := b.addTag(key, value); err != nil {
			return err
		}
	}
	switch k {
	case node:
		b.e.id = protowire.DecodeZigZag(c.id)
		b.e.at = b.point(protowire.DecodeZigZag(c.lon), protowire.DecodeZigZag(c.lat))
	case way:
		err = b.wayNodes(c.lists[nodesField])
	case relation:
		err = b.relationMembers(&c)
	}
	if err != nil {
		return err
	}
	return b.emit()
}

func (b *block) wayNodes(list packed) error {
	id := int64(0)
	for len(list) > 0 {
		d, ok := list.signed()
		if !ok {
			return &formatError{why: errWire}
		}
		id += d
		b.e.nodes = append(b.e.nodes, id)
	}
	return nil
}

func (b *block) relationMembers(c *columns) error {
	roles, ids, types := c.lists[rolesField], c.lists[idsField], c.lists[typesField]
	id := int64(0)
	for len(ids) > 0 {
		d, ok1 := ids.signed()
		role, ok2 := roles.next()
		t, ok3 := types.next()
		if !ok1 || !ok2 || !ok3 {
			return &formatError{why: errUneven}
		}
		if role >= uint64(len(b.texts)) || t > 2 {
			return &formatError{why: errIndex}
		}
		id += d
		b.e.members = append(b.e.members, member{ref{node << t, id}, b.texts[role]})
	}
	return nil
}
