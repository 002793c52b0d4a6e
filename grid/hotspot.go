package grid

import "github.com/paulmach/orb"

// HotspotKind says how a hotspot's place and hours are read.
type HotspotKind string

// The kinds of hotspot.
const (
	Perimeter HotspotKind = "perimeter" // a point or an outline, and the metres around it
	Corridor  HotspotKind = "corridor"  // a line and the metres to each side
	Diversion HotspotKind = "diversion" // a permitted place; Schedule says when it is permitted
	Campus    HotspotKind = "campus"    // a university or park, and the metres around it
	Resource  HotspotKind = "resource"  // something shared; Schedule says when it is on offer
	Site      HotspotKind = "site"      // one place; without a geometry it holds in no place
)

// HotspotKinds lists every kind, in the order of the words above.
var HotspotKinds = []HotspotKind{Perimeter, Corridor, Diversion, Campus, Resource, Site}

// Hotspot is a managed place. Shape is a Point, a LineString, a Polygon or a
// MultiPolygon, nil when the place is not established; Reach widens it by metres
// on every side. Schedule is a window of grid/calendar, "" for always.
type Hotspot struct {
	ID, Name, NameEN string
	Kind             HotspotKind
	Shape            orb.Geometry
	Reach            float64
	Road             string   // the road it lies on, for people
	Streets          []string // the street offices it lies in, as stated
	Lead             string   // the unit that watches it
	Schedule         string
	Valid            Span
	Phrase, Basis    string
	Assumed          bool
}
