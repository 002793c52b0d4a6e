package export

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"wangge/grid"
	"wangge/grid/codec"
)

// Format is how a file is written. Its value is the extension.
type Format string

// The formats.
const (
	GeoJSON    Format = "geojson"
	GeoJSONSeq Format = "geojsonl"
	CSV        Format = "csv"
)

// Formats lists every format.
var Formats = []Format{GeoJSON, GeoJSONSeq, CSV}

// FormatOf tells the format by the extension of a file's name, in any case. The
// error is Invalid and lists the extensions.
func FormatOf(name string) (Format, error) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	for _, f := range Formats {
		if ext == string(f) {
			return f, nil
		}
	}
	list := codec.Choices(Formats)
	return "", &grid.Error{
		Kind: grid.Invalid, Op: "export",
		Msg: fmt.Sprintf("%q says no format; the extension is one of %s", name, list), MsgZH: fmt.Sprintf("无法由“%s”判断格式；扩展名应为 %s 之一", name, list),
	}
}

// Options say more of a file.
type Options struct {
	// Name is that of the layer; it stands in a GeoJSON collection, where GDAL and QGIS look for it.
	Name string
	// Attribution is whose data it is; it stands in a GeoJSON collection, the other formats have no place for it.
	Attribution string
	// Props names the further properties of backdrops, which a CSV must know before its first row; see [PropNames].
	Props []string
}

// ErrClosed is returned by writes to a closed Writer.
var ErrClosed = errors.New("export: writer is closed")

// Writer writes one file. It is used by one goroutine.
type Writer struct {
	w      io.Writer
	format encoder
	own    *layout
	buf    []byte
	item   item
	err    error // of w, or ErrClosed
}

// encoder is one format. What row returns beside an error is not used.
type encoder interface {
	begin(dst []byte) []byte
	row(dst []byte, it *item) ([]byte, error)
	end(dst []byte) []byte
}

// bufferSize is what is gathered before it is written.
const bufferSize = 128 << 10

// NewWriter begins a file of one kind of record, or of cases (grid.KindCase). A
// GeoJSON file of areas takes borders too. Close must be called to end it.
func NewWriter(w io.Writer, f Format, kind grid.RecordKind, o Options) (*Writer, error) {
	l := layouts[kind]
	if l == nil {
		return nil, fmt.Errorf("export: no files of kind %q", kind)
	}
	x := &Writer{w: w, own: l}
	switch f {
	case GeoJSON:
		x.format = &collection{name: o.Name, attribution: o.Attribution}
	case GeoJSONSeq:
		x.format = lines{}
	case CSV:
		for _, name := range o.Props {
			if l.extra < 0 || l.has(name) {
				return nil, taken(string(kind), name)
			}
		}
		x.format = newSheet(l, o.Props)
	default:
		return nil, fmt.Errorf("export: no format %q", f)
	}
	x.buf = x.format.begin(make([]byte, 0, bufferSize+16<<10))
	return x, nil
}

// Write adds a record. An Invalid error with the place is of a record that the
// format cannot hold; nothing of it was written, and the Writer goes on. Any other
// error is final.
func (x *Writer) Write(r grid.Record) error {
	l := x.own
	if k := r.RecordKind(); k != l.kind {
		if _, one := x.format.(*sheet); one || l.kind != grid.KindArea || k != grid.KindBorder {
			return fmt.Errorf("export: a %s in a file of kind %s", k, l.kind)
		}
		l = layouts[k]
	}
	x.item.read(l, r)
	return x.add()
}

// WriteCase adds a case. Its errors are those of [Writer.Write].
func (x *Writer) WriteCase(c *grid.Case) error {
	if x.own.kind != grid.KindCase {
		return fmt.Errorf("export: a case in a file of kind %s", x.own.kind)
	}
	x.item.readCase(x.own, c)
	return x.add()
}

func (x *Writer) add() error {
	if x.err != nil {
		return x.err
	}
	buf, err := x.format.row(x.buf, &x.item)
	if err != nil {
		return err
	}
	if x.buf = buf; len(x.buf) >= bufferSize {
		return x.flush()
	}
	return nil
}

func (x *Writer) flush() error {
	if _, err := x.w.Write(x.buf); err != nil {
		x.err = fmt.Errorf("export: write: %w", err)
	}
	x.buf = x.buf[:0]
	return x.err
}

// Close ends the file and writes what is left. It does not close the writer below.
func (x *Writer) Close() error {
	if x.err != nil {
		return x.err
	}
	x.buf = x.format.end(x.buf)
	err := x.flush()
	if err == nil {
		x.err = ErrClosed
	}
	return err
}

// fault is the error of a row that a format cannot hold.
func (it *item) fault(name, code, says, zh string) error {
	at := fmt.Sprintf("%s %s/%s", it.layout.kind, it.key(), name)
	return &grid.Error{
		Kind: grid.Invalid, Op: "export " + string(it.layout.kind),
		Msg: "a record cannot be written in this format", MsgZH: "有记录无法以此格式写出",
		Faults: []grid.Fault{{At: at, Code: code, Says: says, SaysZH: zh}},
	}
}

// taken is the error of a property that has the name of a column.
func taken(at, name string) error {
	return &grid.Error{
		Kind: grid.Invalid, Op: "export", Msg: "a property cannot be written", MsgZH: "有属性无法写出",
		Faults: []grid.Fault{{
			At: at + "/" + name, Code: "property",
			Says: fmt.Sprintf("a further property cannot be called %q here", name), SaysZH: fmt.Sprintf("此处不能有名为“%s”的附加属性", name),
		}},
	}
}
