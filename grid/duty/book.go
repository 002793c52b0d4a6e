// Package duty decides who leads: category, place, hotspots and time → unit,
// assisting units, deadline, and the reasons.
//
// Rules are a table, [grid.Duty]; of the rules that hold the strongest wins. Place
// comes first (a hotspot over a hotspot kind over a street over the district), then
// the category (one category over a group over any), then the window (with one over
// without). That is Yangpu's principle 条块结合、以条为主、街镇托底: the line department
// leads where a rule names it, and where no rule holds the street office of the
// place does. Two rules of equal strength with different leads are a tie, which is
// told and never silent; the smaller ID stands meanwhile.
//
// A [Book] is immutable and safe for concurrent use. What must never enter: how a
// point was matched with a hotspot or an area.
package duty

import (
	"cmp"
	"slices"
	"time"

	"wangge/grid"
	"wangge/grid/calendar"
)

// Rules are what a book is made of, of all validity periods.
type Rules struct {
	Duties     []grid.Duty
	Categories []grid.Category
	Units      []grid.Unit
	Calendar   *calendar.Calendar
}

// Question asks who leads. Hits are the hotspots that the place falls in; an empty
// Category is a report without one.
type Question struct {
	District, Street string
	Category         string
	Hits             []grid.Hit
	At               time.Time
}

// Answer names the rule that won and the unit that leads. Duty is nil when none
// held and the last resort did. Tie is another rule of the same strength with
// another lead. Lead is nil only when not even the last resort names a unit.
type Answer struct {
	Duty, Tie *grid.Duty
	Lead      *grid.Unit
	Category  *grid.Category // nil without one
	Limit     grid.Limit     // the duty's, else the category's
}

// LastResort is the unit that leads where neither a rule nor a street office does.
const LastResort = "center"

// Book answers questions.
type Book struct {
	calendar   *calendar.Calendar
	rules      []rule // strongest first, then by ID
	byCategory map[string][]int32
	withoutOne []int32 // for reports without a category or with an unknown one
	categories map[string]*grid.Category
	groups     map[string]string       // English names
	units      map[string][]*grid.Unit // by ID: one for each validity period
	offices    map[string][]*grid.Unit // by street
	matcher    *proposer
}

// rule is a duty made ready.
type rule struct {
	grid.Duty
	strength strength
	window   calendar.Window
	windowed bool
}

// strength orders rules: place, category, window; greater is stronger.
type strength struct{ place, category, window int8 }

func (s strength) compare(t strength) int {
	return cmp.Or(cmp.Compare(s.place, t.place), cmp.Compare(s.category, t.category), cmp.Compare(s.window, t.window))
}

// The ranks of a place and of a category, weakest first.
const (
	ofDistrict int8 = iota
	ofStreet
	ofHotspotKind
	ofHotspot
)

const (
	ofAny int8 = iota
	ofGroup
	ofCategory
)

func strengthOf(d *grid.Duty) strength {
	var s strength
	switch {
	case d.Hotspot != "":
		s.place = ofHotspot
	case d.HotspotKind != "":
		s.place = ofHotspotKind
	case d.Street != "":
		s.place = ofStreet
	}
	switch {
	case d.Category != "":
		s.category = ofCategory
	case d.Group != "":
		s.category = ofGroup
	}
	if d.Window != "" || d.Closed {
		s.window = 1
	}
	return s
}

// New makes a book. A window that cannot be read, a rule that names two places or
// two categories, and a limit of an unknown unit are told in one Invalid error,
// each fault at the duty's key. References to what does not exist are the
// linter's; see [Book.Lint].
func New(src Rules) (*Book, error) {
	b := &Book{
		calendar: src.Calendar, byCategory: map[string][]int32{},
		categories: map[string]*grid.Category{}, groups: map[string]string{}, units: map[string][]*grid.Unit{}, offices: map[string][]*grid.Unit{},
	}
	for i := range src.Categories {
		c := &src.Categories[i]
		b.categories[c.Code] = c
		b.groups[c.Group] = cmp.Or(c.GroupEN, b.groups[c.Group])
	}
	for i := range src.Units {
		u := &src.Units[i]
		b.units[u.ID] = append(b.units[u.ID], u)
		if u.Kind == grid.UnitStreet && u.Street != "" {
			b.offices[u.Street] = append(b.offices[u.Street], u)
		}
	}
	var faults []grid.Fault
	for _, d := range src.Duties {
		r := rule{Duty: d, strength: strengthOf(&d)}
		r.windowed = r.strength.window > 0
		faults = append(faults, r.prepare()...)
		b.rules = append(b.rules, r)
	}
	if len(faults) > 0 {
		return nil, &grid.Error{Kind: grid.Invalid, Op: "read duties", Msg: "some duties cannot be read", MsgZH: "部分权责无法读取", Faults: faults}
	}
	slices.SortStableFunc(b.rules, func(x, y rule) int {
		return cmp.Or(-x.strength.compare(y.strength), cmp.Compare(x.Key(), y.Key()))
	})
	b.index()
	b.matcher = newProposer(src.Categories)
	return b, nil
}

