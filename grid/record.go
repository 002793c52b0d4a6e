package grid

import (
	"strconv"
	"time"
)

// RecordKind names a table of the map and the rules.
type RecordKind string

// The kinds of record a Store logs.
const (
	KindArea     RecordKind = "area"
	KindBorder   RecordKind = "border"
	KindUnit     RecordKind = "unit"
	KindHotspot  RecordKind = "hotspot"
	KindDuty     RecordKind = "duty"
	KindCategory RecordKind = "category"
	KindPlace    RecordKind = "place"
	KindRoad     RecordKind = "road"
	KindCrossing RecordKind = "crossing"
	KindDoor     RecordKind = "door"
	KindDay      RecordKind = "day"
	KindBackdrop RecordKind = "backdrop"
	KindMeasure  RecordKind = "measure"
	KindCase     RecordKind = "case"
)

// RecordKinds lists every kind of the map and the rules: all but KindCase.
var RecordKinds = []RecordKind{
	KindArea, KindBorder, KindUnit, KindHotspot, KindDuty, KindCategory, KindPlace,
	KindRoad, KindCrossing, KindDoor, KindDay, KindBackdrop, KindMeasure,
}

// ZeroRecords holds the zero value of each kind, in the order of RecordKinds.
var ZeroRecords = []Record{
	Area{},
	Border{},
	Unit{},
	Hotspot{},
	Duty{},
	Category{},
	Place{},
	Road{},
	Crossing{},
	Door{},
	Day{},
	Backdrop{},
	Measure{},
}

// ValidOf returns the validity of a record, the zero Span for a kind that has none.
func ValidOf(r Record) Span {
	switch r := r.(type) {
	case Area:
		return r.Valid
	case Border:
		return r.Valid
	case Unit:
		return r.Valid
	case Hotspot:
		return r.Valid
	case Duty:
		return r.Valid
	case Place:
		return r.Valid
	}
	return Span{}
}

// Record is one of Area, Border, Unit, Hotspot, Duty, Category, Place, Road,
// Crossing, Door, Day, Backdrop, Measure. Key is unique within its kind, so that
// a later record with the same key replaces it: a code or an ID, with
// "@yyyy-mm-dd" behind it where valid time starts on a day.
type Record interface {
	RecordKind() RecordKind
	Key() string
}

// since is the part of a key that tells the validity periods of one thing apart.
func since(id string, v Span) string {
	if v.From.IsZero() {
		return id
	}
	return id + "@" + v.From.In(Zone).Format(time.DateOnly)
}

// Zone is Asia/Shanghai as it has been since 1992: UTC+8, no summer time.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// The kinds and keys of the records.

func (Area) RecordKind() RecordKind     { return KindArea }
func (Border) RecordKind() RecordKind   { return KindBorder }
func (Unit) RecordKind() RecordKind     { return KindUnit }
func (Hotspot) RecordKind() RecordKind  { return KindHotspot }
func (Duty) RecordKind() RecordKind     { return KindDuty }
func (Category) RecordKind() RecordKind { return KindCategory }
func (Place) RecordKind() RecordKind    { return KindPlace }
func (Road) RecordKind() RecordKind     { return KindRoad }
func (Crossing) RecordKind() RecordKind { return KindCrossing }
func (Door) RecordKind() RecordKind     { return KindDoor }
func (Day) RecordKind() RecordKind      { return KindDay }
func (Backdrop) RecordKind() RecordKind { return KindBackdrop }
func (Measure) RecordKind() RecordKind  { return KindMeasure }

func (r Area) Key() string     { return since(r.Code, r.Valid) }
func (r Border) Key() string   { return since(r.ID, r.Valid) }
func (r Unit) Key() string     { return since(r.ID, r.Valid) }
func (r Hotspot) Key() string  { return since(r.ID, r.Valid) }
func (r Duty) Key() string     { return since(r.ID, r.Valid) }
func (r Category) Key() string { return r.Code }
func (r Place) Key() string    { return since(r.ID, r.Valid) }
func (r Road) Key() string     { return r.Name }
func (r Crossing) Key() string { return r.RoadA + "/" + r.RoadB }
func (r Door) Key() string     { return r.Road + strconv.Itoa(r.Number) + r.Suffix }
func (r Day) Key() string      { return r.Date }
func (r Backdrop) Key() string { return r.Layer + "/" + r.ID }
func (r Measure) Key() string  { return r.Campaign + "/" + r.ID }

// Change is one entry of the change log. Seq rises by one. Record is nil for a
// deletion and for a case (read the case itself by Key).
type Change struct {
	Seq     int64
	At      time.Time // when it was recorded, UTC
	Kind    RecordKind
	Key     string
	Deleted bool
	Record  Record
}
