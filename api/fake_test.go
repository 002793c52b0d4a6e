package api_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/api"
	"wangge/geo"
	"wangge/grid"
	"wangge/grid/calendar"
)

var monday = time.Date(2013, 5, 6, 0, 40, 0, 0, time.UTC)

// fakeDesk is a desk of one street, for what the shell does by itself. The answers
// of the real one are in golden_test.go.
type fakeDesk struct {
	mu    sync.Mutex
	taken map[string]grid.Case
	fail  error // what every question is answered with
}

func (d *fakeDesk) Preview(_ context.Context, r grid.Report, lang grid.Lang) (*grid.Certificate, error) {
	if r.Text == "panic" {
		panic("a desk falls over")
	}
	if d.fail != nil {
		return nil, d.fail
	}
	var faults []grid.Fault
	if r.Located && errors.Is(geo.Check(r.Point), geo.ErrSwapped) {
		faults = append(faults, grid.Fault{At: "/lon", Code: "swapped", Says: "swapped", SaysZH: "颠倒"})
	}
	if r.Accuracy < 0 {
		faults = append(faults, grid.Fault{At: "/accuracy_m", Code: "range", Says: "negative", SaysZH: "为负"})
	}
	if len(faults) > 0 {
		return nil, &grid.Error{Kind: grid.Invalid, Msg: "faults", MsgZH: "有误", Faults: faults}
	}
	return &grid.Certificate{
		ID: "wg1-fake", Lang: lang, Standing: grid.Settled, Located: r.Located, Point: r.Point,
		Asked: grid.Asked{Located: r.Located, Point: r.Point, Datum: r.Datum, At: monday},
		Text:  fmt.Sprintf("%s/%.4f", r.Category, r.Point[0]),
	}, nil
}

func (d *fakeDesk) Brief(r *grid.Report, c *grid.Certificate) error {
	got, err := d.Preview(context.Background(), *r, grid.ZH)
	if err == nil {
		*c = *got
	}
	return err
}

func (d *fakeDesk) Try(r *grid.Report) error {
	var faults []grid.Fault
	for _, f := range [...]struct{ at, s string }{{"/key", r.Key}, {"/source", r.Source}} {
		if f.s == "" {
			faults = append(faults, grid.Fault{At: f.at, Code: "missing"})
		}
	}
	if len(faults) > 0 {
		return &grid.Error{Kind: grid.Invalid, Faults: faults}
	}
	return d.Brief(r, new(grid.Certificate))
}

func (d *fakeDesk) Take(ctx context.Context, r grid.Report) (grid.Filed, error) {
	filed, err := d.TakeAll(ctx, []grid.Report{r})
	if err != nil {
		return grid.Filed{}, err
	}
	return filed[0], nil
}

func (d *fakeDesk) TakeAll(ctx context.Context, rs []grid.Report) ([]grid.Filed, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]grid.Filed, len(rs))
	for i, r := range rs {
		if r.Key == "" {
			return nil, &grid.Error{Kind: grid.Invalid, Faults: []grid.Fault{{At: "/key", Code: "missing"}}}
		}
		if _, err := d.Preview(ctx, r, grid.ZH); err != nil {
			return nil, err
		}
		c, seen := d.taken[r.Source+"/"+r.Key]
		if !seen {
			c = grid.Case{ID: grid.CaseID(fmt.Sprintf("310110-%d", len(d.taken)+1)), District: "310110", Report: r, State: grid.StateFiled, FiledAt: monday, At: monday}
			d.taken[r.Source+"/"+r.Key] = c
		}
		out[i] = grid.Filed{Case: c, Existing: seen}
	}
	return out, nil
}

func (d *fakeDesk) Replay(_ context.Context, id string, lang grid.Lang) (*grid.Certificate, error) {
	if id != "wg1-fake" {
		return nil, &grid.Error{Kind: grid.NotFound, Msg: "no such certificate", MsgZH: "没有此证书"}
	}
	return &grid.Certificate{ID: id, Lang: lang, Standing: grid.Settled, Text: "正文"}, nil
}

func (d *fakeDesk) Cells(time.Time) ([]grid.Area, error) {
	return []grid.Area{{Code: "310110001000001", Level: grid.LevelCell}, {Code: "310110001000002", Level: grid.LevelCell}}, nil
}

