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
	"wangge/grid/load"
)

// Answerer is the part of a desk that answers. *intake.Desk is one.
type Answerer interface {
	Preview(ctx context.Context, r grid.Report, lang grid.Lang) (*grid.Certificate, error)
	Brief(r *grid.Report, c *grid.Certificate) error
}

// LocateOptions say how a stream is answered.
type LocateOptions struct {
	Lang  grid.Lang
	Brief bool // codes only, without sentences

	// Problem appends what is wrong with a report as a JSON object.
	Problem func(dst []byte, err error) []byte
	// Sent, when set, is told after each batch that was written. It runs on the caller's
	// goroutine.
	Sent func(Count) error
	// Workers answer at the same time; 0: as many as there are processors.
	Workers int
}

// Count is how far a stream has come.
type Count struct {
	Reports  int
	Problems int // of them
	Bytes    int64
	Standing map[grid.Standing]int
}

// Locate answers a stream of reports, NDJSON or CSV as [load.NewBatches] reads them,
// with NDJSON: a certificate for a report, in order, and for one that cannot be
// answered its line and what is wrong. An answer is written as soon as it and all
// before it are ready; nothing waits for the input to end.
//
// The error is that of reading, of writing, of Sent, or ctx's. The count tells what
// was written. When ctx ends while r blocks, a goroutine stays until r returns.
func Locate(ctx context.Context, d Answerer, r io.Reader, w io.Writer, o LocateOptions) (Count, error) {
	count := Count{Standing: map[grid.Standing]int{}}
	meter := &metered{r: r}
	src, err := load.NewBatches(meter)
	if err != nil {
		return count, err
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &belt{
		ctx: ctx, desk: d, o: o, meter: meter,
		todo: make(chan *piece, 2*o.Workers), order: make(chan *piece, 2*o.Workers), free: make(chan *piece, 3*o.Workers),
	}
	for range cap(l.free) {
		l.free <- &piece{done: make(chan struct{}, 1)}
	}
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

// belt runs between the reader, the workers and the writer.
type belt struct {
	ctx         context.Context //nolint:containedctx // lives as long as one call
	desk        Answerer
	o           LocateOptions
	meter       *metered // the reader's
	todo, order chan *piece
	free        chan *piece
	failed      error // of the reader; good once order is closed
}

// piece is a batch on the belt, with its answer.
type piece struct {
	batch    load.Batch
	bytes    int64 // of the input when the batch had been read
	out      []byte
	brief    grid.Certificate
	reports  int
	problems int
	standing map[grid.Standing]int
	done     chan struct{}
}

// metered counts the bytes that were read.
type metered struct {
	r io.Reader
	n int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.n += int64(n)
	return n, err
}

func (l *belt) read(src *load.Batches) {
	defer close(l.order)
	defer close(l.todo)
	for {
		var p *piece
		select {
		case p = <-l.free:
		case <-l.ctx.Done():
			l.failed = l.ctx.Err()
			return
		}
		if err := src.Next(&p.batch); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			l.failed = err
			return
		}
		p.bytes = l.meter.n
		for _, c := range [...]chan *piece{l.order, l.todo} {
			select {
			case c <- p:
			case <-l.ctx.Done():
				l.failed = l.ctx.Err()
				return
			}
		}
	}
}

func (l *belt) work() {
	for {
		select {
		case p, ok := <-l.todo:
			if !ok {
				return
			}
			l.answer(p)
			p.done <- struct{}{}
		case <-l.ctx.Done():
			return
		}
	}
}

func (l *belt) answer(p *piece) {
	p.out, p.reports, p.problems = p.out[:0], 0, 0
	if p.standing == nil {
		p.standing = map[grid.Standing]int{}
	}
	clear(p.standing)
	_ = p.batch.Each(func(n int, rep grid.Report, faults []grid.Fault) error {
		p.reports++
		c, err := l.certificate(p, &rep, faults)
		switch {
		case err != nil:
			p.problems++
			p.out = strconv.AppendInt(append(p.out, `{"line":`...), int64(n), 10)
			p.out = append(l.o.Problem(append(p.out, `,"problem":`...), err), '}')
		case l.o.Brief:
			p.out = codec.AppendBrief(p.out, &rep, c)
		default:
			p.out = codec.AppendCertificate(p.out, c)
		}
		if err == nil {
			p.standing[c.Standing]++
		}
		p.out = append(p.out, '\n')
		return l.ctx.Err()
	})
}

func (l *belt) certificate(p *piece, r *grid.Report, faults []grid.Fault) (*grid.Certificate, error) {
	if len(faults) > 0 {
		return nil, refused(faults)
	}
	if l.o.Brief {
		return &p.brief, l.desk.Brief(r, &p.brief)
	}
	return l.desk.Preview(l.ctx, *r, l.o.Lang)
}

func refused(faults []grid.Fault) error {
	e := &grid.Error{Kind: grid.Invalid, Op: "read report", Msg: "the report has faults", MsgZH: "上报内容有误", Faults: faults}
	if faults[0].Code == "long" {
		e.Kind = grid.TooLarge
	}
	return e
}

func (l *belt) write(w io.Writer, count *Count) error {
	for {
		var p *piece
		var ok bool
		select {
		case p, ok = <-l.order:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
		if !ok {
			return l.failed
		}
		select {
		case <-p.done:
		case <-l.ctx.Done():
			return l.ctx.Err()
		}
		if _, err := w.Write(p.out); err != nil {
			return err
		}
		count.add(p)
		l.free <- p // there is room: no more pieces than it holds
		if l.o.Sent != nil {
			if err := l.o.Sent(*count); err != nil {
				return err
			}
		}
	}
}

func (c *Count) add(p *piece) {
	c.Reports += p.reports
	c.Problems += p.problems
	c.Bytes = p.bytes
	for s, n := range p.standing {
		c.Standing[s] += n
	}
}
