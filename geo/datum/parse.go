package datum

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrUnknown is wrapped by [Parse] for a name that is no datum.
var ErrUnknown = errors.New("datum: unknown datum")

// Parse returns the datum of a name as it is written outside. The error lists the
// choices; an empty name is unknown too, since nothing is ever guessed.
func Parse(s string) (Datum, error) {
	if d := Datum(s); slices.Contains(Datums, d) {
		return d, nil
	}
	names := make([]string, len(Datums))
	for i, d := range Datums {
		names[i] = string(d)
	}
	return "", fmt.Errorf("%w %q: it is one of %s", ErrUnknown, s, strings.Join(names, ", "))
}
