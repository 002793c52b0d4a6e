// Package address finds places in a caller's words: names, crossings and house
// numbers, by the longest match with a gazetteer.
//
// What must never enter: areas, units, who is responsible.
package address

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Place is something with a name. Address may hold its door ("控江路1665号").
type Place struct {
	Name    string
	Aliases []string
	Address string
	At      orb.Point
	Street  string  // code of the street office it lies in, "" when not known
	Error   float64 // metres; 0 takes the default of its sort
}

// Crossing is where two roads meet; Error is in metres.
type Crossing struct {
	RoadA, RoadB string
	At           orb.Point
	Error        float64
}

// Door is a known house number of a road. Suffix is 号 or 弄.
type Door struct {
	Road   string
	Number int
	Suffix string
	At     orb.Point
	Street string
}

// Road is a centre line.
type Road struct {
	Name string
	Line orb.LineString
}

// Build is what a gazetteer is made of.
type Build struct {
	Places    []Place
	Hotspots  []Place
	Crossings []Crossing
	Doors     []Door
	Roads     []Road
}

// Candidate is a place that a text may mean. How is door, crossing, place, hotspot
// or road; Error is metres within which the place is expected; Confidence is 0..1;
// Used are the ranges of runes of the text that speak for it.
type Candidate struct {
	How, Label string
	At         orb.Point
	Error      float64
	Confidence float64
	Street     string
	Used       [][2]int
}

// Gazetteer finds candidates. It is immutable and safe for concurrent use.
type Gazetteer struct {
	matcher   *Matcher
	names     []name
	crossings map[[2]string]Crossing
	doors     map[series][]Door // by number
	byAddress map[doorKey]Place
}

// name is what a word of the matcher stands for.
type name struct {
	road   *Road
	places []Place // several when a name is not unique
	how    string
}

type series struct {
	road   string
	suffix string
}

type doorKey struct {
	series
	number int
}

// New makes a gazetteer. Names that stand for several places give several
// candidates; a name that is both a road and a place is the road.
func New(b Build) *Gazetteer {
	g := &Gazetteer{crossings: map[[2]string]Crossing{}, doors: map[series][]Door{}, byAddress: map[doorKey]Place{}}
	at := map[string]int{}
	var words []string
	add := func(word string) *name {
		if word == "" {
			return &name{}
		}
		i, ok := at[word]
		if !ok {
			i = len(words)
			at[word] = i
			words, g.names = append(words, word), append(g.names, name{})
		}
		return &g.names[i]
	}
	for i := range b.Roads {
		add(b.Roads[i].Name).road = &b.Roads[i]
	}
	for _, p := range b.Places {
		for _, word := range append([]string{p.Name}, p.Aliases...) {
			n := add(word)
			n.how, n.places = "place", append(n.places, p)
		}
	}
	for _, p := range b.Hotspots {
		for _, word := range append([]string{p.Name}, p.Aliases...) {
			if n := add(word); n.how != "place" { // a landmark's own point is better than its perimeter's
				n.how, n.places = "hotspot", append(n.places, p)
			}
		}
	}
	for _, c := range b.Crossings {
		g.crossings[[2]string{c.RoadA, c.RoadB}] = c
		g.crossings[[2]string{c.RoadB, c.RoadA}] = c
	}
	for _, d := range b.Doors {
		s := series{d.Road, d.Suffix}
		g.doors[s] = append(g.doors[s], d)
	}
	for _, ds := range g.doors {
		slices.SortFunc(ds, func(a, b Door) int { return cmp.Compare(a.Number, b.Number) })
	}
	g.matcher = NewMatcher(words)
	g.addAddresses(b.Places)
	return g
}

// addAddresses takes the doors at which places are known to be.
func (g *Gazetteer) addAddresses(places []Place) {
	for _, p := range places {
		runes := foldAll(p.Address)
		g.matcher.each(runes, func(_, end, word int) {
			if road := g.names[word].road; road != nil {
				if n, suffix, _ := number(runes, end); n > 0 {
					g.byAddress[doorKey{series{road.Name, suffix}, n}] = p
				}
			}
		})
	}
}

// number reads a house number and its suffix behind a road's name; an omitted 号 is
// allowed at the end of the text. n is 0 when there is none.
func number(runes []rune, at int) (n int, suffix string, end int) {
	i := at
	for i < len(runes) && runes[i] == ' ' {
		i++
	}
	start := i
	for i < len(runes) && runes[i] >= '0' && runes[i] <= '9' && i-start < 5 {
		n = n*10 + int(runes[i]-'0')
		i++
	}
	switch {
	case i == start:
		return 0, "", at
	case i == len(runes):
		return n, "号", i
	case runes[i] == '号' || runes[i] == '弄':
		return n, string(runes[i]), i + 1
	}
	return 0, "", at
}

// token is a name found in a text.
type token struct {
	start, end int
	name       *name
	word       int
}

