package load

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// The names of a point's columns in CSV.
const (
	lonName   = "lon"
	latName   = "lat"
	datumName = "datum"
)

// maxLine bounds a line of NDJSON and a record of CSV in bytes.
const maxLine = 1 << 20

var errLineTooLong = errors.New("load: a line is longer than 1 MB")

// budget passes on a reader until more than maxLine bytes went by since the last
// refill, so that a quote that is never closed cannot gather the whole file.
type budget struct {
	r    io.Reader
	left int
}

func (b *budget) refill() { b.left = maxLine + 4096 } // 4096: what encoding/csv reads ahead

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLineTooLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// sheet reads a CSV with a header line, record by record.
type sheet struct {
	csv    *csv.Reader
	budget *budget
	names  []string
	line   int // of the record last read
}

func newSheet(r io.Reader) *sheet {
	b := &budget{r: r}
	s := &sheet{csv: csv.NewReader(b), budget: b}
	s.csv.ReuseRecord = true
	s.csv.FieldsPerRecord = -1
	return s
}

// next returns the next record; its fields stay until the next call. A
// *csv.ParseError concerns one record, after it the sheet goes on.
func (s *sheet) next() ([]string, error) {
	s.budget.refill()
	rec, err := s.csv.Read()
	if pe, ok := errors.AsType[*csv.ParseError](err); ok {
		s.line = pe.Line
		return nil, err
	}
	if err == nil {
		s.line, _ = s.csv.FieldPos(0)
	}
	return rec, err
}

// header reads the first record as the names of the columns.
func (s *sheet) header() error {
	rec, err := s.next()
	if err != nil {
		return err
	}
	for _, n := range rec {
		s.names = append(s.names, strings.TrimSpace(n))
	}
	return nil
}

func (f *file) readCSV(r io.Reader) {
	s := newSheet(r)
	if err := s.header(); err != nil {
		f.badRecord(s, err)
		return
	}
	t := f.tableFor(s.names)
	f.checkHeader(t, s.names)
	for {
		rec, err := s.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			f.badRecord(s, err)
			if _, ok := errors.AsType[*csv.ParseError](err); ok {
				continue
			}
			return
		}
		f.csvRow(t, s, rec)
	}
}

// tableFor tells the borders in a file of areas by their sides.
func (f *file) tableFor(names []string) *table {
	if f.table.kind == grid.KindArea {
		for _, n := range names {
			if n == "left" || n == "right" {
				return tables[grid.KindBorder]
			}
		}
	}
	return f.table
}

func (f *file) badRecord(s *sheet, err error) {
	pe, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case errors.Is(err, errLineTooLong):
		f.faults.add(line(s.line+1), "long", "the line is longer than 1 MB, or a quote is not closed", "该行超过 1 MB，或引号未闭合")
	case ok:
		f.faults.add(line(pe.Line), "csv", "not CSV here: "+pe.Err.Error(), "此处不是合法的 CSV")
	default:
		f.faults.add(line(s.line+1), "csv", "the file ends too early", "文件不完整")
	}
}

// checkHeader tells columns that are unknown, stand twice or are missing.
func (f *file) checkHeader(t *table, names []string) {
	seen := map[string]bool{}
	_, located := t.columns[geometryName]
	f.xy = f.metric(t, names)
	for _, n := range names {
		_, known := t.columns[n]
		point := located && f.pointName(n)
		switch {
		case !utf8.ValidString(n):
			f.faults.add(line(1), "utf8", "the header is not UTF-8; save the file as UTF-8", "表头不是 UTF-8 编码，请将文件另存为 UTF-8")
		case seen[n]:
			f.faults.add(line(1), "duplicate", fmt.Sprintf("column %q stands twice", n), fmt.Sprintf("“%s”列重复", n))
		case !known && !point && t.extra == "":
			f.faults.add(line(1), "unknown", fmt.Sprintf("there is no column %q; there are %s", n, strings.Join(t.names(), ", ")),
				fmt.Sprintf("没有“%s”这一列；可用的列：%s", n, strings.Join(t.names(), "、")))
		}
		seen[n] = true
	}
	for _, n := range t.required {
		if n == geometryName {
			if !seen[geometryName] && !(seen[lonName] && seen[latName]) && !f.xy {
				f.faults.add(line(1), "missing", "columns lon and lat are missing", "缺少 lon、lat 列")
			}
		} else if !seen[n] {
			f.faults.add(line(1), "missing", fmt.Sprintf("column %q is missing", n), fmt.Sprintf("缺少“%s”列", n))
		}
	}
	if (seen[lonName] || seen[latName] || f.xy) && !seen[datumName] && f.options.system() == (system{}) {
		f.noDatum(line(1))
		f.datumTold = true
	}
}

func (f *file) noDatum(at place) {
	f.faults.add(at, "datum", "coordinates need their datum: a column datum, or the option, with "+systemChoices(),
		"坐标须注明坐标系：datum 列或选项，取值 "+systemChoices())
}

