package load

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
)

// cell is one value as a file has it: a text, a list or an object of texts.
// Numbers and booleans of JSON come as their text.
type cell struct {
	text   string
	list   []string
	object map[string]string
}

func (c cell) empty() bool { return c.text == "" && c.list == nil && c.object == nil }

// row is one line or feature. Shape is WGS-84 and may be nil.
type row struct {
	at    place
	names []string // in the order of the file
	cells map[string]cell
	shape orb.Geometry
	crs   datum.CRS // of its GeoJSON geometry; "" is WGS-84
	start int       // faults told before this row
	bad   bool      // its place cannot be read, which was told
}

func (f *file) row(at place) *row {
	return &row{at: at, cells: map[string]cell{}, crs: f.crs, start: f.faults.count()}
}

// build turns a row into a record and adds it, or tells what is wrong with it.
func (f *file) build(t *table, r *row) {
	v := reflect.New(reflect.TypeOf(t.zero)).Elem()
	for _, name := range r.names {
		c := r.cells[name]
		col, ok := t.columns[name]
		switch {
		case c.empty():
		case ok:
			f.set(t, v.Field(col.index), r.at, name, c)
		case t.extra != "" && c.list == nil && c.object == nil:
			addProp(v.Field(t.columns[t.extra].index), name, c.text)
		case t.extra != "":
			f.faults.add(r.at, "type", name+" is not a text", name+" 不是文字")
		}
	}
	f.setShape(t, v, r)
	f.require(t, v, r)
	rec, _ := v.Interface().(grid.Record)
	rec = f.check(r.at, rec)
	if f.faults.count() == r.start && !r.bad {
		f.drafts = append(f.drafts, draft{r.at, rec})
	}
}

func addProp(v reflect.Value, name, text string) {
	if v.IsNil() {
		v.Set(reflect.MakeMap(propsType))
	}
	v.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(text))
}

// require tells the required fields that are empty. A zero that was written is
// not empty.
func (f *file) require(t *table, v reflect.Value, r *row) {
	for _, name := range t.required {
		if name == geometryName {
			if r.shape == nil && !r.bad && v.Field(t.columns[name].index).IsZero() {
				f.faults.add(r.at, "missing", "the place is missing", "缺少位置")
			}
			continue
		}
		if r.cells[name].empty() {
			f.faults.add(r.at, "missing", name+" is missing", "缺少 "+name)
		}
	}
}

func (f *file) setShape(t *table, v reflect.Value, r *row) {
	if r.shape == nil {
		return
	}
	col, ok := t.columns[geometryName]
	if !ok {
		f.faults.add(r.at, "geometry", fmt.Sprintf("a %s has no place", t.kind), "这类记录没有位置")
		return
	}
	field := v.Field(col.index)
	shape := r.shape
	if p, ok := shape.(orb.Polygon); ok && field.Type() == reflect.TypeFor[orb.MultiPolygon]() {
		shape = orb.MultiPolygon{p}
	}
	if !reflect.TypeOf(shape).AssignableTo(field.Type()) {
		f.faults.add(r.at, "geometry", fmt.Sprintf("a %s where a %s is wanted", r.shape.GeoJSONType(), field.Type().Name()),
			fmt.Sprintf("几何类型是 %s，应为 %s", r.shape.GeoJSONType(), field.Type().Name()))
		return
	}
	if shape = f.sound(r.at, shape); shape != nil {
		field.Set(reflect.ValueOf(shape))
	}
}

// set reads a cell into a field.
func (f *file) set(t *table, v reflect.Value, at place, name string, c cell) {
	switch {
	case v.Type() == spanType:
		f.setSpan(v, at, name, c)
	case v.Type() == limitType:
		f.setLimit(v, at, name, c)
	case v.Type() == propsType:
		for k, s := range c.object {
			addProp(v, k, s)
		}
	case v.Type() == listType:
		list := c.list
		if list == nil {
			list = split(c.text)
		}
		v.Set(reflect.ValueOf(list))
	case c.list != nil || c.object != nil:
		f.faults.add(at, "type", name+" is a list or an object", name+" 不应为列表或对象")
	default:
		f.setScalar(t, v, at, name, c.text)
	}
}

