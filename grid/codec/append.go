package codec

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// appendTime appends t as RFC 3339 in Asia/Shanghai, to the millisecond where it
// has one.
func appendTime(dst []byte, t time.Time) []byte {
	return append(AppendTime(append(dst, '"'), t), '"')
}

// appendString appends s as a JSON string; what is not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	plain, ascii := true, true
	for i := range len(s) {
		c := s[i]
		if c < 0x20 || c == '"' || c == '\\' {
			plain = false
			break
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if plain && (ascii || utf8.ValidString(s)) {
		return append(append(append(dst, '"'), s...), '"')
	}
	dst, _ = jsontext.AppendQuote(dst, s) // its only error is bad UTF-8, which it replaces
	return dst
}

// object appends members of one JSON object.
type object struct{ b []byte }

func (o *object) name(name string) {
	if c := o.b[len(o.b)-1]; c != '{' {
		o.b = append(o.b, ',')
	}
	o.b = append(append(append(o.b, '"'), name...), `":`...)
}

func (o *object) open(name string) {
	if name != "" {
		o.name(name)
	}
	o.b = append(o.b, '{')
}

func (o *object) close() { o.b = append(o.b, '}') }

func (o *object) str(name, s string) {
	o.name(name)
	o.b = appendString(o.b, s)
}

// opt writes a string that may be absent: left out when empty.
func (o *object) opt(name, s string) {
	if s != "" {
		o.str(name, s)
	}
}

// orNull writes a string that is null when empty.
func (o *object) orNull(name, s string) {
	if s == "" {
		o.null(name)
		return
	}
	o.str(name, s)
}

func (o *object) null(name string) {
	o.name(name)
	o.b = append(o.b, "null"...)
}

func (o *object) bool(name string, v bool) {
	o.name(name)
	o.b = strconv.AppendBool(o.b, v)
}

func (o *object) time(name string, t time.Time) {
	if t.IsZero() {
		o.null(name)
		return
	}
	o.name(name)
	o.b = appendTime(o.b, t)
}

// float writes v rounded to a number of decimals, without trailing zeros.
func (o *object) float(name string, v float64, decimals int) {
	o.name(name)
	o.b = appendFixed(o.b, v, decimals)
}

// exact writes the shortest number that reads back as v.
func (o *object) exact(name string, v float64) {
	o.name(name)
	o.b = strconv.AppendFloat(o.b, v, 'f', -1, 64)
}

var powers = [...]float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9}

func appendFixed(dst []byte, v float64, decimals int) []byte {
	scaled := math.Round(v * powers[decimals])
	if math.Abs(scaled) >= 1<<53 || math.IsNaN(scaled) {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return append(dst, "null"...)
		}
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	n := int64(scaled)
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	scale := int64(powers[decimals])
	dst = strconv.AppendInt(dst, n/scale, 10)
	frac := n % scale
	if frac == 0 {
		return dst
	}
	dst = append(dst, '.')
	for scale /= 10; frac > 0; scale /= 10 {
		dst = append(dst, byte('0'+frac/scale))
		frac %= scale
	}
	return dst
}
