package address

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
)

// The finer sort of candidate first.
const (
	rankDoor = iota
	rankCrossing
	rankPlace
	rankStretch
	rankArea
	rankRoad
)

// preference weighs confidences of different sorts: what is placed more finely is
// wanted more, when both are as sure.
var preference = [...]float64{rankDoor: 1, rankCrossing: 0.97, rankPlace: 0.94, rankStretch: 0.9, rankArea: 0.72, rankRoad: 0.6}

// maxCandidates bounds an answer.
const maxCandidates = 8

// Geocode reads a text. All that it names is combined: what agrees is surer than what
// stands alone, what contradicts is less sure and says so.
func (g *Gazetteer) Geocode(text string, o Options) Answer {
	rd := g.read(text)
	if rd.other != nil && !rd.home && rd.abroad() {
		return rd.elsewhere()
	}
	out := rd.out
	for _, a := range rd.areas {
		for i := range out {
			g.weigh(&out[i], a)
		}
	}
	if len(out) == 0 {
		for _, t := range rd.areas {
			a := t.name.area
			out = append(out, Candidate{
				How: "area", Label: a.Name, At: a.At, Error: max(a.Radius, 300), Confidence: 0.9, Street: a.Code, inside: true,
				Used: [][2]int{{t.start, t.end}}, rank: rankArea,
			})
		}
	}
	g.support(out)
	for i := range out {
		if o.Focus != "" && out[i].Street == o.Focus {
			out[i].Confidence = 1 - (1-out[i].Confidence)*0.7
		}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		return -cmp.Compare(a.Confidence*preference[a.rank], b.Confidence*preference[b.rank])
	})
	return g.conclude(distinct(out))
}

// abroad reports whether another district's name is that of the place: it stands right
// before it, or nothing else in the text names a place of this one.
func (rd *reading) abroad() bool {
	home := false
	for _, c := range rd.out {
		if from := c.Used[0][0]; from >= rd.other.end && from-rd.other.end <= 2 {
			return true
		}
		home = home || c.Street != "" && c.Confidence > 0.6
	}
	return !home && len(rd.areas) == 0
}

// elsewhere is the answer to a text that names another district.
func (rd *reading) elsewhere() Answer {
	p := rd.other.name.places[0]
	c := Candidate{
		How: "area", Label: p.Name, At: p.At, Error: max(p.Error, 1000), Confidence: 0.9,
		Used: [][2]int{{rd.other.start, rd.other.end}}, rank: rankArea,
	}
	return Answer{Standing: Outside, Candidates: []Candidate{c}}
}

// weigh holds a candidate against a street office that the text names. One that may lie
// there is taken to.
func (g *Gazetteer) weigh(c *Candidate, t token) {
	a := t.name.area
	if c.Street == a.Code {
		c.Confidence = 1 - (1-c.Confidence)*0.4
		return
	}
	points := append(ring(c.At, 0.4*c.Error), ring(c.At, 0.9*c.Error)...)
	if r := g.roads[c.Label]; c.How == "road" && r != nil {
		points = r.samples(0, r.length())
	}
	for _, p := range points {
		if g.street(p) == a.Code {
			c.At, c.Street, c.inside, c.Confidence = p, a.Code, true, max(c.Confidence, 0.9)
			if c.How == "road" {
				c.Label += "（" + a.Name + "）"
			}
			return
		}
	}
	c.Confidence *= 0.6
	c.Doubt = Sentence{ZH: "文中写的是" + a.Name, EN: "the text says " + a.Name}
}

// support lets candidates of one text speak for and against one another.
func (g *Gazetteer) support(out []Candidate) {
	was := make([]float64, len(out))
	for i := range out {
		was[i] = out[i].Confidence
	}
	for i := range out {
		for j := range out {
			a, b := &out[i], &out[j]
			switch {
			case i == j || a.How == b.How && a.Label == b.Label:
			case agree(a, b):
				a.Confidence = 1 - (1-a.Confidence)*(1-0.45*was[j])
			case b.rank <= a.rank && was[j] > 0.5 && b.rank < rankArea:
				a.Confidence *= 0.8
				if a.Doubt.ZH == "" {
					a.Doubt = Sentence{ZH: "与“" + b.Label + "”不在一处", EN: "not where “" + b.Label + "” is"}
				}
			}
		}
	}
}

