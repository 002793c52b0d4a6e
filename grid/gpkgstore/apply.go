package gpkgstore

import (
	"context"
	"slices"
	"time"

	"wangge/grid"
	"wangge/grid/codec"
)

// Apply implements [grid.Store]. Each call is recorded at a time of its own: one that
// is not behind the last entry of the log is raised to a millisecond behind it.
func (s *Store) Apply(ctx context.Context, at time.Time, changes []grid.Change) (int64, error) {
	if len(changes) == 0 {
		return s.Head(ctx)
	}
	puts, err := encodeChanges(changes)
	if err != nil {
		return 0, err
	}
	var seq int64
	err = s.writer.submit(ctx, func(w *writer) error {
		err := w.apply(at, puts)
		seq = w.seq
		return err
	})
	if err != nil {
		return 0, fault("apply changes", err)
	}
	return seq, nil
}

// put is a change made ready outside the writer.
type put struct {
	kind    grid.RecordKind
	key     string
	deleted bool
	body    []byte
}

func encodeChanges(changes []grid.Change) ([]put, error) {
	puts := make([]put, len(changes))
	for i, c := range changes {
		p := put{kind: c.Kind, key: c.Key, deleted: c.Deleted}
		switch {
		case c.Deleted && c.Record != nil:
			return nil, unstorable("change %d deletes a record and holds one", i+1)
		case c.Deleted && (c.Key == "" || !slices.Contains(grid.RecordKinds, c.Kind)):
			return nil, unstorable("change %d deletes nothing: kind %q, key %q", i+1, c.Kind, c.Key)
		case c.Deleted:
		case c.Record == nil:
			return nil, unstorable("change %d holds no record", i+1)
		default:
			var err error
			if p.body, err = codec.EncodeRecord(c.Record); err != nil {
				return nil, unstorable("change %d: %v", i+1, err)
			}
			if p.kind, p.key = c.Record.RecordKind(), c.Record.Key(); p.key == "" {
				return nil, unstorable("change %d: a record without a key", i+1)
			}
		}
		puts[i] = p
	}
	return puts, nil
}

func (w *writer) apply(at time.Time, puts []put) error {
	at = at.UTC().Truncate(time.Millisecond)
	if !at.After(w.last) {
		at = w.last.Add(time.Millisecond)
	}
	w.last = at
	touched := map[grid.RecordKind]bool{}
	for _, p := range puts {
		w.seq++
		err := w.exec(`INSERT INTO changes (seq, at, kind, key, deleted, record) VALUES (?, ?, ?, ?, ?, ?)`,
			w.seq, timeText(at), string(p.kind), p.key, p.deleted, textOrNull(p.body))
		if err != nil {
			return err
		}
		l := w.table[p.kind]
		if l == nil {
			return unstorable("no layer for records of kind %q", p.kind)
		}
		if err := l.put(w, p); err != nil {
			return err
		}
		touched[p.kind] = true
	}
	for kind := range touched {
		if err := w.exec(`UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?`, timeText(at), w.table[kind].name); err != nil {
			return err
		}
	}
	return nil
}

func textOrNull(b []byte) any {
	if b == nil {
		return nil
	}
	return string(b)
}

// timeLayout is a GeoPackage's DATETIME: UTC, to the millisecond.
const timeLayout = "2006-01-02T15:04:05.000Z"

func timeText(t time.Time) string { return t.UTC().Format(timeLayout) }
