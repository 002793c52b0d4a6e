package grid

import (
	"time"

	"github.com/paulmach/orb"
)

// Span is a period of valid time: From is included, To is not. A zero From
// means "start not established", a zero To "in force".
type Span struct{ From, To time.Time }

// Holds reports whether t lies in the span.
func (s Span) Holds(t time.Time) bool {
	return (s.From.IsZero() || !t.Before(s.From)) && (s.To.IsZero() || t.Before(s.To))
}

// Level is the rank of an area in the hierarchy.
type Level string

// The levels and the digits of their codes.
const (
	LevelDistrict  Level = "district"  // 6 digits
	LevelStreet    Level = "street"    // 9 digits
	LevelCommittee Level = "committee" // 12 digits
	LevelCell      Level = "cell"      // 15 digits
)

// LevelOf returns the level that the length of a code stands for, "" for none.
func LevelOf(code string) Level {
	switch len(code) {
	case 6:
		return LevelDistrict
	case 9:
		return LevelStreet
	case 12:
		return LevelCommittee
	case 15:
		return LevelCell
	}
	return ""
}

// Area is an administrative polygon. A committee may have no Shape: its outline
// is not known. Rings are closed, outer rings counter-clockwise, holes clockwise.
type Area struct {
	Code      string
	Name      string
	NameEN    string
	Level     Level
	Shape     orb.MultiPolygon
	Residents int
	Valid     Span
	Basis     string
}

// Border is a piece of the network that areas are assembled from: one line, the
// codes on its two sides seen in its direction, and what runs along it. An empty
// Right is outside the district; Outside names the neighbour there.
type Border struct {
	ID          string
	Left, Right string
	Outside     string
	Along       string // the road or water it follows, "" when it follows none
	Line        orb.LineString
	Valid       Span
	Basis       string
}

// Ref names a thing by its code, with its name in both languages.
type Ref struct{ Code, Name, NameEN string }

// UnitKind says what a unit is.
type UnitKind string

// The kinds of unit.
const (
	UnitLine    UnitKind = "line"    // a line department
	UnitStreet  UnitKind = "street"  // a street office
	UnitCentre  UnitKind = "centre"  // a centre of the district
	UnitPartner UnitKind = "partner" // a university, an industrial park
)

// Unit can be responsible. Name is the short one that a certificate carries
// ("大桥街道"), Full the one on its letterhead. Street is the code of the street
// office's area for UnitStreet, else empty.
type Unit struct {
	ID, Name, NameEN, Full string
	Kind                   UnitKind
	Street                 string
	Valid                  Span
	Note, Basis            string
}
