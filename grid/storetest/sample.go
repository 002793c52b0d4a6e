package storetest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
)

var (
	noon = time.Date(2013, 5, 3, 12, 0, 0, 0, grid.Zone).UTC()
	day  = time.Date(2019, 6, 4, 0, 0, 0, 0, grid.Zone).UTC()
	ring = orb.Ring{{121.5, 31.2}, {121.6, 31.2}, {121.6123456789, 31.30000000001}, {121.5, 31.2}}
)

// records holds at least one record of every kind, with every field set once.
func records() []grid.Record {
	return []grid.Record{
		grid.Area{Code: "310110", Name: "杨浦区", NameEN: "Yangpu", Level: grid.LevelDistrict, Basis: "b"},
		grid.Area{Code: "310110021", Name: "长海路街道", Level: grid.LevelStreet, Shape: orb.MultiPolygon{{ring}}, Residents: 7, Valid: grid.Span{From: day}, Basis: "b"},
		grid.Area{Code: "310110021", Name: "五角场镇", Level: grid.LevelStreet, Shape: orb.MultiPolygon{{ring}}, Valid: grid.Span{To: day}},
		grid.Border{ID: "a1", Left: "310110013", Right: "310110015", Outside: "宝山区", Along: "安图路", Line: orb.LineString{{121.5, 31.2}, {121.51, 31.21}}, Valid: grid.Span{From: day, To: day.Add(time.Hour)}, Basis: "b"},
		grid.Unit{ID: "chengguan", Name: "城管", NameEN: "Enforcement", Full: "执法局", Kind: grid.UnitLine, Note: "n", Basis: "b"},
		grid.Unit{ID: "sub-daqiao", Name: "大桥街道", Kind: grid.UnitStreet, Street: "310110018", Valid: grid.Span{From: day}},
		grid.Hotspot{ID: "hongfangzi", Name: "红房子医院周边", NameEN: "Hospital", Kind: grid.Perimeter, Shape: orb.Point{121.53005, 31.2613}, Reach: 300.5, Road: "沈阳路", Streets: []string{"310110018", "310110006"}, Lead: "sub-daqiao", Schedule: "daily 05:00-09:00", Phrase: "p", Basis: "b", Assumed: true},
		grid.Hotspot{ID: "nowhere", Kind: grid.Site},
		grid.Hotspot{ID: "road", Kind: grid.Corridor, Shape: orb.LineString{{121.5, 31.2}, {121.51, 31.21}}, Reach: 60},
		grid.Duty{ID: "d1", Hotspot: "hongfangzi", Category: "luan-shetan", Window: "daily 05:00-09:00", Closed: true, Lead: "chengguan", Assist: []string{"gongan", "shirong"}, Limit: grid.Limit{N: 2, Unit: grid.WorkingDays}, Basis: "依据", BasisEN: "basis", Assumed: true, Valid: grid.Span{From: day}},
		grid.Duty{ID: "d2", HotspotKind: grid.Campus, Group: "街面秩序", Lead: grid.StreetOffice},
		grid.Duty{ID: "d3", Street: "310110018", Lead: "chengguan"},
		grid.Category{Code: "luan-shetan", Name: "乱设摊", NameEN: "Stall", Group: "街面秩序", GroupEN: "Street order", Type: "event", Tags: []string{"a", "b"}, Words: []string{"摆摊", "“引号\"|"}, Limit: grid.Limit{N: 4, Unit: grid.WorkingHours}, Basis: "b"},
		grid.Place{ID: "p1", Name: "新华医院", Aliases: []string{"x", "y"}, Kind: "hospital", Address: "控江路1665号", At: orb.Point{121.5, 31.27}, Street: "310110008", Basis: "b", Valid: grid.Span{From: day}},
		grid.Road{Name: "安图路", NameEN: "Antu Road", Class: "local", Line: orb.LineString{{121.5, 31.2}, {121.51, 31.21}}, Streets: []string{"310110013"}, Error: 14.5, Basis: "b"},
		grid.Crossing{RoadA: "长白路", RoadB: "图们路", At: orb.Point{121.54, 31.29}, Error: 20, Basis: "b"},
		grid.Door{Road: "控江路", Number: 1665, Suffix: "号", At: orb.Point{121.51, 31.27}, Street: "310110008", Basis: "b"},
		grid.Day{Date: "2013-01-05", Name: "元旦", Basis: "b"},
		grid.Day{Date: "2013-01-01", Off: true, Name: "元旦"},
		grid.Backdrop{ID: "w1", Layer: "water", Name: "黄浦江", Shape: orb.Polygon{ring}, Props: map[string]string{"b": "2", "a": "1"}, Basis: "b"},
		grid.Backdrop{ID: "m1", Layer: "metro", Shape: orb.MultiLineString{{{121.5, 31.2}, {121.51, 31.21}}}},
		grid.Measure{Campaign: "c1", CampaignName: "整治", Period: "2012-07..2012-10", PlaceKind: "corridor", ID: "1.1", Name: "取缔", NameEN: "shut", Value: "35", Unit: "家", Approx: true, Basis: "b"},
	}
}

