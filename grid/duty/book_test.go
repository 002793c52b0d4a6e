package duty_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"wangge/grid"
	"wangge/grid/calendar"
	"wangge/grid/duty"
	"wangge/grid/load"
)

var (
	cal = func() *calendar.Calendar {
		c, err := calendar.New([]calendar.Day{{Date: "2013-01-01", Off: true, Name: "元旦"}}, calendar.Policy{})
		if err != nil {
			panic(err)
		}
		return c
	}()
	friday = time.Date(2013, 5, 3, 8, 40, 0, 0, grid.Zone)
	may    = time.Date(2013, 5, 1, 0, 0, 0, 0, grid.Zone)

	units = []grid.Unit{
		{ID: "chengguan", Name: "城管", NameEN: "Enforcement", Kind: grid.UnitLine},
		{ID: "jiaojing", Name: "交警", NameEN: "Traffic police", Kind: grid.UnitLine},
		{ID: "center", Name: "中心", NameEN: "Centre", Kind: grid.UnitCentre},
		{ID: "sub-a", Name: "甲街道", NameEN: "Street A", Kind: grid.UnitStreet, Street: "A"},
		{ID: "old", Name: "旧单位", NameEN: "Old unit", Kind: grid.UnitLine, Valid: grid.Span{To: may}},
	}
	categories = []grid.Category{
		{Code: "stall", Name: "乱设摊", NameEN: "Stall", Group: "街面秩序", Words: []string{"流动摊贩", "摆摊"}, Limit: grid.Limit{N: 4, Unit: grid.WorkingHours}},
		{Code: "parking", Name: "违法停车", NameEN: "Parking", Group: "街面秩序", Words: []string{"违停", "乱停车"}},
		{Code: "noise", Name: "噪声", NameEN: "Noise", Group: "环境", Words: []string{"吵"}},
	}
	hospital = grid.Hit{Spot: &grid.Hotspot{ID: "hospital", Name: "医院周边", NameEN: "Hospital", Kind: grid.Perimeter}, Open: true}
	market   = grid.Hit{Spot: &grid.Hotspot{ID: "market", Name: "疏导点", NameEN: "Market", Kind: grid.Diversion, Schedule: "daily 05:00-09:00"}, Open: true}
	shut     = grid.Hit{Spot: market.Spot, Open: false}
)

