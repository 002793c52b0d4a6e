package address

import "github.com/paulmach/orb"

// Default errors in metres of places, by kind.
var placeErrors = map[string]float64{
	"compound": 170, "university": 320, "park": 300, "hospital": 130, "school": 90, "metro": 110, "mall": 110, "government": 80, "landmark": 800, "road": 1500,
}

func (rd *reading) places(t token) {
	for _, p := range t.name.places {
		c := Candidate{How: "place", Label: p.Name, At: p.At, Error: 100, Confidence: 0.96, Used: [][2]int{{t.start, t.end}}, rank: rankPlace}
		if e, ok := placeErrors[p.Kind]; ok {
			c.Error = e
		}
		switch {
		case t.name.how == "hotspot":
			c.How, c.Error, c.Confidence = "hotspot", 150, 0.92
		case t.name.how == "alias":
			c.Confidence = 0.94
			if t.end-t.start < 3 {
				c.Confidence = 0.8
			}
		}
		if p.Error > 0 {
			c.Error = p.Error
		}
		c.Confidence /= float64(len(t.name.places))
		if t.faint {
			c.Confidence *= 0.8
		}
		rd.moved(&c, t.end, nil)
		rd.g.settle(&c, ring(p.At, min(c.Error, 150)*0.5))
		rd.out = append(rd.out, c)
	}
}

// compound is a named area whose outline is not known: somewhere in its street.
func (g *Gazetteer) compound(t token, label string) Candidate {
	c := Candidate{
		How: "area", Label: label, Confidence: 0.93 / float64(len(t.name.codes)), Street: t.name.codes[0], inside: true,
		Used: [][2]int{{t.start, t.end}}, rank: rankArea,
	}
	if a := g.areaOf(c.Street); a != nil {
		c.At, c.Error = a.At, max(300, 0.8*a.Radius)
	}
	g.besideKin(&c, label)
	return c
}

// besideKin moves a compound to those of the same family in the same street: 控江四村 is
// not far from 控江五村.
func (g *Gazetteer) besideKin(c *Candidate, label string) {
	family := []rune(label)
	if len(family) < 3 {
		return
	}
	var sum orb.Point
	n := 0.0
	for _, kin := range g.kin[string(family[:2])] {
		if g.street(kin) == c.Street {
			sum, n = orb.Point{sum[0] + kin[0], sum[1] + kin[1]}, n+1
		}
	}
	if n > 0 {
		c.At, c.Error = orb.Point{sum[0] / n, sum[1] / n}, 450
	}
	if g.street(c.At) != c.Street && n > 0 {
		if a := g.areaOf(c.Street); a != nil {
			c.At, c.Error = a.At, max(300, 0.8*a.Radius)
		}
	}
}
