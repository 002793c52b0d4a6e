package api

import (
	"math"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// Whatever stands behind the question mark: no panic, and what passes without a
// fault is finite, in UTF-8 and no more than was asked.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{
		"lon=121.5&lat=31.2&datum=gcj02", "lon=NaN&lat=1e308", "bbox=121,31,122,32&at=2013-05-03", "at=2013-05-03T08:40:00+08:00",
		"q=%E7%BA%A2&limit=5", "keep_going", "keep_going=1&&", "%=%&a=%ff", "lon=1&lon=2", "f=geojson&level=cell&standing=settled", "=", "lon==1",
	} {
		f.Add(seed)
	}
	all := paramSet(1<<params - 1)
	f.Fuzz(func(t *testing.T, raw string) {
		var q query
		q.parse(raw, all)
		if len(q.faults) > maxFaults {
			t.Fatalf("parse(%q) has %d faults", raw, len(q.faults))
		}
		for _, ft := range q.faults {
			if ft.At == "" || ft.Code == "" || ft.Says == "" || ft.SaysZH == "" || !utf8.ValidString(ft.At) {
				t.Fatalf("parse(%q): fault %+v is not whole", raw, ft)
			}
		}
		if len(q.faults) > 0 {
			return
		}
		for _, v := range []float64{q.lon, q.lat, q.accuracy, q.bbox.Min[0], q.bbox.Max[1]} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("parse(%q) lets %v through", raw, v)
			}
		}
		if q.bbox != (orb.Bound{}) && q.bbox.IsEmpty() {
			t.Fatalf("parse(%q): bbox %v", raw, q.bbox)
		}
		for _, w := range q.words {
			if !utf8.ValidString(w) || len(w) > maxWordsQ {
				t.Fatalf("parse(%q): word %q", raw, w)
			}
		}
		if v, err := url.ParseQuery(raw); err == nil && q.seen.has(pText) && v.Get("q") != q.words[pText] {
			t.Fatalf("parse(%q): q = %q, net/url reads %q", raw, q.words[pText], v.Get("q"))
		}
	})
}

func TestPreferred(t *testing.T) {
	const j, g = "application/json", "application/geo+json"
	for _, c := range []struct{ accept, want string }{
		{"", j},
		{"*/*", j},
		{g, g},
		{"application/*", j},
		{j + ";q=0.5," + g, g},
		{"application/*;q=0.9, " + j + ";q=0.1", g},
		{"text/html", j},
		{g + ";q=0", j},
		{g + ";q=x, " + j + ";q=0.1", j},
		{"APPLICATION/GEO+JSON", g},
	} {
		if got := preferred(c.accept, j, g); got != c.want {
			t.Errorf("preferred(%q) = %s, want %s", c.accept, got, c.want)
		}
	}
}

// Every kind of error has its status; none that is not in the table is told.
func TestProblemTypes(t *testing.T) {
	names := map[string]bool{}
	for kind, p := range problemTypes {
		if p.status < 400 || p.name == "" || p.title == "" || names[p.name] {
			t.Errorf("problem type of kind %d = %+v, want a status and a name of its own", kind, p)
		}
		names[p.name] = true
	}
}
