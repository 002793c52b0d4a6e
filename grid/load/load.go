// Package load reads files into records and reports: the one door for the
// demonstration data and for a user's own files. Formats are told by content:
// GeoJSON (a FeatureCollection, or one Feature a line), NDJSON in the wire form
// of grid/codec, CSV with a header line.
//
// Columns and properties are named as the wire form of the record: the fields'
// names in snake_case, valid_from and valid_to for the validity. Inside a CSV
// field lists are separated by "|", a limit is written "4 working_hour", dates
// yyyy-mm-dd are midnight in Asia/Shanghai. Points in CSV are lon and lat and need
// a datum; other shapes go into a geometry column as GeoJSON.
//
// Metres of the projected systems of geo/datum become WGS-84 here, vertex by vertex:
// in CSV where the datum, of the row or of the options, is "epsg:4549" or one of the
// others (the columns are x and y, or lon and lat), in GeoJSON where a crs member names
// one, as GeoJSON 2008 had it and ogr2ogr -lco RFC7946=NO writes it. The easting comes
// first, whatever the system's definition says. GeoJSON in a field of CSV is WGS-84.
// The vertices that neighbours share stay the same doubles. Between two vertices the
// straight line is that of the degrees: on a kilometre it runs 12 mm beside the one in
// metres, so a vertex that only one neighbour has opens a gap or an overlap as wide.
//
// Everything wrong with a file is told at once, each fault with its line or its
// feature, in both languages. What must never enter: a guess at a datum, a rule
// about what a record means to the others (the audits), a store.
package load

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"

	"wangge/geo/datum"
	"wangge/grid"
)

// Options fill in what a file does not say.
type Options struct {
	// Datum of coordinates that come without one: a CSV with neither a datum column
	// nor a value in it. GeoJSON is WGS-84 by RFC 7946, or what its crs member says,
	// and refuses any other.
	Datum datum.Datum
	// CRS stands in the place of Datum where such coordinates are metres. It is for
	// columns and refused for GeoJSON without a crs member, as another datum is.
	CRS datum.CRS
}

// maxFile bounds a file of records in bytes; it is read into memory.
const maxFile = 256 << 20

// Records reads a file of records of one kind. KindArea also yields the borders
// of the file and the outlines assembled from them, see [grid.Border]: an area
// feature without a geometry becomes one area for each period in which its
// outline stands still. name is used in errors only.
//
// The records that are sound come back even when there are faults; whether to use
// them is the caller's choice. The error is for a file that cannot be read:
// *[grid.Error] of kind TooLarge or Invalid, or what r returned.
func Records(name string, r io.Reader, kind grid.RecordKind, o Options) ([]grid.Record, []grid.Fault, error) {
	t, ok := tables[kind]
	if !ok {
		return nil, nil, &grid.Error{
			Kind: grid.Invalid, Op: "load " + name,
			Msg: fmt.Sprintf("there are no files of kind %q", kind), MsgZH: fmt.Sprintf("没有“%s”这类文件", kind),
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, fmt.Errorf("load: read %s: %w", name, err)
	}
	if len(data) > maxFile {
		return nil, nil, &grid.Error{
			Kind: grid.TooLarge, Op: "load " + name,
			Msg: "the file is larger than 256 MB", MsgZH: "文件超过 256 MB",
		}
	}
	f := &file{table: t, options: o}
	f.read(data)
	f.checkKeys()
	if kind == grid.KindArea {
		f.assemble()
	}
	return f.records(), f.faults.list(), nil
}

// file is one file being read.
type file struct {
	table   *table
	options Options
	crs     datum.CRS // of the collection's geometries; "" is WGS-84
	xy      bool      // x and y are the names of a point here
	drafts  []draft
	faults  faults

	datumTold bool     // that a datum is missing or not possible was told once
	unknowns  []string // properties told to be unknown
}

// draft is a record and where it was read.
type draft struct {
	at     place
	record grid.Record
}

func (f *file) read(data []byte) {
	data = bytes.TrimPrefix(data, bom)
	if says, zh := foreign(data); says != "" {
		f.faults.add(line(1), "format", says, zh)
		return
	}
	switch first(data) {
	case 0:
		f.faults.add(line(1), "empty", "the file is empty", "文件是空的")
	case '{', '\x1e':
		f.readJSON(data)
	case '[':
		f.faults.add(line(1), "format",
			"a bare JSON list is not read; a FeatureCollection, or one object a line is", "不支持单独的 JSON 数组；请用 FeatureCollection，或每行一个对象")
	default:
		f.readCSV(bytes.NewReader(data))
	}
}

var bom = []byte("\xef\xbb\xbf")

// first returns the first byte that is no white space, 0 for none.
func first(data []byte) byte {
	data = bytes.TrimLeft(data, " \t\r\n")
	if len(data) == 0 {
		return 0
	}
	return data[0]
}

// foreign names the formats that people hand over by mistake.
func foreign(data []byte) (says, zh string) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "the file is UTF-16; save it as UTF-8", "文件是 UTF-16 编码，请另存为 UTF-8"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return "the file is a zip or a spreadsheet; save it as CSV or GeoJSON", "文件是压缩包或电子表格，请另存为 CSV 或 GeoJSON"
	case bytes.HasPrefix(data, []byte("SQLite format 3\x00")):
		return "the file is a database; export its layer as GeoJSON", "文件是数据库，请将图层导出为 GeoJSON"
	case bytes.HasPrefix(data, []byte("\x00\x00\x27\x0a")):
		return "the file is a shapefile; convert it to GeoJSON", "文件是 Shapefile，请转换为 GeoJSON"
	case bytes.HasPrefix(data, []byte("\x1f\x8b")):
		return "the file is compressed; unpack it first", "文件是压缩的，请先解压"
	}
	return "", ""
}

