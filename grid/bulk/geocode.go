package bulk

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strconv"
	"sync"

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
	count := Count{Standing: map[grid.Standing]int{}}
	meter := &metered{r: r}
	src, err := newTexts(meter)
	if err != nil {
		return count, err
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &line{ctx: ctx, ask: ask, o: o, meter: meter, todo: make(chan *texting, 2*o.Workers), order: make(chan *texting, 2*o.Workers)}
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(l.work)
	}
	go l.read(src)
	err = l.write(w, &count)
	cancel()
	workers.Wait()
	return count, err
}

// textsAtOnce are answered by one worker in one go.
const textsAtOnce = 128

// line runs between the reader, the workers and the writer.
type line struct {
	ctx         context.Context //nolint:containedctx // lives as long as one call
	ask         Geocoder
	o           GeocodeOptions
	meter       *metered
	todo, order chan *texting
	failed      error // of the reader; good once order is closed
}

// texting is some texts, and their answer once done is closed.
type texting struct {
	words    []words
	bytes    int64
	out      []byte
	problems int
	standing map[grid.Standing]int
	done     chan struct{}
}

func (l *line) read(src *texts) {
	defer close(l.order)
	defer close(l.todo)
	for l.failed == nil {
		t := &texting{standing: map[grid.Standing]int{}, done: make(chan struct{})}
		for len(t.words) < textsAtOnce && (len(t.words) == 0 || src.waiting()) {
			var w words
			if w, l.failed = src.next(); l.failed != nil {
				break
			}
			t.words = append(t.words, w)
		}
		if t.bytes = l.meter.n; len(t.words) == 0 {
			break
		}
		for _, c := range [...]chan *texting{l.order, l.todo} {
			select {
			case c <- t:
			case <-l.ctx.Done():
				l.failed = l.ctx.Err()
				return
			}
		}
	}
	if errors.Is(l.failed, io.EOF) {
		l.failed = nil
	}
}

func (l *line) work() {
	for {
		select {
		case t, ok := <-l.todo:
			if !ok {
				return
			}
			l.answer(t)
			close(t.done)
		case <-l.ctx.Done():
			return
		}
	}
}

func (l *line) answer(t *texting) {
	for i := range t.words {
		w := &t.words[i]
		var g grid.Geocoding
		var err error
		if w.fault != nil {
			err = refused([]grid.Fault{*w.fault})
		} else {
			g, err = l.ask(w.text, w.street)
		}
		if err != nil {
			t.problems++
			t.out = strconv.AppendInt(append(t.out, `{"line":`...), int64(w.line), 10)
			t.out = append(l.o.Problem(append(t.out, `,"problem":`...), err), '}', '\n')
			continue
		}
		t.standing[g.Standing]++
		t.out = append(codec.AppendGeocoding(t.out, &g), '\n')
	}
}

func (l *line) write(w io.Writer, count *Count) error {
	for {
		var t *texting
		var ok bool
		select {
		case t, ok = <-l.order:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
		if !ok {
			return l.failed
		}
		select {
		case <-t.done:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
		if _, err := w.Write(t.out); err != nil {
			return err
		}
		count.Reports += len(t.words)
		count.Problems += t.problems
		count.Bytes = t.bytes
		for s, n := range t.standing {
			count.Standing[s] += n
		}
		if l.o.Sent != nil {
			if err := l.o.Sent(*count); err != nil {
				return err
			}
		}
	}
}
