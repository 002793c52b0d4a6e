package export_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/export"
	"wangge/grid/intake"
	"wangge/grid/load"
)

// now is the fixed clock of these tests.
var now = time.Date(2013, 7, 11, 10, 0, 0, 0, grid.Zone)

func demo(tb testing.TB) []grid.Record {
	tb.Helper()
	all, err := load.Demo()
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// of returns the records of some kinds.
func of(all []grid.Record, kinds ...grid.RecordKind) []grid.Record {
	var out []grid.Record
	for _, r := range all {
		for _, k := range kinds {
			if r.RecordKind() == k {
				out = append(out, r)
			}
		}
	}
	return out
}

// district is opened once for all tests: they only read.
var district = sync.OnceValues(func() (*intake.Desk, error) {
	all, err := load.Demo()
	if err != nil {
		return nil, err
	}
	return intake.Open(context.Background(), grid.NewStaticLog(now, all), intake.Options{Now: func() time.Time { return now }})
})

func yangpu(tb testing.TB) *intake.Desk {
	tb.Helper()
	d, err := district()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func write(tb testing.TB, f export.Format, kind grid.RecordKind, o export.Options, records []grid.Record) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w, err := export.NewWriter(&buf, f, kind, o)
	if err != nil {
		tb.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r); err != nil {
			tb.Fatalf("Write(%s %s) = %v", kind, r.Key(), err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

func writeCases(tb testing.TB, f export.Format, cases []grid.Case) []byte {
	tb.Helper()
	var buf bytes.Buffer
	w, err := export.NewWriter(&buf, f, grid.KindCase, export.Options{Name: "cases"})
	if err != nil {
		tb.Fatal(err)
	}
	for i := range cases {
		if err := w.WriteCase(&cases[i]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

// synthetic makes cases as the desk does: every seventh is unlocated. The same
// number gives the same cases.
func synthetic(tb testing.TB, d *intake.Desk, n int) []grid.Case {
	tb.Helper()
	rnd := rand.New(rand.NewPCG(11, uint64(n)))
	texts := []string{"红房子医院门口有流动摊贩占道", "控江路1665号门前乱停车, 无人管理", "安图路\"夜排挡\"扰民", "杨树浦路无证洗车"}
	out := make([]grid.Case, n)
	for i := range out {
		r := grid.Report{
			Key: fmt.Sprintf("20130503%06d", i), Source: "12345", Category: "luan-shetan", Text: texts[i%len(texts)],
			At: now.Add(-time.Duration(rnd.IntN(1e6)) * time.Second), Accuracy: float64(10 + i%50),
			Reporter: &grid.Reporter{Name: "张三丰", Phone: "13900000000"},
		}
		if i%7 == 3 {
			r.Text = "有人投诉"
		} else {
			r.Located, r.Datum = true, datum.GCJ02
			r.Point = orb.Point{121.49 + rnd.Float64()*0.05, 31.27 + rnd.Float64()*0.04}
		}
		c, err := d.Preview(tb.Context(), r, grid.ZH)
		if err != nil {
			tb.Fatal(err)
		}
		out[i] = caseOf(r, c, i)
	}
	return out
}

func caseOf(r grid.Report, c *grid.Certificate, i int) grid.Case {
	out := grid.Case{
		Seq: int64(i) + 1, ID: grid.CaseID(fmt.Sprintf("310110-0198c3d0-0000-7000-8000-%012x", i)), District: "310110", Report: r,
		Certificate: codec.AppendCertificate(nil, c), Located: c.Located, Point: c.Point, Category: c.Category.Code,
		Standing: c.Standing, State: grid.StateFiled, At: c.Asked.At, FiledAt: now, Due: c.Due,
	}
	if c.Place != nil {
		out.Street, out.Cell, out.Hex = c.Place.Street.Code, c.Place.Cell, c.Place.Hex
	}
	for _, h := range c.Hotspots {
		out.Hotspots = append(out.Hotspots, h.ID)
	}
	if c.Lead != nil {
		out.Lead = c.Lead.ID
	}
	return out
}

// rows cuts a CSV without quoted line ends into its header and its lines.
func rows(b []byte) (header string, lines []string) {
	all := strings.Split(strings.TrimSuffix(strings.TrimPrefix(string(b), "\ufeff"), "\n"), "\n")
	return all[0], all[1:]
}
