package api

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"wangge/grid"
	"wangge/grid/codec"
)

// postCase files a report: 201 and the case, or 200 and the first case when its
// source and key were seen before. Idempotency-Key stands in for a key that the
// report does not have.
func (s *Server) postCase(w http.ResponseWriter, r *http.Request, _ *query) error {
	if _, err := bodyType(w, r, "application/json"); err != nil {
		return err
	}
	rep, err := readReport(w, r)
	if err != nil {
		return err
	}
	if key := r.Header.Get("Idempotency-Key"); key != "" && rep.Key == "" {
		if !visible(key) || len(key) > 128 {
			return invalidReport([]grid.Fault{{
				At: "Idempotency-Key", Code: "key",
				Says: "a key is up to 128 visible ASCII characters", SaysZH: "幂等键为不超过 128 个可见 ASCII 字符",
			}})
		}
		rep.Key = key
	}
	filed, err := s.o.Desk.Take(r.Context(), rep)
	if err != nil {
		return err
	}
	s.meter.filed[filed.Existing].Inc()
	status := http.StatusCreated
	if filed.Existing {
		status = http.StatusOK
	}
	w.Header().Set("Location", "/v1/cases/"+url.PathEscape(string(filed.Case.ID)))
	buf := takeBuffer()
	defer buf.release()
	buf.b = codec.AppendCase(buf.b, &filed.Case, false)
	return send(w, status, jsonType, buf.b)
}

func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// oneCase is a case with everything, the reporter included: who handles it has to
// call back.
func (s *Server) oneCase(w http.ResponseWriter, r *http.Request, _ *query) error {
	id := chi.URLParam(r, "id")
	if len(id) > 128 || !visible(id) {
		return &grid.Error{Kind: grid.NotFound, Msg: "there is no such case", MsgZH: "没有这个案件"}
	}
	c, err := s.o.Store.Case(r.Context(), grid.CaseID(id))
	if err != nil {
		return err
	}
	buf := takeBuffer()
	defer buf.release()
	buf.b = codec.AppendCase(buf.b, &c, true)
	return send(w, http.StatusOK, jsonType, buf.b)
}

// maxCases bounds a page of cases: each holds its certificate.
const maxCases = 1000

// cases is a page of cases, newest first, without reporters.
func (s *Server) cases(w http.ResponseWriter, r *http.Request, q *query) error {
	cq := grid.CaseQuery{
		From: q.from, To: q.to, Category: q.words[pCategory], Street: q.words[pStreet], Cell: q.words[pCell],
		Hotspot: q.words[pHotspot], Unit: q.words[pUnit], State: grid.CaseState(q.words[pState]),
		Standing: grid.Standing(q.words[pStanding]), Source: q.words[pSource], Text: q.words[pText],
		Cursor: q.words[pCursor], Limit: min(q.limit, maxCases),
	}
	if q.seen.has(pBBox) {
		cq.Bound = &q.bbox
	}
	if q.overdue {
		cq.Overdue = s.now()
	}
	page, next, err := s.o.Store.Cases(r.Context(), cq)
	if err != nil {
		return err
	}
	buf := takeBuffer()
	defer buf.release()
	buf.b = append(buf.b, `{"items":[`...)
	for i := range page {
		if i > 0 {
			buf.b = append(buf.b, ",\n"...)
		}
		buf.b = codec.AppendCase(buf.b, &page[i], false)
	}
	buf.b = appendNext(append(buf.b, ']'), w, r, next)
	return send(w, http.StatusOK, jsonType, append(buf.b, '}'))
}

// appendNext ends a list with the address of the next page, null on the last; the
// Link header says the same.
func appendNext(dst []byte, w http.ResponseWriter, r *http.Request, cursor string) []byte {
	dst = append(dst, `,"next":`...)
	if cursor == "" {
		return append(dst, "null"...)
	}
	v := r.URL.Query()
	v.Set("cursor", cursor)
	address := r.URL.Path + "?" + v.Encode()
	w.Header().Set("Link", "<"+address+`>; rel="next"`)
	return strconv.AppendQuote(dst, address) // a URL is ASCII without quotes
}
