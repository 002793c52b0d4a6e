package grid

import (
	"context"
	"time"

	"github.com/paulmach/orb"
)

// Store keeps the change log, the records and the cases. Every method is safe for
// concurrent use and gives up with ctx's error when ctx ends before it is done;
// a write that was told to have failed that way may still have been made.
//
// Errors are [*Error] with Kind Unavailable when the storage cannot be reached
// or written just now, Invalid when what was handed over cannot be stored.
type Store interface {
	// Apply appends puts (Record set) and deletions (Kind, Key and Deleted set) to the
	// log, all or none, and returns the last sequence number. Seq and At of the given
	// changes are ignored. at is when they were recorded. No changes: the head, nothing done.
	Apply(ctx context.Context, at time.Time, changes []Change) (int64, error)

	// Changes returns up to limit entries of the log with Seq > after, in order, and
	// Head the last sequence number, 0 for an empty store.
	Log

	// File makes cases durable, all or none, before it returns. A case whose Source and
	// Report.Key were seen before (also earlier in the same call) is not filed again: its
	// place in the answer holds the first case and Existing is true. Seq is set by the store.
	File(ctx context.Context, cases ...Case) ([]Filed, error)

	// Case returns one case, its reporter included. NotFound when there is none.
	Case(ctx context.Context, id CaseID) (Case, error)

	// Cases returns a page of cases without their reporters, newest first (by ID, descending).
	// next is "" on the last page; a cursor that is not the store's own is Invalid.
	Cases(ctx context.Context, q CaseQuery) (page []Case, next string, err error)

	// EachCase calls fn for every case that q selects, oldest first, from one consistent
	// snapshot and in constant memory; q's Cursor and Limit are ignored. It stops at fn's error.
	EachCase(ctx context.Context, q CaseQuery, fn func(Case) error) error

	// Ping reports whether the store can answer just now.
	Ping(ctx context.Context) error

	Close() error
}

// Filed is the outcome of filing one case.
type Filed struct {
	Case     Case
	Existing bool // the key was seen before; Case is the first one
}

// CaseQuery selects cases; zero fields select all. From is included, To is not,
// both compared with the case's At.
type CaseQuery struct {
	Bound        *orb.Bound
	From, To     time.Time
	Category     string
	Street, Cell string
	Hotspot      string
	Unit         string
	State        CaseState
	Standing     Standing
	Source       string
	Overdue      time.Time // cases due before this and not closed
	Text         string    // a substring of the text, the address or the key
	Cursor       string
	Limit        int // 0: 100
}
