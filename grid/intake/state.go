package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"wangge/geo/address"
	"wangge/grid"
	"wangge/grid/calendar"
	"wangge/grid/codec"
	"wangge/grid/duty"
	"wangge/grid/hotspot"
	"wangge/grid/place"
)

// Atlas is the map, the duties and the calendar as known at one point of the
// change log. It is immutable and safe for concurrent use.
type Atlas struct {
	seq      int64
	hash     uint32
	version  grid.Version
	records  map[grid.RecordKind]map[string]grid.Record
	maps     []period
	numbers  place.Numbering
	calendar *calendar.Calendar
	hotspots *hotspot.Index
	duties   *duty.Book
	names    *address.Gazetteer
}

// period is the map from an instant to the next period's; m is nil when no street
// was valid then.
type period struct {
	from  time.Time
	m     *place.Map
	cells func() ([]grid.Area, error) // outlines, cut when first asked for
}

// chain is the hash of all changes of some kinds so far.
type chain struct {
	seq int64
	sum [sha256.Size]byte
}

// The kinds that an answer rests on. Backdrops and measures change no answer.
var chainOf = map[grid.RecordKind]int{
	grid.KindArea: 0, grid.KindBorder: 0, grid.KindHotspot: 0, grid.KindPlace: 0,
	grid.KindRoad: 0, grid.KindCrossing: 0, grid.KindDoor: 0,
	grid.KindDuty: 1, grid.KindCategory: 1, grid.KindUnit: 1,
	grid.KindDay: 2,
}

// history is the part of the change log that atlases are built from.
type history struct {
	changes []grid.Change
	chains  [][3]chain // after each change
	head    int64      // of the whole log, cases included
	policy  calendar.Policy
	drawn   []drawn // maps of some states, last drawn last
}

// drawn is the map after a change of the log; it is the same for all states until areas
// or borders change again.
type drawn struct {
	seq     int64
	maps    []period
	numbers place.Numbering // not to be changed
}

// keepDrawn bounds the maps that are kept to be used again.
const keepDrawn = 4

// read takes what the log has behind the head.
func (h *history) read(ctx context.Context, log grid.Log) (changed bool, err error) {
	for {
		batch, err := log.Changes(ctx, h.head, 1000)
		if err != nil {
			return changed, fmt.Errorf("read change log: %w", err)
		}
		if len(batch) == 0 {
			return changed, nil
		}
		for _, c := range batch {
			h.head = c.Seq
			if c.Kind == grid.KindCase {
				continue
			}
			if err := h.add(c); err != nil {
				return changed, err
			}
			changed = true
		}
	}
}

func (h *history) add(c grid.Change) error {
	var now [3]chain
	if n := len(h.chains); n > 0 {
		now = h.chains[n-1]
	}
	if i, ok := chainOf[c.Kind]; ok {
		var body []byte
		if !c.Deleted {
			var err error
			if body, err = codec.EncodeRecord(c.Record); err != nil {
				return err
			}
		}
		buf := append([]byte(nil), now[i].sum[:]...)
		buf = append(buf, string(c.Kind)+"\x00"+c.Key+"\x00"...)
		sum := sha256.Sum256(append(buf, body...))
		now[i] = chain{seq: c.Seq, sum: sum}
	}
	h.changes = append(h.changes, c)
	h.chains = append(h.chains, now)
	return nil
}

// upTo returns how many changes have Seq ≤ seq.
func (h *history) upTo(seq int64) int {
	n, _ := slices.BinarySearchFunc(h.changes, seq+1, func(c grid.Change, s int64) int { return cmp.Compare(c.Seq, s) })
	return n
}

// knownAt returns how many changes had been recorded at an instant.
func (h *history) knownAt(t time.Time) int {
	n := len(h.changes)
	for n > 0 && h.changes[n-1].At.After(t) {
		n--
	}
	return n
}

// versionOf returns the version after n changes, and the id's seq and hash.
func (h *history) versionOf(n int) (grid.Version, int64, uint32) {
	if n == 0 {
		return grid.Version{}, 0, 0
	}
	c := h.chains[n-1]
	all := sha256.New()
	name := func(c chain) string { return strconv.FormatInt(c.seq, 10) + "-" + hex.EncodeToString(c.sum[:4]) }
	var seq int64
	for _, x := range c {
		all.Write(x.sum[:])
		seq = max(seq, x.seq)
	}
	v := grid.Version{Map: name(c[0]), Duties: name(c[1]), Calendar: name(c[2])}
	if h.policy != (calendar.Policy{}) { // another policy, another answer: its ids are not those of the default
		policy := fmt.Sprintf("%v/%v/%v", h.policy.MakeupIsRest, h.policy.Start, h.policy.End)
		all.Write([]byte(policy))
		v.Calendar += "+" + policy
	}
	return v, seq, binary.BigEndian.Uint32(all.Sum(nil))
}

