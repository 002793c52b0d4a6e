package address

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// token is a name found in a text.
type token struct {
	start, end int
	name       *name
	faint      bool // found by its sound
}

// written is how the name of a token is written, which a text may not do.
func (t *token) written(g *Gazetteer) string {
	for i := range g.names {
		if &g.names[i] == t.name {
			return g.words[i]
		}
	}
	return ""
}

// maxTokens bounds the names of one text that are looked at.
const maxTokens = 48

// joints are what may stand between two roads of a crossing.
var joints = []string{
	"", "近", "靠近", "与", "和", "、", "/", "-", "口", "路口", " ", ",", "，", "(", "（", "到", "至", "跟", "交", "交叉", "夹", "以北近", "以南近", "临近", ".", "·", "&", "+", "附近", "靠", "从", "自", "由", "上从", "段从", "上", "上近", "上靠近", "边", "边上",
}

// betweens join two roads that bound a stretch of a third.
var betweens = []string{"到", "至", "-", "~", "—", "和", "与", "、"}

func among(list []string, between []rune) bool {
	return len(between) <= 4 && slices.Contains(list, string(between))
}

// reading is one text being read.
type reading struct {
	g      *Gazetteer
	runes  []rune
	tokens []token
	out    []Candidate
	areas  []token // street offices named
	other  *token  // another district
	home   bool    // the district itself is named
}

func (g *Gazetteer) read(text string) *reading {
	rd := &reading{g: g, runes: foldAll(text)}
	undouble(rd.runes)
	g.matcher.each(rd.runes, func(start, end, word int) {
		if len(rd.tokens) < maxTokens && g.stands(rd.runes, start, end, word) {
			rd.tokens = append(rd.tokens, token{start: start, end: end, name: &g.names[word]})
		}
	})
	rd.bySound()
	for i := 0; i < len(rd.tokens); i++ {
		i += rd.token(i)
	}
	return rd
}

// behindShort may stand behind a name of two characters. Without them it is as often a
// part of other words: 楼上理发店 is no word of 上理.
var behindShort = []rune("门附旁对周里的内东南西北校边后前侧,.;:!?，。；：！？、 ()（）/与和到")

// stands reports whether a name, if it is a short one of somebody's making, stands in a
// text by itself.
func (g *Gazetteer) stands(runes []rune, start, end, word int) bool {
	n := &g.names[word]
	return end-start > 2 || n.how != "alias" || end == len(runes) || slices.Contains(behindShort, runes[end])
}

// undouble blanks the first of two cities in 上海上海市: 海上海 is a place.
func undouble(runes []rune) {
	city := []rune("上海上海")
	for i := 0; i+len(city) <= len(runes); i++ {
		if slices.Equal(runes[i:i+len(city)], city) {
			runes[i], runes[i+1] = ' ', ' '
		}
	}
}

// token reads the i-th name with what follows it, and returns how many names more that was.
func (rd *reading) token(i int) int {
	t := rd.tokens[i]
	switch {
	case t.name.road != nil:
		return rd.road(i)
	case t.name.area != nil && len(t.name.area.Code) == 6:
		rd.home = true
	case t.name.area != nil:
		rd.areas = append(rd.areas, t)
	case t.name.how == "area":
		label := string(rd.runes[t.start:t.end])
		if t.faint {
			label = t.written(rd.g)
		}
		c := rd.g.compound(t, label)
		if t.faint {
			c.Confidence *= 0.8
		}
		rd.out = append(rd.out, c)
	default:
		if p := t.name.places[0]; p.Kind == District {
			if rd.other == nil {
				rd.other = &rd.tokens[i]
			}
			return 0
		}
		rd.places(t)
	}
	return 0
}

// road reads a road with its number, or the roads that it crosses.
func (rd *reading) road(i int) int {
	t := rd.tokens[i]
	r := t.name.road
	if h, ok := readHouse(rd.runes, t.end); ok {
		if c, ok := rd.g.door(r, h); ok {
			c.Used = [][2]int{{t.start, h.end}}
			c.Label = string(rd.runes[t.start:h.end])
			if t.faint {
				c.Label, c.Confidence = r.name+string(rd.runes[t.end:h.end]), c.Confidence*0.8
			}
			rd.moved(&c, h.end, r)
			rd.out = append(rd.out, c)
			return 0
		}
	}
	if n, ok := rd.crossing(i); ok {
		return n
	}
	c := rd.g.whole(r)
	c.Used = [][2]int{{t.start, t.end}}
	if t.faint {
		c.Confidence *= 0.7
	}
	rd.out = append(rd.out, c)
	return 0
}

