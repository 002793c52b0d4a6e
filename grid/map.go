package grid

import "github.com/paulmach/orb"

// Place is a landmark that people name.
type Place struct {
	ID, Name string
	Aliases  []string
	Kind     string
	Address  string
	At       orb.Point
	Street   string
	Basis    string
	Valid    Span
}

// Road is a centre line. House numbers rise from its first point to its last.
type Road struct {
	Name, NameEN string
	Class        string
	Line         orb.LineString
	Streets      []string
	Error        float64 // metres, one standard error
	Basis        string
}

// Crossing is where two roads meet.
type Crossing struct {
	RoadA, RoadB string
	At           orb.Point
	Error        float64 // metres, one standard error
	Basis        string
}

// Door is a house-number anchor. Suffix is 号 or 弄; the point of a lane lies
// inside the lane.
type Door struct {
	Road   string
	Number int
	Suffix string
	At     orb.Point
	Street string
	Basis  string
}

// Day is a day that differs from the plain week: off, or a working day made up
// for. Date is yyyy-mm-dd in Asia/Shanghai.
type Day struct {
	Date  string
	Off   bool
	Name  string
	Basis string
}

// Backdrop is a shape of the base map: drawn, never decided with.
type Backdrop struct {
	ID, Layer string // layer: water, green, metro, station, context, arterial
	Name      string
	Shape     orb.Geometry
	Props     map[string]string
	Basis     string
}

// Measure is a figure of a campaign, exactly as stated.
type Measure struct {
	Campaign, CampaignName, Period, PlaceKind string
	ID, Name, NameEN                          string
	Value                                     string
	Unit                                      string
	Approx                                    bool
	Basis                                     string
}
