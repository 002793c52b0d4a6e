package address

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/paulmach/orb"
)

// Gazetteer finds candidates. It is immutable and safe for concurrent use.
type Gazetteer struct {
	matcher   *Matcher
	names     []name
	roads     map[string]*road
	crossings map[[2]string]Crossing
	lanes     map[lane][]string // street codes of lanes that committees are named after
	street    func(orb.Point) string
	sounds    map[sound]string       // names of roads and villages by how they sound
	areas     map[string]*Area       // street offices' areas by code
	kin       map[string][]orb.Point // compounds by the first two characters of their names

	words     []string // what names are called, in their order
	index     map[string]int
	byName    []*road // roads in the order of their names
	corners   []Crossing
	landmarks []Place
	suggester func() *suggester // made when the first letter is typed
}

// name is what a word of the matcher stands for; it may be several things.
type name struct {
	road   *road
	places []Place // several when a name is not unique
	how    string
	codes  []string // of the street offices' areas that it lies in, for a named area
	area   *Area    // a street office's own area
}

// names reports whether an area is named after a word.
func (b *Build) names(word string) bool {
	return slices.ContainsFunc(b.Areas, func(a Area) bool { return strings.HasPrefix(a.Name, word) })
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// free reports whether the word is not the name of anything yet.
func (n *name) free() bool { return n.road == nil && n.how == "" }

// lane is a lane of a road.
type lane struct {
	road   string
	number int
}

// New makes a gazetteer. Names that stand for several places give several candidates; a
// name that is both a road and a place is the road.
func New(b Build) *Gazetteer {
	g := &Gazetteer{
		roads: map[string]*road{}, crossings: map[[2]string]Crossing{}, lanes: map[lane][]string{},
		street: b.Street, sounds: map[sound]string{}, kin: map[string][]orb.Point{}, areas: map[string]*Area{},
	}
	if g.street == nil {
		g.street = func(orb.Point) string { return "" }
	}
	for _, c := range b.Crossings {
		g.crossings[[2]string{c.RoadA, c.RoadB}] = c
		g.crossings[[2]string{c.RoadB, c.RoadA}] = c
	}
	g.corners = b.Crossings
	words := newWords(g)
	g.addRoads(b, words)
	for _, p := range b.Places {
		for i, word := range append([]string{p.Name}, p.Aliases...) {
			words.place(word, p, i > 0)
		}
		for _, stop := range []string{"地铁站", "公交站"} {
			base, ok := strings.CutSuffix(p.Name, stop)
			if ok && len([]rune(base)) > 3 && !b.names(base) && words.at(base).free() {
				words.place(base, p, true) // 江湾体育场 for its station, where nothing else is called so
			}
		}
		if r := []rune(p.Name); p.Kind == "compound" && len(r) > 2 {
			g.kin[string(r[:2])] = append(g.kin[string(r[:2])], p.At)
		}
	}
	for _, p := range b.Hotspots {
		if n := words.at(p.Name); n.free() { // a landmark's own point is better than its perimeter's
			n.how, n.places = "hotspot", append(n.places, p)
		}
	}
	g.matcher = NewMatcher(words.list) // the names of roads, for addresses and committees
	g.addAddresses(b.Places)
	for _, r := range g.roads {
		r.learn()
	}
	for _, a := range b.Areas {
		g.addArea(&a, words)
	}
	g.matcher, g.words, g.index = NewMatcher(words.list), words.list, words.seen
	for word, i := range g.index {
		if n := &g.names[i]; strings.HasSuffix(word, "村") && n.road == nil && (n.how == "area" || n.how == "place") && !hasDigit(word) {
			g.addSound(word)
		}
	}
	g.suggester = sync.OnceValue(func() *suggester { return newSuggester(g) })
	for _, n := range slices.Sorted(maps.Keys(g.roads)) {
		g.byName = append(g.byName, g.roads[n])
	}
	for _, p := range b.Places {
		if p.Kind != District && placeErrors[p.Kind] < 500 {
			g.landmarks = append(g.landmarks, p)
		}
	}
	return g
}

// words collects the names.
type words struct {
	g    *Gazetteer
	list []string
	seen map[string]int
}

func newWords(g *Gazetteer) *words { return &words{g: g, seen: map[string]int{}} }

// at returns the name of a word, made when it is new. The pointer holds until the next call.
func (w *words) at(word string) *name {
	i, ok := w.seen[word]
	if !ok {
		i = len(w.list)
		w.seen[word] = i
		w.list, w.g.names = append(w.list, word), append(w.g.names, name{})
	}
	return &w.g.names[i]
}

func (w *words) place(word string, p Place, alias bool) {
	if len([]rune(word)) < 2 {
		return
	}
	for _, form := range numeralForms(word) {
		n := w.at(form)
		if n.how == "alias" && !alias { // a name is stronger than somebody's alias
			n.places = nil
		}
		if alias && n.how == "place" {
			continue
		}
		n.how = "place"
		if alias {
			n.how = "alias"
		}
		n.places = append(n.places, p)
	}
}

// numeralForms returns a name, and the same with 3 for 三 before 村, or 三 for 3.
func numeralForms(s string) []string {
	runes := []rune(s)
	i := slices.Index(runes, '村')
	if i < 1 {
		return []string{s}
	}
	from := i
	for from > 0 && (hanDigits[runes[from-1]] > 0 || runes[from-1] == '十') {
		from--
	}
	if n, end := readHan(runes, from); from < i && end == i && n < 100 {
		digits := []rune{rune('0' + n%10)}
		if n > 9 {
			digits = []rune{rune('0' + n/10), rune('0' + n%10)}
		}
		return []string{s, string(runes[:from]) + string(digits) + string(runes[i:])}
	}
	return []string{s}
}

func (g *Gazetteer) addRoads(b Build, w *words) {
	get := func(n string) *road {
		r := g.roads[n]
		if r == nil {
			r = &road{name: n}
			g.roads[n] = r
			w.at(n).road = r
			g.addSound(n)
		}
		return r
	}
	for _, r := range b.Roads {
		x := get(r.Name)
		x.line = r.Line
		for _, other := range r.Names {
			if other == "" {
				continue
			}
			if n := w.at(other); n.free() {
				n.road = x
			}
		}
	}
	for _, d := range b.Doors {
		r := get(d.Road)
		r.doors = append(r.doors, door{number: d.Number, lane: d.Suffix == "弄", at: d.At})
	}
}

// addAddresses takes the doors at which places are known to be, where there is no
// better: a place may be large.
func (g *Gazetteer) addAddresses(places []Place) {
	for _, p := range places {
		runes := foldAll(p.Address)
		g.matcher.each(runes, func(_, end, word int) {
			r := g.names[word].road
			if r == nil {
				return
			}
			h, ok := readHouse(runes, end)
			if !ok || r.find(h.number, h.lane) >= 0 {
				return
			}
			r.doors = append(r.doors, door{number: h.number, lane: h.lane, at: p.At, place: true})
		})
	}
}

// committeeWords end a committee's name and say nothing of where it is.
var committeeWords = []string{"居民委员会", "村民委员会", "居委会", "居委"}

// plainWords are names of committees that anybody says of any compound.
var plainWords = []string{"大花园", "教师公寓"}

// addArea takes a street office's area, or a committee whose name is a compound's, a
// lane's or a road's.
func (g *Gazetteer) addArea(a *Area, w *words) {
	if len(a.Code) <= 9 {
		if code := g.street(a.At); len(a.Code) == 9 && code != "" {
			a.Code = code // a former area is found by what is there now
		}
		n := w.at(a.Name)
		n.how, n.area, n.codes = "area", a, []string{a.Code}
		if g.areas[a.Code] == nil {
			g.areas[a.Code] = a
		}
		for _, end := range []string{"街道", "镇"} {
			// 新江湾城 is what people call 新江湾城街道, where it is no road or landmark
			if short := strings.TrimSuffix(a.Name, end); short != a.Name && len([]rune(short)) > 2 {
				if n := w.at(short); n.free() {
					n.how, n.area, n.codes = "area", a, []string{a.Code}
				}
			}
		}
		return
	}
	base := a.Name
	for _, end := range committeeWords {
		base = strings.TrimSuffix(base, end)
	}
	if i := strings.Index(base, "第"); i > 0 {
		base = base[:i]
	}
	code := a.Code[:9]
	runes := foldAll(base)
	isLane := false
	g.matcher.each(runes, func(_, end, word int) {
		if r := g.names[word].road; r != nil {
			if h, ok := readHouse(runes, end); ok && h.lane {
				k := lane{r.name, h.number}
				g.lanes[k] = append(g.lanes[k], code)
				isLane = true
			}
		}
	})
	if isLane || len(runes) < 3 || slices.Contains(plainWords, base) {
		return
	}
	for _, one := range splitNumerals(base) {
		for _, form := range numeralForms(one) {
			n := w.at(form)
			if !n.free() && (n.how != "area" || n.area != nil) {
				continue
			}
			n.how = "area"
			if !slices.Contains(n.codes, code) {
				n.codes = append(n.codes, code)
			}
		}
	}
}

// splitNumerals turns 延吉二三村 into 延吉二村 and 延吉三村.
func splitNumerals(s string) []string {
	runes := []rune(s)
	i := len(runes) - 1
	if i < 3 || runes[i] != '村' || hanDigits[runes[i-1]] == 0 || hanDigits[runes[i-2]] == 0 {
		return []string{s}
	}
	a := string(runes[:i-2])
	return []string{a + string(runes[i-2]) + "村", a + string(runes[i-1]) + "村"}
}

// areaOf returns the street office's area of a code, nil when none has a place.
func (g *Gazetteer) areaOf(code string) *Area { return g.areas[code] }

// span is the metres between two points of a city, to a per cent.
func span(a, b orb.Point) float64 {
	return 111000 * math.Hypot((a[0]-b[0])*math.Cos(a[1]*math.Pi/180), a[1]-b[1])
}
