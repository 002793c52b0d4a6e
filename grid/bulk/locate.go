package bulk

import (
	"context"
	"io"

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

// Locate answers a stream of reports, NDJSON or CSV as [load.NewBatches] reads them,
// with NDJSON: a certificate for a report, in order, and for one that cannot be
// answered its line and what is wrong. An answer is written as soon as it and all
// before it are ready; nothing waits for the input to end.
//
// The error is that of reading, of writing, of Sent, or ctx's. The count tells what
// was written. When ctx ends while r blocks, a goroutine stays until r returns.
func Locate(ctx context.Context, d Answerer, r io.Reader, w io.Writer, o LocateOptions) (Count, error) {
	meter := &metered{r: r}
	src, err := load.NewBatches(meter)
	if err != nil {
		return Count{Standing: map[grid.Standing]int{}}, err
	}
	l := &locating{desk: d, o: o}
	l.belt = belt[located]{
		ctx: ctx, meter: meter, problem: o.Problem, sent: o.Sent, answer: l.answer,
		fill: func(b *located) error { return src.Next(&b.Batch) },
	}
	return l.run(w, o.Workers)
}

// locating is a belt of reports.
type locating struct {
	belt[located]
	desk Answerer
	o    LocateOptions
}

// located is a batch of reports, with a certificate that is filled again and again.
type located struct {
	load.Batch
	brief grid.Certificate
}

func (l *locating) answer(p *piece[located]) {
	_ = p.batch.Each(func(n int, rep grid.Report, faults []grid.Fault) error {
		p.reports++
		c, err := l.certificate(p, &rep, faults)
		if err != nil {
			l.refuse(p, n, err)
			return l.ctx.Err()
		}
		if l.o.Brief {
			p.out = codec.AppendBrief(p.out, &rep, c)
		} else {
			p.out = codec.AppendCertificate(p.out, c)
		}
		p.out = append(p.out, '\n')
		p.standing[c.Standing]++
		return l.ctx.Err()
	})
}

func (l *locating) certificate(p *piece[located], r *grid.Report, faults []grid.Fault) (*grid.Certificate, error) {
	if len(faults) > 0 {
		return nil, refused(faults)
	}
	if l.o.Brief {
		return &p.batch.brief, l.desk.Brief(r, &p.batch.brief)
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
