package grid

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of error it is; the HTTP shell has one table from Kind to status.
type Kind int

// The kinds. The zero Kind is Internal: what is not classified is our fault, and
// its text is never shown to a caller.
const (
	Internal Kind = iota
	Invalid
	NotFound
	Conflict
	TooLarge
	Unavailable
)

// Fault is one thing wrong with what was sent. At is where: a JSON pointer
// ("/lon"), a query parameter ("?lon"), "line 17", "feature 3".
type Fault struct {
	At, Code string
	Says     string // one English sentence
	SaysZH   string // the same in Chinese
}

// Error is the house's only error type that callers branch on.
type Error struct {
	Kind   Kind
	Op     string // what was being tried: "file case"
	Msg    string // one English sentence
	MsgZH  string // the same in Chinese
	Faults []Fault
	Err    error // the cause, may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(e.Msg)
	for i, f := range e.Faults {
		if i == 3 {
			fmt.Fprintf(&b, "; and %d more", len(e.Faults)-i)
			break
		}
		fmt.Fprintf(&b, "; %s: %s", f.At, f.Says)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of err, Internal when it has none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
