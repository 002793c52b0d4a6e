package intake

import (
	"wangge/geo/address"
	"wangge/grid"
)

// Geocoding returns the places that a text names, best first, what to ask where they do
// not settle it, and the category that its words propose. Focus is the code of a street
// office's area that the place is more likely in, "" for none. The error is
// Unavailable without a map.
func (d *Desk) Geocoding(text, focus string, lang grid.Lang) (grid.Geocoding, error) {
	out := grid.Geocoding{Text: text, Lang: lang, Standing: grid.Unlocated}
	a := d.current.Load()
	if a == nil || a.seq == 0 {
		return out, noMap("geocode")
	}
	found := a.names.Geocode(text, address.Options{Focus: focus})
	out.Standing, out.Question = grid.Standing(found.Standing), in(lang, found.Question)
	for i := range found.Candidates {
		out.Candidates = append(out.Candidates, a.candidate(&found.Candidates[i], lang))
	}
	if code, words := a.duties.Propose(text); code != "" {
		k := a.duties.Category(code)
		out.Category = &grid.GeocodingCategory{Ref: grid.Ref{Code: code, Name: k.Name, NameEN: k.NameEN}, Words: words}
	}
	return out, nil
}

func (a *Atlas) candidate(c *address.Candidate, lang grid.Lang) grid.GeocodingCandidate {
	return grid.GeocodingCandidate{
		At: c.At, Error: c.Error, Confidence: c.Confidence, How: c.How, Label: c.Label,
		Street: a.streetRef(c.Street), Line: c.Line, Used: c.Used, Doubt: in(lang, c.Doubt),
	}
}

func noMap(op string) error {
	return &grid.Error{Kind: grid.Unavailable, Op: op, Msg: "no map is loaded", MsgZH: "尚未载入地图"}
}

func in(lang grid.Lang, s address.Sentence) string {
	if lang == grid.EN {
		return s.EN
	}
	return s.ZH
}

// streetRef names the street office's area of a code in the newest map, zero for none.
func (a *Atlas) streetRef(code string) grid.Ref {
	if m := a.newest(); m != nil {
		streets := m.Streets()
		for i := range streets {
			if streets[i].Code == code {
				return ref(&streets[i])
			}
		}
	}
	return grid.Ref{}
}
