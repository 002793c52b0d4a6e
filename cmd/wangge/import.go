package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"wangge/grid"
	"wangge/grid/bulk"
	"wangge/grid/codec"
	"wangge/grid/load"
)

// collection is a name on the command line for a kind of record.
type collection struct {
	name string
	kind grid.RecordKind
}

// collections are what is imported and exported, beside cells and cases.
var collections = []collection{
	{"areas", grid.KindArea},
	{"hotspots", grid.KindHotspot},
	{"duties", grid.KindDuty},
	{"units", grid.KindUnit},
	{"categories", grid.KindCategory},
	{"places", grid.KindPlace},
	{"roads", grid.KindRoad},
	{"crossings", grid.KindCrossing},
	{"doors", grid.KindDoor},
	{"calendar", grid.KindDay},
	{"backdrop", grid.KindBackdrop},
	{"campaigns", grid.KindMeasure},
}

func kindOf(name string) (grid.RecordKind, bool) {
	for _, c := range collections {
		if c.name == name {
			return c.kind, true
		}
	}
	return "", false
}

func importNames() []string {
	var names []string
	for _, c := range collections {
		names = append(names, c.name)
	}
	return append(names, "cases", osmKind)
}

type importCommand struct {
	Kind       string `arg:"" enum:"${kinds}" help:"What the file holds: ${kinds}."`
	File       string `arg:"" help:"GeoJSON, CSV or NDJSON, told by content; for osm an extract of OpenStreetMap, .osm.pbf or .osm; - is standard input."`
	Store      string `default:"wangge.gpkg" env:"WANGGE_STORE" help:"The store: a GeoPackage file, made when there is none."`
	MakeupRest bool   `env:"WANGGE_MAKEUP_REST" help:"Read a make-up Saturday as a rest day in opening hours."`
	Datum      string `help:"What the file's coordinates are, where it does not say: wgs84, cgcs2000, gcj02 or bd09; for CSV in metres (x,y, easting first) epsg:4549, epsg:4550, epsg:32651 or epsg:3857."`
	DryRun     bool   `help:"Only check; store nothing."`
	KeepGoing  bool   `help:"For cases: file the good rows where some are bad."`
	Replace    bool   `help:"For records: the file is the whole collection; delete what it does not have. For osm: delete what an earlier extract brought and this one does not have."`
	Areas      bool   `help:"For osm: take the outlines of districts and streets as well. They replace those of the map that have the same codes."`
}

func (c *importCommand) run(ctx context.Context, p *program, lang languages) error {
	if c.Kind == osmKind {
		return c.osm(ctx, p, lang)
	}
	if c.Areas {
		return fmt.Errorf("%w: --areas is for osm", errUsage)
	}
	var o load.Options
	if c.Datum != "" {
		var err error
		if o, err = load.ParseOptions(c.Datum); err != nil {
			return fmt.Errorf("%w: --datum: %w", errUsage, err)
		}
	}
	kind, isRecord := kindOf(c.Kind)
	if isRecord && c.KeepGoing || !isRecord && (c.Replace || c.Datum != "") {
		return fmt.Errorf("%w: --keep-going is for cases; --replace and --datum are for records (a case's row has its datum)", errUsage)
	}
	in := io.NopCloser(p.in)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		in = f
	}
	defer in.Close() //nolint:errcheck // nothing was written
	h, err := p.openStore(ctx, &mapFlags{Store: c.Store, MakeupRest: c.MakeupRest}, nil)
	if err != nil {
		return err
	}
	if isRecord {
		err = c.records(ctx, p, h, in, importing{kind, o, lang})
	} else {
		err = c.cases(ctx, p, h, in, lang)
	}
	return errors.Join(err, h.Close())
}

// importing is what an import of records is told.
type importing struct {
	kind    grid.RecordKind
	options load.Options
	lang    languages
}