func book(tb testing.TB, duties ...grid.Duty) *duty.Book {
	tb.Helper()
	b, err := duty.New(duty.Rules{Duties: duties, Categories: categories, Units: units, Calendar: cal})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestAssign(t *testing.T) {
	district := grid.Duty{ID: "district", Category: "stall", Lead: "chengguan"}
	street := grid.Duty{ID: "street", Street: "A", Lead: "jiaojing"}
	group := grid.Duty{ID: "group", Group: "街面秩序", Lead: "jiaojing"}
	kind := grid.Duty{ID: "kind", HotspotKind: grid.Perimeter, Group: "街面秩序", Lead: grid.StreetOffice, Assist: []string{"chengguan", "old", grid.StreetOffice, "chengguan"}}
	spot := grid.Duty{ID: "spot", Hotspot: "hospital", Group: "街面秩序", Lead: "jiaojing", Limit: grid.Limit{N: 1, Unit: grid.WorkingDays}}
	exact := grid.Duty{ID: "exact", Hotspot: "hospital", Category: "stall", Lead: "chengguan"}
	twin := grid.Duty{ID: "twin", Category: "stall", Lead: "jiaojing"}
	same := grid.Duty{ID: "same", Category: "stall", Lead: "chengguan"}
	early := grid.Duty{ID: "early", Category: "stall", Window: "daily 00:00-09:00", Lead: "jiaojing"}
	late := grid.Duty{ID: "late", Category: "stall", Window: "daily 00:00-09:00", Closed: true, Lead: "jiaojing"}
	after := grid.Duty{ID: "after", Hotspot: "market", Category: "stall", Closed: true, Lead: "jiaojing"}
	gone := grid.Duty{ID: "gone", Category: "stall", Lead: "jiaojing", Street: "A", Valid: grid.Span{To: may}}
	orphan := grid.Duty{ID: "orphan", Category: "stall", Street: "A", Lead: "old"}
	all := []grid.Duty{district, street, group, kind, spot, exact}
	tests := []struct {
		name           string
		duties         []grid.Duty
		category       string
		hits           []grid.Hit
		duty, lead     string
		tie            string
		limit, assists string
	}{
		{"hotspot and exact category beat all", all, "stall", []grid.Hit{hospital}, "exact", "chengguan", "", "4 working_hour", ""},
		{"hotspot with a group beats its kind", all, "parking", []grid.Hit{hospital}, "spot", "jiaojing", "", "1 working_day", ""},
		{"kind of hotspot: the street office, helpers once, the gone one left out", []grid.Duty{district, street, group, kind}, "stall", []grid.Hit{hospital}, "kind", "sub-a", "", "4 working_hour", "chengguan"},
		{"street with any matter beats district with the exact one", []grid.Duty{district, street, group}, "stall", nil, "street", "jiaojing", "", "4 working_hour", ""},
		{"exact beats group", []grid.Duty{district, group}, "stall", nil, "district", "chengguan", "", "4 working_hour", ""},
		{"group where there is nothing exact", []grid.Duty{district, group}, "parking", nil, "group", "jiaojing", "", "", ""},
		{"no rule: the street office", []grid.Duty{district, group}, "noise", nil, "", "sub-a", "", "", ""},
		{"no category: rules for any", []grid.Duty{district, street}, "", nil, "street", "jiaojing", "", "", ""},
		{"a tie is told, the smaller id stands", []grid.Duty{twin, district}, "stall", nil, "district", "chengguan", "twin", "4 working_hour", ""},
		{"the same lead is no tie", []grid.Duty{district, same}, "stall", nil, "district", "chengguan", "", "4 working_hour", ""},
		{"open window beats none", []grid.Duty{district, early}, "stall", nil, "early", "jiaojing", "", "4 working_hour", ""},
		{"closed window does not hold", []grid.Duty{district, late}, "stall", nil, "district", "chengguan", "", "4 working_hour", ""},
		{"the hotspot's hours are over", []grid.Duty{district, after}, "stall", []grid.Hit{shut}, "after", "jiaojing", "", "4 working_hour", ""},
		{"the hotspot's hours are not over", []grid.Duty{district, after}, "stall", []grid.Hit{market}, "district", "chengguan", "", "4 working_hour", ""},
		{"not valid any more", []grid.Duty{district, gone}, "stall", nil, "district", "chengguan", "", "4 working_hour", ""},
		{"its lead is no unit any more", []grid.Duty{district, orphan}, "stall", nil, "district", "chengguan", "", "4 working_hour", ""},
	}
	for _, tt := range tests {
		b := book(t, tt.duties...)
		q := duty.Question{District: "D", Street: "A", Category: tt.category, Hits: tt.hits, At: friday}
		a := b.Assign(&q)
		var id, tie, lead, limit string
		if a.Duty != nil {
			id = a.Duty.ID
		}
		if a.Tie != nil {
			tie = a.Tie.ID
		}
		if a.Lead != nil {
			lead = a.Lead.ID
		}
		if a.Limit.N > 0 {
			limit = fmt.Sprintf("%d %s", a.Limit.N, a.Limit.Unit)
		}
		var assist []string
		for _, u := range b.Assist(nil, &q, a) {
			assist = append(assist, u.ID)
		}
		if id != tt.duty || lead != tt.lead || tie != tt.tie || limit != tt.limit || strings.Join(assist, "|") != tt.assists {
			t.Errorf("%s: Assign = duty %q, lead %q, tie %q, limit %q, assist %v, want %q, %q, %q, %q, %q",
				tt.name, id, lead, tie, limit, assist, tt.duty, tt.lead, tt.tie, tt.limit, tt.assists)
		}
	}
	if a := book(t).Assign(&duty.Question{Street: "unknown", At: friday}); a.Lead == nil || a.Lead.ID != duty.LastResort {
		t.Errorf("Assign(unknown street) lead = %v, want the centre", a.Lead)
	}
}

func TestVerdicts(t *testing.T) {
	b := book(t,
		grid.Duty{ID: "a", Hotspot: "hospital", Group: "街面秩序", Lead: grid.StreetOffice, Basis: "点位包干", BasisEN: "hotspot rule"},
		grid.Duty{ID: "b", Category: "stall", Lead: "chengguan"},
		grid.Duty{ID: "c", Category: "stall", Lead: "chengguan", Window: "daily 20:00-22:00"},
		grid.Duty{ID: "d", Category: "stall", Lead: "old"},
		grid.Duty{ID: "e", Category: "stall", Lead: "jiaojing", Valid: grid.Span{To: may}},
		grid.Duty{ID: "f", Hotspot: "market", Category: "stall", Lead: "jiaojing"},
	)
	q := duty.Question{Street: "A", Category: "stall", Hits: []grid.Hit{hospital}, At: friday}
	for _, tt := range []struct {
		lang grid.Lang
		want []string
	}{
		{grid.ZH, []string{
			"a true 医院周边 × 街面秩序 → 甲街道：适用（点位包干）",
			"c false 全区 × 乱设摊 → 城管：未采用，当时不在适用时段",
			"b false 全区 × 乱设摊 → 城管：未采用，地点不如胜出者具体",
			"d false 全区 × 乱设摊 → old：未采用，牵头单位当时不存在",
			"e false 全区 × 乱设摊 → 交警：未采用，当时不在有效期内",
		}},
		{grid.EN, []string{
			"a true Hospital × 街面秩序 → Street A: applies (hotspot rule)",
			"c false whole district × Stall → Enforcement: not taken, its hours do not apply then",
			"b false whole district × Stall → Enforcement: not taken, its place is less specific than the winner's",
			"d false whole district × Stall → old: not taken, its lead was not a unit then",
			"e false whole district × Stall → Traffic police: not taken, it was not in force then",
		}},
	} {
		var got []string
		a := b.Assign(&q)
		for _, v := range b.Verdicts(nil, &q, a) {
			got = append(got, fmt.Sprintf("%s %v %s", v.ID(), v.Won, b.AppendVerdict(nil, v, &q, a, tt.lang)))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("Verdicts(%s) =\n%s\nwant\n%s", tt.lang, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

func TestPropose(t *testing.T) {
	b := book(t)
	for _, tt := range []struct{ text, code, words string }{
		{"医院门口有流动摊贩占道", "stall", "流动摊贩"},
		{"有人摆摊，还有违停，流动摊贩", "stall", "摆摊|流动摊贩"},
		{"天天吵", "noise", "吵"},
		{"你好", "", ""},
		{"", "", ""},
	} {
		code, words := b.Propose(tt.text)
		if code != tt.code || strings.Join(words, "|") != tt.words {
			t.Errorf("Propose(%q) = %q, %v, want %q, %q", tt.text, code, words, tt.code, tt.words)
		}
	}
}

func TestNewTellsAllFaults(t *testing.T) {
	_, err := duty.New(duty.Rules{Calendar: cal, Duties: []grid.Duty{
		{ID: "a", Hotspot: "h", Street: "s", Lead: "u"},
		{ID: "b", Category: "c", Group: "g", Window: "whenever"},
		{ID: "c", Closed: true, Lead: "u", Limit: grid.Limit{N: 1, Unit: "moon"}},
	}})
	var got []string
	if e, ok := errors.AsType[*grid.Error](err); ok && e.Kind == grid.Invalid {
		for _, f := range e.Faults {
			got = append(got, f.At+" "+f.Code)
		}
	}
	want := []string{"a/hotspot places", "b/category categories", "b/lead missing", "b/window window", "c/closed closed", "c/limit limit"}
	if !slices.Equal(got, want) {
		t.Errorf("New(bad duties) faults = %v, want %v", got, want)
	}
}

func TestLint(t *testing.T) {
	b := book(t,
		grid.Duty{ID: "a", Category: "stall", Lead: "chengguan"},
		grid.Duty{ID: "b", Category: "stall", Lead: "jiaojing"},
		grid.Duty{ID: "c", Category: "stall", Lead: "chengguan"},
		grid.Duty{ID: "d", Category: "nope", Lead: "nobody", Assist: []string{"none"}},
		grid.Duty{ID: "e", Hotspot: "gone", Category: "stall", Lead: "chengguan", Valid: grid.Span{From: may}},
		grid.Duty{ID: "f", Group: "街面秩序", Lead: "old", Valid: grid.Span{From: may}},
		grid.Duty{ID: "g", Street: "A", Category: "stall", Lead: "chengguan", Window: "daily 05:00-06:00"},
		grid.Duty{ID: "h", Street: "A", Category: "stall", Lead: "jiaojing", Window: "daily 06:00-07:00"},
	)
	var got []string
	for _, f := range b.Lint([]grid.Hotspot{{ID: "gone", Valid: grid.Span{To: may}}}) {
		got = append(got, f.Rule+" "+strings.Join(f.IDs, "+"))
	}
	slices.Sort(got)
	want := []string{"dead e", "dead f", "gap noise", "shadowed a+c", "tie a+b", "tie b+c", "unknown d", "unknown d", "unknown d"}
	if !slices.Equal(got, want) {
		t.Errorf("Lint = %v, want %v", got, want)
	}
}

// TestDemoRules: the demonstration's own rules hold no error.
func TestDemoRules(t *testing.T) {
	recs, err := load.Demo()
	if err != nil {
		t.Fatal(err)
	}
	src := duty.Rules{Calendar: cal}
	var hotspots []grid.Hotspot
	for _, r := range recs {
		switch r := r.(type) {
		case grid.Duty:
			src.Duties = append(src.Duties, r)
		case grid.Category:
			src.Categories = append(src.Categories, r)
		case grid.Unit:
			src.Units = append(src.Units, r)
		case grid.Hotspot:
			hotspots = append(hotspots, r)
		}
	}
	b, err := duty.New(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range b.Lint(hotspots) {
		if f.Severity != duty.Info {
			t.Errorf("Lint(demo): %s", f.Says)
		}
	}
}

// TestAgainstPlainOrder: over random rules the winner is the greatest by the order
// as it is written down, found by looking at every rule.
func TestAgainstPlainOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	for range 300 {
		var duties []grid.Duty
		for i := range 12 {
			d := grid.Duty{ID: fmt.Sprintf("%02d", i), Lead: pick("chengguan", "jiaojing", "old", grid.StreetOffice), Window: pick("", "", "daily 00:00-09:00", "daily 10:00-11:00")}
			switch rng.IntN(4) {
			case 0:
				d.Hotspot = pick("hospital", "market")
			case 1:
				d.HotspotKind = grid.HotspotKind(pick("perimeter", "diversion"))
			case 2:
				d.Street = pick("A", "B")
			}
			switch rng.IntN(3) {
			case 0:
				d.Category = pick("stall", "parking")
			case 1:
				d.Group = pick("街面秩序", "环境")
			}
			duties = append(duties, d)
		}
		q := duty.Question{Street: "A", Category: pick("stall", "parking", "noise", ""), Hits: [][]grid.Hit{nil, {hospital}, {hospital, market}}[rng.IntN(3)], At: friday}
		want := ""
		if w := plain(duties, &q); w != nil {
			want = w.ID
		}
		got := ""
		if a := book(t, duties...).Assign(&q); a.Duty != nil {
			got = a.Duty.ID
		}
		if got != want {
			t.Fatalf("Assign(%+v) over %+v = %q, want %q", q, duties, got, want)
		}
	}
}

func plain(duties []grid.Duty, q *duty.Question) *grid.Duty {
	group := map[string]string{"stall": "街面秩序", "parking": "街面秩序", "noise": "环境"}[q.Category]
	at := func(ok func(grid.Hit) bool) bool { return slices.ContainsFunc(q.Hits, ok) }
	var best *grid.Duty
	rank := func(d *grid.Duty) [3]int {
		var r [3]int
		switch {
		case d.Hotspot != "":
			r[0] = 3
		case d.HotspotKind != "":
			r[0] = 2
		case d.Street != "":
			r[0] = 1
		}
		if d.Category != "" {
			r[1] = 2
		} else if d.Group != "" {
			r[1] = 1
		}
		if d.Window != "" {
			r[2] = 1
		}
		return r
	}
	for i := range duties {
		d := &duties[i]
		if d.Hotspot != "" && !at(func(h grid.Hit) bool { return h.Spot.ID == d.Hotspot }) ||
			d.HotspotKind != "" && !at(func(h grid.Hit) bool { return h.Spot.Kind == d.HotspotKind }) ||
			d.Street != "" && d.Street != q.Street || d.Category != "" && d.Category != q.Category ||
			d.Group != "" && d.Group != group || d.Window == "daily 10:00-11:00" || d.Lead == "old" {
			continue
		}
		if best == nil || slices.Compare(ranked(rank(d)), ranked(rank(best))) > 0 ||
			rank(d) == rank(best) && cmp.Compare(d.ID, best.ID) < 0 {
			best = d
		}
	}
	return best
}

func ranked(r [3]int) []int { return r[:] }

func BenchmarkAssign(b *testing.B) {
	bk := book(b, grid.Duty{ID: "a", Hotspot: "hospital", Group: "街面秩序", Lead: "jiaojing"}, grid.Duty{ID: "b", Category: "stall", Lead: "chengguan"})
	q := duty.Question{Street: "A", Category: "stall", Hits: []grid.Hit{hospital}, At: friday}
	b.ReportAllocs()
	for b.Loop() {
		bk.Assign(&q)
	}
}
