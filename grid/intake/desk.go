// Package intake is the path of a report, top to bottom: [Desk.Take] files one,
// [Desk.Preview] gives the same answer without filing, [Desk.Replay] gives an
// old one again.
//
// A Desk follows a change log and answers from an [Atlas] in memory, which is
// swapped as a whole; readers are never locked out. All methods are safe for
// concurrent use. What must never enter: SQL, HTTP, wire names.
package intake

import (
	"context"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"wangge/grid"
	"wangge/grid/calendar"
	"wangge/grid/codec"
)

// Options set up a Desk. Now and NewID are needed; Store may be nil for a desk
// that only previews.
type Options struct {
	Store  grid.Store
	Now    func() time.Time
	NewID  func(district string, at time.Time) grid.CaseID
	Policy calendar.Policy
	Logger *slog.Logger
}

// Desk answers reports and files them.
type Desk struct {
	o       Options
	log     grid.Log
	current atomic.Pointer[Atlas]

	mu      sync.Mutex // guards history and old
	history history
	old     []*Atlas // atlases of the past, last used first
}

// keepAtlases bounds the atlases of the past that stay in memory.
const keepAtlases = 4

// Open reads the log and builds the atlas of its head. An empty log is no error:
// such a desk answers Unavailable until [Desk.Refresh] finds a map.
func Open(ctx context.Context, log grid.Log, o Options) (*Desk, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Desk{o: o, log: log, history: history{policy: o.Policy}}
	return d, d.Refresh(ctx)
}

// Refresh follows the log to its head and swaps the atlas if the map, the duties
// or the calendar changed. When the new state cannot be built the old one stays.
func (d *Desk) Refresh(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed, err := d.history.read(ctx, d.log)
	if err != nil || (!changed && d.current.Load() != nil) {
		return err
	}
	a, err := d.history.build(len(d.history.changes))
	if err != nil {
		return err
	}
	d.current.Store(a)
	return nil
}

// Rehearse tells whether changes could be made: it builds what would be the map, the
// duties and the calendar with them. Nothing is kept.
func (d *Desk) Rehearse(changes []grid.Change) error {
	d.mu.Lock()
	h := history{
		changes: slices.Clone(d.history.changes), chains: slices.Clone(d.history.chains),
		head: d.history.head, policy: d.history.policy, drawn: slices.Clone(d.history.drawn),
	}
	d.mu.Unlock()
	now := d.o.Now()
	if n := len(h.changes); n > 0 && !now.After(h.changes[n-1].At) {
		now = h.changes[n-1].At.Add(time.Millisecond) // as a store would record it
	}
	for _, c := range changes {
		h.head++
		c.Seq, c.At = h.head, now
		if err := h.add(c); err != nil {
			return err
		}
	}
	_, err := h.build(len(h.changes))
	return err
}

// Version names the state that answers rest on now.
func (d *Desk) Version() grid.Version { return d.current.Load().version }

// Policy is how make-up working days are read.
func (d *Desk) Policy() calendar.Policy { return d.o.Policy }

// Preview answers a report without filing it. Faults of the report are an Invalid
// error with all of them.
func (d *Desk) Preview(ctx context.Context, r grid.Report, lang grid.Lang) (*grid.Certificate, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a, q, err := d.ask(&r)
	if err != nil {
		return nil, err
	}
	return a.certificate(&q, lang)
}

// Brief is Preview without the sentences: no id, steps or text. It fills c and uses
// again what c points at, so that a caller with many questions keeps one.
func (d *Desk) Brief(r *grid.Report, c *grid.Certificate) error {
	a, q, err := d.ask(r)
	if err != nil {
		return err
	}
	ans, _ := answers.Get().(*answer)
	defer answers.Put(ans)
	if err := a.answer(&q, ans); err != nil {
		return err
	}
	ans.brief(c, grid.ZH)
	return nil
}

var answers = sync.Pool{New: func() any { return new(answer) }}

// Try tells whether [Desk.Take] would take a report: nil, or an Invalid error with
// all its faults. Nothing is filed.
func (d *Desk) Try(r *grid.Report) error {
	if faults := checkFiling(r); len(faults) > 0 {
		return invalid(append(Check(r), faults...))
	}
	var c grid.Certificate
	return d.Brief(r, &c)
}

// Take files a report: check, position, place, hotspots, duty, certificate, and
// durable storage before it returns. A key seen before gives the first case.
func (d *Desk) Take(ctx context.Context, r grid.Report) (grid.Filed, error) {
	filed, err := d.TakeAll(ctx, []grid.Report{r})
	if err != nil {
		return grid.Filed{}, err
	}
	return filed[0], nil
}

