package audit

import (
	"errors"
	"fmt"

	"wangge/grid"
	"wangge/grid/calendar"
	"wangge/grid/duty"
)

// severityOf turns the linter's severities into ours.
var severityOf = map[duty.Severity]Severity{duty.Error: Error, duty.Warning: Warning, duty.Info: Note}

// Duties tells ties, dead, shadowed and missing rules, and names that lead nowhere.
// policy is how the calendar reads make-up working days. Rules that cannot be read
// at all are findings with the code of their fault, and then the only ones. Errors:
// a calendar that cannot be read.
func Duties(records []grid.Record, policy calendar.Policy) ([]Finding, error) {
	var days []calendar.Day
	for _, d := range only[grid.Day](records) {
		days = append(days, calendar.Day{Date: d.Date, Off: d.Off, Name: d.Name})
	}
	cal, err := calendar.New(days, policy)
	if err != nil {
		return nil, fmt.Errorf("audit: calendar: %w", err)
	}
	rules := duty.Rules{
		Duties: only[grid.Duty](records), Categories: only[grid.Category](records), Units: only[grid.Unit](records), Calendar: cal,
	}
	book, err := duty.New(rules)
	if e, ok := errors.AsType[*grid.Error](err); ok && e.Kind == grid.Invalid {
		return unreadable(e.Faults), nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: duties: %w", err)
	}
	hotspots := only[grid.Hotspot](records)
	var out []Finding
	for _, f := range book.Lint(hotspots) {
		out = append(out, Finding{Severity: severityOf[f.Severity], Code: f.Rule, IDs: f.IDs, Says: f.Says, SaysZH: f.SaysZH})
	}
	return sorted(append(out, references(records, hotspots)...)), nil
}

func unreadable(faults []grid.Fault) []Finding {
	out := make([]Finding, len(faults))
	for i, f := range faults {
		out[i] = Finding{Severity: Error, Code: f.Code, IDs: []string{f.At}, Says: f.At + ": " + f.Says, SaysZH: f.At + "：" + f.SaysZH}
	}
	return sorted(out)
}

// references tells duties of streets and hotspots of units that do not exist at any
// time. The linter tells the other names of a duty.
func references(records []grid.Record, hotspots []grid.Hotspot) []Finding {
	known := map[string]bool{"": true}
	for _, a := range only[grid.Area](records) {
		known[a.Code] = true
	}
	for _, u := range only[grid.Unit](records) {
		known["unit "+u.ID] = true
	}
	var out []Finding
	add := func(s Severity, id, what, zh, name string) {
		out = append(out, Finding{
			Severity: s, Code: CodeRef, IDs: []string{id, name},
			Says: fmt.Sprintf("%s: there is no %s %s", id, what, name), SaysZH: fmt.Sprintf("%s：没有%s %s", id, zh, name),
		})
	}
	for _, d := range only[grid.Duty](records) {
		if !known[d.Street] {
			add(Error, d.ID, "street", "街镇", d.Street)
		}
	}
	for _, h := range hotspots {
		if h.Lead != "" && !known["unit "+h.Lead] {
			add(Error, h.ID, "unit", "单位", h.Lead)
		}
		for _, s := range h.Streets {
			if !known[s] {
				add(Warning, h.ID, "street", "街镇", s)
			}
		}
	}
	return out
}
