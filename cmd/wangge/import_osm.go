package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"wangge/grid"
	"wangge/grid/osm"
)

// osmKind is the name on the command line of an extract of OpenStreetMap: several
// kinds of record in one file.
const osmKind = "osm"

// osmKinds are what an extract may hold, in the order in which it is told.
var osmKinds = []grid.RecordKind{grid.KindArea, grid.KindRoad, grid.KindCrossing, grid.KindDoor, grid.KindPlace}

// osm reads an extract, rehearses what it would change, and stores that at once.
func (c *importCommand) osm(ctx context.Context, p *program, lang languages) error {
	switch {
	case c.KeepGoing || c.Datum != "":
		return fmt.Errorf("%w: --keep-going is for cases, and OpenStreetMap is WGS-84: no --datum", errUsage)
	case c.File == "-":
		return fmt.Errorf("%w: an extract is gone through three times, so it must be a file, not standard input", errUsage)
	}
	in, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // nothing was written
	records, notices, err := osm.Read(ctx, filepath.Base(c.File), in, osm.Options{Areas: c.Areas})
	if err != nil {
		return err
	}
	p.tellNotices(notices, lang.message)
	h, err := p.openStore(ctx, &mapFlags{Store: c.Store, MakeupRest: c.MakeupRest}, nil)
	if err != nil {
		return err
	}
	return errors.Join(c.storeOSM(ctx, p, h, records, lang.message), h.Close())
}

func (c *importCommand) storeOSM(ctx context.Context, p *program, h *house, records []grid.Record, lang grid.Lang) error {
	byKind := map[grid.RecordKind][]grid.Record{}
	for _, r := range records {
		byKind[r.RecordKind()] = append(byKind[r.RecordKind()], r)
	}
	crossingsAsStored(h, byKind[grid.KindCrossing])
	areasAsStored(h, byKind[grid.KindArea], p.now())
	var all []grid.Change
	var told []string
	for _, kind := range osmKinds {
		if kind == grid.KindArea && !c.Areas {
			continue
		}
		changes, t, err := c.osmChanges(h, kind, byKind[kind])
		if err != nil {
			return err
		}
		all = append(all, changes...)
		told = append(told, t.say(lang, collectionOf(kind), c.DryRun))
	}
	if err := h.desk.Rehearse(all); err != nil {
		return err
	}
	if !c.DryRun {
		if _, err := h.store.Apply(ctx, p.now(), all); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(p.out, strings.Join(told, "\n"))
	return err
}

// osmChanges compares one kind with what the store has. To replace is to delete what
// an extract brought and this one does not have; what came otherwise stays.
func (c *importCommand) osmChanges(h *house, kind grid.RecordKind, records []grid.Record) ([]grid.Change, tally, error) {
	adding := *c
	adding.Replace = false
	out, t, err := adding.changes(h, kind, records)
	if err != nil || !c.Replace {
		return out, t, err
	}
	has := map[string]bool{}
	for _, r := range records {
		has[r.Key()] = true
	}
	for _, r := range h.desk.Records(kind, time.Time{}) {
		if !has[r.Key()] && strings.HasPrefix(basisOf(r), osm.Credit) {
			t.deleted++
			out = append(out, grid.Change{Kind: kind, Key: r.Key(), Deleted: true})
		}
	}
	return out, t, nil
}

// areasAsStored gives an area the period of the one that it replaces: an extract knows
// today's outline, and not since when it holds.
func areasAsStored(h *house, areas []grid.Record, now time.Time) {
	known := map[string]grid.Span{}
	for _, r := range h.desk.Records(grid.KindArea, now) {
		if a, ok := r.(grid.Area); ok {
			known[a.Code] = a.Valid
		}
	}
	for i, r := range areas {
		if a, ok := r.(grid.Area); ok {
			a.Valid = known[a.Code]
			areas[i] = a
		}
	}
}

// crossingsAsStored names the roads of a crossing in the order in which the store has them.
func crossingsAsStored(h *house, crossings []grid.Record) {
	known := map[string]bool{}
	for _, r := range h.desk.Records(grid.KindCrossing, time.Time{}) {
		known[r.Key()] = true
	}
	for i, r := range crossings {
		c, ok := r.(grid.Crossing)
		if turned := (grid.Crossing{RoadA: c.RoadB, RoadB: c.RoadA}); ok && !known[c.Key()] && known[turned.Key()] {
			c.RoadA, c.RoadB = c.RoadB, c.RoadA
			crossings[i] = c
		}
	}
}

func basisOf(r grid.Record) string {
	switch r := r.(type) {
	case grid.Area:
		return r.Basis
	case grid.Road:
		return r.Basis
	case grid.Crossing:
		return r.Basis
	case grid.Door:
		return r.Basis
	case grid.Place:
		return r.Basis
	}
	return ""
}

func collectionOf(kind grid.RecordKind) string {
	for _, c := range collections {
		if c.kind == kind {
			return c.name
		}
	}
	return string(kind)
}

// tellNotices tells what was left out, on standard error.
func (p *program) tellNotices(notices []grid.Fault, lang grid.Lang) {
	for i, n := range notices {
		if i == maxTold {
			p.say(inLang(lang, "另有 %d 处", "and %d more"), len(notices)-i)
			return
		}
		p.say("%s: %s", n.At, inLang(lang, n.SaysZH, n.Says))
	}
}