// records reads a file, rehearses what it would change, and stores that.
func (c *importCommand) records(ctx context.Context, p *program, h *house, in io.Reader, im importing) error {
	records, faults, err := load.Records(filepath.Base(c.File), in, im.kind, im.options)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return &grid.Error{
			Kind: grid.Invalid, Msg: c.File + " has faults; nothing was stored",
			MsgZH: c.File + " 有误，未存储任何内容", Faults: faults,
		}
	}
	changes, tally, err := c.changes(h, im.kind, records)
	if err != nil {
		return err
	}
	if err := h.desk.Rehearse(changes); err != nil {
		return err
	}
	if !c.DryRun {
		if _, err := h.store.Apply(ctx, p.now(), changes); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(p.out, tally.say(im.lang.message, c.Kind, c.DryRun))
	return err
}

// tally counts what an import of records changes.
type tally struct{ added, changed, same, deleted int }

func (t tally) say(lang grid.Lang, what string, dry bool) string {
	s := fmt.Sprintf(inLang(lang, "%s：新增 %d，变更 %d，删除 %d，未变 %d", "%s: %d added, %d changed, %d deleted, %d unchanged"),
		what, t.added, t.changed, t.deleted, t.same)
	if dry {
		s += inLang(lang, "（试运行，未存储）", " (dry run, nothing stored)")
	}
	return s
}

// changes compares the file with what the store has.
func (c *importCommand) changes(h *house, kind grid.RecordKind, records []grid.Record) ([]grid.Change, tally, error) {
	var t tally
	has := map[grid.RecordKind]map[string][]byte{}
	kinds := []grid.RecordKind{kind}
	if kind == grid.KindArea {
		kinds = append(kinds, grid.KindBorder)
	}
	for _, k := range kinds {
		byKey := map[string][]byte{}
		for _, r := range h.desk.Records(k, time.Time{}) {
			b, err := codec.EncodeRecord(r)
			if err != nil {
				return nil, t, err
			}
			byKey[r.Key()] = b
		}
		has[k] = byKey
	}
	var out []grid.Change
	for _, r := range records {
		b, err := codec.EncodeRecord(r)
		if err != nil {
			return nil, t, err
		}
		old, known := has[r.RecordKind()][r.Key()]
		delete(has[r.RecordKind()], r.Key())
		switch {
		case known && bytes.Equal(old, b):
			t.same++
			continue
		case known:
			t.changed++
		default:
			t.added++
		}
		out = append(out, grid.Change{Kind: r.RecordKind(), Key: r.Key(), Record: r})
	}
	if c.Replace {
		for _, k := range kinds {
			for _, key := range slices.Sorted(maps.Keys(has[k])) {
				t.deleted++
				out = append(out, grid.Change{Kind: k, Key: key, Deleted: true})
			}
		}
	}
	return out, t, nil
}

func (c *importCommand) cases(ctx context.Context, p *program, h *house, in io.Reader, lang languages) error {
	b := p.newBar(inLang(lang.message, "案件", "cases"), 0)
	sum, err := bulk.Import(ctx, h.desk, in, bulk.ImportOptions{
		KeepGoing: c.KeepGoing, DryRun: c.DryRun,
		Progress: func(phase string, s *bulk.Summary) error {
			if phase == "check" {
				b.set(int64(s.Rows), inLang(lang.message, "检查中", "checking"))
			} else {
				b.set(int64(s.Filed+s.Existing), inLang(lang.message, fmt.Sprintf("共 %d 条", s.Rows), fmt.Sprintf("of %d", s.Rows)))
			}
			return nil
		},
	})
	b.end()
	for i, r := range sum.Rejected {
		if i == maxTold {
			p.say(inLang(lang.message, "另有 %d 行", "and %d more lines"), len(sum.Rejected)-i)
			break
		}
		for _, f := range r.Faults {
			p.say(inLang(lang.message, "第 %d 行 %s：%s", "line %d %s: %s"), r.Line, f.At, inLang(lang.message, f.SaysZH, f.Says))
		}
	}
	if err != nil {
		return err
	}
	s := fmt.Sprintf(inLang(lang.message, "读取 %d 行：立案 %d，已有 %d，有误 %d", "%d rows: %d filed, %d known already, %d bad"), sum.Rows, sum.Filed, sum.Existing, sum.Bad)
	if c.DryRun {
		s += inLang(lang.message, "（试运行，未立案）", " (dry run, nothing filed)")
	}
	if _, err := fmt.Fprintln(p.out, s); err != nil || sum.Bad == 0 {
		return err
	}
	return quiet{errors.New("some rows are bad")}
}
