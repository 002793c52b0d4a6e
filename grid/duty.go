package grid

// LimitUnit is what a deadline counts.
type LimitUnit string

// The units of a deadline.
const (
	Hours        LimitUnit = "hour"
	WorkingHours LimitUnit = "working_hour"
	WorkingDays  LimitUnit = "working_day"
)

// Limit is a deadline: so many hours, working hours or working days after the
// report. The zero Limit is "no deadline of its own".
type Limit struct {
	N    int
	Unit LimitUnit
}

// StreetOffice stands, as a duty's Lead or in its Assist, for the street office of
// the place, whichever that is.
const StreetOffice = "@street"

// Duty is one rule: in this place, for this matter, in this window, this unit
// leads. Empty fields ask for nothing. Of the place fields at most one is set,
// of the category fields at most one.
type Duty struct {
	ID string

	Hotspot     string      // a hotspot's ID
	HotspotKind HotspotKind // any hotspot of a kind
	Street      string      // a street's code
	// none of the three: the whole district

	Category string // one category's code
	Group    string // a group of categories
	// neither: any category, and reports without one

	Window string // a window of grid/calendar; Closed turns it round
	Closed bool   // holds when Window (or, if "", the matched hotspot's Schedule) is closed

	Lead    string
	Assist  []string
	Limit   Limit // zero: the category's
	Basis   string
	BasisEN string
	Assumed bool
	Valid   Span
}

// Category is a matter that reports are about.
type Category struct {
	Code, Name, NameEN string
	Group, GroupEN     string // 街面秩序, 市容环境, …
	Type               string // event or part
	Tags               []string
	Words              []string // words of a caller that speak for it
	Limit              Limit
	Basis              string
}
