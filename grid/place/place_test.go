package place_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/hexgrid"
	"wangge/grid"
	"wangge/grid/load"
	"wangge/grid/place"
)

func yangpu(tb testing.TB) (areas []grid.Area, borders []grid.Border) {
	tb.Helper()
	recs, err := load.Demo()
	if err != nil {
		tb.Fatal(err)
	}
	for _, r := range recs {
		switch r := r.(type) {
		case grid.Area:
			areas = append(areas, r)
		case grid.Border:
			borders = append(borders, r)
		}
	}
	return areas, borders
}

func mapAt(tb testing.TB, at time.Time, numbers place.Numbering) *place.Map {
	tb.Helper()
	areas, borders := yangpu(tb)
	m, err := place.New(areas, borders, at, numbers)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, grid.Zone) }

func TestYangpu(t *testing.T) {
	numbers := place.Numbering{}
	in2018, in2020 := mapAt(t, day(2018, 6, 1), numbers), mapAt(t, day(2020, 6, 1), numbers)
	tests := []struct {
		name       string
		p          orb.Point
		want, then string // street in 2020 and in 2018
	}{
		{"红房子医院", orb.Point{121.53005, 31.26130}, "310110018", "310110018"},
		{"图们路", orb.Point{121.5436, 31.2921}, "310110013", "310110013"},
		{"新华医院", orb.Point{121.51334, 31.27554}, "310110008", "310110008"},
		{"国和路968号", orb.Point{121.530, 31.310}, "310110021", "310110100"},
		{"陆家嘴", orb.Point{121.50, 31.24}, "", ""},
	}
	for _, tt := range tests {
		for _, c := range []struct {
			m    *place.Map
			want string
		}{{in2020, tt.want}, {in2018, tt.then}} {
			got := ""
			if s, ok := c.m.At(tt.p); ok {
				got = c.m.Street(s.Street).Code
				if cell := c.m.Cell(s.Cell).Code; !strings.HasPrefix(cell, got+"000") || len(cell) != 15 {
					t.Errorf("%s: cell %s, want 15 digits in street %s", tt.name, cell, got)
				}
			}
			if got != c.want {
				t.Errorf("%s: At(%v) = %q, want %q", tt.name, tt.p, got, c.want)
			}
		}
	}
}

func TestEdgeNamesTheRoadAndTheNeighbour(t *testing.T) {
	m := mapAt(t, day(2020, 6, 1), place.Numbering{})
	e, _ := m.Edge(orb.Point{121.5354, 31.2956})
	sides := []string{m.Street(e.Left).Code, m.Street(e.Right).Code}
	slices.Sort(sides)
	if e.Along != "安图路" || !slices.Equal(sides, []string{"310110013", "310110015"}) || e.Distance > 60 {
		t.Errorf("Edge(安图路, north of 靖宇东路) = %+v between %v, want 安图路 between 长白新村 and 延吉新村", e, sides)
	}
	e, _ = m.Edge(orb.Point{121.5530, 31.2600})
	if e.Beyond != "浦东新区" || e.Along != "黄浦江" {
		t.Errorf("Edge(far bank) = %+v, want 浦东新区 beyond 黄浦江", e)
	}
}

// TestCells: every cell is nested in its street, none but an isolated one is a
// fragment, together they have the street's area, and their codes run on.
func TestCells(t *testing.T) {
	m := mapAt(t, day(2020, 6, 1), place.Numbering{})
	sum, seen := map[int]float64{}, map[string]bool{}
	count := map[int]int{}
	fragments := 0
	for _, c := range m.Cells() {
		if seen[c.Code] {
			t.Errorf("code %s twice", c.Code)
		}
		seen[c.Code] = true
		sum[c.Street] += c.Area
		count[c.Street]++
		if c.Area < 1500 {
			fragments++
			t.Logf("cell %s has %.0f m²", c.Code, c.Area)
		}
	}
	if fragments > 3 {
		t.Errorf("%d cells are fragments under 1,500 m², want hardly any", fragments)
	}
	for s := range m.Streets() {
		want := areaOf(m.Street(s).Shape)
		if math.Abs(sum[s]-want) > 1 {
			t.Errorf("cells of %s have %.1f m², want %.1f", m.Street(s).Name, sum[s], want)
		}
		last := m.Street(s).Code + "000" + pad(count[s])
		if !seen[last] {
			t.Errorf("%s has %d cells, but no cell %s", m.Street(s).Name, count[s], last)
		}
	}
	t.Logf("%d cells", len(m.Cells()))
}

func pad(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}

func areaOf(mp orb.MultiPolygon) float64 {
	f, sum := geo.FrameAt(mp.Bound().Center()[1]), 0.0
	for _, p := range mp {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
			}
		}
	}
	return sum / 2 * f.KX * f.KY
}

