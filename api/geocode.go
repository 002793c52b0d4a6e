package api

import (
	"net/http"

	"wangge/grid/codec"
)

func needText(_ *http.Request, q *query) {
	if !q.seen.has(pText) {
		q.fault("?q", "missing", "q is needed: the words to look for", "缺少 q：要查找的文字")
	}
}

// geocode tells which places a text may mean: a FeatureCollection of candidates, best
// first, with the standing, the question that separates them and the proposed category.
func (s *Server) geocode(w http.ResponseWriter, _ *http.Request, q *query) error {
	g, err := s.o.Desk.Geocoding(q.words[pText], q.words[pStreet], q.lang)
	if err != nil {
		return err
	}
	if q.limit > 0 && q.limit < len(g.Candidates) {
		g.Candidates = g.Candidates[:q.limit]
	}
	return send(w, http.StatusOK, geoJSONType, codec.AppendGeocodingFeatures(nil, &g))
}