// agree reports whether two candidates may mean one place.
func agree(a, b *Candidate) bool {
	if b.How == "area" && b.Line == nil {
		return a.Street == b.Street || span(a.At, b.At) < a.Error+b.Error
	}
	if b.rank == rankRoad || b.rank == rankStretch {
		return nearLine(a.At, b.Line, a.Error+120)
	}
	if a.rank == rankRoad || a.rank == rankStretch {
		return nearLine(b.At, a.Line, b.Error+120)
	}
	return span(a.At, b.At) <= a.Error+b.Error+60
}

func nearLine(p orb.Point, line orb.LineString, within float64) bool {
	kx := 111000 * math.Cos(p[1]*math.Pi/180)
	for i := 1; i < len(line); i++ {
		ax, ay := (line[i-1][0]-p[0])*kx, (line[i-1][1]-p[1])*111000
		dx, dy := (line[i][0]-line[i-1][0])*kx, (line[i][1]-line[i-1][1])*111000
		l2 := dx*dx + dy*dy
		t := 0.0
		if l2 > 0 {
			t = min(1, max(0, -(ax*dx+ay*dy)/l2))
		}
		if math.Hypot(ax+t*dx, ay+t*dy) <= within {
			return true
		}
	}
	return false
}

// distinct keeps the best of candidates with one label, and the best few.
func distinct(out []Candidate) []Candidate {
	seen := map[string]bool{}
	out = slices.DeleteFunc(out, func(c Candidate) bool {
		key := c.How + c.Label + c.Street
		again := seen[key]
		seen[key] = true
		return again
	})
	return out[:min(len(out), maxCandidates)]
}

// The confidence below which a candidate is only a choice, and above which no rival
// makes one of it.
const (
	unsure = 0.5
	sure   = 0.9
)

// conclude says what to make of the candidates, the best first.
func (g *Gazetteer) conclude(out []Candidate) Answer {
	a := Answer{Standing: Unlocated, Candidates: out}
	if len(out) == 0 {
		return a
	}
	top := &out[0]
	if r := g.roads[top.Label]; top.rank == rankRoad && r != nil && top.Confidence < sure {
		if parts := g.parts(r, top); len(parts) > 1 {
			a.Candidates = append(parts, out[1:]...)
			a.Candidates = a.Candidates[:min(len(a.Candidates), maxCandidates)]
			top = &a.Candidates[0]
			if top.Confidence < 0.75 {
				a.Standing, a.Question = Choice, g.askRoad(r, parts)
				return a
			}
		}
	}
	a.Standing = Located
	switch {
	case top.Street == "" && !top.inside:
		a.Standing = Outside
	case top.Confidence < unsure:
		a.Standing = Choice
	}
	for i := range a.Candidates[1:] {
		b := &a.Candidates[i+1]
		if top.Confidence < sure && b.Confidence > 0.7*top.Confidence && b.rank <= rankPlace && !agree(top, b) && !agree(b, top) {
			a.Standing = Choice
			a.Question = askTwo(top.Label, b.Label)
			break
		}
	}
	if a.Standing == Choice && a.Question.ZH == "" {
		a.Question = Sentence{ZH: "请问" + top.Label + "附近有什么路口、门牌或标志？", EN: "What crossing, number or landmark is near " + top.Label + "?"}
	}
	return a
}

// parts are the stretches of a road by the street offices' areas that it runs through,
// the longest first.
func (g *Gazetteer) parts(r *road, whole *Candidate) []Candidate {
	points := map[string][]orb.Point{}
	var order []string
	samples := r.samples(0, r.length())
	for _, p := range samples {
		code := g.street(p)
		if points[code] == nil {
			order = append(order, code)
		}
		points[code] = append(points[code], p)
	}
	slices.SortStableFunc(order, func(a, b string) int { return -cmp.Compare(len(points[a]), len(points[b])) })
	var out []Candidate
	for _, code := range order {
		ps := points[code]
		share := float64(len(ps)) / float64(len(samples))
		if share < 0.1 || code == "" {
			continue
		}
		c := *whole
		first, _ := r.project(ps[0])
		last, _ := r.project(ps[len(ps)-1])
		c.At, c.Street, c.inside = ps[len(ps)/2], code, true
		c.Line = r.stretch(first, last)
		c.Error = max(60, math.Abs(last-first)/2)
		c.Confidence = whole.Confidence * share / max(share, g.topShare(points, len(samples)))
		if a := g.areaOf(code); a != nil {
			c.Label = r.name + "（" + a.Name + "）"
		}
		out = append(out, c)
	}
	return out
}

