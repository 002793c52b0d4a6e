package bulk

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strconv"
	"sync"

	"wangge/grid"
)

// Count is how far a stream has come.
type Count struct {
	Reports  int
	Problems int // of them
	Bytes    int64
	Standing map[grid.Standing]int
}

// belt runs between a reader, workers and a writer: batches are read in order, answered
// at the same time, and written in order. Pieces go round, so that memory does not grow.
type belt[B any] struct {
	ctx     context.Context  //nolint:containedctx // lives as long as one call
	fill    func(b *B) error // reads the next batch; io.EOF behind the last
	answer  func(p *piece[B])
	problem func(dst []byte, err error) []byte
	sent    func(Count) error // may be nil
	meter   *metered          // the reader's

	todo, order, free chan *piece[B]
	failed            error // of the reader; good once order is closed
}

// piece is a batch on the belt, with its answer.
type piece[B any] struct {
	batch    B
	bytes    int64 // of the input when the batch had been read
	out      []byte
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

// run moves the belt until the input ends, with so many workers; 0: as many as there are
// processors. When ctx ends while the reader blocks, a goroutine stays until it returns.
func (l *belt[B]) run(w io.Writer, workers int) (Count, error) {
	count := Count{Standing: map[grid.Standing]int{}}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	l.ctx = ctx
	l.todo, l.order, l.free = make(chan *piece[B], 2*workers), make(chan *piece[B], 2*workers), make(chan *piece[B], 3*workers)
	for range cap(l.free) {
		l.free <- &piece[B]{standing: map[grid.Standing]int{}, done: make(chan struct{}, 1)}
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(l.work)
	}
	go l.read()
	err := l.write(w, &count)
	cancel()
	all.Wait()
	return count, err
}

func (l *belt[B]) read() {
	defer close(l.order)
	defer close(l.todo)
	for {
		var p *piece[B]
		select {
		case p = <-l.free:
		case <-l.ctx.Done():
			l.failed = l.ctx.Err()
			return
		}
		if err := l.fill(&p.batch); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			l.failed = err
			return
		}
		p.bytes = l.meter.n
		for _, c := range [...]chan *piece[B]{l.order, l.todo} {
			select {
			case c <- p:
			case <-l.ctx.Done():
				l.failed = l.ctx.Err()
				return
			}
		}
	}
}

func (l *belt[B]) work() {
	for {
		select {
		case p, ok := <-l.todo:
			if !ok {
				return
			}
			p.out, p.reports, p.problems = p.out[:0], 0, 0
			clear(p.standing)
			l.answer(p)
			p.done <- struct{}{}
		case <-l.ctx.Done():
			return
		}
	}
}

// refuse writes what is wrong with a line in place of its answer.
func (l *belt[B]) refuse(p *piece[B], line int, err error) {
	p.problems++
	p.out = strconv.AppendInt(append(p.out, `{"line":`...), int64(line), 10)
	p.out = append(l.problem(append(p.out, `,"problem":`...), err), '}', '\n')
}

func (l *belt[B]) write(w io.Writer, count *Count) error {
	for {
		var p *piece[B]
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
		count.Reports += p.reports
		count.Problems += p.problems
		count.Bytes = p.bytes
		for s, n := range p.standing {
			count.Standing[s] += n
		}
		l.free <- p // there is room: no more pieces than it holds
		if l.sent != nil {
			if err := l.sent(*count); err != nil {
				return err
			}
		}
	}
}
