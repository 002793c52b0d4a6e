package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/export"
)

type exportCommand struct {
	mapFlags `embed:""`

	Collection string `arg:"" enum:"${collections}" help:"What to write: ${collections}. In GeoJSON areas come with their borders; cells are those of one instant; cases need --store."`
	Output     string `short:"o" required:"" placeholder:"FILE" help:"The file; its extension tells the format: .geojson, .geojsonl (one feature a line) or .csv. - is standard output, with --format."`
	Format     string `enum:"geojson,geojsonl,csv," default:"" help:"The format, where the extension does not tell: geojson, geojsonl or csv."`
	BBox       string `name:"bbox" placeholder:"W,S,E,N" help:"Only what has a point in this box: minlon,minlat,maxlon,maxlat in WGS-84. What has no place is left out."`
	At         string `placeholder:"TIME" help:"Only what is valid at this time, RFC 3339. Without it every period, so that an import restores them; for cells, now."`
	From       string `placeholder:"TIME" help:"Cases seen at this time or later, RFC 3339."`
	To         string `placeholder:"TIME" help:"Cases seen before this time, RFC 3339."`
	Street     string `help:"Cases of this street's code."`
	Category   string `help:"Cases of this category's code."`
	Standing   string `enum:"settled,contested,outside,unlocated," default:"" help:"Cases of this standing: settled, contested, outside or unlocated."`
}

// The collections beside those that are imported under a name of their own. Borders
// are imported as areas.
const (
	bordersName = "borders"
	cellsName   = "cells"
	casesName   = "cases"
)

// collectionNames are what is exported.
func collectionNames() []string {
	var names []string
	for _, c := range collections {
		names = append(names, c.name)
	}
	return append(names, bordersName, cellsName, casesName)
}

// demoNotice is whose data the demonstration map is, as fixtures/README.md asks.
const demoNotice = "© OpenStreetMap contributors, ODbL; approximate, for demonstration, no legal basis 近似值，仅供演示，不具法律效力"

// exporting is what the flags say.
type exporting struct {
	format export.Format
	box    *orb.Bound
	at     time.Time
	query  grid.CaseQuery
}

func (c *exportCommand) run(ctx context.Context, p *program, lang languages) error {
	e, err := c.read()
	if err != nil {
		return err
	}
	h, err := p.openMap(ctx, &c.mapFlags)
	if err != nil {
		return err
	}
	n, err := c.export(ctx, p, h, &e)
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	s := fmt.Sprintf(inLang(lang.message, "%s：已导出 %d 条", "%s: %d exported"), c.Collection, n)
	if c.Store == "" {
		s += "\n" + demoNotice
	}
	if c.Output == "-" {
		p.say("%s", s)
		return nil
	}
	_, err = fmt.Fprintln(p.out, s)
	return err
}

// read checks the flags against each other.
func (c *exportCommand) read() (exporting, error) {
	var e exporting
	var err error
	isCases := c.Collection == casesName
	switch {
	case isCases && c.Store == "":
		return e, fmt.Errorf("%w: cases are kept in a store: name it with --store", errUsage)
	case isCases && c.At != "":
		return e, fmt.Errorf("%w: --at is for records; cases have --from and --to", errUsage)
	case !isCases && (c.From != "" || c.To != "" || c.Street != "" || c.Category != "" || c.Standing != ""):
		return e, fmt.Errorf("%w: --from, --to, --street, --category and --standing are for cases", errUsage)
	case c.Output == "-" && c.Format == "":
		return e, fmt.Errorf("%w: standard output needs --format, one of %s", errUsage, codec.Choices(export.Formats))
	}
	if e.format = export.Format(c.Format); e.format == "" {
		if e.format, err = export.FormatOf(c.Output); err != nil {
			return e, fmt.Errorf("%w: %w", errUsage, err)
		}
	}
	if e.box, err = parseBox(c.BBox); err != nil {
		return e, err
	}
	if e.at, err = parseTime("--at", c.At); err != nil {
		return e, err
	}
	e.query = grid.CaseQuery{Bound: e.box, Street: c.Street, Category: c.Category, Standing: grid.Standing(c.Standing)}
	if e.query.From, err = parseTime("--from", c.From); err != nil {
		return e, err
	}
	e.query.To, err = parseTime("--to", c.To)
	return e, err
}

