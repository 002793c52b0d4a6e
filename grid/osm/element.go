package osm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"wangge/grid"
)

// kind is a set of sorts of element.
type kind uint8

const (
	node kind = 1 << iota
	way
	relation
)

var kindNames = map[string]kind{"node": node, "way": way, "relation": relation}

// ref names an element.
type ref struct {
	kind kind
	id   int64
}

func (r ref) String() string {
	for name, k := range kindNames {
		if k == r.kind {
			return name + " " + strconv.FormatInt(r.id, 10)
		}
	}
	return ""
}

// key is the ref as part of a record's id: n123, w123, r123.
func (r ref) key() string { return fmt.Sprintf("%.1s%d", r.String(), r.id) }

type tag struct{ key, value string }

type tags []tag

// get returns the value of a key, "" when there is none.
func (ts tags) get(key string) string {
	for _, t := range ts {
		if t.key == key {
			return t.value
		}
	}
	return ""
}

type member struct {
	ref
	role string
}

// element is a node (at), a way (nodes) or a relation (members) with its tags.
type element struct {
	ref
	at      orb.Point
	tags    tags
	nodes   []int64
	members []member
}

// source is a file that can be gone through again and again.
type source interface {
	// each calls fn for every element of the kinds wanted, in the order of the file.
	// The element, its slices and its texts are the source's when fn returns.
	each(ctx context.Context, want kind, fn func(*element) error) error
}

// sniffed is how much of a file tells what it is.
const sniffed = 512

// open tells the format by the content.
func open(name string, r io.ReadSeeker) (source, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("osm: read %s: %w", name, err)
	}
	head := make([]byte, sniffed)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("osm: read %s: %w", name, err)
	}
	head = head[:n]
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case n == 0:
		return nil, broken(name, "the file is empty", "文件是空的", nil)
	case bytes.Contains(head[:min(n, 32)], []byte(headerType)), bytes.Contains(head[:min(n, 32)], []byte(dataType)):
		return &pbf{name: name, r: r}, nil
	case len(text) > 0 && text[0] == '<':
		return &xmlFile{name: name, r: r}, nil
	case bytes.HasPrefix(head, []byte("\x1f\x8b")), bytes.HasPrefix(head, []byte("BZh")), bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, broken(name, "the file is compressed; unpack it first (a .osm.pbf is read as it is)", "文件是压缩的，请先解压（.osm.pbf 可直接读取）", nil)
	}
	return nil, broken(name, "the file is not an extract of OpenStreetMap: neither .osm.pbf nor .osm (XML)",
		"文件不是 OpenStreetMap 数据：既不是 .osm.pbf，也不是 .osm（XML）", nil)
}

// broken is the error for a file that cannot be read.
func broken(name, says, zh string, cause error) error {
	return &grid.Error{Kind: grid.Invalid, Op: "read " + name, Msg: says, MsgZH: zh, Err: cause}
}

// clean makes a text of a file fit for a record: valid UTF-8, no control characters,
// one space where several stood.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u3000' || r == '\u00a0':
			return ' '
		case r < ' ' || r == '\u007f' || r == '\ufeff' || r == '\u200b' || r == '\ufffd':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}
