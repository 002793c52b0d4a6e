package bulk

import (
	"context"
	"io"

	"wangge/grid"
	"wangge/grid/codec"
)

// Geocoder finds the places of a text; focus is the code of a street office's area, or
// "". It must be safe for concurrent use.
type Geocoder func(text, focus string) (grid.Geocoding, error)

// GeocodeOptions say how a stream of texts is answered.
type GeocodeOptions struct {
	// Problem appends what is wrong with a text as a JSON object.
	Problem func(dst []byte, err error) []byte
	// Sent, when set, is told after each batch that was written.
	Sent func(Count) error
	// Workers answer at the same time; 0: as many as there are processors.
	Workers int
}

// Geocode answers a stream of texts with NDJSON, a line for each, in order: NDJSON with
// text or address and perhaps street; CSV with such columns; else a text a line. For one
// that cannot be read the line is its number and what is wrong.
//
// The error is that of reading, of writing, of Sent, or ctx's. Memory does not grow with
// the input. When ctx ends while r blocks, a goroutine stays until r returns.
func Geocode(ctx context.Context, ask Geocoder, r io.Reader, w io.Writer, o GeocodeOptions) (Count, error) {
	meter := &metered{r: r}
	src, err := newTexts(meter)
	if err != nil {
		return Count{Standing: map[grid.Standing]int{}}, err
	}
	l := &geocoding{ask: ask}
	l.belt = belt[[]words]{
		ctx: ctx, meter: meter, problem: o.Problem, sent: o.Sent, answer: l.answer,
		fill: src.some,
	}
	return l.run(w, o.Workers)
}

// geocoding is a belt of texts.
type geocoding struct {
	belt[[]words]
	ask Geocoder
}

func (l *geocoding) answer(p *piece[[]words]) {
	for i := range p.batch {
		w := &p.batch[i]
		var g grid.Geocoding
		var err error
		if w.fault != nil {
			err = refused([]grid.Fault{*w.fault})
		} else {
			g, err = l.ask(w.text, w.street)
		}
		if p.reports++; err != nil {
			l.refuse(p, w.line, err)
			continue
		}
		p.standing[g.Standing]++
		p.out = append(codec.AppendGeocoding(p.out, &g), '\n')
	}
}

// textsAtOnce are answered by one worker in one go.
const textsAtOnce = 128

// some reads the texts that are there already, waiting only for the first.
func (s *texts) some(into *[]words) error {
	if s.failed != nil {
		return s.failed
	}
	*into = (*into)[:0]
	for len(*into) < textsAtOnce && (len(*into) == 0 || s.waiting()) {
		w, err := s.next()
		if err != nil && len(*into) > 0 {
			s.failed = err // told when these are answered
			return nil
		}
		if err != nil {
			return err
		}
		*into = append(*into, w)
	}
	return nil
}