func (d *fakeDesk) Records(kind grid.RecordKind, _ time.Time) []grid.Record {
	if kind != grid.KindArea {
		return nil
	}
	var out []grid.Record
	for i := range 5 {
		x := 121.5 + float64(i)/100
		ring := orb.Ring{{x, 31.2}, {x + .01, 31.2}, {x + .01, 31.3}, {x, 31.2}}
		out = append(out, grid.Area{Code: fmt.Sprintf("31011000%d", i+1), Name: "街道", Level: grid.LevelStreet, Shape: orb.MultiPolygon{{ring}}})
	}
	return out
}

func (d *fakeDesk) Geocoding(text, focus string, lang grid.Lang) (grid.Geocoding, error) {
	c := grid.GeocodingCandidate{
		At: orb.Point{121.5, 31.2}, Error: 40, Confidence: 0.5, How: "road", Label: text,
		Street: grid.Ref{Code: focus, Name: "街道", NameEN: "Street"}, Used: [][2]int{{0, 3}},
	}
	stretch := c
	stretch.Line, stretch.Doubt = orb.LineString{{121.5, 31.2}, {121.6, 31.2}}, "doubt"
	return grid.Geocoding{Text: text, Lang: lang, Standing: grid.Choice, Question: "which?", Candidates: []grid.GeocodingCandidate{c, stretch}}, d.fail
}

func (d *fakeDesk) Suggest(typed string, limit int, lang grid.Lang) (grid.Geocoding, error) {
	g := grid.Geocoding{Text: typed, Lang: lang, Standing: grid.Choice}
	for range limit {
		g.Candidates = append(g.Candidates, grid.GeocodingCandidate{How: "road", Label: "控江路"})
	}
	return g, d.fail
}

func (d *fakeDesk) Reverse(r *grid.Report, _ grid.Lang) (grid.Description, error) {
	return grid.Description{Point: r.Point, Door: &grid.Near{Label: "控江路1665号", Distance: 20, Direction: "东"}, Says: "控江路1665号东侧约 20 米"}, d.fail
}

func (d *fakeDesk) Version() grid.Version {
	return grid.Version{Map: "1-a", Duties: "2-b", Calendar: "3-c"}
}

func (d *fakeDesk) Policy() calendar.Policy { return calendar.Policy{} }

// fakeStore holds what the fake desk took.
type fakeStore struct {
	grid.Store // what the shell does not call
	desk       *fakeDesk
	down       bool
}

func (s *fakeStore) Ping(context.Context) error {
	if s.down {
		return errors.New("store: /var/secret/path is gone")
	}
	return nil
}

func (s *fakeStore) Case(_ context.Context, id grid.CaseID) (grid.Case, error) {
	for _, c := range s.desk.taken {
		if c.ID == id {
			return c, nil
		}
	}
	return grid.Case{}, &grid.Error{Kind: grid.NotFound, Msg: "no such case", MsgZH: "没有此案件"}
}

func (s *fakeStore) Cases(_ context.Context, q grid.CaseQuery) ([]grid.Case, string, error) {
	var all []grid.Case
	for _, c := range s.desk.taken {
		c.Report.Reporter = nil
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b grid.Case) int { return len(b.ID) - len(a.ID) })
	if q.Limit > 0 && len(all) > q.Limit {
		return all[:q.Limit], "more&more", nil
	}
	return all, "", nil
}

type bench struct {
	*httptest.Server
	desk  *fakeDesk
	store *fakeStore
}

// newFake starts a server over the fakes; change alters its options.
func newFake(tb testing.TB, change func(*api.Options)) *bench {
	tb.Helper()
	d := &fakeDesk{taken: map[string]grid.Case{}}
	st := &fakeStore{desk: d}
	o := api.Options{Desk: d, Store: st, Open: true, Now: func() time.Time { return monday }, Version: "test", SpoolDir: tb.TempDir()}
	if change != nil {
		change(&o)
	}
	s, err := api.New(o)
	if err != nil {
		tb.Fatalf("New() = %v", err)
	}
	srv := httptest.NewUnstartedServer(s)
	srv.Config = api.HTTPServer(s, nil)
	srv.Start()
	tb.Cleanup(srv.Close)
	return &bench{Server: srv, desk: d, store: st}
}

// do sends one request; the body of the answer is read.
func (b *bench) do(tb testing.TB, req *http.Request) answer {
	tb.Helper()
	return roundTrip(tb, req)
}
