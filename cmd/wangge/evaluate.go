package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
	"wangge/grid/bulk"
)

// wanted is a row of an evaluation: where a text is known to be. street is a code,
// "outside", or "" where the text names no place.
type wanted struct {
	address string
	at      orb.Point
	placed  bool
	street  string
}

const wantOutside = "outside"

// readWanted reads an evaluation file: a header with the columns address, lon, lat
// (WGS-84, both may be empty) and street_code, in any order.
func readWanted(path string) ([]wanted, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	cr := csv.NewReader(bufio.NewReader(f))
	header, err := cr.Read()
	if err != nil {
		return nil, badRow(path, 1, "the header cannot be read")
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	var at [4]int
	for i, name := range [...]string{"address", "lon", "lat", "street_code"} {
		if at[i] = slices.Index(header, name); at[i] < 0 {
			return nil, badRow(path, 1, "there is no column "+name)
		}
	}
	var out []wanted
	for {
		rec, err := cr.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, badRow(path, len(out)+2, err.Error())
		}
		line, _ := cr.FieldPos(0)
		w := wanted{address: rec[at[0]], street: rec[at[3]]}
		if w.placed = rec[at[1]] != "" || rec[at[2]] != ""; w.placed {
			lon, err1 := strconv.ParseFloat(rec[at[1]], 64)
			lat, err2 := strconv.ParseFloat(rec[at[2]], 64)
			w.at = orb.Point{lon, lat}
			if err1 != nil || err2 != nil || geo.Check(w.at) != nil {
				return nil, badRow(path, line, "lon and lat are no point")
			}
		}
		out = append(out, w)
	}
}

func badRow(path string, line int, says string) error {
	return &grid.Error{Kind: grid.Invalid, Msg: fmt.Sprintf("%s: line %d: %s", path, line, says), MsgZH: fmt.Sprintf("%s 第 %d 行有误：%s", path, line, says)}
}

// share counts how many of some are right.
type share struct{ right, of int }

func (s *share) add(right bool) {
	s.of++
	if right {
		s.right++
	}
}

func (s share) part() float64 { return float64(s.right) / float64(max(s.of, 1)) }

func (s share) String() string {
	if s.of == 0 {
		return "- (0)"
	}
	return fmt.Sprintf("%.1f %% (%d/%d)", 100*s.part(), s.right, s.of)
}

// evaluation is what a file of known texts says of the geocoder.
type evaluation struct {
	rows                     int
	street, sure, calibrated share
	unlocated, outside       share
	doors, all               []float64 // metres, sorted
	misses                   []miss
}

type miss struct{ address, got, want string }

// evaluate asks for each row. Distances are those of the best candidate.
func evaluate(rows []wanted, ask bulk.Geocoder) (*evaluation, error) {
	e := &evaluation{rows: len(rows)}
	for i := range rows {
		w := &rows[i]
		g, err := ask(w.address, "")
		if err != nil {
			return nil, err
		}
		e.row(w, &g)
	}
	slices.Sort(e.doors)
	slices.Sort(e.all)
	return e, nil
}

func (e *evaluation) row(w *wanted, g *grid.Geocoding) {
	got, sure := streetOf(g), false
	if len(g.Candidates) > 0 {
		sure = g.Candidates[0].Confidence > 0.9
	}
	right := got == w.street
	switch w.street {
	case "":
		e.unlocated.add(right)
	case wantOutside:
		e.outside.add(right)
	default:
		e.street.add(right)
	}
	if sure {
		e.sure.add(right)
	}
	if !right {
		e.misses = append(e.misses, miss{w.address, told(g, got), cmp.Or(w.street, "unlocated")})
	}
	if w.placed && len(g.Candidates) > 0 {
		c := &g.Candidates[0]
		d := geo.Distance(c.At, w.at)
		e.all = append(e.all, d)
		if c.How == "door" {
			e.doors = append(e.doors, d)
		}
		e.calibrated.add(d <= c.Error)
	}
}

// streetOf is the street of the best candidate, "outside", or "" for none.
func streetOf(g *grid.Geocoding) string {
	switch {
	case g.Standing == grid.Outside:
		return wantOutside
	case len(g.Candidates) == 0:
		return ""
	}
	return cmp.Or(g.Candidates[0].Street.Code, wantOutside)
}

func told(g *grid.Geocoding, got string) string {
	if len(g.Candidates) == 0 {
		return "unlocated"
	}
	c := &g.Candidates[0]
	return fmt.Sprintf("%s %s %s %.2f", got, c.How, c.Label, c.Confidence)
}

// percentile is the smallest value with at least p of a hundred at or below it.
func percentile(sorted []float64, p int) string {
	if len(sorted) == 0 {
		return "-"
	}
	i := int(math.Ceil(float64(p)/100*float64(len(sorted)))) - 1
	return fmt.Sprintf("%.0f m", sorted[max(i, 0)])
}

func (e *evaluation) write(out io.Writer, lang grid.Lang) error {
	w := bufio.NewWriter(out)
	line := func(zh, en, value string) {
		_, _ = fmt.Fprintf(w, "%s: %s\n", inLang(lang, zh, en), value) // Flush tells the error
	}
	line("行数", "rows", strconv.Itoa(e.rows))
	line("首选街道正确", "street right at top 1", e.street.String())
	line("门牌级距离（中位、90 分位、条数）", "distance of doors (median, 90th percentile, count)", fmt.Sprintf("%s, %s, %d", percentile(e.doors, 50), percentile(e.doors, 90), len(e.doors)))
	line("全部距离（中位、90 分位、条数）", "distance of all (median, 90th percentile, count)", fmt.Sprintf("%s, %s, %d", percentile(e.all, 50), percentile(e.all, 90), len(e.all)))
	line("落在所报误差之内", "within the stated error", e.calibrated.String())
	line("把握大于 0.9 者正确", "right where confidence > 0.9", e.sure.String())
	line("无地点者判为无法定位", "no place, said so", e.unlocated.String())
	line("区外地点判为区外", "outside, said so", e.outside.String())
	for _, m := range e.misses {
		_, _ = fmt.Fprintf(w, inLang(lang, "有误\t%s\t得到 %s\t应为 %s\n", "miss\t%s\tgot %s\twant %s\n"), m.address, m.got, m.want)
	}
	return w.Flush()
}