// TestNested draws points: the cell lies in the point's street and has its hexagon.
func TestNested(t *testing.T) {
	m := mapAt(t, day(2020, 6, 1), place.Numbering{})
	rng := rand.New(rand.NewPCG(7, 8))
	for range 20000 {
		p := orb.Point{121.48 + 0.1*rng.Float64(), 31.24 + 0.12*rng.Float64()}
		s, ok := m.At(p)
		if !ok {
			continue
		}
		c := m.Cell(s.Cell)
		if c.Street != s.Street || !slices.Contains(c.Hexes, m.Hex(s.Hex)) {
			t.Fatalf("At(%v) = street %d, cell %s of street %d with hexagons %v; hexagon %s", p, s.Street, c.Code, c.Street, c.Hexes, m.Hex(s.Hex))
		}
	}
}

// TestHexagonIsThatOfH3: the coverage of hexagons and H3 itself may differ within a
// millimetre of a side, where none of these points lies.
func TestHexagonIsThatOfH3(t *testing.T) {
	m := mapAt(t, day(2020, 6, 1), place.Numbering{})
	rng := rand.New(rand.NewPCG(9, 10))
	inside := 0
	for range 20000 {
		p := orb.Point{121.48 + 0.1*rng.Float64(), 31.24 + 0.12*rng.Float64()}
		s, ok := m.At(p)
		if !ok {
			continue
		}
		inside++
		want, err := hexgrid.At(p, place.Resolution)
		if got := m.Hex(s.Hex); err != nil || got != want {
			t.Fatalf("At(%v) lies in hexagon %s, want %s, %v", p, got, want, err)
		}
	}
	if inside < 5000 {
		t.Errorf("%d of 20,000 points lie in a street, want more", inside)
	}
}

func TestAtNeverAllocates(t *testing.T) {
	m := mapAt(t, day(2020, 6, 1), place.Numbering{})
	var points []orb.Point
	for _, s := range m.Streets() {
		r := s.Shape[0][0]
		for i := 1; i < len(r); i++ {
			points = append(points, r[i], orb.Point{(r[i-1][0] + r[i][0]) / 2, (r[i-1][1] + r[i][1]) / 2})
		}
	}
	points = append(points, clustered(t)[:2000]...)
	for _, p := range points {
		if n := testing.AllocsPerRun(1, func() { m.At(p) }); n != 0 {
			t.Fatalf("At(%v) allocates %v times, want 0", p, n)
		}
	}
}

// TestImportedCells: a street with imported cells has no others, a point between
// them is in the nearest, and its neighbour is divided as ever.
func TestImportedCells(t *testing.T) {
	areas, borders := yangpu(t)
	square := func(lon, lat, half float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{
			{lon - half, lat - half}, {lon + half, lat - half}, {lon + half, lat + half}, {lon - half, lat + half}, {lon - half, lat - half},
		}}}
	}
	for _, c := range []struct {
		code string
		lon  float64
	}{{"310110018001002", 121.5310}, {"310110018001001", 121.5290}} {
		areas = append(areas, grid.Area{Code: c.code, Level: grid.LevelCell, Shape: square(c.lon, 31.2613, 0.0005)})
	}
	m, err := place.New(areas, borders, day(2020, 6, 1), place.Numbering{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		p    orb.Point
		want string
	}{
		{"in the first", orb.Point{121.5291, 31.2613}, "310110018001001"},
		{"in the second", orb.Point{121.5309, 31.2612}, "310110018001002"},
		{"on the second's corner", orb.Point{121.5310 - 0.0005, 31.2613 - 0.0005}, "310110018001002"},
		{"between, nearer to the first", orb.Point{121.5299, 31.2613}, "310110018001001"},
		{"between, nearer to the second", orb.Point{121.5301, 31.2613}, "310110018001002"},
		{"in another street", orb.Point{121.5436, 31.2921}, "310110013000"},
	} {
		s, ok := m.At(tt.p)
		if got := m.Cell(s.Cell).Code; !ok || !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: At(%v) = cell %s, %v, want %s", tt.name, tt.p, got, ok, tt.want)
		}
	}
}

// TestCodesAreNeverReused: after the change of 2019 a pair of street and hexagon
// keeps its code, and a new one gets a code that was not used.
func TestCodesAreNeverReused(t *testing.T) {
	numbers := place.Numbering{}
	before := mapAt(t, day(2018, 6, 1), numbers)
	after := mapAt(t, day(2020, 6, 1), numbers)
	then := map[string]string{}
	for _, c := range before.Cells() {
		then[c.Code] = c.Hex
	}
	fresh := 0
	for _, c := range after.Cells() {
		if hex, ok := then[c.Code]; ok && hex != c.Hex {
			t.Errorf("code %s stood for %s, now for %s", c.Code, hex, c.Hex)
		} else if !ok && strings.HasPrefix(c.Code, "310110019") {
			fresh++
		}
	}
	t.Logf("五角场街道 has %d new cells", fresh)
	again := place.Numbering{}
	mapAt(t, day(2018, 6, 1), again)
	mapAt(t, day(2020, 6, 1), again)
	for s := range numbers {
		if !maps.Equal(numbers[s], again[s]) {
			t.Errorf("street %s is numbered otherwise the second time", s)
		}
	}
}