// crossing reads two roads, or a road and the two that bound the stretch that is meant.
func (rd *reading) crossing(i int) (int, bool) {
	if i+1 >= len(rd.tokens) || rd.tokens[i+1].name.road == nil {
		return 0, false
	}
	a, b := rd.tokens[i], rd.tokens[i+1]
	if !among(joints, rd.runes[a.end:b.start]) {
		return 0, false
	}
	x, ok := rd.g.cross(a.name.road, b.name.road)
	if !ok {
		return 0, false
	}
	if i+2 < len(rd.tokens) && rd.tokens[i+2].name.road != nil {
		c := rd.tokens[i+2]
		if y, ok := rd.g.cross(a.name.road, c.name.road); ok && among(betweens, rd.runes[b.end:c.start]) && span(x.At, y.At) > 30 {
			s := rd.g.between(a.name.road, x, y)
			s.Label = a.name.road.name + "（" + b.name.road.name + "—" + c.name.road.name + "）"
			s.Used = [][2]int{{a.start, c.end}}
			rd.out = append(rd.out, s)
			return 2, true
		}
	}
	c := Candidate{
		How: "crossing", Label: a.name.road.name + "/" + b.name.road.name, At: x.At, Error: max(45, 2*x.Error),
		Confidence: 0.95, Used: [][2]int{{a.start, a.end}, {b.start, b.end}}, rank: rankCrossing,
	}
	if a.faint || b.faint {
		c.Confidence *= 0.8
	}
	rd.moved(&c, b.end, a.name.road)
	rd.g.settle(&c, ring(c.At, c.Error/2))
	rd.out = append(rd.out, c)
	return 1, true
}

// cross finds where two roads meet: a known crossing, or the place where their lines do.
func (g *Gazetteer) cross(a, b *road) (Crossing, bool) {
	if c, ok := g.crossings[[2]string{a.name, b.name}]; ok {
		return c, true
	}
	if a == b || len(a.line) < 2 || len(b.line) < 2 {
		return Crossing{}, false
	}
	const every = 30.0 // metres
	best, on, x := math.Inf(1), [2]float64{}, orb.Point{}
	for along := 0.0; along < a.length()+every; along += every {
		p := a.point(along, 0)
		onB, off := b.project(p)
		if off = math.Abs(off); off < best {
			best, on, x = off, [2]float64{along, onB}, b.point(onB, 0)
		}
	}
	// A line may end short of the corner that it runs to, but it does not miss a road.
	most := 120.0
	if a.ends(on[0]) || b.ends(on[1]) {
		most = 350
	}
	return Crossing{RoadA: a.name, RoadB: b.name, At: x, Error: 40 + best/2}, best < most
}

// ends reports whether a distance along the line is near one of its ends.
func (r *road) ends(along float64) bool { return along < 31 || along > r.length()-31 }

// between is the stretch of a road between two crossings.
func (g *Gazetteer) between(r *road, x, y Crossing) Candidate {
	from, _ := r.project(x.At)
	to, _ := r.project(y.At)
	c := Candidate{
		How: "road", Line: r.stretch(from, to), At: r.point((from+to)/2, 0), Error: max(60, math.Abs(to-from)/2),
		Confidence: 0.9, rank: rankStretch,
	}
	g.settle(&c, r.samples(from, to))
	return c
}

// samples are points along a stretch of the road, on both sides.
func (r *road) samples(from, to float64) []orb.Point {
	const n = 24
	out := make([]orb.Point, 0, 2*n)
	for i := range n {
		along := from + (to-from)*(float64(i)+0.5)/n
		out = append(out, r.point(along, doorDepth), r.point(along, -doorDepth))
	}
	return out
}

// whole is a road without more.
func (g *Gazetteer) whole(r *road) Candidate {
	c := Candidate{
		How: "road", Label: r.name, Line: r.line, At: r.point(r.length()/2, 0), Error: max(60, r.length()/2),
		Confidence: 0.88, rank: rankRoad,
	}
	g.settle(&c, r.samples(0, r.length()))
	return c
}

