package osm_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"wangge/geo/judge"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/osm"
)

var update = flag.Bool("update", false, "write the golden files anew")

// read reads a file that must be sound.
func read(t *testing.T, data []byte, o osm.Options) ([]grid.Record, []grid.Fault) {
	t.Helper()
	records, notices, err := osm.Read(t.Context(), "test", bytes.NewReader(data), o)
	if err != nil {
		t.Fatalf("Read = %v\n%.300s", err, data)
	}
	return records, notices
}

func content(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// lines are records in their wire form and notices, one a line.
func lines(t *testing.T, records []grid.Record, notices []grid.Fault) string {
	t.Helper()
	var b strings.Builder
	for _, r := range records {
		wire, err := codec.EncodeRecord(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s\n", r.RecordKind(), wire)
	}
	for _, f := range notices {
		fmt.Fprintf(&b, "notice %s %s: %s\n", f.Code, f.At, f.Says)
	}
	return b.String()
}

// TestTown: an extract drawn by hand, as XML and as the PBF that osmium made of it.
func TestTown(t *testing.T) {
	golden := filepath.Join("testdata", "town.golden")
	for _, name := range []string{"town.osm", "town.osm.pbf"} {
		records, notices := read(t, content(t, name), osm.Options{Areas: true})
		got := lines(t, records, notices)
		if *update && name == "town.osm" {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("Read(%s) =\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestAreasAreAsked: outlines come only when they are asked for.
func TestAreasAreAsked(t *testing.T) {
	records, notices := read(t, content(t, "town.osm"), osm.Options{})
	for _, r := range records {
		if r.RecordKind() == grid.KindArea {
			t.Errorf("Read without Areas = %s, want none", r.Key())
		}
	}
	for _, n := range notices {
		if strings.HasPrefix(n.Code, "area") {
			t.Errorf("Read without Areas tells %v", n)
		}
	}
}

// TestOrder: elements may stand in any order.
func TestOrder(t *testing.T) {
	want, told := read(t, content(t, "town.osm"), osm.Options{Areas: true})
	var head, body []string
	for l := range strings.Lines(string(content(t, "town.osm"))) {
		if strings.HasPrefix(l, "  <") {
			body = append(body, l)
		} else if len(body) == 0 {
			head = append(head, l)
		}
	}
	slices.Reverse(body)
	got, tells := read(t, []byte(strings.Join(head, "")+strings.Join(body, "")+"</osm>"), osm.Options{Areas: true})
	if a, b := lines(t, got, tells), lines(t, want, told); a != b {
		t.Errorf("Read(backwards) =\n%s\nwant\n%s", a, b)
	}
}

// TestOsmium: whatever osmium writes is read alike, or refused with the reason.
func TestOsmium(t *testing.T) {
	tool := judge.Tool(t, "osmium", "osmium-tool")
	want, told := read(t, content(t, "town.osm"), osm.Options{Areas: true})
	for _, tt := range []struct{ format, says string }{
		{"osm.pbf", ""},
		{"osm.pbf,pbf_dense_nodes=false", ""},
		{"osm.pbf,pbf_compression=none", ""},
		{"osm.pbf,add_metadata=true", ""},
		{"osm.pbf,add_metadata=false", ""},
		{"osm", ""},
		{"osm.pbf,pbf_compression=lz4", "save the file with zlib"},
		{"osm.pbf,locations_on_ways=true", "without locations on ways"},
		{"osh.pbf", "history"},
		{"osc", "list of changes"},
		{"osm.gz", "unpack it first"},
		{"osm.bz2", "unpack it first"},
		{"opl", "neither .osm.pbf nor .osm"},
	} {
		file := filepath.Join(t.TempDir(), "out")
		judge.Run(t, tool, "cat", filepath.Join("testdata", "town.osm"), "-f", tt.format, "-o", file)
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if tt.says != "" {
			refused(t, tt.format, data, tt.says)
			continue
		}
		got, tells := read(t, data, osm.Options{Areas: true})
		if a, b := lines(t, got, tells), lines(t, want, told); a != b {
			t.Errorf("Read(%s) =\n%s\nwant\n%s", tt.format, a, b)
		}
	}
}

// refused wants an Invalid error in both languages.
func refused(t *testing.T, what string, data []byte, says string) {
	t.Helper()
	_, _, err := osm.Read(t.Context(), "test", bytes.NewReader(data), osm.Options{Areas: true})
	e, ok := errors.AsType[*grid.Error](err)
	if !ok || e.Kind != grid.Invalid || e.MsgZH == "" || e.Op != "read test" || !strings.Contains(err.Error(), says) {
		t.Errorf("Read(%s) = %v, want Invalid with %q", what, err, says)
	}
}

// sketch draws an extract: nodes are letters of a picture, a character 0.001° wide (95
// m) and a line 0.001° high (111 m), the first at 121.500 31.300; elements follow as
// "way name abc key=value".
func sketch(picture string, elements ...string) []byte {
	var b strings.Builder
	b.WriteString("<osm version='0.6'>\n")
	for y, row := range strings.Split(strings.Trim(picture, "\n"), "\n") {
		for x, c := range row {
			if c > ' ' && c != '.' {
				fmt.Fprintf(&b, "<node id='%d' lon='%.4f' lat='%.4f'/>\n", c, 121.5+float64(x)*0.001, 31.3-float64(y)*0.001)
			}
		}
	}
	id := 1000
	for _, e := range elements {
		id++
		parts := strings.Split(e, " ")
		fmt.Fprintf(&b, "<%s id='%d'>", parts[0], id)
		for _, c := range parts[1] {
			if parts[0] == "way" {
				fmt.Fprintf(&b, "<nd ref='%d'/>", c)
			}
		}
		for _, p := range parts[2:] {
			k, v, _ := strings.Cut(p, "=")
			if parts[0] == "relation" && (k == "outer" || k == "inner") {
				fmt.Fprintf(&b, "<member type='way' role='%s' ref='%s'/>", k, v)
				continue
			}
			fmt.Fprintf(&b, "<tag k='%s' v='%s'/>", k, strings.ReplaceAll(v, "_", " "))
		}
		fmt.Fprintf(&b, "</%s>\n", parts[0])
	}
	return []byte(b.String() + "</osm>")
}

// letters names the nodes of a line, by where they are drawn.
func letters(picture string, line orb.LineString) string {
	var out []rune
	rows := strings.Split(strings.Trim(picture, "\n"), "\n")
	for _, p := range line {
		x, y := int((p[0]-121.5)/0.001+0.5), int((31.3-p[1])/0.001+0.5)
		out = append(out, []rune(rows[y])[x])
	}
	return string(out)
}

const named = " highway=residential name=长安路"

func TestRoads(t *testing.T) {
	for _, tt := range []struct {
		name, picture string
		ways          []string
		want          string // the line, either way round
		told          string
	}{
		{"two ways, one drawn backwards", "abcde", []string{"way abc", "way edc"}, "abcde", ""},
		{"ways that meet in a middle", "abcde\n..f", []string{"way abcde", "way cf"}, "abcde", ""},
		{"a short way of its own far off", "abcde\n\n\n\n...fg", []string{"way abcde", "way fg"}, "abcde", ""},
		{"a second road of that name", "abcde\n\n\n\nfghij", []string{"way abcd", "way fghij"}, "fghij", "road-apart"},
		{"a ring is gone round once", "abc\nd.e\nfgh", []string{"way abceh", "way hgfda"}, "abcehgfda", ""},
		{"a node that the file lacks", "abc.de", []string{"way abcXde"}, "abc", ""},
		{"a way over itself", "abc\n.d", []string{"way abdba", "way bc"}, "abd", ""},
	} {
		var ways []string
		for _, w := range tt.ways {
			ways = append(ways, w+named)
		}
		records, notices := read(t, sketch(tt.picture, ways...), osm.Options{})
		r, ok := records[0].(grid.Road)
		got := letters(tt.picture, r.Line)
		back := []rune(got)
		slices.Reverse(back)
		if !ok || len(records) != 1 || got != tt.want && string(back) != tt.want {
			t.Errorf("%s: %d records, line %s, want %s", tt.name, len(records), got, tt.want)
		}
		if told := codes(notices); told != tt.told {
			t.Errorf("%s: told %q, want %q", tt.name, told, tt.told)
		}
	}
}

func codes(notices []grid.Fault) string {
	var out []string
	for _, n := range notices {
		out = append(out, n.Code)
	}
	return strings.Join(out, " ")
}

// fine draws nodes at metres from a corner, for what is smaller than a sketch.
func fine(at map[rune][2]float64, ways ...string) []byte {
	var b strings.Builder
	b.WriteString("<osm version='0.6'>")
	for c, p := range at {
		fmt.Fprintf(&b, "<node id='%d' lon='%.7f' lat='%.7f'/>", c, 121.5+p[0]/95120, 31.3+p[1]/110870)
	}
	for i, w := range ways {
		fmt.Fprintf(&b, "<way id='%d'>", i+1)
		for _, c := range w {
			fmt.Fprintf(&b, "<nd ref='%d'/>", c)
		}
		b.WriteString("<tag k='highway' v='primary'/><tag k='name' v='长安路'/></way>")
	}
	return []byte(b.String() + "</osm>")
}

// TestCarriageways: of two carriageways one is kept, whatever joins them, and a
// junction without a name is bridged along the one and not across to the other.
func TestCarriageways(t *testing.T) {
	at := map[rune][2]float64{
		'a': {0, 0}, 'b': {400, 0}, 'c': {430, 0}, 'd': {900, 0}, // eastbound, 30 m of junction between b and c
		'w': {0, 20}, 'x': {400, 20}, 'y': {430, 20}, 'z': {900, 20}, // westbound
		'm': {930, 10}, 'n': {1100, 10}, // where they come together
		'r': {910, 18}, // a turn beside d and z
	}
	for _, tt := range []struct {
		name   string
		ways   []string
		metres float64
	}{
		{"apart", []string{"ab", "cd", "zy", "xw"}, 900},
		{"joined at the far end", []string{"ab", "cdm", "mzy", "xw", "mn"}, 1100},
		{"joined by a narrow turn", []string{"abcd", "drz", "zyxw"}, 900},
		{"joined at both ends", []string{"abcdm", "mzyxw", "wa"}, 930},
	} {
		records, notices := read(t, fine(at, tt.ways...), osm.Options{})
		r, _ := records[0].(grid.Road)
		length := 0.0
		for i := 1; i < len(r.Line); i++ {
			length += (r.Line[i][0] - r.Line[i-1][0]) * 95120
		}
		if length = max(length, -length); length < tt.metres-25 || length > tt.metres+25 || len(notices) > 0 {
			t.Errorf("%s: the line runs %.0f m east to west, want %.0f; told %v", tt.name, length, tt.metres, notices)
		}
	}
}

// TestRoadIsDrawn: of any tangle of ways, the line runs along ways (the gaps of a sketch
// are too wide to bridge), and never back along itself.
func TestRoadIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		picture := "abcdef\nghijkl\nmnopqr"
		all := []rune("abcdefghijklmnopqr")
		drawn := map[[2]rune]bool{}
		var ways []string
		for range rapid.IntRange(1, 8).Draw(t, "ways") {
			w := rapid.SliceOfN(rapid.SampledFrom(all), 2, 6).Draw(t, "way")
			for i := 1; i < len(w); i++ {
				drawn[[2]rune{w[i-1], w[i]}], drawn[[2]rune{w[i], w[i-1]}] = true, true
			}
			ways = append(ways, "way "+string(w)+named)
		}
		records, _, err := osm.Read(context.Background(), "test", bytes.NewReader(sketch(picture, ways...)), osm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			road, ok := r.(grid.Road)
			if !ok {
				continue
			}
			line := []rune(letters(picture, road.Line))
			walked := map[[2]rune]bool{}
			for i := 1; i < len(line); i++ {
				on, back := [2]rune{line[i-1], line[i]}, [2]rune{line[i], line[i-1]}
				if !drawn[on] {
					t.Errorf("line %s of %q: nothing is drawn from %c to %c", string(line), ways, on[0], on[1])
				}
				if walked[back] {
					t.Errorf("line %s of %q comes back from %c to %c", string(line), ways, on[0], on[1])
				}
				walked[on] = true
			}
		}
	})
}

// TestDirection: numbers rise along the line; with fewer than two it is not known.
func TestDirection(t *testing.T) {
	picture := "abcde"
	door := func(at rune, n string) string {
		return fmt.Sprintf("<node id='%d' lon='%.4f' lat='31.3001'><tag k='addr:street' v='长安路'/><tag k='addr:housenumber' v='%s'/></node>",
			2000+at, 121.5+float64(at-'a')*0.001, n)
	}
	for _, tt := range []struct {
		doors       []string
		want, basis string
	}{
		{[]string{door('a', "9"), door('d', "3号"), door('e', "1号")}, "edcba", "rise along 3 doors"},
		{[]string{door('a', "1"), door('d', "20弄"), door('e', "5")}, "abcde", "rise along 3 doors"},
		{[]string{door('e', "1")}, "abcde", "not known"},
		{nil, "abcde", "not known"},
	} {
		data := bytes.Replace(sketch(picture, "way abcde"+named), []byte("</osm>"), []byte(strings.Join(tt.doors, "")+"</osm>"), 1)
		records, _ := read(t, data, osm.Options{})
		r, ok := records[0].(grid.Road)
		if got := letters(picture, r.Line); !ok || got != tt.want || !strings.Contains(r.Basis, tt.basis) || !strings.HasPrefix(r.Basis, osm.Credit) {
			t.Errorf("doors %d: line %s, basis %q, want %s and %q", len(tt.doors), got, r.Basis, tt.want, tt.basis)
		}
	}
}

func TestCrossings(t *testing.T) {
	const other = " highway=primary name=和平路"
	for _, tt := range []struct {
		name string
		ways []string
		want string
	}{
		{"a common node", []string{"way abc" + named, "way dbe" + other}, "和平路/长安路 121.5010 31.2990"},
		{"no common node, one level", []string{"way ac" + named, "way de" + other}, "和平路/长安路 121.5010 31.2990"},
		{"a bridge", []string{"way ac" + named, "way de" + other + " bridge=yes"}, ""},
		{"a layer", []string{"way ac" + named + " layer=2", "way de" + other + " bridge=yes"}, ""},
		{"a bridge that is named with its layer", []string{"way ac" + named + " layer=1", "way de" + other + " bridge=yes"}, "和平路/长安路 121.5010 31.2990"},
		{"one name", []string{"way abc" + named, "way dbe" + named}, ""},
		{"an unnamed way", []string{"way abc" + named, "way dbe highway=primary"}, ""},
	} {
		records, _ := read(t, sketch(".d\nabc\n.e", tt.ways...), osm.Options{})
		got := ""
		for _, r := range records {
			if c, ok := r.(grid.Crossing); ok {
				got += fmt.Sprintf("%s %.4f %.4f", c.Key(), c.At[0], c.At[1])
			}
		}
		if got != tt.want {
			t.Errorf("%s: crossings %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestCancelled: the caller's context and the file's own errors come back as they are.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, name := range []string{"town.osm", "town.osm.pbf"} {
		if _, _, err := osm.Read(ctx, name, bytes.NewReader(content(t, name)), osm.Options{}); !errors.Is(err, context.Canceled) {
			t.Errorf("Read(%s, cancelled) = %v", name, err)
		}
		if _, _, err := osm.Read(t.Context(), name, &failing{bytes.NewReader(content(t, name)), 700}, osm.Options{}); !errors.Is(err, errDisk) {
			t.Errorf("Read(%s, a bad disk) = %v", name, err)
		}
	}
}

var errDisk = errors.New("disk")

// failing is a file that cannot be read beyond so many bytes.
type failing struct {
	*bytes.Reader
	good int64
}

func (f *failing) Read(p []byte) (int, error) {
	at, _ := f.Seek(0, io.SeekCurrent)
	if at >= f.good {
		return 0, errDisk
	}
	return f.Reader.Read(p[:min(int64(len(p)), f.good-at)])
}
