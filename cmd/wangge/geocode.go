package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"wangge/api"
	"wangge/grid"
	"wangge/grid/bulk"
	"wangge/grid/codec"
)

type geocodeCommand struct {
	mapFlags `embed:""`

	Text     string   `help:"The caller's words. Without them standard input is answered: a text a line, NDJSON or CSV."`
	Street   string   `placeholder:"CODE" help:"The street office's area that the place is more likely in."`
	Limit    int      `default:"8" help:"At most so many candidates."`
	JSON     bool     `name:"json" help:"Print the answer as a line of JSON."`
	Evaluate string   `placeholder:"FILE.csv" type:"existingfile" help:"Measure with texts whose place is known: columns address, lon, lat, street_code."`
	Floor    *float64 `placeholder:"PERCENT" help:"With --evaluate: fail when fewer streets are right."`
}

func (c *geocodeCommand) run(ctx context.Context, p *program, lang languages) error {
	switch {
	case c.Limit < 1:
		return fmt.Errorf("%w: --limit is 1 or more", errUsage)
	case c.Evaluate != "" && c.Text != "":
		return fmt.Errorf("%w: --evaluate or --text, not both", errUsage)
	case c.Floor != nil && c.Evaluate == "":
		return fmt.Errorf("%w: --floor goes with --evaluate", errUsage)
	}
	h, err := p.openMap(ctx, &c.mapFlags)
	if err != nil {
		return err
	}
	ask := func(text, focus string) (grid.Geocoding, error) {
		if focus == "" {
			focus = c.Street
		}
		g, err := h.desk.Geocoding(text, focus, lang.answer)
		g.Candidates = g.Candidates[:min(len(g.Candidates), c.Limit)]
		return g, err
	}
	switch {
	case c.Evaluate != "":
		err = c.measure(p, ask, lang.message)
	case c.Text != "":
		err = c.one(p, ask, lang.answer)
	default:
		err = c.stream(ctx, p, ask, lang.message)
	}
	return errors.Join(err, h.Close())
}

func (c *geocodeCommand) measure(p *program, ask bulk.Geocoder, lang grid.Lang) error {
	rows, err := readWanted(c.Evaluate)
	if err != nil {
		return err
	}
	e, err := evaluate(rows, ask)
	if err != nil {
		return err
	}
	if err := e.write(p.out, lang); err != nil {
		return err
	}
	if c.Floor != nil && 100*e.street.part() < *c.Floor {
		p.say(inLang(lang, "街道正确率低于 %g %%", "fewer than %g %% of the streets are right"), *c.Floor)
		return quiet{errors.New("below the floor")}
	}
	return nil
}

// one answers the words of the flags, for a reader or as a line.
func (c *geocodeCommand) one(p *program, ask bulk.Geocoder, lang grid.Lang) error {
	if f := bulk.CheckText(c.Text); f != nil {
		return &grid.Error{Kind: grid.Invalid, Msg: f.Says, MsgZH: f.SaysZH}
	}
	g, err := ask(c.Text, "")
	if err != nil {
		return err
	}
	if c.JSON {
		_, err := p.out.Write(append(codec.AppendGeocoding(nil, &g), '\n'))
		return err
	}
	w := bufio.NewWriter(p.out)
	_, _ = fmt.Fprintln(w, standingWords(g.Standing, lang)) // Flush tells the error
	if g.Question != "" {
		_, _ = fmt.Fprintf(w, "? %s\n", g.Question)
	}
	for i := range g.Candidates {
		k := &g.Candidates[i]
		street := inLang(lang, k.Street.Name, k.Street.NameEN)
		if k.Street.Code == "" {
			street = inLang(lang, "区外", "outside the district")
		}
		_, _ = fmt.Fprintf(w, "%3.0f %%  %-8s %s  %s  %.6f,%.6f ±%.0f m\n", 100*k.Confidence, k.How, k.Label, street, k.At[0], k.At[1], k.Error)
		if k.Doubt != "" {
			_, _ = fmt.Fprintf(w, "       ! %s\n", k.Doubt)
		}
	}
	if k := g.Category; k != nil {
		_, _ = fmt.Fprintf(w, inLang(lang, "类别（建议）：%s %v\n", "category (proposed): %s %v\n"), inLang(lang, k.Name, k.NameEN), k.Words)
	}
	return w.Flush()
}

func standingWords(s grid.Standing, lang grid.Lang) string {
	if s == grid.Located {
		return inLang(lang, "已定位", "located")
	}
	if s == grid.Choice {
		return inLang(lang, "需要确认", "a choice")
	}
	if s == grid.Outside {
		return inLang(lang, "不在本区", "outside the district")
	}
	return inLang(lang, "文字中未识别出地点", "the text names no place")
}

// stream answers standard input, in order; it does not hold it.
func (c *geocodeCommand) stream(ctx context.Context, p *program, ask bulk.Geocoder, lang grid.Lang) error {
	return p.stream(lang, inLang(lang, "文字", "texts"), nil, func(w io.Writer, sent func(bulk.Count) error) (bulk.Count, error) {
		return bulk.Geocode(ctx, ask, p.in, w, bulk.GeocodeOptions{Problem: api.AppendProblem, Sent: sent})
	})
}
