package codec

import (
	"bytes"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"

	"wangge/grid"
)

// A record's wire form follows from its Go form by one rule: members are the
// fields' names in snake_case, in order, empty ones left out; Valid becomes
// valid_from and valid_to; the one geometric field, whatever its name, becomes
// geometry. TestRecordNames pins every name.

// EncodeRecord returns the JSON object of a record. The same record gives the
// same bytes for ever: hashes of the map rest on it.
func EncodeRecord(r grid.Record) ([]byte, error) {
	v := reflect.ValueOf(r)
	dst := []byte{'{'}
	for _, f := range shapeOf(v.Type()) {
		fv := v.Field(f.index)
		if fv.IsZero() {
			continue
		}
		var err error
		if dst, err = f.append(dst, fv); err != nil {
			return nil, fmt.Errorf("codec: encode %s %s: %w", r.RecordKind(), r.Key(), err)
		}
	}
	return append(dst, '}'), nil
}

// DecodeRecord reads the JSON object of a record of a kind. Unknown and repeated
// members are errors.
func DecodeRecord(kind grid.RecordKind, b []byte) (grid.Record, error) {
	t, ok := recordTypes[kind]
	if !ok {
		return nil, fmt.Errorf("codec: no record of kind %q", kind)
	}
	v := reflect.New(t).Elem()
	if err := decodeInto(v, b); err != nil {
		return nil, fmt.Errorf("codec: decode %s: %w", kind, err)
	}
	r, _ := v.Interface().(grid.Record)
	return r, nil
}

var recordTypes = func() map[grid.RecordKind]reflect.Type {
	m := map[grid.RecordKind]reflect.Type{}
	for _, r := range grid.ZeroRecords {
		m[r.RecordKind()] = reflect.TypeOf(r)
	}
	return m
}()

// field is one member (two for a Span) of a record's object.
type field struct {
	name  string
	index int
}

var (
	shapes       sync.Map // reflect.Type → []field
	spanType     = reflect.TypeFor[grid.Span]()
	geometryType = reflect.TypeFor[orb.Geometry]()
)

func shapeOf(t reflect.Type) []field {
	if s, ok := shapes.Load(t); ok {
		return s.([]field)
	}
	fields := make([]field, t.NumField())
	for i := range fields {
		name := snake(t.Field(i).Name)
		if t.Field(i).Type.Implements(geometryType) {
			name = "geometry"
		}
		fields[i] = field{name, i}
	}
	shapes.Store(t, fields)
	return fields
}

func (f field) append(dst []byte, v reflect.Value) ([]byte, error) {
	member := func(name string) {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), name...), `":`...)
	}
	switch x := v.Interface().(type) {
	case grid.Span:
		if !x.From.IsZero() {
			member("valid_from")
			dst = appendTime(dst, x.From)
		}
		if !x.To.IsZero() {
			member("valid_to")
			dst = appendTime(dst, x.To)
		}
		return dst, nil
	case orb.Geometry:
		member(f.name)
		return AppendGeometry(dst, x), nil
	case grid.Limit:
		member(f.name)
		return fmt.Appendf(dst, `{"n":%d,"unit":%q}`, x.N, x.Unit), nil
	}
	member(f.name)
	b, err := json.Marshal(v.Interface(), json.Deterministic(true))
	return append(dst, b...), err
}

func decodeInto(v reflect.Value, b []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(b))
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() != '{' {
		return fmt.Errorf("want an object, not %s", tok)
	}
	for dec.PeekKind() == '"' {
		tok, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := tok.String()
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := setMember(v, name, raw); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, err = dec.ReadToken(); err != nil {
		return err
	}
	if dec.PeekKind() != 0 {
		return fmt.Errorf("data behind the object")
	}
	return nil
}

func setMember(v reflect.Value, name string, raw jsontext.Value) error {
	if name == "valid_from" || name == "valid_to" {
		return setValid(v, name, raw)
	}
	for _, f := range shapeOf(v.Type()) {
		if f.name != name || v.Field(f.index).Type() == spanType {
			continue
		}
		fv := v.Field(f.index)
		if name == "geometry" {
			return setGeometry(fv, raw)
		}
		if fv.Type() == reflect.TypeFor[grid.Limit]() {
			var l struct {
				N    int            `json:"n"`
				Unit grid.LimitUnit `json:"unit"`
			}
			err := json.Unmarshal(raw, &l, json.RejectUnknownMembers(true))
			fv.Set(reflect.ValueOf(grid.Limit(l)))
			return err
		}
		return json.Unmarshal(raw, fv.Addr().Interface())
	}
	return fmt.Errorf("unknown member")
}

func setValid(v reflect.Value, name string, raw jsontext.Value) error {
	sv := v.FieldByName("Valid")
	if !sv.IsValid() {
		return fmt.Errorf("unknown member")
	}
	var t time.Time
	if err := json.Unmarshal(raw, &t); err != nil {
		return err
	}
	span, _ := sv.Interface().(grid.Span)
	if name == "valid_from" {
		span.From = t.UTC()
	} else {
		span.To = t.UTC()
	}
	sv.Set(reflect.ValueOf(span))
	return nil
}

func setGeometry(fv reflect.Value, raw jsontext.Value) error {
	g, err := ParseGeometry(raw)
	if err != nil || g == nil {
		return err
	}
	gv := reflect.ValueOf(g)
	if p, ok := g.(orb.Polygon); ok && fv.Type() == reflect.TypeFor[orb.MultiPolygon]() {
		gv = reflect.ValueOf(orb.MultiPolygon{p})
	}
	if !gv.Type().AssignableTo(fv.Type()) {
		return fmt.Errorf("a %s where a %s is wanted", g.GeoJSONType(), fv.Type().Name())
	}
	fv.Set(gv)
	return nil
}

// snake turns NameEN into name_en, RoadA into road_a, HotspotKind into hotspot_kind.
func snake(s string) string {
	var out []byte
	for i := range len(s) {
		c := s[i]
		upper := c >= 'A' && c <= 'Z'
		if upper && i > 0 && (s[i-1] < 'A' || s[i-1] > 'Z') {
			out = append(out, '_')
		}
		if upper {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return string(out)
}
