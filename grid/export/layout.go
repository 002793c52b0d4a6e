package export

import (
	"reflect"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/codec"
)

// kind is what a column holds.
type kind uint8

// The kinds of a column and of a value. A value of kind none is empty.
const (
	none kind = iota
	text
	integer
	number
	truth
	instant
	day // an instant that begins a day, as a rule
	list
	limit
)

// column is one property, or one column of a CSV.
type column struct {
	name   string
	is     kind
	field  int    // of the Go type, for records
	member []byte // `"name":`
	keep   bool   // a zero is a value, not an absence
}

// value is one cell of a row.
type value struct {
	is   kind
	n    int64    // integer, limit; truth as 0 or 1; instant and day in milliseconds of Unix time
	f    float64  // number
	s    string   // text; unit of a limit
	list []string // never changed
}

// layout is the columns of one kind of record, or of cases.
type layout struct {
	kind    grid.RecordKind
	columns []column
	place   int // the column that a point's coordinates stand before; -1: it has no place, or a shape
	shaped  bool
	extra   int  // field of the map of further properties, -1 for none
	guarded bool // the words are those of strangers
}

// layouts has every kind of record, and the cases.
var layouts = func() map[grid.RecordKind]*layout {
	m := map[grid.RecordKind]*layout{grid.KindCase: caseLayout()}
	for _, r := range grid.ZeroRecords {
		m[r.RecordKind()] = recordLayout(r)
	}
	return m
}()

var (
	geometryType = reflect.TypeFor[orb.Geometry]()
	pointType    = reflect.TypeFor[orb.Point]()
	spanType     = reflect.TypeFor[grid.Span]()
	limitType    = reflect.TypeFor[grid.Limit]()
	propsType    = reflect.TypeFor[map[string]string]()
)

func newColumn(name string, is kind) column {
	return column{name: name, is: is, member: []byte(`"` + name + `":`)}
}

func recordLayout(r grid.Record) *layout {
	l := &layout{kind: r.RecordKind(), place: -1, extra: -1}
	t := reflect.TypeOf(r)
	for _, m := range codec.Members(l.kind) {
		f := t.Field(m.Field)
		switch {
		case f.Type == pointType:
			l.place = len(l.columns)
			continue
		case f.Type.Implements(geometryType):
			l.shaped = true
			continue
		case f.Type == propsType:
			l.extra = m.Field
			continue
		}
		c := newColumn(m.Name, kindOf(f.Type))
		c.field = m.Field
		c.keep = l.kind == grid.KindDoor && m.Name == "number"
		l.columns = append(l.columns, c)
	}
	return l
}

func kindOf(t reflect.Type) kind {
	switch {
	case t == spanType:
		return day
	case t == limitType:
		return limit
	}
	switch t.Kind() { //nolint:exhaustive // the others are no fields of a record, which a test holds
	case reflect.String:
		return text
	case reflect.Int:
		return integer
	case reflect.Float64:
		return number
	case reflect.Bool:
		return truth
	case reflect.Slice:
		return list
	}
	return none
}

// reserved are the columns of a place, which no property may be called.
var reserved = []string{"lon", "lat", "datum", "geometry"}

// has reports whether a name is taken.
func (l *layout) has(name string) bool {
	return slices.Contains(reserved, name) || slices.ContainsFunc(l.columns, func(c column) bool { return c.name == name })
}

// item is one row: what a feature has.
type item struct {
	layout  *layout
	record  grid.Record // nil for a case
	isPoint bool
	point   orb.Point
	shape   orb.Geometry // nil when it is a point, or nowhere
	values  []value      // one for each column
	props   map[string]string
}

// key is asked for only to tell a fault.
func (it *item) key() string {
	if it.record != nil {
		return it.record.Key()
	}
	return it.values[0].s
}

// read fills in a record.
func (it *item) read(l *layout, r grid.Record) {
	shape, valid := placeOf(r)
	p, isPoint := shape.(orb.Point)
	*it = item{layout: l, record: r, isPoint: isPoint, point: p, shape: shape, values: it.values[:0]}
	v := reflect.ValueOf(r)
	for i := range l.columns {
		it.values = append(it.values, valueOf(&l.columns[i], v, valid))
	}
	if l.extra >= 0 && !v.Field(l.extra).IsZero() {
		it.props, _ = v.Field(l.extra).Interface().(map[string]string)
	}
}

func valueOf(c *column, v reflect.Value, valid grid.Span) value {
	f := v.Field(c.field)
	switch c.is {
	case text:
		return textValue(f.String())
	case integer:
		if n := f.Int(); n != 0 || c.keep {
			return value{is: integer, n: n}
		}
	case number:
		return numberValue(f.Float())
	case truth:
		out := value{is: truth}
		if f.Bool() {
			out.n = 1
		}
		return out
	case day:
		if c.name == "valid_from" {
			return timeValue(day, valid.From)
		}
		return timeValue(day, valid.To)
	case list:
		if !f.IsNil() {
			s, _ := f.Interface().([]string)
			return value{is: list, list: s}
		}
	case limit:
		if n := f.Field(0).Int(); n != 0 {
			return value{is: limit, n: n, s: f.Field(1).String()}
		}
	case none, instant:
	}
	return value{}
}

func textValue(s string) value {
	if s == "" {
		return value{}
	}
	return value{is: text, s: s}
}

func numberValue(f float64) value {
	if f == 0 {
		return value{}
	}
	return value{is: number, f: f}
}

func timeValue(is kind, t time.Time) value {
	if t.IsZero() {
		return value{}
	}
	return value{is: is, n: t.UnixMilli()}
}

// placeOf returns a record's shape and validity.
func placeOf(r grid.Record) (orb.Geometry, grid.Span) {
	switch r := r.(type) {
	case grid.Area:
		return r.Shape, r.Valid
	case grid.Border:
		return r.Line, r.Valid
	case grid.Unit:
		return nil, r.Valid
	case grid.Hotspot:
		return r.Shape, r.Valid
	case grid.Duty:
		return nil, r.Valid
	case grid.Place:
		return r.At, r.Valid
	case grid.Road:
		return r.Line, grid.Span{}
	case grid.Crossing:
		return r.At, grid.Span{}
	case grid.Door:
		return r.At, grid.Span{}
	case grid.Backdrop:
		return r.Shape, grid.Span{}
	}
	return nil, grid.Span{}
}