func (f *file) csvRow(t *table, s *sheet, rec []string) {
	at := line(s.line)
	if len(rec) == 1 && strings.TrimSpace(rec[0]) == "" {
		return
	}
	if len(rec) != len(s.names) {
		f.faults.add(at, "fields", fmt.Sprintf("%d fields where the header has %d", len(rec), len(s.names)),
			fmt.Sprintf("有 %d 个字段，表头有 %d 个", len(rec), len(s.names)))
		return
	}
	r := f.row(at)
	for i, text := range rec {
		name := s.names[i]
		text = strings.TrimSpace(text)
		if !f.clean(at, name, text) {
			continue
		}
		r.cells[name] = cell{text: text}
		if _, known := t.columns[name]; (known && name != geometryName) || (t.extra != "" && name != geometryName && !f.pointName(name)) {
			r.names = append(r.names, name)
		}
	}
	f.place(r)
	f.build(t, r)
}

// pointName reports whether a column, or a member of an object, is part of a point.
func (f *file) pointName(n string) bool {
	return n == lonName || n == latName || n == datumName || f.xy && (n == xName || n == yName)
}

// metric reports whether x and y are the names of a point among names. Where every
// other name is a property, they are one unless metres are expected.
func (f *file) metric(t *table, names []string) bool {
	_, located := t.columns[geometryName]
	return located && slices.Contains(names, xName) && slices.Contains(names, yName) &&
		(t.extra == "" || f.options.CRS != "" || slices.Contains(names, datumName))
}

// clean tells text that is not UTF-8 or holds a NUL.
func (f *file) clean(at place, name, text string) bool {
	switch {
	case !utf8.ValidString(text):
		f.faults.add(at, "utf8", name+" is not UTF-8; save the file as UTF-8", name+" 不是 UTF-8 编码，请将文件另存为 UTF-8")
	case strings.ContainsRune(text, 0):
		f.faults.add(at, "nul", name+" holds a NUL character", name+" 含有空字符")
	default:
		return true
	}
	return false
}

// place reads lon, lat (or x, y) and datum, or the geometry column, into the row's
// shape.
func (f *file) place(r *row) {
	shape := r.cells[geometryName].text
	r.bad = true
	names := [2]string{lonName, latName}
	if f.xy && r.cells[xName].text+r.cells[yName].text != "" {
		if r.cells[lonName].text+r.cells[latName].text != "" {
			f.faults.add(r.at, "exclusive", "lon and lat or x and y, not both", "lon、lat 与 x、y 只能填一组")
			return
		}
		names = [2]string{xName, yName}
	}
	empty := r.cells[names[0]].empty()
	switch {
	case shape != "":
		g, err := codec.ParseGeometry([]byte(shape))
		if err != nil {
			f.faults.add(r.at, "geometry", "geometry is not a GeoJSON geometry", "geometry 不是合法的 GeoJSON 几何")
			return
		}
		r.shape, r.bad = g, false
	case empty != r.cells[names[1]].empty():
		f.faults.add(r.at, "missing", names[0]+" and "+names[1]+" come together", names[0]+" 与 "+names[1]+" 必须同时给出")
	case empty:
		r.bad = false
	default:
		if p, ok := f.point(r, names); ok {
			r.shape, r.bad = p, false
		}
	}
}

// point reads the point in two cells of the row.
func (f *file) point(r *row, names [2]string) (orb.Point, bool) {
	s, known := f.systemOf(r)
	xy := names[0] == xName
	a, b := r.cells[names[0]].text, r.cells[names[1]].text
	x, errX := number(a)
	y, errY := number(b)
	if errX != nil || errY != nil {
		unit, zh := "degrees", "度"
		if xy || s.crs != "" {
			unit, zh = "metres", "米"
		}
		f.faults.add(r.at, "number", fmt.Sprintf("%s and %s are numbers of %s, not %q and %q", names[0], names[1], unit, a, b),
			fmt.Sprintf("%s、%s 应为以%s为单位的数字，而不是“%s”“%s”", names[0], names[1], zh, a, b))
		return orb.Point{}, false
	}
	p := orb.Point{x, y}
	switch {
	case s.crs != "":
		p, known = f.degrees(r.at, p, s.crs).(orb.Point)
		return p, known
	case xy && known:
		f.faults.add(r.at, "datum", fmt.Sprintf("x and y are metres of %s; degrees of %s are lon and lat", codec.Choices(datum.CRSs), s),
			fmt.Sprintf("x、y 是以米为单位的 %s 坐标；%s 经纬度应使用 lon、lat", codec.Choices(datum.CRSs), s))
	case !xy && f.inChina(r.at, p) && known:
		return datum.ToWGS84(p, s.datum), true
	}
	return orb.Point{}, false
}

func (f *file) systemOf(r *row) (system, bool) {
	c := r.cells[datumName]
	if c.text == "" {
		s := f.options.system()
		known := s != (system{})
		if !known && !f.datumTold {
			f.noDatum(r.at)
		}
		return s, known
	}
	s, ok := parseSystem(c.text)
	if !ok {
		f.faults.add(r.at, "datum", fmt.Sprintf("datum is one of %s, not %q", systemChoices(), c.text),
			fmt.Sprintf("坐标系应为 %s 之一，而不是“%s”", systemChoices(), c.text))
	}
	return s, ok
}
