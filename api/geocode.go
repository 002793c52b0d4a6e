package api

import (
	"net/http"
	"strconv"

	"wangge/grid"
	"wangge/grid/codec"
)

func needText(_ *http.Request, q *query) {
	if !q.seen.has(pText) {
		q.fault("?q", "missing", "q is needed: the words to look for", "缺少 q：要查找的文字")
	}
}

// geocode tells which point the desk takes a text to mean: a FeatureCollection of
// one candidate, or of none.
func (s *Server) geocode(w http.ResponseWriter, r *http.Request, q *query) error {
	c, err := s.o.Desk.Preview(r.Context(), grid.Report{Text: q.words[pText]}, q.lang)
	if err != nil {
		return queryFaults(err)
	}
	b := []byte(`{"type":"FeatureCollection","features":[`)
	if m := c.Asked.Matched; m != nil && c.Located {
		b = codec.AppendGeometry(append(b, `{"type":"Feature","geometry":`...), c.Point)
		b = appendString(append(b, `,"properties":{"matched":`...), m.How)
		b = appendString(append(b, `,"label":`...), m.Label)
		b = strconv.AppendFloat(append(b, `,"error_m":`...), m.Error, 'f', -1, 64)
		b = appendStreet(append(b, `,"street":`...), c.Place, q.lang)
		b = append(b, "}}"...)
	}
	return send(w, http.StatusOK, geoJSONType, append(b, "]}"...))
}

func appendStreet(b []byte, p *grid.PlaceAnswer, lang grid.Lang) []byte {
	if p == nil {
		return append(b, "null"...)
	}
	name := p.Street.Name
	if lang == grid.EN && p.Street.NameEN != "" {
		name = p.Street.NameEN
	}
	b = appendString(append(b, `{"code":`...), p.Street.Code)
	b = appendString(append(b, `,"name":`...), name)
	return append(b, '}')
}
