package load

import (
	"reflect"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"wangge/grid"
)

// table is what a kind of record may and must have. Names follow from the Go
// fields by the rule of grid/codec.
type table struct {
	kind     grid.RecordKind
	zero     grid.Record
	required []string // names that may not be empty; "geometry" counts
	extra    string   // the map field that takes every other property, "" for none
	columns  map[string]column
}

// column is one field: valid_from and valid_to share theirs.
type column struct {
	name  string
	index int
}

// geometryName is the name of the one geometric field of a record.
const geometryName = "geometry"

var tables = func() map[grid.RecordKind]*table {
	m := map[grid.RecordKind]*table{}
	for _, t := range []*table{
		{zero: grid.Area{}, required: []string{"code", "name"}},
		{zero: grid.Border{}, required: []string{"id", geometryName}},
		{zero: grid.Unit{}, required: []string{"id", "name", "kind"}},
		{zero: grid.Hotspot{}, required: []string{"id", "name", "kind"}},
		{zero: grid.Duty{}, required: []string{"id", "lead"}},
		{zero: grid.Category{}, required: []string{"code", "name"}},
		{zero: grid.Place{}, required: []string{"id", "name", geometryName}},
		{zero: grid.Road{}, required: []string{"name", geometryName}},
		{zero: grid.Crossing{}, required: []string{"road_a", "road_b", geometryName}},
		{zero: grid.Door{}, required: []string{"road", "number", geometryName}},
		{zero: grid.Day{}, required: []string{"date", "off"}},
		{zero: grid.Backdrop{}, required: []string{"id", "layer", geometryName}, extra: "props"},
		{zero: grid.Measure{}, required: []string{"campaign", "id", "name", "value"}},
	} {
		t.kind = t.zero.RecordKind()
		t.columns = columnsOf(reflect.TypeOf(t.zero))
		m[t.kind] = t
	}
	return m
}()

var (
	spanType     = reflect.TypeFor[grid.Span]()
	limitType    = reflect.TypeFor[grid.Limit]()
	propsType    = reflect.TypeFor[map[string]string]()
	listType     = reflect.TypeFor[[]string]()
	geometryType = reflect.TypeFor[orb.Geometry]()
)

func columnsOf(t reflect.Type) map[string]column {
	m := map[string]column{}
	for i := range t.NumField() {
		f := t.Field(i)
		switch {
		case f.Type == spanType:
			m["valid_from"] = column{"valid_from", i}
			m["valid_to"] = column{"valid_to", i}
		case f.Type.Implements(geometryType):
			m[geometryName] = column{geometryName, i}
		default:
			m[snake(f.Name)] = column{snake(f.Name), i}
		}
	}
	return m
}

// snake turns NameEN into name_en and RoadA into road_a.
func snake(s string) string {
	var b strings.Builder
	upper := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	for i := range len(s) {
		c := s[i]
		if upper(c) {
			if i > 0 && !upper(s[i-1]) {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// names lists the names that a row of the table may have.
func (t *table) names() []string {
	var out []string
	for n := range t.columns {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// closed lists the values of the fields that have a closed list of them.
func closed(t *table, name string) []string {
	switch {
	case t.kind == grid.KindHotspot && name == "kind", t.kind == grid.KindDuty && name == "hotspot_kind":
		return texts(grid.HotspotKinds)
	case t.kind == grid.KindUnit && name == "kind":
		return texts([]grid.UnitKind{grid.UnitLine, grid.UnitStreet, grid.UnitCentre, grid.UnitPartner})
	case t.kind == grid.KindArea && name == "level":
		return texts([]grid.Level{grid.LevelDistrict, grid.LevelStreet, grid.LevelCommittee, grid.LevelCell})
	case t.kind == grid.KindCategory && name == "type":
		return []string{"event", "part"}
	case t.kind == grid.KindBackdrop && name == "layer":
		return []string{"water", "green", "metro", "station", "context", "arterial"}
	}
	return nil
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// baseKey is the key of a record without its date.
func baseKey(r grid.Record) string {
	k := r.Key()
	if s := grid.ValidOf(r); !s.From.IsZero() {
		if i := strings.LastIndexByte(k, '@'); i >= 0 {
			return k[:i]
		}
	}
	return k
}