// TakeAll files reports in one batch, all or none.
func (d *Desk) TakeAll(ctx context.Context, rs []grid.Report) ([]grid.Filed, error) {
	if d.o.Store == nil {
		return nil, &grid.Error{Kind: grid.Unavailable, Op: "file case", Msg: "this desk has no store to file in", MsgZH: "未配置存储，无法立案"}
	}
	cases := make([]grid.Case, len(rs))
	workers := min(runtime.GOMAXPROCS(0), 1+len(rs)/draftsEach)
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error {
			for i := w * len(rs) / workers; i < (w+1)*len(rs)/workers; i++ {
				if err := d.draft(&rs[i], &cases[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i := range cases { // here, so that ids sort as the reports came
		cases[i].ID = d.o.NewID(cases[i].District, cases[i].FiledAt)
	}
	return d.o.Store.File(ctx, cases...)
}

// draftsEach certificates are worth a goroutine of their own.
const draftsEach = 50

// draft answers a report and makes the case of it, all but its id.
func (d *Desk) draft(r *grid.Report, out *grid.Case) error {
	if faults := checkFiling(r); len(faults) > 0 {
		return invalid(append(Check(r), faults...))
	}
	a, q, err := d.ask(r)
	if err != nil {
		return err
	}
	c, err := a.certificate(&q, grid.ZH)
	if err != nil {
		return err
	}
	now := d.o.Now().UTC().Truncate(time.Millisecond)
	*out = grid.Case{
		District: a.district(now), Report: *r,
		Certificate: codec.AppendCertificate(nil, c),
		Located:     c.Located, Point: c.Point, Category: c.Category.Code, Standing: c.Standing,
		State: grid.StateFiled, At: q.Asked.At, FiledAt: now, Due: c.Due,
	}
	out.Report.At = q.Asked.At
	if c.Place != nil {
		out.Street, out.Cell, out.Hex = c.Place.Street.Code, c.Place.Cell, c.Place.Hex
	}
	for _, h := range c.Hotspots {
		out.Hotspots = append(out.Hotspots, h.ID)
	}
	if c.Lead != nil {
		out.Lead = c.Lead.ID
	}
	return nil
}

// district is the one whose map is in force, for the keys of cases.
func (a *Atlas) district(now time.Time) string {
	if m := a.mapAt(now); m != nil {
		return m.District.Code
	}
	return "000000"
}

// Replay gives the certificate of an id again. An id that no state of this log
// gave is NotFound, one that is damaged is Invalid.
func (d *Desk) Replay(_ context.Context, id string, lang grid.Lang) (*grid.Certificate, error) {
	q, err := codec.ParseID(id)
	if err != nil {
		return nil, &grid.Error{Kind: grid.Invalid, Op: "replay certificate", Msg: "this is not a certificate's id", MsgZH: "证书编号无效", Err: err}
	}
	a, err := d.atlas(q.Seq, q.Hash)
	if err != nil {
		return nil, err
	}
	return a.certificate(&q, lang)
}

// atlas returns the atlas of a state of the log, building it again if need be.
func (d *Desk) atlas(seq int64, hash uint32) (*Atlas, error) {
	if a := d.current.Load(); a.seq == seq && a.hash == hash {
		return a, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, a := range d.old {
		if a.seq == seq && a.hash == hash {
			d.old = append([]*Atlas{a}, slices.Delete(d.old, i, i+1)...)
			return a, nil
		}
	}
	n := d.history.upTo(seq)
	if _, s, h := d.history.versionOf(n); n == 0 || s != seq || h != hash {
		return nil, &grid.Error{
			Kind: grid.NotFound, Op: "replay certificate",
			Msg: "the map that this certificate rests on is not in this store", MsgZH: "本库中没有该证书所依据的地图版本",
		}
	}
	a, err := d.history.build(n)
	if err != nil {
		return nil, err
	}
	d.old = append([]*Atlas{a}, d.old...)
	if len(d.old) > keepAtlases {
		d.old = d.old[:keepAtlases]
	}
	return a, nil
}

// known returns the atlas as it was known at an instant.
func (d *Desk) known(t time.Time) (*Atlas, error) {
	d.mu.Lock()
	_, seq, hash := d.history.versionOf(d.history.knownAt(t))
	d.mu.Unlock()
	if seq == 0 {
		return nil, invalid([]grid.Fault{{At: "/known", Code: "known", Says: "nothing was recorded yet at that time", SaysZH: "该时点尚无任何记录"}})
	}
	return d.atlas(seq, hash)
}

// Records returns the records of a kind that are valid at an instant (zero: all of
// them), by key. Generated cells are not among the areas; see [Desk.Cells].
func (d *Desk) Records(kind grid.RecordKind, at time.Time) []grid.Record {
	a := d.current.Load()
	byKey := a.records[kind]
	keys := make([]string, 0, len(byKey))
	for k, r := range byKey {
		if at.IsZero() || grid.ValidOf(r).Holds(at) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	out := make([]grid.Record, len(keys))
	for i, k := range keys {
		out[i] = byKey[k]
	}
	return out
}
