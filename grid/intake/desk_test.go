package intake_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/intake"
	"wangge/grid/load"
)

// now is the fixed clock of these tests.
var now = time.Date(2013, 7, 11, 10, 0, 0, 0, grid.Zone)

func yangpu(tb testing.TB) *intake.Desk {
	tb.Helper()
	recs, err := load.Demo()
	if err != nil {
		tb.Fatal(err)
	}
	d, err := intake.Open(context.Background(), grid.NewStaticLog(now, recs), intake.Options{Now: func() time.Time { return now }})
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, grid.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func pin(lon, lat float64, d datum.Datum, when string) grid.Report {
	return grid.Report{Located: true, Point: orb.Point{lon, lat}, Datum: d, At: at(when)}
}

func with(r grid.Report, category string, accuracy float64) grid.Report {
	r.Category, r.Accuracy = category, accuracy
	return r
}

func preview(t *testing.T, d *intake.Desk, r grid.Report) *grid.Certificate {
	t.Helper()
	c, err := d.Preview(context.Background(), r, grid.ZH)
	if err != nil {
		t.Fatalf("Preview(%+v) = %v", r, err)
	}
	return c
}

func openHotspot(c *grid.Certificate, id string) string {
	for _, h := range c.Hotspots {
		if h.ID == id && h.Open {
			return "open"
		} else if h.ID == id {
			return "closed"
		}
	}
	return "none"
}

func TestRealReports(t *testing.T) {
	d := yangpu(t)
	text := func(s, when string) grid.Report { return grid.Report{Text: s, At: at(when)} }
	tests := []struct {
		name     string
		r        grid.Report
		street   string
		standing grid.Standing
		lead     string
		hotspot  string // an id and its state
		due      string
	}{
		{
			"the contract's report at 红房子医院", with(pin(121.5344, 31.2592, datum.GCJ02, "2013-05-03 08:40"), "luan-shetan", 30),
			"310110018", grid.Settled, "sub-daqiao", "hongfangzi open", "2013-05-06 17:00",
		},
		{
			"the same in words", text("红房子医院门口有流动摊贩占道", "2013-05-03 08:40"),
			"310110018", grid.Settled, "sub-daqiao", "hongfangzi open", "2013-05-06 17:00",
		},
		{
			"图们路 on a make-up Saturday at 09:30: overdue", with(pin(121.5436, 31.2921, datum.WGS84, "2013-01-05 09:30"), "luan-shetan", 0),
			"310110013", grid.Settled, "sub-changbai", "divert-tumen closed", "2013-01-05 11:30",
		},
		{
			"图们路 on a make-up Saturday at 08:30: permitted", with(pin(121.5436, 31.2921, datum.WGS84, "2013-01-05 08:30"), "luan-shetan", 0),
			"310110013", grid.Settled, "sub-changbai", "divert-tumen open", "2013-01-05 13:00",
		},
		{"控江路1665号", text("控江路1665号", "2013-05-03 08:40"), "310110008", grid.Settled, "sub-jiangpulu", "", ""},
		{"国和路968号 in 2018", with(pin(121.530, 31.310, datum.WGS84, "2018-05-03 08:40"), "qunzu", 0), "310110100", grid.Settled, "fangguan", "", "2018-05-17 17:00"},
		{"国和路968号 in 2020", with(pin(121.530, 31.310, datum.WGS84, "2020-05-07 08:40"), "qunzu", 0), "310110021", grid.Settled, "fangguan", "", "2020-05-20 17:00"},
		{"nobody's matter in 2018", pin(121.530, 31.310, datum.WGS84, "2018-05-03 08:40"), "310110100", grid.Settled, "sub-wujiaochangzhen", "", ""},
		{"nobody's matter in 2020", pin(121.530, 31.310, datum.WGS84, "2020-05-07 08:40"), "310110021", grid.Settled, "sub-changhailu", "", ""},
		{"the far bank", with(pin(121.5530, 31.2600, datum.WGS84, "2013-05-03 08:40"), "luan-shetan", 0), "", grid.Outside, "", "", ""},
		{"no place in the words", text("你好，我要投诉", "2013-05-03 08:40"), "", grid.Unlocated, "", "", ""},
	}
	for _, tt := range tests {
		c := preview(t, d, tt.r)
		street, lead, due := "", "", ""
		if c.Place != nil {
			street = c.Place.Street.Code
			if !strings.HasPrefix(c.Place.Cell, street) {
				t.Errorf("%s: cell %s is not in street %s", tt.name, c.Place.Cell, street)
			}
		}
		if c.Lead != nil {
			lead = c.Lead.ID
		}
		if !c.Due.IsZero() {
			due = c.Due.In(grid.Zone).Format("2006-01-02 15:04")
		}
		if street != tt.street || c.Standing != tt.standing || lead != tt.lead || due != tt.due {
			t.Errorf("%s: street %q, %s, lead %q, due %q, want %q, %s, %q, %q\n%s", tt.name, street, c.Standing, lead, due, tt.street, tt.standing, tt.lead, tt.due, c.Text)
		}
		if id, state, ok := strings.Cut(tt.hotspot, " "); ok && openHotspot(c, id) != state {
			t.Errorf("%s: hotspot %s is %s, want %s (%+v)", tt.name, id, openHotspot(c, id), state, c.Hotspots)
		}
		if c.Text == "" || len(c.Steps) == 0 {
			t.Errorf("%s: no sentences", tt.name)
		}
	}
}

func TestOutsideNamesTheNeighbour(t *testing.T) {
	c := preview(t, yangpu(t), pin(121.5530, 31.2600, datum.WGS84, "2013-05-03 08:40"))
	if b := c.Beyond; b == nil || b.HandOver != "浦东新区" || b.Distance < 50 || b.Nearest.Code == "" {
		t.Errorf("Preview(far bank).Beyond = %+v, want 浦东新区 and a distance", b)
	}
}

// TestContestedNamesBoth: 安图路 north of 靖宇东路 is itself the border.
func TestContestedNamesBoth(t *testing.T) {
	c := preview(t, yangpu(t), with(pin(121.5355, 31.2954, datum.WGS84, "2013-05-03 08:40"), "", 30))
	all := c.Text
	for _, s := range c.Steps {
		all += "\n" + s.Says
	}
	if c.Standing != grid.Contested || c.Edge == nil || c.Edge.Along != "安图路" || c.Edge.Share <= 0 || c.Edge.OtherLead == nil ||
		!strings.Contains(all, "长白新村街道：距离") || !strings.Contains(all, "延吉新村街道：距离") {
		t.Errorf("Preview(安图路, 30 m) = %s, edge %+v\n%s", c.Standing, c.Edge, all)
	}
}

func TestDatumsAgree(t *testing.T) {
	d := yangpu(t)
	p := orb.Point{121.5302, 31.2614}
	want := preview(t, d, pin(p[0], p[1], datum.WGS84, "2013-05-03 08:40"))
	for _, dt := range datum.Datums {
		q := datum.FromWGS84(p, dt)
		got := preview(t, d, pin(q[0], q[1], dt, "2013-05-03 08:40"))
		if got.Place == nil || got.Place.Cell != want.Place.Cell {
			t.Errorf("Preview(the pin as %s) is in %+v, want cell %s", dt, got.Place, want.Place.Cell)
		}
	}
}

// TestReplay: the same id gives the same bytes, from another desk on the same log.
func TestReplay(t *testing.T) {
	a, b := yangpu(t), yangpu(t)
	for _, r := range []grid.Report{
		with(pin(121.5344, 31.2592, datum.GCJ02, "2013-05-03 08:40"), "luan-shetan", 30),
		{Text: "红房子医院门口有流动摊贩占道"},
		{Text: "没有地点"},
		pin(121.5530, 31.2600, datum.WGS84, "2013-05-03 08:40"),
	} {
		for _, lang := range []grid.Lang{grid.ZH, grid.EN} {
			first, err := a.Preview(context.Background(), r, lang)
			if err != nil {
				t.Fatal(err)
			}
			again, err := b.Replay(context.Background(), first.ID, lang)
			if err != nil {
				t.Fatalf("Replay(%s) = %v", first.ID, err)
			}
			got, want := string(codec.AppendCertificate(nil, again)), string(codec.AppendCertificate(nil, first))
			if got != want {
				t.Errorf("Replay(%s) =\n%s, want\n%s", first.ID, got, want)
			}
		}
	}
	if _, err := a.Replay(context.Background(), "wg1-nonsense", grid.ZH); grid.KindOf(err) != grid.Invalid {
		t.Errorf("Replay(nonsense) error = %v, want Invalid", err)
	}
	other := codec.FormatID(&codec.Enquiry{Asked: grid.Asked{At: now}, Seq: 1, Hash: 1})
	if _, err := a.Replay(context.Background(), other, grid.ZH); grid.KindOf(err) != grid.NotFound {
		t.Errorf("Replay(another store's id) error = %v, want NotFound", err)
	}
}

func TestFaultsTogether(t *testing.T) {
	d := yangpu(t)
	tests := []struct {
		name string
		r    grid.Report
		want string
	}{
		{"nothing", grid.Report{}, "/ missing"},
		{"no datum", grid.Report{Located: true, Point: orb.Point{121.5, 31.2}}, "/datum datum"},
		{"swapped, no datum, bad accuracy", grid.Report{Located: true, Point: orb.Point{31.2, 121.5}, Accuracy: -1}, "/datum datum|/lon swapped|/accuracy_m range"},
		{"abroad", grid.Report{Located: true, Point: orb.Point{2, 48}, Datum: datum.WGS84}, "/lon abroad"},
		{"huge", grid.Report{Located: true, Point: orb.Point{1e308, 31}, Datum: datum.WGS84}, "/lon range"},
		{"category", with(pin(121.5, 31.28, datum.WGS84, "2013-05-03 08:40"), "nope", 0), "/category category"},
	}
	for _, tt := range tests {
		_, err := d.Preview(context.Background(), tt.r, grid.ZH)
		var got []string
		if e, ok := errors.AsType[*grid.Error](err); ok && e.Kind == grid.Invalid {
			for _, f := range e.Faults {
				got = append(got, f.At+" "+f.Code)
			}
		}
		if g := strings.Join(got, "|"); g != tt.want {
			t.Errorf("%s: Preview faults = %s (%v), want %s", tt.name, g, err, tt.want)
		}
	}
}

func TestEnglishHasNoChineseSentences(t *testing.T) {
	d := yangpu(t)
	c, err := d.Preview(context.Background(), with(pin(121.5344, 31.2592, datum.GCJ02, "2013-05-03 08:40"), "luan-shetan", 30), grid.EN)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(c.Steps, grid.Step{Says: c.Text}) {
		if slices.ContainsFunc([]rune(s.Says), func(r rune) bool { return r == '。' || r == '，' || r == '：' }) {
			t.Errorf("English sentence with Chinese punctuation: %s", s.Says)
		}
	}
	t.Log(c.Text)
}

// BenchmarkPreview answers the contract's report: codes only and with every sentence,
// in AMap's datum, whose inverse is iterated, and in WGS-84.
func BenchmarkPreview(b *testing.B) {
	d := yangpu(b)
	p := datum.ToWGS84(orb.Point{121.5344, 31.2592}, datum.GCJ02)
	for _, in := range []datum.Datum{datum.WGS84, datum.GCJ02} {
		q := datum.FromWGS84(p, in)
		r := with(pin(q[0], q[1], in, "2013-05-03 08:40"), "luan-shetan", 30)
		b.Run("brief/"+string(in), func(b *testing.B) {
			b.ReportAllocs()
			var c grid.Certificate
			for b.Loop() {
				if err := d.Brief(&r, &c); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("certificate/"+string(in), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Preview(context.Background(), r, grid.ZH); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