// door is a number of a road. False where nothing is known of the road's numbers.
func (g *Gazetteer) door(r *road, h house) (Candidate, bool) {
	x, ok := r.locate(h.number, h.lane)
	codes := g.lanes[lane{r.name, h.number}]
	if !ok && h.lane && len(codes) == 1 { // a committee is named after it: somewhere on the road in that street
		for _, p := range r.samples(0, r.length()) {
			if g.street(p) == codes[0] {
				return Candidate{How: "door", At: p, Error: 600, Confidence: 0.93, Street: codes[0], inside: true, rank: rankDoor}, true
			}
		}
	}
	if !ok {
		return Candidate{}, false
	}
	c := Candidate{How: "door", At: x.at, Error: x.err, Confidence: x.sure, rank: rankDoor}
	if h.inner || h.last > 0 {
		c.Error += 25
	}
	if x.beyond && g.street(r.point(x.along, 0)) != "" {
		// past the end of the line as it is known: the district may end there too
		end := r.point(r.length()*float64(boolInt(x.along > 0)), 0)
		if g.street(ahead(r, x.along > 0)) == "" && g.street(end) != "" {
			c.At, c.Confidence = ahead(r, x.along > 0), 0.5
			return c, true
		}
	}
	if x.known {
		g.settle(&c, []orb.Point{x.at})
	} else {
		g.settle(&c, r.around9(x, h.lane))
	}
	if h.lane && len(codes) == 1 {
		g.within(&c, codes[0], r, x)
	}
	return c, true
}

// ahead is a point beyond an end of the line.
func ahead(r *road, last bool) orb.Point {
	n := len(r.line)
	a, b := r.line[min(1, n-1)], r.line[0]
	if last {
		a, b = r.line[max(0, n-2)], r.line[n-1]
	}
	d := span(a, b)
	if d == 0 {
		return b
	}
	f := 250 / d
	return orb.Point{b[0] + f*(b[0]-a[0]), b[1] + f*(b[1]-a[1])}
}

// around9 are points where a guessed number may stand, the likeliest first and twice.
func (r *road) around9(x guess, isLane bool) []orb.Point {
	out := []orb.Point{x.at, x.at}
	depths := []float64{x.off}
	if x.off == 0 {
		d := r.depth[boolInt(isLane)]
		depths = []float64{d, -d}
	}
	for _, part := range []float64{-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75} {
		for _, off := range depths {
			out = append(out, r.point(x.along+part*x.err, off))
		}
	}
	return out
}

// within moves a guessed door to where it lies in a street that is known otherwise.
func (g *Gazetteer) within(c *Candidate, code string, r *road, x guess) {
	if c.Street == code {
		c.Confidence = max(c.Confidence, 0.96)
		return
	}
	for d := 0.0; d < 1200; d += 20 {
		for _, along := range []float64{x.along - d, x.along + d} {
			for _, off := range []float64{x.off, r.depth[1], -r.depth[1]} {
				if p := r.point(along, off); g.street(p) == code {
					c.At, c.Street, c.Confidence, c.Error = p, code, 0.95, max(c.Error, d+60)
					return
				}
			}
		}
	}
}

// settle finds the street office's area that most of the points lie in. When the best
// guess lies in another, the first point in that area takes its place.
func (g *Gazetteer) settle(c *Candidate, points []orb.Point) {
	counts := map[string]int{}
	best := ""
	for _, p := range points {
		code := g.street(p)
		counts[code]++
		if counts[code] > counts[best] || best == "" && counts[code] == counts[best] {
			best = code
		}
	}
	if best == "" { // on the district's border it is worth a look inside
		for code, n := range counts {
			if code != "" && 4*n >= len(points) && (best == "" || n > counts[best] || n == counts[best] && code < best) {
				best = code
			}
		}
	}
	c.Street, c.inside = best, best != ""
	c.Confidence *= float64(counts[best]) / float64(len(points))
	if g.street(c.At) == best {
		return
	}
	for _, p := range points {
		if g.street(p) == best {
			c.At = p
			return
		}
	}
}

// ring is a point and eight around it.
func ring(p orb.Point, r float64) []orb.Point {
	out := []orb.Point{p, p, p}
	for i := range 8 {
		s, k := math.Sincos(float64(i) * math.Pi / 4)
		out = append(out, orb.Point{p[0] + r*k/(111000*math.Cos(p[1]*math.Pi/180)), p[1] + r*s/111000})
	}
	return out
}
