// Package address reads a caller's words: names, crossings, house numbers, lanes and
// relations, matched with a gazetteer. A text becomes candidates with a stated
// confidence, never more than it says: a road without a number is a line, a compound
// whose outline is not known is a circle, and words that name no place give nothing.
//
// Points are WGS-84, longitude first; lengths are metres. A [Gazetteer] is immutable and
// safe for concurrent use.
//
// What must never enter: units, who is responsible.
package address

import "github.com/paulmach/orb"

// Place is something with a name. Address may hold its door ("控江路1665号"). A place of
// kind [District] is another district, which names a whole text's surroundings.
type Place struct {
	Name    string
	Aliases []string
	Kind    string
	Address string
	At      orb.Point
	Error   float64 // metres; 0 takes the default of its sort
}

// District is the kind of a place that is another district.
const District = "district"

// Crossing is where two roads meet; Error is in metres, one standard error.
type Crossing struct {
	RoadA, RoadB string
	At           orb.Point
	Error        float64
}

// Door is a known house number of a road. Suffix is 号 or 弄; the point of a lane lies
// inside it.
type Door struct {
	Road   string
	Number int
	Suffix string
	At     orb.Point
}

// Road is a centre line. Numbers may rise either way along it; that is learned. Names
// are others that it has: in another language, or formerly.
type Road struct {
	Name  string
	Names []string
	Line  orb.LineString
}

// Area is a named area: a street office's, or a committee's. Code begins with the code
// of its street office's area. Radius is in metres; both it and At are zero where the
// outline is not known.
type Area struct {
	Name, Code string
	At         orb.Point
	Radius     float64
}

// Build is what a gazetteer is made of. Street tells the code of the street office's
// area that holds a point, "" outside the district; it must be safe for concurrent use
// and may be nil, when every candidate's Street stays "".
type Build struct {
	Places    []Place
	Hotspots  []Place
	Crossings []Crossing
	Doors     []Door
	Roads     []Road
	Areas     []Area
	Street    func(p orb.Point) string
}

// Candidate is a place that a text may mean. How is door, crossing, place, hotspot,
// road or area. Error is the radius in metres within which the place lies in nine cases
// of ten. Confidence, 0..1, is that of the street office's area. Line is the stretch of
// road that was meant, nil for anything else. Used are the ranges of characters of the
// text that speak for it; Doubt says what in the text speaks against it.
type Candidate struct {
	How, Label string
	At         orb.Point
	Error      float64
	Confidence float64
	Street     string
	Line       orb.LineString
	Used       [][2]int
	Doubt      Sentence

	rank   int  // the finer kind first: see ranks
	inside bool // in the district, when that can be told
}

// Sentence is said in both languages; both are empty for nothing.
type Sentence struct{ ZH, EN string }

// Standing says what to make of the candidates.
type Standing string

// The standings.
const (
	Located   Standing = "located"
	Choice    Standing = "choice"  // ask the question
	Outside   Standing = "outside" // the place lies outside the district
	Unlocated Standing = "unlocated"
)

// Answer is what a text was found to say, the best candidate first. Question is the one
// that separates the candidates best, when Standing is Choice.
type Answer struct {
	Standing   Standing
	Candidates []Candidate
	Question   Sentence
}

// Options tune one question. Focus is the code of a street office's area that the place
// is more likely in, "" for none.
type Options struct{ Focus string }
