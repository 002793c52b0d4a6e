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
	if q.suggest {
		return s.suggest(w, q)
	}
	g, err := s.o.Desk.Geocoding(q.words[pText], q.words[pStreet], q.lang)
	if err != nil {
		return err
	}
	if q.limit > 0 && q.limit < len(g.Candidates) {
		g.Candidates = g.Candidates[:q.limit]
	}
	return send(w, http.StatusOK, geoJSONType, codec.AppendGeocodingFeatures(nil, &g))
}

// Suggestions on a page: so many without a limit, and so many at the most.
const (
	suggestions    = 8
	maxSuggestions = 50
)

// suggest tells what a text being typed may become.
func (s *Server) suggest(w http.ResponseWriter, q *query) error {
	limit := suggestions
	if q.limit > 0 {
		limit = min(q.limit, maxSuggestions)
	}
	g, err := s.o.Desk.Suggest(q.words[pText], limit, q.lang)
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, geoJSONType, codec.AppendGeocodingFeatures(nil, &g))
}

// reverse describes a point: what is near it, and a sentence.
func (s *Server) reverse(w http.ResponseWriter, _ *http.Request, q *query) error {
	rep := q.report()
	d, err := s.o.Desk.Reverse(&rep, q.lang)
	if err != nil {
		return queryFaults(err)
	}
	return send(w, http.StatusOK, jsonType, append(codec.AppendDescription(nil, &d), '\n'))
}
