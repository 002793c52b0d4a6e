package codec

import (
	"strconv"

	"wangge/grid"
)

// AppendGeocoding appends a geocoding as one JSON object. The ranges in "used" count
// characters of the text, not bytes.
func AppendGeocoding(dst []byte, g *grid.Geocoding) []byte {
	o := object{append(dst, '{')}
	o.str("text", g.Text)
	o.geocodingHead(g)
	o.name("candidates")
	o.b = append(o.b, '[')
	for i := range g.Candidates {
		c := &g.Candidates[i]
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = append(o.b, '{')
		o.float("lon", c.At[0], 6)
		o.float("lat", c.At[1], 6)
		o.candidate(c, g.Lang)
		o.close()
	}
	o.b = append(o.b, ']')
	o.geocodingCategory(g)
	o.close()
	return o.b
}

// AppendGeocodingFeatures appends a geocoding as a GeoJSON FeatureCollection of its
// candidates; a stretch of road is the member line of its properties.
func AppendGeocodingFeatures(dst []byte, g *grid.Geocoding) []byte {
	o := object{append(dst, `{"type":"FeatureCollection"`...)}
	o.geocodingHead(g)
	o.geocodingCategory(g)
	o.name("features")
	o.b = append(o.b, '[')
	for i := range g.Candidates {
		c := &g.Candidates[i]
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = AppendGeometry(append(o.b, `{"type":"Feature","geometry":`...), c.At)
		o.b = append(o.b, `,"properties":{`...)
		o.candidate(c, g.Lang)
		if len(c.Line) > 1 {
			o.name("line")
			o.b = AppendGeometry(o.b, c.Line)
		}
		o.b = append(o.b, "}}"...)
	}
	o.b = append(o.b, ']')
	o.close()
	return o.b
}

func (o *object) geocodingHead(g *grid.Geocoding) {
	o.str("standing", string(g.Standing))
	o.orNull("question", g.Question)
}

func (o *object) candidate(c *grid.GeocodingCandidate, lang grid.Lang) {
	o.float("error_m", c.Error, 0)
	o.float("confidence", c.Confidence, 3)
	o.str("matched", c.How)
	o.str("label", c.Label)
	o.ref("street", c.Street, lang)
	o.name("used")
	o.b = append(o.b, '[')
	for i, u := range c.Used {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = strconv.AppendInt(append(o.b, '['), int64(u[0]), 10)
		o.b = strconv.AppendInt(append(o.b, ','), int64(u[1]), 10)
		o.b = append(o.b, ']')
	}
	o.b = append(o.b, ']')
	o.opt("doubt", c.Doubt)
}

func (o *object) geocodingCategory(g *grid.Geocoding) {
	if g.Category == nil {
		o.null("category")
		return
	}
	o.open("category")
	o.refMembers(g.Category.Ref, g.Lang)
	o.name("words")
	o.b = append(o.b, '[')
	for i, w := range g.Category.Words {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.b = appendString(o.b, w)
	}
	o.b = append(o.b, ']')
	o.close()
}
