package api

import "net/http"

// route is one line of the list below.
type route struct {
	method, pattern string
	params          paramSet                    // query parameters it takes; any other is a fault
	check           func(*http.Request, *query) // adds the faults of what the parameters mean together
	handle          handler
	public          bool // needs no token: health, and the page's own files
}

// handler answers a request or returns what went wrong; q holds the query
// parameters of the route, checked.
type handler func(w http.ResponseWriter, r *http.Request, q *query) error

// routes is the whole outside of the house.
func (s *Server) routes() []route {
	get, post := http.MethodGet, http.MethodPost
	list := set(pAt, pLimit, pCursor)
	placed := list | set(pBBox, pFormat)
	return []route{
		{method: get, pattern: "/v1/locate", params: set(pLon, pLat, pDatum, pAccuracy, pCategory, pAt, pKnown, pLang), check: s.checkLocate, handle: s.getLocate},
		{method: post, pattern: "/v1/locate", params: set(pLang), handle: s.postLocate},
		{method: get, pattern: "/v1/certificates/{id}", params: set(pLang), handle: s.certificate},
		{method: get, pattern: "/v1/geocode", params: set(pText, pStreet, pLimit, pLang, pSuggest), check: needText, handle: s.geocode},
		{method: get, pattern: "/v1/reverse", params: set(pLon, pLat, pDatum, pLang), check: s.checkLocate, handle: s.reverse},

		{method: post, pattern: "/v1/cases", handle: s.postCase},
		{method: post, pattern: "/v1/cases:import", params: set(pKeepGoing), handle: s.importCases},
		{method: get, pattern: "/v1/cases", params: set(pBBox, pFrom, pTo, pCategory, pStreet, pCell, pHotspot, pUnit, pState, pStanding, pSource, pOverdue, pText, pLimit, pCursor), handle: s.cases},
		{method: get, pattern: "/v1/cases/{id}", handle: s.oneCase},

		{method: get, pattern: "/v1/units", params: list, handle: s.records(units)},
		{method: get, pattern: "/v1/units/{id}", params: set(pAt), handle: s.record(units)},
		{method: get, pattern: "/v1/areas", params: placed | set(pLevel), handle: s.records(areas)},
		{method: get, pattern: "/v1/areas/{id}", params: set(pAt, pFormat), handle: s.record(areas)},
		{method: get, pattern: "/v1/hotspots", params: placed, handle: s.records(hotspots)},
		{method: get, pattern: "/v1/hotspots/{id}", params: set(pAt, pFormat), handle: s.record(hotspots)},
		{method: get, pattern: "/v1/duties", params: list, handle: s.records(duties)},
		{method: get, pattern: "/v1/duties/{id}", params: set(pAt), handle: s.record(duties)},
		{method: get, pattern: "/v1/categories", params: list, handle: s.records(categories)},
		{method: get, pattern: "/v1/categories/{id}", params: set(pAt), handle: s.record(categories)},
		{method: get, pattern: "/v1/basemap/{layer}", params: set(pBBox), handle: s.basemap},

		{method: get, pattern: "/v1/audit/map", params: set(pAt, pFormat), handle: s.auditMap},
		{method: get, pattern: "/v1/audit/duties", handle: s.auditDuties},

		{method: get, pattern: "/healthz", handle: s.healthz, public: true},
		{method: get, pattern: "/readyz", handle: s.readyz, public: true},
		{method: get, pattern: "/metrics", handle: s.meter.expose()},
		{method: get, pattern: "/v1/openapi.json", handle: s.describe},
		{method: get, pattern: "/v1/version", handle: s.version},

		{method: get, pattern: "/", params: set(pLang), handle: s.page, public: true},
		{method: get, pattern: "/assets/{name}", handle: s.asset, public: true},
	}
}