// split reads a list in one field: "a|b". Empty members are dropped.
func split(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, "|") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func (f *file) setScalar(t *table, v reflect.Value, at place, name, s string) {
	switch v.Kind() {
	case reflect.String:
		if list := closed(t, name); list != nil && !slices.Contains(list, s) {
			f.faults.add(at, "value", fmt.Sprintf("%s is one of %s, not %q", name, strings.Join(list, ", "), s),
				fmt.Sprintf("%s 应为 %s 之一，而不是“%s”", name, strings.Join(list, "、"), s))
			return
		}
		v.SetString(s)
	case reflect.Float64:
		n, err := number(s)
		if err != nil || n < 0 {
			f.badNumber(at, name, s)
			return
		}
		v.SetFloat(n)
	case reflect.Int:
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			f.badNumber(at, name, s)
			return
		}
		v.SetInt(int64(n))
	case reflect.Bool:
		b, ok := truths[s]
		if !ok {
			f.faults.add(at, "value", fmt.Sprintf("%s is yes or no, not %q", name, s), fmt.Sprintf("%s 应为 yes 或 no，而不是“%s”", name, s))
		}
		v.SetBool(b)
	default:
		f.faults.add(at, "type", name+" cannot be read", name+" 无法读取")
	}
}

var truths = map[string]bool{
	"yes": true, "true": true, "1": true, "是": true,
	"no": false, "false": false, "0": false, "否": false,
}

func (f *file) badNumber(at place, name, s string) {
	f.faults.add(at, "number", fmt.Sprintf("%s is a number from 0, not %q", name, s), fmt.Sprintf("%s 应为不小于 0 的数字，而不是“%s”", name, s))
}

var errNumber = errors.New("load: not a finite number")

// number reads a decimal number; NaN, infinities, hexadecimals and underscores
// are refused.
func number(s string) (float64, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || strings.ContainsAny(s, "xX_") {
		return n, errNumber
	}
	return n, nil
}

func (f *file) setSpan(v reflect.Value, at place, name string, c cell) {
	t, err := date(c.text)
	if err != nil {
		f.faults.add(at, "date", fmt.Sprintf("%s is a date like 2019-06-04, not %q", name, c.text),
			fmt.Sprintf("%s 应为 2019-06-04 这样的日期，而不是“%s”", name, c.text))
		return
	}
	span, _ := v.Interface().(grid.Span)
	if name == "valid_from" {
		span.From = t
	} else {
		span.To = t
	}
	v.Set(reflect.ValueOf(span))
}

// date reads yyyy-mm-dd as midnight in Asia/Shanghai, or an RFC 3339 time.
func date(s string) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, s, grid.Zone); err == nil {
		return t.UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err
}

// setLimit reads "4 working_hour", or an object of n and unit.
func (f *file) setLimit(v reflect.Value, at place, name string, c cell) {
	n, unit, ok := strings.Cut(c.text, " ")
	if c.object != nil {
		n, unit, ok = c.object["n"], c.object["unit"], len(c.object) == 2
	}
	units := []grid.LimitUnit{grid.Hours, grid.WorkingHours, grid.WorkingDays}
	k, err := strconv.Atoi(n)
	if !ok || err != nil || k <= 0 || k > 10000 || !slices.Contains(units, grid.LimitUnit(unit)) {
		f.faults.add(at, "limit", fmt.Sprintf("%s is like 4 working_hour, with %s", name, strings.Join(texts(units), ", ")),
			fmt.Sprintf("%s 应写作 4 working_hour，单位为 %s", name, strings.Join(texts(units), "、")))
		return
	}
	v.Set(reflect.ValueOf(grid.Limit{N: k, Unit: grid.LimitUnit(unit)}))
}
