package osm

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Bounds of a file of XML: bytes between the ends of two elements, and depth.
const (
	maxElement = 32 << 20
	maxDepth   = 16
)

// xmlFile is a file of XML, version 0.6 as the API, Overpass, JOSM and osmium write it.
type xmlFile struct {
	name string
	r    io.ReadSeeker
}

var errElementSize = errors.New("an element has more than 32 MB")

// window lets so many bytes through until it is opened again.
type window struct {
	r      io.Reader
	left   int
	failed error // what r returned, but for io.EOF
}

func (w *window) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errElementSize
	}
	n, err := w.r.Read(p[:min(len(p), w.left)])
	if err != nil && !errors.Is(err, io.EOF) {
		w.failed = err
	}
	w.left -= n
	return n, err
}

// xmlPass is one way through the file.
type xmlPass struct {
	*xmlFile
	ctx  context.Context //nolint:containedctx // the pass is one call of each
	win  *window
	d    *xml.Decoder
	want kind
	fn   func(*element) error

	depth int
	skip  bool // the element is not wanted, or deleted
	last  ref  // the last one that was begun
	e     element
	count int
}

func (f *xmlFile) each(ctx context.Context, want kind, fn func(*element) error) error {
	if _, err := f.r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("osm: read %s: %w", f.name, err)
	}
	p := &xmlPass{xmlFile: f, ctx: ctx, win: &window{r: f.r, left: maxElement}, want: want, fn: fn}
	p.d = xml.NewDecoder(p.win)
	for {
		t, err := p.d.Token()
		switch {
		case errors.Is(err, io.EOF):
			if p.count == 0 {
				return broken(f.name, "the file is not OSM XML: there is no <osm>", "文件不是 OSM XML：没有 <osm> 元素", nil)
			}
			return nil
		case err != nil:
			return p.fault(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			p.depth++
			err = p.start(t)
		case xml.EndElement:
			p.depth--
			err = p.end()
		}
		if err != nil {
			return err
		}
	}
}

// fault tells what the decoder said; what the file's reader said passes through.
func (p *xmlPass) fault(err error) error {
	if p.win.failed != nil {
		return fmt.Errorf("osm: read %s: %w", p.name, p.win.failed)
	}
	line, _ := p.d.InputPos()
	return p.broken(fmt.Sprintf("not OSM XML at line %d", line), fmt.Sprintf("第 %d 行不是合法的 OSM XML", line), err)
}

func (p *xmlPass) broken(says, zh string, cause error) error {
	if p.last.kind != 0 {
		says, zh = says+", in or behind "+p.last.String(), zh+"，位于 "+p.last.String()+" 之中或之后"
	}
	return broken(p.name, says, zh, cause)
}

func (p *xmlPass) start(t xml.StartElement) error {
	p.count++
	switch {
	case p.depth > maxDepth:
		return p.broken("the elements are nested too deep", "元素嵌套过深", nil)
	case p.depth == 1 && t.Name.Local == "osmChange":
		return p.broken("the file is a list of changes (osmChange); an extract is read", "文件是变更列表（osmChange），只能读取数据摘录", nil)
	case p.depth == 1 && t.Name.Local != "osm":
		return p.broken("the file is not OSM XML: it begins with <"+t.Name.Local+">", "文件不是 OSM XML：以 <"+t.Name.Local+"> 开头", nil)
	case p.depth == 2:
		return p.begin(t)
	case p.depth == 3 && !p.skip:
		return p.part(t)
	}
	return nil
}

// begin starts an element; one that is marked as deleted is passed over.
func (p *xmlPass) begin(t xml.StartElement) error {
	k := kindNames[t.Name.Local]
	p.skip = k&p.want == 0
	if k == 0 {
		return nil
	}
	p.e = element{ref: ref{kind: k}, tags: p.e.tags[:0], nodes: p.e.nodes[:0], members: p.e.members[:0]}
	var err error
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "id":
			p.e.id, err = strconv.ParseInt(a.Value, 10, 64)
			p.last = p.e.ref
		case "lon":
			p.e.at[0], err = degrees(k&p.want, a.Value)
		case "lat":
			p.e.at[1], err = degrees(k&p.want, a.Value)
		case "visible":
			p.skip = p.skip || a.Value == "false"
		case "action":
			p.skip = p.skip || a.Value == "delete"
		}
		if err != nil {
			return p.broken(fmt.Sprintf("%s of a %s is %q", a.Name.Local, t.Name.Local, a.Value), fmt.Sprintf("%s 的 %s 为“%s”", t.Name.Local, a.Name.Local, a.Value), nil)
		}
	}
	return nil
}

// degrees reads a coordinate of a node that is wanted; other elements may have a
// centre, unused.
func degrees(k kind, s string) (float64, error) {
	if k != node {
		return 0, nil
	}
	return strconv.ParseFloat(s, 64)
}

// part reads a tag, the node of a way or the member of a relation.
func (p *xmlPass) part(t xml.StartElement) error {
	var m member
	var tg tag
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "k":
			tg.key = a.Value
		case "v":
			tg.value = a.Value
		case "type":
			m.kind = kindNames[a.Value]
		case "role":
			m.role = a.Value
		case "ref":
			var err error
			if m.id, err = strconv.ParseInt(a.Value, 10, 64); err != nil {
				return p.broken(fmt.Sprintf("ref is %q", a.Value), fmt.Sprintf("ref 为“%s”", a.Value), nil)
			}
		}
	}
	switch t.Name.Local {
	case "tag":
		p.e.tags = append(p.e.tags, tg)
	case "nd":
		p.e.nodes = append(p.e.nodes, m.id)
	case "member":
		p.e.members = append(p.e.members, m)
	}
	return nil
}

// end hands over an element that is complete.
func (p *xmlPass) end() error {
	if p.depth != 1 {
		return nil
	}
	p.win.left = maxElement
	if err := p.ctx.Err(); err != nil {
		return err
	}
	if p.skip {
		return nil
	}
	p.skip = true
	return p.fn(&p.e)
}

var _ source = (*xmlFile)(nil)
