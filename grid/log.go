package grid

import (
	"context"
	"time"
)

// Log is the part of a Store that the map is rebuilt from. See [Store].
type Log interface {
	Changes(ctx context.Context, after int64, limit int) ([]Change, error)
	Head(ctx context.Context) (int64, error)
}

// StaticLog is a log that does not grow: records that were all recorded at one
// time, numbered from 1 in the order given. Safe for concurrent use.
type StaticLog struct{ changes []Change }

// NewStaticLog returns a log of records, all recorded at at.
func NewStaticLog(at time.Time, records []Record) *StaticLog {
	l := &StaticLog{changes: make([]Change, len(records))}
	for i, r := range records {
		l.changes[i] = Change{Seq: int64(i) + 1, At: at, Kind: r.RecordKind(), Key: r.Key(), Record: r}
	}
	return l
}

// Changes implements [Log].
func (l *StaticLog) Changes(_ context.Context, after int64, limit int) ([]Change, error) {
	after = max(0, min(after, int64(len(l.changes))))
	rest := l.changes[after:]
	return rest[:min(limit, len(rest))], nil
}

// Head implements [Log].
func (l *StaticLog) Head(context.Context) (int64, error) { return int64(len(l.changes)), nil }

// Hit is a hotspot that a point falls in. Open is its schedule at the time asked;
// true when it has none.
type Hit struct {
	Spot     *Hotspot
	Distance float64 // metres to its shape, 0 inside
	Open     bool
}