// Find returns the places that a text names, best first; nil when it names none.
// Of candidates with the same label only the best is given.
func (g *Gazetteer) Find(text string) []Candidate {
	runes := foldAll(text)
	var tokens []token
	g.matcher.each(runes, func(start, end, word int) {
		tokens = append(tokens, token{start, end, &g.names[word], word})
	})
	var out []Candidate
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		if t.name.road == nil {
			out = append(out, t.candidates()...)
			continue
		}
		if c, ok := g.door(runes, t); ok {
			out = append(out, c)
			continue
		}
		if i+1 < len(tokens) && tokens[i+1].name.road != nil && joined(runes[t.end:tokens[i+1].start]) {
			if c, ok := g.crossing(t, tokens[i+1]); ok {
				out = append(out, c)
				i++
				continue
			}
		}
		out = append(out, g.road(t))
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		return cmp.Or(-cmp.Compare(a.Confidence, b.Confidence), cmp.Compare(a.Error, b.Error))
	})
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(c Candidate) bool {
		key := c.How + c.Label + c.Street
		again := seen[key]
		seen[key] = true
		return again
	})
}

// joints are what may stand between the two roads of a crossing.
var joints = []string{"", "近", "靠近", "与", "和", "、", "/", "到", "-", "口", "路口", " ", ",", "，"}

func joined(between []rune) bool { return slices.Contains(joints, string(between)) }

// Default errors in metres and confidences of the sorts of candidates.
const (
	placeError   = 60
	hotspotError = 150
	doorError    = 40
	lerpError    = 120
)

func (t token) candidates() []Candidate {
	var out []Candidate
	for _, p := range t.name.places {
		c := Candidate{How: t.name.how, Label: p.Name, At: p.At, Error: placeError, Confidence: 0.9, Street: p.Street, Used: [][2]int{{t.start, t.end}}}
		if t.name.how == "hotspot" {
			c.Error, c.Confidence = hotspotError, 0.85
		}
		if p.Error > 0 {
			c.Error = p.Error
		}
		c.Confidence /= float64(len(t.name.places))
		out = append(out, c)
	}
	return out
}

func (g *Gazetteer) crossing(a, b token) (Candidate, bool) {
	c, ok := g.crossings[[2]string{a.name.road.Name, b.name.road.Name}]
	if !ok {
		return Candidate{}, false
	}
	return Candidate{
		How: "crossing", Label: a.name.road.Name + "/" + b.name.road.Name, At: c.At, Error: max(20, 2*c.Error), Confidence: 0.9,
		Used: [][2]int{{a.start, a.end}, {b.start, b.end}},
	}, true
}

// road is a road without more: the middle of its line, give or take half of it.
func (g *Gazetteer) road(t token) Candidate {
	line := t.name.road.Line
	c := Candidate{How: "road", Label: t.name.road.Name, Confidence: 0.3, Error: 500, Used: [][2]int{{t.start, t.end}}}
	total := lengthOf(line)
	if len(line) > 0 {
		c.At, c.Error = along(line, total/2), max(50, total/2)
	}
	return c
}

// door finds the number behind a road: a known door, a place at that address, or a
// point between its neighbours on the same side.
func (g *Gazetteer) door(runes []rune, t token) (Candidate, bool) {
	n, suffix, end := number(runes, t.end)
	if n == 0 {
		return Candidate{}, false
	}
	s := series{t.name.road.Name, suffix}
	c := Candidate{How: "door", Label: string(runes[t.start:end]), Used: [][2]int{{t.start, end}}}
	if p, ok := g.byAddress[doorKey{s, n}]; ok {
		c.At, c.Street, c.Error, c.Confidence = p.At, p.Street, doorError, 0.95
		return c, true
	}
	doors := g.doors[s]
	if i, ok := slices.BinarySearchFunc(doors, n, func(d Door, n int) int { return cmp.Compare(d.Number, n) }); ok {
		c.At, c.Street, c.Error, c.Confidence = doors[i].At, doors[i].Street, doorError, 0.95
		return c, true
	}
	return between(c, doors, n)
}

// between places a number between the nearest known doors of its side.
func between(c Candidate, doors []Door, n int) (Candidate, bool) {
	var below, above *Door
	for i := range doors {
		d := &doors[i]
		if d.Number%2 != n%2 {
			continue
		}
		if d.Number < n {
			below = d
		} else if above == nil {
			above = d
		}
	}
	switch {
	case below != nil && above != nil:
		f := float64(n-below.Number) / float64(above.Number-below.Number)
		c.At = orb.Point{below.At[0] + f*(above.At[0]-below.At[0]), below.At[1] + f*(above.At[1]-below.At[1])}
		c.Error = max(lerpError, span(below.At, above.At)/4)
		c.Confidence = 0.8
		if below.Street == above.Street {
			c.Street = below.Street
		}
		return c, true
	case below != nil && n-below.Number <= 20:
		c.At, c.Error, c.Confidence = below.At, 2*lerpError, 0.5
		return c, true
	case above != nil && above.Number-n <= 20:
		c.At, c.Error, c.Confidence = above.At, 2*lerpError, 0.5
		return c, true
	}
	return c, false
}

// span is the metres between two points of a city, to a per cent.
func span(a, b orb.Point) float64 {
	return 111000 * math.Hypot((a[0]-b[0])*math.Cos(a[1]*math.Pi/180), a[1]-b[1])
}

func lengthOf(line orb.LineString) float64 {
	sum := 0.0
	for i := 1; i < len(line); i++ {
		sum += span(line[i-1], line[i])
	}
	return sum
}

func along(line orb.LineString, d float64) orb.Point {
	for i := 1; i < len(line); i++ {
		l := span(line[i-1], line[i])
		if d <= l && l > 0 {
			f := d / l
			return orb.Point{line[i-1][0] + f*(line[i][0]-line[i-1][0]), line[i-1][1] + f*(line[i][1]-line[i-1][1])}
		}
		d -= l
	}
	return line[len(line)-1]
}
