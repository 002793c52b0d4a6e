package api

import (
	"net/http"
	"strconv"

	"wangge/grid/audit"
)

// auditMap tells what is wrong with the map that holds at ?at (now), as a list or as
// a FeatureCollection.
func (s *Server) auditMap(w http.ResponseWriter, r *http.Request, q *query) error {
	found, err := audit.Map(audit.Gather(s.o.Desk), s.instant(q))
	if err != nil {
		return err
	}
	asGeo := wantsGeoJSON(r, q)
	return sendTagged(w, r, asGeo, appendFindings(nil, found, asGeo))
}

// auditDuties tells what is wrong with the duties of all times.
func (s *Server) auditDuties(w http.ResponseWriter, r *http.Request, _ *query) error {
	found, err := audit.Duties(audit.Gather(s.o.Desk), s.o.Desk.Policy())
	if err != nil {
		return err
	}
	return sendTagged(w, r, false, appendFindings(nil, found, false))
}

// appendFindings appends a list or a FeatureCollection, with the number of findings
// of each severity.
func appendFindings(dst []byte, found []audit.Finding, asGeo bool) []byte {
	head, appendOne := `{"items":[`, audit.AppendJSON
	if asGeo {
		head, appendOne = `{"type":"FeatureCollection","features":[`, audit.AppendFeature
	}
	dst = append(dst, head...)
	count := map[audit.Severity]int64{}
	for i := range found {
		if i > 0 {
			dst = append(dst, ",\n"...)
		}
		dst = appendOne(dst, &found[i])
		count[found[i].Severity]++
	}
	dst = append(dst, `],"counts":{`...)
	for i, severity := range audit.Severities {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = strconv.AppendInt(append(appendString(dst, string(severity)), ':'), count[severity], 10)
	}
	return append(dst, "}}"...)
}
