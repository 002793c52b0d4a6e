// Package audit looks for what is wrong with a district's map and duties before it
// bites: [Map] for the areas that hold at an instant, [Duties] for the rules of all
// times. Both take records and touch nothing.
//
// A finding is an error when an answer would be wrong or nobody's, a warning when it
// may not be what was meant, a note when it is worth knowing.
//
// What must never enter: stores, HTTP, flags, repairs.
package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/coverage"
	"wangge/grid"
)

// Severity says how bad a finding is.
type Severity string

// The severities, worst first. Errors make an audit fail.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Severities lists them, worst first.
var Severities = []Severity{Error, Warning, Note}

// The codes of the findings of [Map]; those of flaws are [coverage.FlawKind]s, those
// of [Duties] the linter's ([duty.Finding]).
const (
	CodeForm   = "code"    // a code that is not of its level's digits
	CodeTwice  = "twice"   // two records of one code hold at the same time
	CodeParent = "parent"  // the area above is missing
	CodeName   = "name"    // no name
	CodeShape  = "outline" // no outline where one is needed
	CodeOffice = "office"  // a street without its office, or with two
	CodeRef    = "unknown" // a unit, hotspot, duty or border names an area or unit that is not there
)

// Finding is one thing that an audit noticed.
type Finding struct {
	Severity Severity
	Code     string
	IDs      []string     // the areas, units, duties, … that it is about
	Located  bool         // Point is set
	Point    orb.Point    // WGS-84
	Shape    orb.Geometry // the piece of the map concerned, nil without one
	Area     float64      // square metres of Shape, 0 when it is no polygon
	Says     string       // one English sentence
	SaysZH   string       // the same in Chinese
}

// Source has records; *intake.Desk is one. A zero instant means all of them.
type Source interface {
	Records(kind grid.RecordKind, at time.Time) []grid.Record
}

// Gather returns the records of all times that [Map] and [Duties] look at.
func Gather(s Source) []grid.Record {
	var out []grid.Record
	for _, kind := range []grid.RecordKind{
		grid.KindArea, grid.KindBorder, grid.KindUnit, grid.KindHotspot, grid.KindDuty, grid.KindCategory, grid.KindDay,
	} {
		out = append(out, s.Records(kind, time.Time{})...)
	}
	return out
}

// only are the records of one kind.
func only[R grid.Record](records []grid.Record) []R {
	var out []R
	for _, r := range records {
		if x, ok := r.(R); ok {
			out = append(out, x)
		}
	}
	return out
}

// sorted orders findings: worst first, then by code and by what they are about.
func sorted(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(Severities, a.Severity), slices.Index(Severities, b.Severity)),
			strings.Compare(a.Code, b.Code), slices.Compare(a.IDs, b.IDs),
		)
	})
	return findings
}

// Map tells what is wrong with the areas that hold at an instant, and with the
// street offices. Areas of one level and one parent are held against each other and
// against the parent; generated cells are sound by construction and not looked at.
// Errors: an overlay that cannot be computed.
func Map(records []grid.Record, at time.Time) ([]Finding, error) {
	m := newSurvey(records, at)
	for _, a := range m.areas {
		m.area(a)
	}
	for _, group := range m.groups() {
		if err := m.partition(group); err != nil {
			return nil, err
		}
	}
	m.orphans()
	m.offices()
	m.borders()
	return sorted(m.found), nil
}

// survey is an audit of the map under way.
type survey struct {
	at     time.Time
	areas  []grid.Area // that hold at the instant, by code, each code once
	byCode map[string]*grid.Area
	units  []grid.Unit
	lines  []grid.Border
	found  []Finding
}

func newSurvey(records []grid.Record, at time.Time) *survey {
	m := &survey{at: at, byCode: map[string]*grid.Area{}}
	for _, a := range only[grid.Area](records) {
		if a.Valid.Holds(at) {
			m.areas = append(m.areas, a)
		}
	}
	slices.SortStableFunc(m.areas, func(a, b grid.Area) int { return strings.Compare(a.Code, b.Code) })
	m.areas = slices.CompactFunc(m.areas, func(a, b grid.Area) bool {
		if a.Code == b.Code {
			m.add(Error, CodeTwice, "two records hold at the same time; the first is used", "同一时间有两条有效记录，仅前者被采用", &a)
		}
		return a.Code == b.Code
	})
	for i := range m.areas {
		m.byCode[m.areas[i].Code] = &m.areas[i]
	}
	for _, u := range only[grid.Unit](records) {
		if u.Valid.Holds(at) {
			m.units = append(m.units, u)
		}
	}
	for _, b := range only[grid.Border](records) {
		if b.Valid.Holds(at) {
			m.lines = append(m.lines, b)
		}
	}
	return m
}

// add notes a finding about an area.
func (m *survey) add(s Severity, code, says, saysZH string, a *grid.Area) {
	m.found = append(m.found, Finding{
		Severity: s, Code: code, IDs: []string{a.Code},
		Says: label(a) + ": " + says, SaysZH: label(a) + "：" + saysZH,
	})
}

// label names an area by its name and its code.
func label(a *grid.Area) string {
	if a.Name == "" {
		return a.Code
	}
	return a.Name + " " + a.Code
}

// area looks at one area by itself.
func (m *survey) area(a grid.Area) {
	level := grid.LevelOf(a.Code)
	if level == "" || strings.Trim(a.Code, "0123456789") != "" || level != a.Level {
		m.add(Error, CodeForm, fmt.Sprintf("this is not the code of a %s", a.Level), fmt.Sprintf("代码与级别（%s）不符", levelZH[a.Level]), &a)
		return
	}
	if a.Name == "" && level != grid.LevelCell {
		m.add(Warning, CodeName, "it has no name", "没有名称", &a)
	}
	if len(a.Shape) == 0 && (level == grid.LevelStreet || level == grid.LevelCell) {
		m.add(Error, CodeShape, "it has no outline: no point is in it", "没有边界，任何点位都不会落入其中", &a)
	}
}

var levelZH = map[grid.Level]string{
	grid.LevelDistrict: "区", grid.LevelStreet: "街镇", grid.LevelCommittee: "居委会", grid.LevelCell: "单元网格",
}

// group is areas of one level that should fill one parent.
type group struct {
	level  grid.Level
	parent *grid.Area // nil when it is missing
	areas  []grid.Area
}

// groups are the sets of areas with outlines that are held against each other.
func (m *survey) groups() []group {
	type key struct {
		level  grid.Level
		parent string
	}
	at := map[key]int{}
	var out []group
	for _, a := range m.areas {
		up, _ := parent(a.Code)
		if len(a.Shape) == 0 || grid.LevelOf(a.Code) != a.Level {
			continue
		}
		k := key{a.Level, up}
		if _, ok := at[k]; !ok {
			at[k] = len(out)
			out = append(out, group{level: a.Level, parent: m.byCode[up]})
		}
		out[at[k]].areas = append(out[at[k]].areas, a)
	}
	return out
}

// partition holds the areas of a group against each other and their parent.
func (m *survey) partition(g group) error {
	areas := make([]coverage.Area, len(g.areas))
	for i, a := range g.areas {
		areas[i] = coverage.Area{Code: a.Code, Shape: a.Shape}
	}
	var o coverage.AuditOptions
	if g.parent != nil && g.level != grid.LevelDistrict {
		o.Outline = g.parent.Shape
	}
	flaws, err := coverage.Audit(areas, o)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	for _, f := range flaws {
		m.found = append(m.found, m.flaw(g, f))
	}
	return nil
}
