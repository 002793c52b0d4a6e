package grid

import (
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
)

// Standing says how firm a certificate's answer is.
type Standing string

// The standings.
const (
	Settled   Standing = "settled"
	Contested Standing = "contested" // the runner-up area is within reach, or two duties tie
	Outside   Standing = "outside"
	Unlocated Standing = "unlocated"
)

// Lang is the language of a certificate's sentences.
type Lang string

// The languages.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

// Certificate is the explained answer for a report. It holds no personal data:
// every field can be found again from ID and the change log alone.
type Certificate struct {
	ID       string
	Lang     Lang
	Standing Standing
	Asked    Asked
	Located  bool
	Point    orb.Point // WGS-84, when Located
	Moved    float64   // metres between the asked and the WGS-84 reading
	Category CategoryAnswer
	Place    *PlaceAnswer // nil when unlocated or outside
	Edge     *EdgeAnswer  // nil when unlocated
	Beyond   *Beyond      // only when outside
	Hotspots []HotspotAnswer
	Lead     *UnitRef
	Assist   []UnitRef
	Duty     string // "" when the last resort applied
	Basis    string
	Due      time.Time // zero: none
	Steps    []Step
	Version  Version
	Question string // what to ask the caller, where the words leave a choice
	Text     string
}

// Asked repeats what was asked, as far as the ID carries it. Matched says how
// the point was found when it came from words: the gazetteer's entry, not the
// caller's text.
type Asked struct {
	Located  bool
	Point    orb.Point
	Datum    datum.Datum
	Accuracy float64 // metres, as stated; 0 when not
	At       time.Time
	Known    time.Time // zero: as known when asked
	Matched  *Match
}

// Match is a gazetteer entry that a text was found to name.
type Match struct {
	How        string  // door, crossing, place, hotspot, road, area
	Label      string  // "红房子医院", "控江路1665号"
	Error      float64 // metres, nine times of ten
	Confidence float64 // 0..1 in hundredths, of the street office's area
	Rival      string  // the label of another reading that is about as likely, "" for none
}

// CategoryAnswer is the category the answer was found for. Proposed: by the
// words of the text, not by the sender.
type CategoryAnswer struct {
	Ref
	Proposed bool
}

// PlaceAnswer is the hierarchy of areas that hold the point.
type PlaceAnswer struct {
	District, Street Ref
	Cell, Hex        string
}

// EdgeAnswer is the nearest border of the street office's area. Other is the
// area beyond it, or the neighbouring district's name with no code. Share is the
// part of the accuracy circle that lies in Other, 0..1.
type EdgeAnswer struct {
	Distance  float64
	Along     string
	Other     Ref
	Share     float64
	OtherLead *UnitRef // who would lead there, when within reach
}

// Beyond says where a point outside the district lies.
type Beyond struct {
	Nearest  Ref     // the nearest street office's area
	Distance float64 // metres to it
	HandOver string  // the neighbouring district, "" when not established
}

// HotspotAnswer is a hotspot that the point falls in.
type HotspotAnswer struct {
	ID, Name, NameEN string
	Kind             HotspotKind
	Distance         float64 // metres to its shape; 0 inside
	Open             bool
	Why              string
}

// UnitRef names a unit in a certificate.
type UnitRef struct{ ID, Name, NameEN string }

// Step is one thing that was considered. Won is nil where nothing was decided.
type Step struct {
	Step string // datum, text, category, place, edge, hotspot, duty, due, standing
	ID   string
	Won  *bool
	Says string
}

// Version names the state of the map, the duties and the calendar that the
// answer rests on: "seq-hash" each.
type Version struct{ Map, Duties, Calendar string }