func puts(rs []grid.Record) []grid.Change {
	out := make([]grid.Change, len(rs))
	for i, r := range rs {
		out[i] = grid.Change{Kind: r.RecordKind(), Key: r.Key(), Record: r}
	}
	return out
}

// sample makes the n-th case of a series. Its fields vary, so that filters select
// some; every seventh is not located, every fifth has no reporter.
func sample(rng *rand.Rand, n int) grid.Case {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	at := noon.Add(time.Duration(rng.IntN(30*24*60)) * time.Minute).Add(time.Duration(rng.IntN(1000)) * time.Millisecond)
	c := grid.Case{
		ID: grid.CaseID(fmt.Sprintf("310110-%08d", n)), District: "310110",
		Report: grid.Report{
			Key: fmt.Sprintf("20130503%06d", n), Source: pick("12345", "巡查"), Category: pick("", "luan-shetan"),
			Text: pick("红房子医院门口有流动摊贩占道", "安图路 100% 堵了_", "it's \"quoted\"\n第二行"), Address: pick("", "沈阳路128号"), At: at,
		},
		Certificate: fmt.Appendf(nil, `{"id":"wg1-%d","text":"证书 %d"}`, n, n),
		Street:      pick("310110018", "310110013"), Cell: pick("310110018000001", "310110018000002"), Hex: pick("8a309a0", "8a309a1"),
		Lead: pick("chengguan", "sub-daqiao"), Category: pick("luan-shetan", "weiting"),
		Standing: grid.Standing(pick(string(grid.Settled), string(grid.Contested))), State: grid.StateFiled,
		At: at, FiledAt: noon.Add(time.Duration(n) * time.Second),
	}
	if c.Located = n%7 != 0; c.Located {
		c.Point = orb.Point{121.5 + rng.Float64()/10, 31.25 + rng.Float64()/10}
		c.Report.Located, c.Report.Datum, c.Report.Accuracy = true, datum.GCJ02, 30.5
		c.Report.Point = orb.Point{c.Point[0] + 0.0045, c.Point[1] - 0.002}
	} else {
		c.Standing, c.Street, c.Cell, c.Hex, c.Lead = grid.Unlocated, "", "", "", ""
		c.Report.Known = day
	}
	for _, h := range []string{"hongfangzi", "hong", "road"} {
		if rng.IntN(3) == 0 {
			c.Hotspots = append(c.Hotspots, h)
		}
	}
	if n%5 != 0 {
		c.Report.Reporter = &grid.Reporter{Name: "测试", Phone: "000"}
	}
	if rng.IntN(2) == 0 {
		c.Due = at.Add(4 * time.Hour)
		c.Report.Attachments = []grid.Attachment{{URL: "https://example.org/a.jpg", SHA256: "00"}, {URL: "https://example.org/b.jpg"}}
	}
	return c
}

func samples(rng *rand.Rand, n int) []grid.Case {
	out := make([]grid.Case, n)
	for i := range out {
		out[i] = sample(rng, i+1)
	}
	return out
}
