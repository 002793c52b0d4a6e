package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/paulmach/orb"

	"wangge/api"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/bulk"
	"wangge/grid/codec"
)

type locateCommand struct {
	mapFlags `embed:""`

	Lon      *float64 `help:"Longitude in degrees. With --lat and --datum."`
	Lat      *float64 `help:"Latitude in degrees."`
	Datum    string   `help:"What the coordinates are: wgs84, cgcs2000, gcj02 (AMap) or bd09 (Baidu)."`
	Accuracy float64  `name:"accuracy-m" aliases:"accuracy" help:"How far the point may be off, in metres."`
	Text     string   `help:"The caller's words, in place of a point or beside it."`
	Address  string   `help:"An address, in place of a point."`
	Category string   `help:"The category's code; without it one is proposed from the words."`
	At       string   `placeholder:"TIME" help:"When it was seen, RFC 3339; now without it."`
	Known    string   `placeholder:"TIME" help:"Answer as it was known at this time, RFC 3339."`
	JSON     bool     `name:"json" help:"Print the certificate as JSON, not its paragraph and steps."`
	Brief    bool     `help:"For a stream: codes only, without sentences."`
}

func (c *locateCommand) run(ctx context.Context, p *program, lang languages) error {
	stream := c.Lon == nil && c.Lat == nil && c.Text == "" && c.Address == ""
	var rep grid.Report
	if !stream {
		var err error
		if rep, err = c.report(); err != nil {
			return err
		}
	} else if c.Category != "" || c.At != "" || c.Known != "" || c.Datum != "" || c.Accuracy != 0 {
		return fmt.Errorf("%w: a stream says category, time, datum and accuracy in its lines; or give --lon and --lat, --text or --address", errUsage)
	}
	h, err := p.openMap(ctx, &c.mapFlags)
	if err != nil {
		return err
	}
	if stream {
		err = c.stream(ctx, p, h, lang)
	} else {
		err = c.one(ctx, p, h, rep, lang)
	}
	return errors.Join(err, h.Close())
}

// report is what the flags say.
func (c *locateCommand) report() (grid.Report, error) {
	r := grid.Report{Category: c.Category, Text: c.Text, Address: c.Address, Accuracy: c.Accuracy}
	if (c.Lon == nil) != (c.Lat == nil) {
		return r, fmt.Errorf("%w: --lon and --lat come together", errUsage)
	}
	if c.Lon != nil {
		r.Located, r.Point = true, orb.Point{*c.Lon, *c.Lat}
	}
	if c.Datum != "" {
		d, err := datum.Parse(c.Datum)
		if err != nil {
			return r, fmt.Errorf("%w: --datum: %w", errUsage, err)
		}
		r.Datum = d
	}
	var err error
	if r.At, err = parseTime("--at", c.At); err != nil {
		return r, err
	}
	r.Known, err = parseTime("--known", c.Known)
	return r, err
}

func parseTime(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("%w: %s: a time is written like 2013-05-03T08:40:00+08:00 (RFC 3339)", errUsage, flag)
	}
	return t, nil
}

// one answers for the flags.
func (c *locateCommand) one(ctx context.Context, p *program, h *house, r grid.Report, lang languages) error {
	cert, err := h.desk.Preview(ctx, r, lang.answer)
	if err != nil {
		return err
	}
	if c.JSON {
		_, err = p.out.Write(append(codec.AppendCertificate(nil, cert), '\n'))
		return err
	}
	w := bufio.NewWriter(p.out)
	_, _ = fmt.Fprintf(w, "%s\n\n", cert.Text) // Flush tells the error
	for _, s := range cert.Steps {
		mark := " "
		if s.Won != nil {
			mark = map[bool]string{true: "✓", false: "·"}[*s.Won]
		}
		_, _ = fmt.Fprintf(w, "%s %-8s %s\n", mark, s.Step, s.Says)
	}
	_, _ = fmt.Fprintf(w, "\n%s\n", cert.ID)
	return w.Flush()
}

// stream answers standard input. It does not wait for its end, nor hold it.
func (c *locateCommand) stream(ctx context.Context, p *program, h *house, lang languages) error {
	contested := func(n bulk.Count) string { return fmt.Sprintf(", %d contested", n.Standing[grid.Contested]) }
	return p.stream(lang.message, inLang(lang.message, "上报", "reports"), contested, func(w io.Writer, sent func(bulk.Count) error) (bulk.Count, error) {
		return bulk.Locate(ctx, h.desk, p.in, w, bulk.LocateOptions{
			Lang: lang.answer, Brief: c.Brief, Problem: api.AppendProblem, Sent: sent,
		})
	})
}