// build makes the atlas after n changes.
func (h *history) build(n int) (*Atlas, error) {
	a := &Atlas{records: map[grid.RecordKind]map[string]grid.Record{}, numbers: place.Numbering{}}
	for _, k := range grid.RecordKinds {
		a.records[k] = map[string]grid.Record{}
	}
	a.version, a.seq, a.hash = h.versionOf(n)
	turns := h.turns(n)
	known := h.lastDrawn(turns)
	for i, c := range h.changes[:n] {
		if c.Deleted {
			delete(a.records[c.Kind], c.Key)
		} else {
			a.records[c.Kind][c.Key] = c.Record
		}
		if len(turns) == 0 || i != turns[0] {
			continue
		}
		turns = turns[1:]
		switch {
		case c.Seq < known.seq: // drawn over by what is known
		case c.Seq == known.seq:
			a.maps, a.numbers = known.maps, known.numbers.Clone()
		default:
			if err := a.buildMaps(); err != nil {
				return nil, err
			}
			h.drawn = append(h.drawn, drawn{c.Seq, a.maps, a.numbers.Clone()})
			if extra := len(h.drawn) - keepDrawn; extra > 0 {
				h.drawn = slices.Delete(h.drawn, 0, extra)
			}
		}
	}
	return a, a.buildRules(h.policy)
}

// turns lists the changes, of the first n, behind which the map is drawn anew: the last
// of each batch, recorded at one time, in which areas or borders change. Cells are
// numbered as the map grew, so each of them counts.
func (h *history) turns(n int) []int {
	var out []int
	moved := false
	for i, c := range h.changes[:n] {
		moved = moved || c.Kind == grid.KindArea || c.Kind == grid.KindBorder
		if moved && (i == n-1 || !h.changes[i+1].At.Equal(c.At)) {
			out, moved = append(out, i), false
		}
	}
	return out
}

// lastDrawn returns the newest kept map that is drawn at one of the turns, the zero
// value when none is kept.
func (h *history) lastDrawn(turns []int) drawn {
	for _, i := range slices.Backward(turns) {
		for _, d := range h.drawn {
			if d.seq == h.changes[i].Seq {
				return d
			}
		}
	}
	return drawn{}
}

// buildMaps makes the map of every period in which areas and borders stand still.
func (a *Atlas) buildMaps() error {
	areas, borders := all[grid.Area](a), all[grid.Border](a)
	starts := map[time.Time]bool{{}: true}
	note := func(s grid.Span) {
		for _, t := range []time.Time{s.From, s.To} {
			if !t.IsZero() {
				starts[t.UTC()] = true
			}
		}
	}
	for _, x := range areas {
		note(x.Valid)
	}
	for _, x := range borders {
		note(x.Valid)
	}
	a.maps = a.maps[:0:0]
	for _, t := range slices.SortedFunc(maps.Keys(starts), time.Time.Compare) {
		m, err := place.New(areas, borders, t, a.numbers)
		if err != nil && grid.KindOf(err) != grid.Invalid {
			return fmt.Errorf("map from %s: %w", t.Format(time.DateOnly), err)
		}
		a.maps = append(a.maps, period{from: t, m: m, cells: sync.OnceValues(func() ([]grid.Area, error) { return m.Areas(cut) })})
	}
	return nil
}

func (a *Atlas) buildRules(policy calendar.Policy) error {
	var days []calendar.Day
	for _, d := range all[grid.Day](a) {
		days = append(days, calendar.Day{Date: d.Date, Off: d.Off, Name: d.Name})
	}
	var err error
	if a.calendar, err = calendar.New(days, policy); err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	if a.hotspots, err = hotspot.New(all[grid.Hotspot](a), a.calendar); err != nil {
		return fmt.Errorf("hotspots: %w", err)
	}
	a.duties, err = duty.New(duty.Rules{
		Duties: all[grid.Duty](a), Categories: all[grid.Category](a), Units: all[grid.Unit](a), Calendar: a.calendar,
	})
	if err != nil {
		return fmt.Errorf("duties: %w", err)
	}
	a.names = address.New(gazetteer(a))
	return nil
}

// all returns the records of one kind, by key.
func all[R grid.Record](a *Atlas) []R {
	var zero R
	byKey := a.records[zero.RecordKind()]
	out := make([]R, 0, len(byKey))
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		if r, ok := byKey[k].(R); ok {
			out = append(out, r)
		}
	}
	return out
}

// mapAt returns the map that held at an instant, nil when there was none.
func (a *Atlas) mapAt(t time.Time) *place.Map {
	if p := a.periodAt(t); p != nil {
		return p.m
	}
	return nil
}

func (a *Atlas) periodAt(t time.Time) *period {
	i := len(a.maps) - 1
	for i > 0 && t.Before(a.maps[i].from) {
		i--
	}
	if i < 0 {
		return nil
	}
	return &a.maps[i]
}
