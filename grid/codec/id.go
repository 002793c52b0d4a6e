package codec

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
)

// Enquiry is what a certificate's id carries: all that is needed to give the same
// answer again, and nothing about a person.
type Enquiry struct {
	Asked    grid.Asked
	Category string
	Proposed bool
	Seq      int64  // the last change of the map, the duties or the calendar then known
	Hash     uint32 // of the log up to Seq
}

// idPrefix names the algorithm: an answer that would differ for an old id needs a
// new prefix, and the old way kept.
const idPrefix = "wg1-"

const (
	flagLocated = 1 << iota
	flagKnown
	flagMatched
	flagProposed
)

// ErrID is wrapped by every error of [ParseID].
var ErrID = errors.New("codec: not a certificate id")

// FormatID returns the id of an enquiry: a prefix and URL-safe base64 of its
// fields and four bytes of their SHA-256. Times are kept to the millisecond.
func FormatID(e *Enquiry) string {
	var buf [256]byte
	b := buf[:0]
	var flags byte
	if e.Asked.Located {
		flags |= flagLocated
	}
	if !e.Asked.Known.IsZero() {
		flags |= flagKnown
	}
	if e.Asked.Matched != nil {
		flags |= flagMatched
	}
	if e.Proposed {
		flags |= flagProposed
	}
	b = append(b, flags)
	if e.Asked.Located {
		b = appendFloat(b, e.Asked.Point[0])
		b = appendFloat(b, e.Asked.Point[1])
		b = appendText(b, string(e.Asked.Datum))
	}
	b = appendFloat(b, e.Asked.Accuracy)
	b = binary.AppendVarint(b, e.Asked.At.UnixMilli())
	if !e.Asked.Known.IsZero() {
		b = binary.AppendVarint(b, e.Asked.Known.UnixMilli())
	}
	if m := e.Asked.Matched; m != nil {
		b = appendText(b, m.How)
		b = appendText(b, m.Label)
		b = appendFloat(b, m.Error)
		b = appendText(append(b, byte(math.Round(min(1, max(0, m.Confidence))*100))), m.Rival)
	}
	b = appendText(b, e.Category)
	b = binary.AppendVarint(b, e.Seq)
	b = binary.BigEndian.AppendUint32(b, e.Hash)
	sum := sha256.Sum256(b)
	b = append(b, sum[:4]...)
	out := make([]byte, 0, len(idPrefix)+base64.RawURLEncoding.EncodedLen(len(b)))
	return string(base64.RawURLEncoding.AppendEncode(append(out, idPrefix...), b))
}

func appendFloat(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(b, math.Float64bits(f))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// ParseID reads an id. An id that was changed by one character is refused.
func ParseID(id string) (Enquiry, error) {
	rest, ok := strings.CutPrefix(id, idPrefix)
	if !ok {
		return Enquiry{}, fmt.Errorf("%w: it does not begin with %s", ErrID, idPrefix)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(b) < 5 || len(b) > 1024 {
		return Enquiry{}, fmt.Errorf("%w: damaged", ErrID)
	}
	body, sum := b[:len(b)-4], sha256.Sum256(b[:len(b)-4])
	if [4]byte(b[len(b)-4:]) != [4]byte(sum[:4]) {
		return Enquiry{}, fmt.Errorf("%w: damaged", ErrID)
	}
	r := &idReader{b: body}
	e := r.enquiry()
	if r.bad || len(r.b) > 0 {
		return Enquiry{}, fmt.Errorf("%w: damaged", ErrID)
	}
	return e, nil
}

type idReader struct {
	b   []byte
	bad bool
}

func (r *idReader) enquiry() Enquiry {
	var e Enquiry
	flags := r.take(1)[0]
	if flags&flagLocated != 0 {
		e.Asked.Located = true
		e.Asked.Point = orb.Point{r.float(), r.float()}
		e.Asked.Datum = datum.Datum(r.text())
	}
	e.Asked.Accuracy = r.float()
	e.Asked.At = r.time()
	if flags&flagKnown != 0 {
		e.Asked.Known = r.time()
	}
	if flags&flagMatched != 0 {
		e.Asked.Matched = &grid.Match{
			How: r.text(), Label: r.text(), Error: r.float(), Confidence: float64(r.take(1)[0]) / 100, Rival: r.text(),
		}
	}
	e.Proposed = flags&flagProposed != 0
	e.Category = r.text()
	e.Seq = r.varint()
	e.Hash = binary.BigEndian.Uint32(r.take(4))
	return e
}

func (r *idReader) take(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return make([]byte, min(n, 8))
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *idReader) float() float64 { return math.Float64frombits(binary.BigEndian.Uint64(r.take(8))) }

func (r *idReader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *idReader) time() time.Time { return time.UnixMilli(r.varint()).UTC() }

func (r *idReader) text() string {
	n, w := binary.Uvarint(r.b)
	if w <= 0 || n > uint64(len(r.b)-w) { //nolint:gosec // w is at most len(r.b)
		r.bad, r.b = true, nil
		return ""
	}
	r.b = r.b[w:]
	return string(r.take(int(n))) //nolint:gosec // at most len(r.b)
}
