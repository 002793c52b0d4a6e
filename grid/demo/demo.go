// Package demo fills an empty store with synthetic reports for the demonstration:
// a year of stalls, parking, rubbish and broken covers, where and when such things
// are found. Every text ends with [Label] and every key begins with [KeyPrefix].
//
// What must never enter: real reports, people, anything that decides.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"wangge/geo/datum"
	"wangge/grid"
)

const (
	// Label ends the text of every synthetic report.
	Label = "（模拟数据）"
	// KeyPrefix begins the key of every synthetic report; the day and six digits follow.
	KeyPrefix = "DEMO-"
)

// batchSize reports are filed at a time.
const batchSize = 500

// Filer is the part of a desk that is filled. *intake.Desk is one.
type Filer interface {
	// Records returns the records of a kind that are valid at an instant, in a fixed order.
	Records(kind grid.RecordKind, at time.Time) []grid.Record
	// TakeAll files reports in one batch, all or none.
	TakeAll(ctx context.Context, rs []grid.Report) ([]grid.Filed, error)
}

// Options say what is filled in. The same End, Seed, number and map give the same reports.
type Options struct {
	End  time.Time // the reports lie in the year before it
	Seed uint64

	// Progress, when set, is told how many are filed, after each batch.
	Progress func(done int)
}

// Fill files n synthetic reports, oldest first, in the memory of one day's. Below 1
// there is nothing to do. Invalid when the map holds none of the places and
// categories that they need; a store that fails stops it between two batches.
func Fill(ctx context.Context, desk Filer, n int, o Options) error {
	if n < 1 {
		return nil
	}
	o.End = o.End.In(grid.Zone).Truncate(time.Second)
	w, err := newWorld(desk, o.End)
	if err != nil {
		return err
	}
	f := filling{
		desk: desk, o: o, world: w,
		rnd:   rand.New(rand.NewPCG(o.Seed, 0)), //nolint:gosec // a demonstration, drawn again from its seed
		batch: make([]grid.Report, 0, batchSize),
	}
	days, total := f.days()
	weight := 0.0
	for _, d := range days {
		weight += d.weight
		upTo := int(float64(n)*weight/total + 0.5)
		if err := f.day(ctx, d, upTo-f.made); err != nil {
			return err
		}
	}
	return f.flush(ctx)
}

// filling is one run of Fill.
type filling struct {
	desk  Filer
	o     Options
	world *world
	rnd   *rand.Rand

	today       []moment
	batch       []grid.Report
	made, filed int
}

// day is a day of Asia/Shanghai, or what of it lies in the year.
type day struct {
	date     string // yyyyMMdd
	from, to time.Time
	season   season
	weight   float64
}

// moment is when something was seen.
type moment struct {
	at    time.Time
	scene *scene
}

// days lists the year before End with the weight of each day, and their sum.
func (f *filling) days() ([]day, float64) {
	start := f.o.End.AddDate(-1, 0, 0)
	var days []day
	total := 0.0
	y, m, first := start.Date()
	for t := time.Date(y, m, first, 0, 0, 0, 0, grid.Zone); t.Before(f.o.End); t = t.AddDate(0, 0, 1) {
		d := day{date: t.Format("20060102"), from: t, to: t.AddDate(0, 0, 1), season: f.world.seasonOf(t)}
		if d.from.Before(start) {
			d.from = start
		}
		if d.to.After(f.o.End) {
			d.to = f.o.End
		}
		d.weight = f.world.scenes[d.season].total() * d.to.Sub(d.from).Hours() / 24
		total += d.weight
		days = append(days, d)
	}
	return days, total
}

// day makes n reports of one day and files them by the batch.
func (f *filling) day(ctx context.Context, d day, n int) error {
	f.today = f.today[:0]
	for range n {
		s := &scenes[f.world.scenes[d.season].pick(f.rnd)]
		f.today = append(f.today, moment{f.momentOf(d, s), s})
	}
	slices.SortStableFunc(f.today, func(a, b moment) int { return a.at.Compare(b.at) })
	for i, m := range f.today {
		f.batch = append(f.batch, f.report(fmt.Sprintf("%s%s%06d", KeyPrefix, d.date, i+1), m))
		f.made++
		if len(f.batch) == batchSize {
			if err := f.flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// momentOf draws a second of the day by the hours of the scene. Of a day of which the
// year holds only hours that the scene does not know, any second will do.
func (f *filling) momentOf(d day, s *scene) time.Time {
	y, m, date := d.from.Date()
	for range 50 {
		hour := f.world.hours[s.hours].pick(f.rnd)
		at := time.Date(y, m, date, hour, f.rnd.IntN(60), f.rnd.IntN(60), 0, grid.Zone)
		if !at.Before(d.from) && at.Before(d.to) {
			return at
		}
	}
	return d.from.Add(time.Duration(f.rnd.Int64N(int64(d.to.Sub(d.from)/time.Second))) * time.Second)
}

// report makes the report of a moment: somewhere, by someone, in their datum.
func (f *filling) report(key string, m moment) grid.Report {
	spots := f.world.spots[m.scene.where]
	spot := &spots.list[spots.pick(f.rnd)]
	from := &channels[f.world.channels.pick(f.rnd)]
	if m.scene.where == nowhere || (from.camera && !m.scene.onCamera()) {
		from = &channels[0]
	}
	r := grid.Report{
		Key: key, Source: from.source, Category: m.scene.category, At: m.at,
		Text: from.opens + spot.name + m.scene.says[f.rnd.IntN(len(m.scene.says))] + Label,
	}
	if m.scene.where == nowhere || (spot.named && f.rnd.Float64() < from.wordsOnly) {
		r.Category = "" // left to be proposed from the words
		return r
	}
	r.Located, r.Datum = true, datum.GCJ02
	if f.rnd.Float64() < from.otherDatum {
		r.Datum = from.datum
	}
	p := datum.FromWGS84(f.world.within(f.rnd, spot), r.Datum)
	r.Point = round(p)
	r.Accuracy = float64(from.accuracy[0] + f.rnd.IntN(from.accuracy[1]-from.accuracy[0]+1))
	return r
}

// flush files the batch and tells how many are filed.
func (f *filling) flush(ctx context.Context) error {
	if len(f.batch) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := f.desk.TakeAll(ctx, f.batch); err != nil {
		return fmt.Errorf("demo: after %d reports: %w", f.filed, err)
	}
	f.filed += len(f.batch)
	clear(f.batch)
	f.batch = f.batch[:0]
	if f.o.Progress != nil {
		f.o.Progress(f.filed)
	}
	return nil
}