func (r *rule) prepare() []grid.Fault {
	var faults []grid.Fault
	add := func(at, code, says, saysZH string) {
		faults = append(faults, grid.Fault{At: r.Key() + at, Code: code, Says: says, SaysZH: saysZH})
	}
	places := 0
	for _, s := range []string{r.Hotspot, string(r.HotspotKind), r.Street} {
		if s != "" {
			places++
		}
	}
	if places > 1 {
		add("/hotspot", "places", "a duty names one place: a hotspot, a hotspot kind or a street", "一条权责只能指定一种地点")
	}
	if r.Category != "" && r.Group != "" {
		add("/category", "categories", "a duty names a category or a group, not both", "一条权责只能指定类别或大类之一")
	}
	if r.Lead == "" {
		add("/lead", "missing", "a duty names its lead", "权责必须指定牵头单位")
	}
	var err error
	if r.window, err = calendar.ParseWindow(r.Window); err != nil {
		add("/window", "window", err.Error(), "时段写法有误")
	}
	if r.Closed && r.Window == "" && r.strength.place < ofHotspotKind {
		add("/closed", "closed", "closed without a window needs a hotspot, whose schedule it means", "“时段外”需指定时段或点位")
	}
	switch r.Limit.Unit {
	case "", grid.Hours, grid.WorkingHours, grid.WorkingDays:
	default:
		add("/limit", "limit", "a limit counts hour, working_hour or working_day", "时限单位有误")
	}
	return faults
}

// index lists, for each category, the rules that are about it.
func (b *Book) index() {
	for i := range b.rules {
		r := &b.rules[i]
		if r.strength.category == ofAny {
			b.withoutOne = append(b.withoutOne, int32(i))
		}
	}
	for code, c := range b.categories {
		var list []int32
		for i := range b.rules {
			if b.rules[i].about(c) {
				list = append(list, int32(i))
			}
		}
		b.byCategory[code] = list
	}
}

func (r *rule) about(c *grid.Category) bool {
	switch r.strength.category {
	case ofCategory:
		return r.Category == c.Code
	case ofGroup:
		return r.Group == c.Group
	}
	return true
}

// Category returns the category of a code, nil when there is none. Unit returns
// the unit of an ID at an instant, nil when none is valid then.
func (b *Book) Category(code string) *grid.Category { return b.categories[code] }

// Unit returns the unit of an ID that is valid at an instant, nil when none is.
func (b *Book) Unit(id string, at time.Time) *grid.Unit { return valid(b.units[id], at) }

// Office returns the street office of a street at an instant, nil when none is known.
func (b *Book) Office(street string, at time.Time) *grid.Unit { return valid(b.offices[street], at) }

func valid(units []*grid.Unit, at time.Time) *grid.Unit {
	for _, u := range units {
		if u.Valid.Holds(at) {
			return u
		}
	}
	return nil
}

// unit resolves a lead or an assistant, the street office of the place included.
func (b *Book) unit(id string, q *Question) *grid.Unit {
	if id == grid.StreetOffice {
		return b.Office(q.Street, q.At)
	}
	return b.Unit(id, q.At)
}

// candidates are the rules about the question's category, strongest first.
func (b *Book) candidates(q *Question) []int32 {
	if list, ok := b.byCategory[q.Category]; ok {
		return list
	}
	return b.withoutOne
}

// reason says how a rule stands to a question.
type reason int

const (
	elsewhere   reason = iota // another place
	notValid                  // not in force at that time
	windowShut                // its window is not open (or not closed) then
	leadMissing               // its lead is not a unit then
	holds
)

func (b *Book) try(r *rule, q *Question) reason {
	hit, ok := r.place(q)
	switch {
	case !ok:
		return elsewhere
	case !r.Valid.Holds(q.At):
		return notValid
	case r.windowed && !b.windowHolds(r, hit, q.At):
		return windowShut
	case b.unit(r.Lead, q) == nil:
		return leadMissing
	}
	return holds
}

// place reports whether the question's place is the rule's, and by which hotspot.
func (r *rule) place(q *Question) (*grid.Hit, bool) {
	switch r.strength.place {
	case ofHotspot:
		for i := range q.Hits {
			if q.Hits[i].Spot.ID == r.Hotspot {
				return &q.Hits[i], true
			}
		}
		return nil, false
	case ofHotspotKind:
		for i := range q.Hits {
			if q.Hits[i].Spot.Kind == r.HotspotKind {
				return &q.Hits[i], true
			}
		}
		return nil, false
	case ofStreet:
		return nil, r.Street == q.Street
	}
	return nil, true
}

func (b *Book) windowHolds(r *rule, hit *grid.Hit, at time.Time) bool {
	if r.Window == "" {
		return hit != nil && !hit.Open // Closed: the hotspot's own schedule
	}
	return b.calendar.Open(r.window, at) != r.Closed
}

// Assign decides. It does not allocate.
func (b *Book) Assign(q *Question) Answer {
	var a Answer
	a.Category = b.categories[q.Category]
	for _, i := range b.candidates(q) {
		r := &b.rules[i]
		if a.Duty != nil && r.strength != strengthOf(a.Duty) {
			break
		}
		if b.try(r, q) != holds {
			continue
		}
		lead := b.unit(r.Lead, q)
		if a.Duty == nil {
			a.Duty, a.Lead, a.Limit = &r.Duty, lead, r.Limit
		} else if lead != a.Lead {
			a.Tie = &r.Duty
			break
		}
	}
	if a.Duty == nil {
		if a.Lead = b.Office(q.Street, q.At); a.Lead == nil {
			a.Lead = b.Unit(LastResort, q.At)
		}
	}
	if a.Limit.N == 0 && a.Category != nil {
		a.Limit = a.Category.Limit
	}
	return a
}

// Assist appends the units that assist by the winning rule, those valid then, each
// once and the lead not among them. The last resort has none.
func (b *Book) Assist(dst []*grid.Unit, q *Question, a Answer) []*grid.Unit {
	if a.Duty == nil {
		return dst
	}
	start := len(dst)
	for _, id := range a.Duty.Assist {
		if u := b.unit(id, q); u != nil && u != a.Lead && !slices.Contains(dst[start:], u) {
			dst = append(dst, u)
		}
	}
	return dst
}
