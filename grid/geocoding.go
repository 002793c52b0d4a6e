package grid

import "github.com/paulmach/orb"

// Geocoding is what a text was found to say about where, the best candidate first.
// Question, in the language that was asked for, separates the candidates where Standing
// is [Choice].
type Geocoding struct {
	Text       string
	Lang       Lang
	Standing   Standing // Located, Choice, Outside or Unlocated
	Question   string
	Candidates []GeocodingCandidate
	Category   *GeocodingCategory // nil: no word speaks for one
}

// The standings that only a geocoding has.
const (
	Located Standing = "located"
	Choice  Standing = "choice"
)

// GeocodingCandidate is a place that a text may mean. At is WGS-84, longitude first.
// Error is the radius in metres that holds the place in nine cases of ten; Confidence,
// 0..1, is that of Street, which is zero outside the district. Line is the stretch of
// road that was meant, nil for anything else. Used are ranges of characters of the text.
type GeocodingCandidate struct {
	At                orb.Point
	Error, Confidence float64
	How, Label        string
	Street            Ref
	Line              orb.LineString
	Used              [][2]int
	Doubt             string
}

// GeocodingCategory is a proposed category and the words that speak for it.
type GeocodingCategory struct {
	Ref
	Words []string
}