func (f *file) records() []grid.Record {
	out := make([]grid.Record, len(f.drafts))
	for i, d := range f.drafts {
		out[i] = d.record
	}
	return out
}

// checkKeys tells records that stand twice, and validity periods of one thing
// that overlap.
func (f *file) checkKeys() {
	type period struct {
		draft
		span grid.Span
	}
	periods := map[string][]period{}
	var ids []string
	for _, d := range f.drafts {
		s := grid.ValidOf(d.record)
		id := string(d.record.RecordKind()) + " " + baseKey(d.record)
		if _, ok := periods[id]; !ok {
			ids = append(ids, id)
		}
		periods[id] = append(periods[id], period{d, s})
	}
	for _, id := range ids {
		ps := periods[id]
		slices.SortStableFunc(ps, func(a, b period) int { return a.span.From.Compare(b.span.From) })
		for i := 1; i < len(ps); i++ {
			a, b := ps[i-1], ps[i]
			if a.at.n > b.at.n {
				a.draft, b.draft = b.draft, a.draft
			}
			switch {
			case a.record.Key() == b.record.Key():
				f.faults.add(b.at, "duplicate", fmt.Sprintf("%s stands already at %s", b.record.Key(), a.at),
					fmt.Sprintf("%s 已出现在%s", b.record.Key(), a.at.zh()))
			case ps[i-1].span.To.IsZero() || ps[i].span.From.Before(ps[i-1].span.To):
				f.faults.add(b.at, "overlap", fmt.Sprintf("its period overlaps with that of %s at %s", a.record.Key(), a.at),
					fmt.Sprintf("有效期与%s的 %s 重叠", a.at.zh(), a.record.Key()))
			}
		}
	}
}

// place is where in a file something stands: a line or a feature, from 1.
type place struct {
	what string
	n    int
}

func line(n int) place    { return place{"line", n} }
func feature(n int) place { return place{"feature", n} }

func (p place) String() string {
	if p.n == 0 {
		return p.what // a member of the file itself: "/crs"
	}
	return fmt.Sprintf("%s %d", p.what, p.n)
}

func (p place) zh() string {
	if p.what == "line" {
		return fmt.Sprintf("第 %d 行", p.n)
	}
	return fmt.Sprintf("第 %d 个要素", p.n)
}

// maxFaults bounds what is told of one file.
const maxFaults = 1000

// faults are collected in any order and told in the order of the file.
type faults struct {
	found []located
	more  int
}

type located struct {
	at    place
	fault grid.Fault
}

func (fs *faults) add(at place, code, says, zh string) {
	if len(fs.found) == maxFaults {
		fs.more++
		return
	}
	fs.found = append(fs.found, located{at, grid.Fault{At: at.String(), Code: code, Says: says, SaysZH: zh}})
}

func (fs *faults) count() int { return len(fs.found) + fs.more }

func (fs *faults) list() []grid.Fault {
	slices.SortStableFunc(fs.found, func(a, b located) int { return cmp.Compare(a.at.n, b.at.n) })
	var out []grid.Fault
	for _, l := range fs.found {
		out = append(out, l.fault)
	}
	if fs.more > 0 {
		out = append(out, grid.Fault{
			At: "file", Code: "more",
			Says: fmt.Sprintf("and %d more faults", fs.more), SaysZH: fmt.Sprintf("另有 %d 处错误", fs.more),
		})
	}
	return out
}
