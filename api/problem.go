package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"wangge/grid"
)

// Kinds of error that only HTTP knows, beside those of grid.
const (
	unauthorized grid.Kind = 100 + iota
	forbidden
	noMethod
	wrongType
)

// problemType is what RFC 9457 calls one: name is its place under x-problems in the
// OpenAPI document, where a reader finds what it means.
type problemType struct {
	status      int
	name, title string
}

// problemTypes is the one table from a kind of error to an HTTP status. What is not
// in it is Internal.
var problemTypes = map[grid.Kind]problemType{
	grid.Internal:    {http.StatusInternalServerError, "internal", "Something went wrong here"},
	grid.Invalid:     {http.StatusBadRequest, "invalid", "The request has faults"},
	grid.NotFound:    {http.StatusNotFound, "not-found", "There is no such thing"},
	grid.Conflict:    {http.StatusConflict, "conflict", "The request does not fit the present state"},
	grid.TooLarge:    {http.StatusRequestEntityTooLarge, "too-large", "The request is too large"},
	grid.Unavailable: {http.StatusServiceUnavailable, "unavailable", "Not available just now"},
	unauthorized:     {http.StatusUnauthorized, "unauthorized", "A token is needed"},
	forbidden:        {http.StatusForbidden, "forbidden", "This is refused"},
	noMethod:         {http.StatusMethodNotAllowed, "method", "The address does not take this method"},
	wrongType:        {http.StatusUnsupportedMediaType, "media-type", "The body is of the wrong type"},
}

// problem is an error as it is told: nothing in it comes from the request but
// the places of faults.
type problem struct {
	problemType
	detail, detailZH string
	faults           []grid.Fault
}

// problemOf reads an error. Of an internal one nothing is told.
func problemOf(err error) problem {
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = tooLarge(big.Limit)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = &grid.Error{Kind: grid.Unavailable, Msg: "the answer was not ready in time", MsgZH: "未能及时给出答复"}
	}
	e, ok := errors.AsType[*grid.Error](err)
	if !ok {
		e = &grid.Error{}
	}
	t, ok := problemTypes[e.Kind]
	if !ok || e.Kind == grid.Internal {
		return problem{
			problemType: problemTypes[grid.Internal],
			detail:      "the fault is ours and has been noted; try again, and tell us if it stays", detailZH: "服务内部出错，已记录；请重试，若仍出错请告知维护人员",
		}
	}
	p := problem{problemType: t, detail: e.Msg, detailZH: e.MsgZH, faults: e.Faults}
	if p.detail == "" {
		p.detail = strings.ToLower(t.title)
	}
	if p.detailZH == "" {
		p.detailZH = "请求未能完成"
	}
	return p
}

func tooLarge(limit int64) *grid.Error {
	size := strconv.FormatInt(limit>>20, 10) + " MiB"
	return &grid.Error{Kind: grid.TooLarge, Msg: "the body is larger than " + size, MsgZH: "请求正文超过 " + size}
}

// append appends the problem as a JSON object.
func (p *problem) append(dst []byte) []byte {
	dst = append(dst, `{"type":"/v1/openapi.json#/x-problems/`...)
	dst = append(append(dst, p.name...), `","title":`...)
	dst = appendString(dst, p.title)
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(p.status), 10)
	dst = append(dst, `,"detail":`...)
	dst = appendString(dst, p.detail)
	dst = append(dst, `,"detail_zh":`...)
	dst = appendString(dst, p.detailZH)
	dst = append(dst, `,"faults":`...)
	return append(appendFaults(dst, p.faults), '}')
}

func appendFaults(dst []byte, faults []grid.Fault) []byte {
	dst = append(dst, '[')
	for i, f := range faults {
		if i > 0 {
			dst = append(dst, ',')
		}
		f = discreet(f)
		dst = appendString(append(dst, `{"at":`...), f.At)
		dst = appendString(append(dst, `,"code":`...), f.Code)
		dst = appendString(append(dst, `,"says":`...), f.Says)
		dst = appendString(append(dst, `,"says_zh":`...), f.SaysZH)
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

// discreet keeps what was sent out of a fault about an unknown name: in a CSV file
// without a header the "names" are somebody's name and telephone number.
func discreet(f grid.Fault) grid.Fault {
	if f.Code != "unknown" {
		return f
	}
	if strings.ContainsAny(f.Says, "\"") {
		f.Says, f.SaysZH = "there is no such field or column; the OpenAPI document lists them", "没有这个字段或列；可用的见 OpenAPI 文档"
	}
	if parent, name := path.Split(f.At); strings.HasPrefix(f.At, "/") && nameOf(name) == "?" {
		f.At = parent
	}
	return f
}

// appendString appends s as a JSON string; what is not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst, _ = jsontext.AppendQuote(dst, s) // its only error is bad UTF-8, which it replaces
	return dst
}

// fail writes the problem of an error, or, when an answer has begun already, cuts
// it short so that nobody takes it for whole.
func (s *Server) fail(w *response, r *http.Request, err error) {
	if r.Context().Err() != nil && errors.Is(err, context.Canceled) {
		w.gone = true // the caller hung up: nobody reads what is written
	}
	p := problemOf(err)
	s.note(r.Context(), w.route, err)
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	h.Del("Content-Length")
	h.Del("ETag")
	h["Cache-Control"] = noStore
	h["Content-Type"] = problemJSON
	if p.status == http.StatusUnauthorized {
		h["Www-Authenticate"] = bearer
	}
	body := p.append(nil)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(p.status)
	_, _ = w.Write(body) // the caller may be gone
}

// note logs an error that is ours.
func (s *Server) note(ctx context.Context, route string, err error) {
	if problemOf(err).status == http.StatusInternalServerError {
		s.log.LogAttrs(ctx, slog.LevelError, "request failed", slog.String("route", route), slog.String("error", err.Error()))
	}
}

var (
	problemJSON = []string{"application/problem+json"}
	bearer      = []string{`Bearer realm="wangge"`}
)

// AppendProblem appends what an error is told as, a problem of RFC 9457, as a JSON
// object: for streams of answers that are not sent over HTTP.
func AppendProblem(dst []byte, err error) []byte {
	p := problemOf(err)
	return p.append(dst)
}
