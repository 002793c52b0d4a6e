package load_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/load"
)

// A little network around 121.5, 31.3. Points are named by a letter and drawn on a
// lattice of 0.01°: x to the east, y to the north.
var lattice = map[rune][2]int{
	'a': {0, 0}, 'b': {2, 0}, 'c': {4, 0}, // y = 0
	'd': {0, 2}, 'e': {2, 2}, 'f': {4, 2}, // y = 2
	'g': {1, 1}, 'h': {3, 1}, // inside the lower squares
	'p': {4, 4}, 'q': {2, 4},
	'v': {3, 3},
}

func at(c rune) orb.Point {
	xy := lattice[c]
	return orb.Point{121.5 + float64(xy[0])/100, 31.3 + float64(xy[1])/100}
}

// net writes a collection: areas "1 from..to", borders "path left right from..to".
func net(areas []string, borders []string) string {
	var features []string
	valid := func(s string) string {
		from, to, _ := strings.Cut(s, "..")
		return fmt.Sprintf(`"valid_from":%q,"valid_to":%q`, from, to)
	}
	for _, a := range areas {
		code, span, _ := strings.Cut(a, " ")
		features = append(features, fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":"甲",%s},"geometry":null}`, long(code), valid(span)))
	}
	for i, b := range borders {
		w := strings.Fields(b + " ..")
		var coords []string
		for _, c := range w[0] {
			p := at(c)
			coords = append(coords, fmt.Sprintf("[%v,%v]", p[0], p[1]))
		}
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","properties":{"id":"b%d","left":%q,"right":%q,%s},"geometry":{"type":"LineString","coordinates":[%s]}}`,
			i+1, long(w[1]), long(w[2]), valid(w[3]), strings.Join(coords, ",")))
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

// long turns 1 into a street's code, 0 into the district's, - into none.
func long(code string) string {
	switch code {
	case "-":
		return ""
	case "0":
		return "310110"
	}
	return "31011000" + code
}

// drawn writes the outline of an area in letters, rings by "/", polygons by " + ".
func drawn(a grid.Area) string {
	letters := map[orb.Point]rune{}
	for c := range lattice {
		letters[at(c)] = c
	}
	var polygons []string
	for _, p := range a.Shape {
		var rings []string
		for _, r := range p {
			var b strings.Builder
			for _, q := range r {
				b.WriteRune(letters[q])
			}
			rings = append(rings, b.String())
		}
		polygons = append(polygons, strings.Join(rings, "/"))
	}
	return a.Key()[len(a.Key())-min(len(a.Key()), 11):] + " " + strings.Join(polygons, " + ")
}

func TestNetwork(t *testing.T) {
	for _, tt := range []struct {
		name           string
		areas, borders []string
		want           []string // the key (of dated ones its end) and the outline
		faults         string
	}{
		{
			"one square, its line drawn clockwise",
			[]string{"1"},
			[]string{"adeba - 1"},
			[]string{"310110001 abeda"},
			"",
		},
		{
			"two squares share a line, the district has both", // e to b runs south: on its left is the east
			[]string{"1", "2", "0"},
			[]string{"eb 2 1", "edab 1 -", "bcfe 2 -"},
			[]string{"310110001 abeda", "310110002 bcfeb", "310110 abcfeda"},
			"",
		},
		{
			"squares that touch in a corner are two polygons",
			[]string{"1"},
			[]string{"abeda 1 -", "efpqe 1 -"},
			[]string{"310110001 abeda + efpqe"},
			"",
		},
		{
			"an outline through a corner in one line is cut there",
			[]string{"1"},
			[]string{"abefpqeda 1 -"},
			[]string{"310110001 abeda + efpqe"},
			"",
		},
		{
			"an area inside another is its hole, though it touches the outline at b",
			[]string{"1", "2"},
			[]string{"acpda 1 -", "bhgb 2 1"},
			[]string{"310110001 acpda/ghbg", "310110002 gbhg"},
			"",
		},
		{
			"a neighbour that changes its name does not change the outline",
			[]string{"1", "2 ..2019-06-04", "3 2019-06-04.."},
			[]string{"eb 2 1 ..2019-06-04", "eb 3 1 2019-06-04..", "edab 1 -", "bcfe 2 - ..2019-06-04", "bcfe 3 - 2019-06-04.."},
			[]string{"310110001 abeda", "310110002 bcfeb", "@2019-06-04 bcfeb"},
			"",
		},
		{
			"a piece that moves makes two records",
			[]string{"1", "2"},
			[]string{"eb 2 1 ..2019-06-04", "ehb 2 1 2019-06-04..", "edab 1 -", "bcfe 2 -"},
			[]string{"310110001 abeda", "@2019-06-04 abheda", "310110002 bcfeb", "@2019-06-04 bcfehb"},
			"",
		},
		{
			"a line is missing",
			[]string{"1"},
			[]string{"edab 1 -"},
			nil, "feature 1 not-closed",
		},
		{
			"a line is missing for a while",
			[]string{"1"},
			[]string{"edab 1 -", "be 1 - 2019-06-04.."},
			[]string{"@2019-06-04 abeda"},
			"feature 1 not-closed",
		},
		{
			"sides exchanged",
			[]string{"1"},
			[]string{"abeda - 1"},
			nil, "feature 1 not-closed",
		},
		{
			"no borders at all",
			[]string{"1"},
			nil,
			nil, "feature 1 not-closed",
		},
		{
			"a line twice",
			[]string{"1", "2"},
			[]string{"abeda 1 -", "eb 2 -", "bcfe 2 -"},
			[]string{"310110001 abeda", "310110002 bcfeb"},
			"feature 4 edge-twice",
		},
		{
			"a line twice, but not at one time",
			[]string{"1"},
			[]string{"abeda 1 - ..2019-06-04", "abeda 1 - 2019-06-04.."},
			[]string{"310110001 abeda"},
			"",
		},
		{
			"a side that is no area",
			[]string{"1"},
			[]string{"eb 9 1", "edab 1 -"},
			[]string{"310110001 abeda"},
			"feature 2 unknown-area",
		},
		{
			"both sides the same",
			[]string{"1"},
			[]string{"abeda 1 -", "gh 1 1"},
			[]string{"310110001 abeda"},
			"feature 3 sides",
		},
		{
			"no side",
			[]string{"1"},
			[]string{"abeda 1 -", "gh - -"},
			[]string{"310110001 abeda"},
			"feature 3 sides",
		},
	} {
		check(t, tt.name, tt.areas, tt.borders, tt.want, tt.faults)
	}
}

// A network that does not close says where.
func TestNetworkSaysWhere(t *testing.T) {
	in := net([]string{"1"}, []string{"edab 1 -"})
	_, faults, err := load.Records("n", strings.NewReader(in), grid.KindArea, load.Options{})
	if err != nil || len(faults) != 1 {
		t.Fatalf("Records = %v, %v, want one fault", faults, err)
	}
	const want = "the borders of 310110001 甲 do not close, at or near 121.52 31.32"
	if faults[0].Says != want {
		t.Errorf("Says = %q, want %q", faults[0].Says, want)
	}
}

func check(t *testing.T, name string, areas, borders, want []string, wantFaults string) {
	t.Helper()
	records, faults, err := load.Records(name, strings.NewReader(net(areas, borders)), grid.KindArea, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range of[grid.Area](records) {
		got = append(got, drawn(a))
	}
	if told(faults) != wantFaults || !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %q, faults %q, want %q, %q", name, got, told(faults), want, wantFaults)
	}
}
