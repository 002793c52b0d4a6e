package export

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// sheet is a CSV. Its columns are those of the layout with the place among them,
// then the further properties, the shape last.
type sheet struct {
	layout *layout
	props  []string
}

func newSheet(l *layout, props []string) *sheet {
	return &sheet{layout: l, props: slices.Sorted(slices.Values(props))}
}

const bom = "\ufeff"

func (s *sheet) begin(dst []byte) []byte {
	dst = append(dst, bom...)
	n := len(dst)
	name := func(name string) {
		if len(dst) > n {
			dst = append(dst, ',')
		}
		dst = appendText(dst, name)
	}
	for i, c := range s.layout.columns {
		if i == s.layout.place {
			name("lon")
			name("lat")
			name("datum")
		}
		name(c.name)
	}
	for _, p := range s.props {
		name(p)
	}
	if s.layout.shaped {
		name("geometry")
	}
	return append(dst, '\n')
}

func (s *sheet) end(dst []byte) []byte { return dst }

func (s *sheet) row(dst []byte, it *item) ([]byte, error) {
	for i := range it.values {
		if i > 0 {
			dst = append(dst, ',')
		}
		if i == s.layout.place {
			dst = append(appendPoint(dst, it), ',')
		}
		var err error
		if dst, err = s.cell(dst, it, i); err != nil {
			return nil, err
		}
	}
	for name := range it.props {
		if !slices.Contains(s.props, name) {
			return nil, it.fault(name, "column", "the file has no column for this property", "文件中没有该属性的列")
		}
	}
	for _, p := range s.props {
		dst = appendText(append(dst, ','), it.props[p])
	}
	if s.layout.shaped {
		if dst = append(dst, ','); !nowhere(it.shape) {
			dst = appendText(dst, string(codec.AppendGeometry(nil, it.shape)))
		}
	}
	return append(dst, '\n'), nil
}

func appendPoint(dst []byte, it *item) []byte {
	if !it.isPoint {
		return append(dst, ",,"...)
	}
	dst = strconv.AppendFloat(dst, it.point[0], 'f', -1, 64)
	dst = strconv.AppendFloat(append(dst, ','), it.point[1], 'f', -1, 64)
	return append(append(dst, ','), datum.WGS84...)
}

func (s *sheet) cell(dst []byte, it *item, i int) ([]byte, error) {
	v := &it.values[i]
	switch v.is {
	case text:
		if s.layout.guarded && formula(v.s) {
			return appendText(dst, "'"+v.s), nil
		}
		return appendText(dst, v.s), nil
	case integer:
		return strconv.AppendInt(dst, v.n, 10), nil
	case number:
		if math.IsNaN(v.f) || math.IsInf(v.f, 0) {
			break
		}
		return strconv.AppendFloat(dst, v.f, 'f', -1, 64), nil
	case truth:
		return append(dst, truths[v.n]...), nil
	case instant:
		return codec.AppendTime(dst, time.UnixMilli(v.n)), nil
	case day:
		return appendDay(dst, v.n), nil
	case list:
		return appendList(dst, it, i)
	case limit:
		return append(append(strconv.AppendInt(dst, v.n, 10), ' '), v.s...), nil
	case none:
	}
	return dst, nil
}

var truths = [2]string{"no", "yes"}

// appendDay appends the date alone for midnight in Asia/Shanghai.
func appendDay(dst []byte, ms int64) []byte {
	const whole, offset = 24 * 60 * 60 * 1000, 8 * 60 * 60 * 1000
	dst = codec.AppendTime(dst, time.UnixMilli(ms))
	if (ms+offset)%whole == 0 {
		dst = dst[:len(dst)-len("T00:00:00+08:00")]
	}
	return dst
}

// separator stands between the members of a list in one field.
const separator = "|"

// appendList refuses a member that would not come back as it is.
func appendList(dst []byte, it *item, i int) ([]byte, error) {
	name, members := it.layout.columns[i].name, it.values[i].list
	for _, m := range members {
		if strings.Contains(m, separator) {
			return nil, it.fault(name, "separator", fmt.Sprintf("%q holds the character that separates lists in CSV; GeoJSON can hold it", m),
				fmt.Sprintf("“%s”含有 CSV 列表的分隔符“|”；请改用 GeoJSON", m))
		}
		if strings.TrimSpace(m) == "" {
			return nil, it.fault(name, "blank", "an empty member of a list is lost in CSV; GeoJSON can hold it", "列表中的空项在 CSV 中会丢失；请改用 GeoJSON")
		}
	}
	joined := strings.Join(members, separator)
	if it.layout.guarded && formula(joined) {
		joined = "'" + joined
	}
	return appendText(dst, joined), nil
}

// formula reports whether a spreadsheet may run a cell: OWASP, "CSV injection".
func formula(s string) bool {
	s = strings.TrimLeft(s, " ")
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return true
	case 0xef: // the full-width forms begin so
		r, _ := utf8.DecodeRuneInString(s)
		return r == '＝' || r == '＋' || r == '－' || r == '＠'
	}
	return false
}

// appendText appends a field, in quotes where RFC 4180 asks for them. What is not
// UTF-8, and NUL, become U+FFFD.
func appendText(dst []byte, s string) []byte {
	ascii, quoted, nul := true, false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
		case c == ',' || c == '"' || c == '\r' || c == '\n':
			quoted = true
		case c == 0:
			nul = true
		}
	}
	if nul || !ascii && !utf8.ValidString(s) {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	}
	if !quoted {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return append(append(dst, s...), '"')
		}
		dst = append(append(dst, s[:i]...), `""`...)
		s = s[i+1:]
	}
}

// PropNames lists the further properties of records, sorted; see [Options].
func PropNames(records []grid.Record) []string {
	names := map[string]bool{}
	for _, r := range records {
		if b, ok := r.(grid.Backdrop); ok {
			for n := range b.Props {
				names[n] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}
