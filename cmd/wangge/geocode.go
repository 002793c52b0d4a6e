package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

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
	w := bufio.NewWriterSize(p.out, 256<<10)
	b := p.newBar(inLang(lang, "文字", "texts"), 0)
	size, began := sizeOf(p.in), p.now()
	count, err := bulk.Geocode(ctx, ask, p.in, w, bulk.GeocodeOptions{
		Problem: api.AppendProblem,
		Sent: func(n bulk.Count) error {
			b.set(int64(n.Reports), pace(n, size, p.now().Sub(began)))
			if b.w != nil || size == 0 { // somebody may be waiting for each answer
				return w.Flush()
			}
			return nil
		},
	})
	b.end()
	if err = errors.Join(err, w.Flush()); err != nil {
		return err
	}
	if count.Problems > 0 {
		p.say(inLang(lang, "共 %d 条，其中 %d 条有误（见输出中的 problem）", "%d texts, %d of them with problems (see problem in the output)"), count.Reports, count.Problems)
		return quiet{errors.New("some texts have problems")}
	}
	return nil
}

func pace(n bulk.Count, size int64, took time.Duration) string {
	s := fmt.Sprintf("%.0f/s", float64(n.Reports)/max(took.Seconds(), 1e-3))
	if size > 0 {
		s += fmt.Sprintf(", %d %%", 100*n.Bytes/size)
	}
	return s
}
