package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"wangge/grid/codec"
)

// lax passes over what the strict reading of one feature will tell with its place.
var lax = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

// readJSON reads a FeatureCollection, or else line by line.
func (f *file) readJSON(data []byte) {
	d := jsontext.NewDecoder(bytes.NewReader(data), lax...)
	if tok, err := d.ReadToken(); err != nil || tok.Kind() != '{' {
		f.readLines(data)
		return
	}
	collection, kind := false, ""
	for d.PeekKind() == '"' {
		tok, err := d.ReadToken()
		if err != nil {
			break
		}
		name := tok.String()
		if name == "features" && d.PeekKind() == '[' {
			collection = true
			f.readCRS(data)
			if !f.readFeatures(d) {
				return
			}
			continue
		}
		v, err := d.ReadValue()
		if err != nil {
			break
		}
		if name == "type" {
			_ = json.Unmarshal(v, &kind)
		}
	}
	_, err := d.ReadToken()
	_, end := d.ReadToken()
	whole := err == nil && errors.Is(end, io.EOF)
	switch {
	case collection && !whole:
		f.faults.add(place{what: "/features"}, "json", "the collection does not end as JSON", "要素集合结尾不是合法的 JSON")
	case collection && kind != "FeatureCollection":
		f.faults.add(place{what: "/type"}, "type", `"features" stand in an object that is no FeatureCollection`, "含有 features 的对象不是 FeatureCollection")
	case whole && kind == "Feature":
		f.feature(feature(1), data)
	case !collection:
		f.readLines(data)
	}
}

// readFeatures reads the list of features and reports whether it ended as JSON.
func (f *file) readFeatures(d *jsontext.Decoder) bool {
	if _, err := d.ReadToken(); err != nil {
		return false
	}
	n := 0
	for d.PeekKind() != ']' {
		n++
		v, err := d.ReadValue()
		if err != nil {
			f.badJSON(feature(n), err)
			return false
		}
		f.feature(feature(n), v)
	}
	_, err := d.ReadToken()
	return err == nil
}

// readLines reads one object a line; a line that is none is told and passed over.
func (f *file) readLines(data []byte) {
	n := 0
	for text := range bytes.Lines(data) {
		n++
		text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte{'\x1e'}))
		switch {
		case len(text) == 0:
		case len(text) > maxLine:
			f.faults.add(line(n), "long", "the line is longer than 1 MB", "该行超过 1 MB")
		default:
			f.object(line(n), text)
		}
	}
}

// members reads an object strictly. The order is that of the file.
func (f *file) members(at place, data []byte) (names []string, values map[string]jsontext.Value, ok bool) {
	d := jsontext.NewDecoder(bytes.NewReader(data))
	tok, err := d.ReadToken()
	if err == nil && tok.Kind() != '{' {
		f.faults.add(at, "type", "an object is wanted", "此处应为对象")
		return nil, nil, false
	}
	values = map[string]jsontext.Value{}
	for err == nil && d.PeekKind() == '"' {
		if tok, err = d.ReadToken(); err != nil {
			break
		}
		name := tok.String()
		var v jsontext.Value
		if v, err = d.ReadValue(); err == nil {
			names = append(names, name)
			values[name] = v.Clone()
		}
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	if err == nil && d.PeekKind() != 0 {
		err = errTrailing
	}
	if err != nil {
		f.badJSON(at, err)
		return nil, nil, false
	}
	return names, values, true
}

var errTrailing = errors.New("load: data behind the object")

func (f *file) badJSON(at place, err error) {
	s, syntactic := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		f.faults.add(at, "duplicate", fmt.Sprintf("the name %s stands twice", s.JSONPointer), fmt.Sprintf("字段 %s 重复出现", s.JSONPointer))
	case errors.Is(err, errTrailing):
		f.faults.add(at, "json", "there is something behind the object", "对象之后还有内容")
	case syntactic && strings.Contains(s.Error(), "UTF-8"):
		f.faults.add(at, "utf8", "the text is not UTF-8", "不是合法的 UTF-8 编码")
	default:
		f.faults.add(at, "json", "not JSON here", "此处不是合法的 JSON")
	}
}

// object reads one line: a Feature, or a record in its wire form.
func (f *file) object(at place, data []byte) {
	names, values, ok := f.members(at, data)
	if !ok {
		return
	}
	if string(values["type"]) == `"Feature"` {
		f.featureOf(at, values)
		return
	}
	f.cells(f.row(at), names, values, f.tableFor(names))
}