func (g *Gazetteer) topShare(points map[string][]orb.Point, n int) float64 {
	best := 0
	for _, ps := range points {
		best = max(best, len(ps))
	}
	return float64(best) / float64(n)
}

// askRoad asks which stretch of a road is meant: its side, where it is itself the
// border, or the crossing that each stretch is near.
func (g *Gazetteer) askRoad(r *road, parts []Candidate) Sentence {
	a, b := &parts[0], &parts[1]
	if overlap(r, a.Line, b.Line) {
		along, _ := r.project(b.At)
		far := compass(r.point(along, 0), b.At)
		near := opposite(far)
		return Sentence{
			ZH: "是" + r.name + near.ZH + "侧还是" + far.ZH + "侧？",
			EN: "Is it on the " + near.EN + " or the " + far.EN + " side of " + r.name + "?",
		}
	}
	na, nb := g.nearestCrossing(r, a.At, ""), ""
	nb = g.nearestCrossing(r, b.At, na)
	if na == "" || nb == "" {
		return Sentence{ZH: r.name + "哪一段，靠近哪个路口？", EN: "Which part of " + r.name + ", near which crossing?"}
	}
	return Sentence{ZH: "是" + r.name + "靠近" + na + "，还是靠近" + nb + "？", EN: "Is it on " + r.name + " near " + na + ", or near " + nb + "?"}
}

// overlap reports whether two stretches of a road run beside each other for half of the
// shorter one or more: then the road is the border between them.
func overlap(r *road, a, b orb.LineString) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	a0, _ := r.project(a[0])
	a1, _ := r.project(a[len(a)-1])
	b0, _ := r.project(b[0])
	b1, _ := r.project(b[len(b)-1])
	both := min(max(a0, a1), max(b0, b1)) - max(min(a0, a1), min(b0, b1))
	return both > 0 && both >= 0.5*min(math.Abs(a1-a0), math.Abs(b1-b0))
}

func opposite(s Sentence) Sentence {
	i := slices.Index(compassNames, s)
	return compassNames[(i+2)%4]
}

// Spread returns points along the road, or the stretch of one, that a candidate's label
// names: where it may lie, on both sides. None for a label of another sort.
func (g *Gazetteer) Spread(label string) []orb.Point {
	name, part, _ := strings.Cut(label, "（")
	r := g.roads[name]
	if r == nil {
		return nil
	}
	if strings.Contains(part, "—") {
		if a := g.Geocode(label, Options{}); len(a.Candidates) > 0 && len(a.Candidates[0].Line) > 1 {
			line := a.Candidates[0].Line
			from, _ := r.project(line[0])
			to, _ := r.project(line[len(line)-1])
			return r.samples(from, to)
		}
	}
	return r.samples(0, r.length())
}

// Ask returns the question that separates two candidates of one text, by their labels.
func (g *Gazetteer) Ask(label, rival string) Sentence {
	name, _, _ := strings.Cut(label, "（")
	other, _, _ := strings.Cut(rival, "（")
	if r := g.roads[name]; r != nil && name == other {
		whole := g.whole(r)
		if parts := g.parts(r, &whole); len(parts) > 1 {
			return g.askRoad(r, parts)
		}
	}
	return askTwo(label, rival)
}

func (g *Gazetteer) nearestCrossing(r *road, p orb.Point, not string) string {
	best, name := math.Inf(1), ""
	for k, c := range g.crossings {
		d := span(p, c.At)
		if k[0] == r.name && k[1] != not && (d < best || d == best && k[1] < name) {
			best, name = d, k[1]
		}
	}
	return name
}

func askTwo(a, b string) Sentence {
	return Sentence{ZH: "是" + a + "，还是" + b + "？", EN: "Is it " + a + ", or " + b + "?"}
}

var compassNames = []Sentence{{"东", "east"}, {"北", "north"}, {"西", "west"}, {"南", "south"}}

// compass names the quarter that b lies in, seen from a.
func compass(a, b orb.Point) Sentence {
	angle := math.Atan2(b[1]-a[1], (b[0]-a[0])*math.Cos(a[1]*math.Pi/180))
	return compassNames[(int(math.Round(angle/(math.Pi/2)))+4)%4]
}