// parseBox reads minlon,minlat,maxlon,maxlat; nil for "".
func parseBox(s string) (*orb.Bound, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // no box is asked for
	}
	var v [4]float64
	parts := strings.Split(s, ",")
	bad := fmt.Errorf("%w: --bbox is minlon,minlat,maxlon,maxlat in degrees, not %q", errUsage, s)
	if len(parts) != len(v) {
		return nil, bad
	}
	for i, part := range parts {
		var err error
		if v[i], err = strconv.ParseFloat(strings.TrimSpace(part), 64); err != nil {
			return nil, bad
		}
	}
	b := orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}
	for _, corner := range []orb.Point{b.Min, b.Max} {
		if err := geo.Check(corner); errors.Is(err, geo.ErrSwapped) || errors.Is(err, geo.ErrNotFinite) || errors.Is(err, geo.ErrRange) {
			return nil, fmt.Errorf("%w: %w", bad, err)
		}
	}
	if b.IsEmpty() {
		return nil, bad
	}
	return &b, nil
}

// export writes the file, or standard output, and returns how many were written.
func (c *exportCommand) export(ctx context.Context, p *program, h *house, e *exporting) (int, error) {
	if c.Output == "-" {
		return c.write(ctx, p, h, e, p.out)
	}
	n := 0
	err := replaceFile(c.Output, func(w io.Writer) error {
		var err error
		n, err = c.write(ctx, p, h, e, w)
		return err
	})
	return n, err
}

func (c *exportCommand) write(ctx context.Context, p *program, h *house, e *exporting, w io.Writer) (int, error) {
	o := export.Options{Name: c.Collection}
	if c.Store == "" {
		o.Attribution = demoNotice
	}
	if c.Collection == casesName {
		return writeCases(ctx, p, h, e, w)
	}
	records, err := c.records(p, h, e)
	if err != nil {
		return 0, err
	}
	o.Props = export.PropNames(records)
	x, err := export.NewWriter(w, e.format, c.kind(), o)
	if err != nil {
		return 0, err
	}
	for _, r := range records {
		if err := errors.Join(ctx.Err(), x.Write(r)); err != nil {
			return 0, err
		}
	}
	return len(records), x.Close()
}

func (c *exportCommand) kind() grid.RecordKind {
	switch c.Collection {
	case bordersName:
		return grid.KindBorder
	case cellsName:
		return grid.KindArea
	}
	k, _ := kindOf(c.Collection) // kong let no other name through
	return k
}

// records are those of the collection that the flags choose.
func (c *exportCommand) records(p *program, h *house, e *exporting) ([]grid.Record, error) {
	var all []grid.Record
	if c.Collection == cellsName {
		at := e.at
		if at.IsZero() {
			at = p.now()
		}
		cells, err := h.desk.Cells(at)
		if err != nil {
			return nil, err
		}
		for _, cell := range cells {
			all = append(all, cell)
		}
	} else {
		all = h.desk.Records(c.kind(), e.at)
	}
	if c.kind() == grid.KindArea && c.Collection != cellsName && e.format != export.CSV {
		all = append(all, h.desk.Records(grid.KindBorder, e.at)...)
	}
	if e.box == nil {
		return all, nil
	}
	var in []grid.Record
	for _, r := range all {
		if export.Within(r, *e.box) {
			in = append(in, r)
		}
	}
	return in, nil
}

func writeCases(ctx context.Context, p *program, h *house, e *exporting, w io.Writer) (int, error) {
	x, err := export.NewWriter(w, e.format, grid.KindCase, export.Options{Name: casesName})
	if err != nil {
		return 0, err
	}
	n := 0
	b := p.newBar(casesName, 0)
	err = h.store.EachCase(ctx, e.query, func(c grid.Case) error {
		n++
		b.set(int64(n), "")
		return x.WriteCase(&c)
	})
	b.end()
	if err != nil {
		return n, err
	}
	return n, x.Close()
}

// replaceFile writes a file beside name and gives it that name when it is whole and
// on the disk: no reader sees half of it, and a failure leaves what was there. What is
// there and is no plain file, a pipe say, is written to as it is.
func replaceFile(name string, write func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%w: %s is a folder", errUsage, name)
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	part := fmt.Sprintf("%s.%d.part", name, os.Getpid())
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // the umask says who may read it, as of any file
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(part, name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}