// feature reads one feature of a collection. Members of its own besides type,
// properties and geometry are foreign (RFC 7946, 6.1) and passed over.
func (f *file) feature(at place, data []byte) {
	if _, values, ok := f.members(at, data); ok {
		if string(values["type"]) != `"Feature"` {
			f.faults.add(at, "type", "not a Feature", "不是 Feature")
			return
		}
		f.featureOf(at, values)
	}
}

func (f *file) featureOf(at place, values map[string]jsontext.Value) {
	r := f.row(at)
	if v, ok := values[crsName]; ok {
		r.crs, ok = f.crsOf(at, v)
		r.bad = !ok
	}
	if g := values[geometryName]; len(g) > 0 && !r.bad {
		f.geometry(r, g)
	}
	props := values["properties"]
	if len(props) == 0 || props.Kind() == 'n' {
		props = jsontext.Value("{}")
	}
	names, members, ok := f.members(at, props)
	if !ok {
		return
	}
	f.cells(r, names, members, f.tableFor(names))
}

// geometry reads a GeoJSON geometry into the row.
func (f *file) geometry(r *row, g jsontext.Value) {
	shape, err := codec.ParseGeometry(g)
	if err != nil {
		f.faults.add(r.at, "geometry", "not a GeoJSON geometry that is read", "不是可读取的 GeoJSON 几何")
		r.bad = true
		return
	}
	if shape == nil {
		return
	}
	f.contradicts(r)
	if r.crs != "" {
		shape = f.degrees(r.at, shape, r.crs)
		r.bad = shape == nil
	}
	r.shape = shape
}

// cells turns the members of an object into the row's cells and builds it.
func (f *file) cells(r *row, names []string, values map[string]jsontext.Value, t *table) {
	_, located := t.columns[geometryName]
	f.xy = r.shape == nil && f.metric(t, names)
	sound := true
	for _, name := range names {
		v := values[name]
		if name == geometryName && r.shape == nil {
			f.geometry(r, v)
			continue
		}
		point := located && f.pointName(name)
		if _, known := t.columns[name]; !known && !point && t.extra == "" {
			f.unknown(r, t, name)
			continue
		}
		c, ok := f.cell(r.at, name, v)
		if !ok {
			sound = false
			continue
		}
		r.cells[name] = c
		if !point {
			r.names = append(r.names, name)
		}
	}
	if r.shape == nil && !r.bad {
		f.place(r)
	}
	if sound {
		f.build(t, r)
	}
}

// unknown tells a property once for the whole file.
func (f *file) unknown(r *row, t *table, name string) {
	key := string(t.kind) + " " + name
	if slices.Contains(f.unknowns, key) {
		return
	}
	f.unknowns = append(f.unknowns, key)
	r.start++ // the row is good without it
	f.faults.add(r.at, "unknown", fmt.Sprintf("there is no property %q; there are %s", name, strings.Join(t.names(), ", ")),
		fmt.Sprintf("没有“%s”这一属性；可用的属性：%s", name, strings.Join(t.names(), "、")))
}

// cell reads a value; false when it is of a type that no field has.
func (f *file) cell(at place, name string, v jsontext.Value) (cell, bool) {
	switch v.Kind() {
	case 'n':
		return cell{}, true
	case '[':
		var list []jsontext.Value
		err := json.Unmarshal(v, &list)
		out := make([]string, 0, len(list))
		for _, e := range list {
			s, ok := scalar(e)
			if !ok {
				err = errFormat
			}
			out = append(out, s)
			f.clean(at, name, s)
		}
		if err != nil {
			f.faults.add(at, "type", name+" is not a list of texts", name+" 不是文字列表")
		}
		return cell{list: out}, err == nil
	case '{':
		var object map[string]jsontext.Value
		err := json.Unmarshal(v, &object)
		out := map[string]string{}
		for k, e := range object {
			s, ok := scalar(e)
			if !ok {
				err = errFormat
			}
			out[k] = s
			f.clean(at, name, s)
		}
		if err != nil {
			f.faults.add(at, "type", name+" is not an object of texts", name+" 不是由文字组成的对象")
		}
		return cell{object: out}, err == nil
	}
	s, _ := scalar(v)
	return cell{text: strings.TrimSpace(s)}, f.clean(at, name, s)
}

var errFormat = errors.New("load: not a text")

// scalar returns a string, a number or a boolean as text.
func scalar(v jsontext.Value) (string, bool) {
	switch v.Kind() {
	case '"':
		var s string
		err := json.Unmarshal(v, &s)
		return s, err == nil
	case '0', 't', 'f':
		return string(v), true
	}
	return "", false
}
