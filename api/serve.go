package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"
)

// Headers that every answer carries. The slices are shared and never changed.
var (
	nosniff    = []string{"nosniff"}
	noReferrer = []string{"no-referrer"}
	noStore    = []string{"no-store"}
	sameOrigin = []string{"same-origin"}
	denyFrame  = []string{"DENY"}
	noContent  = []string{"default-src 'none'; frame-ancestors 'none'"}
)

// response is a ResponseWriter that remembers what went out.
type response struct {
	http.ResponseWriter
	route  string
	status int
	bytes  int64
	gone   bool // the caller hung up
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

var responses = sync.Pool{New: func() any { return new(response) }}

// serve is what happens around every handler: headers, the guard, the query, the
// problem of an error or a panic, the meter, one line of log. The line names the
// route and never the address asked, which may hold what somebody said.
func (s *Server) serve(rt route) http.HandlerFunc {
	gauge := s.meter.route(rt.method, rt.pattern)
	return func(rw http.ResponseWriter, r *http.Request) {
		start := time.Now()
		w, _ := responses.Get().(*response)
		*w = response{ResponseWriter: rw, route: rt.pattern}
		gauge.begin()
		defer func() {
			took := time.Since(start)
			status := w.status
			if w.gone {
				status = 499 // as nginx writes it: the caller closed first
			}
			gauge.end(status, took)
			s.log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("method", r.Method), slog.String("route", w.route), slog.Int("status", status),
				slog.Int64("bytes", w.bytes), slog.Duration("took", took))
			*w = response{}
			responses.Put(w)
		}()
		defer s.recover(w, r)
		if err := s.answer(w, r, &rt); err != nil {
			s.fail(w, r, err)
		}
	}
}

func (s *Server) answer(w *response, r *http.Request, rt *route) error {
	h := w.Header()
	h["X-Content-Type-Options"] = nosniff
	h["Referrer-Policy"] = noReferrer
	h["Cache-Control"] = noStore
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["X-Frame-Options"] = denyFrame
	h["Content-Security-Policy"] = noContent
	if err := s.guard.admit(r, rt.public); err != nil {
		return err
	}
	var q query
	q.parse(r.URL.RawQuery, rt.params)
	if rt.check != nil {
		rt.check(r, &q)
	}
	if err := q.err(); err != nil {
		return err
	}
	return rt.handle(w, r, &q)
}

// recover turns a panic of a handler into a problem. http.ErrAbortHandler goes
// through: it is how an answer that has begun is cut short.
func (s *Server) recover(w *response, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(v)
	}
	s.log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("route", w.route), slog.String("stack", string(debug.Stack())))
	s.fail(w, r, fmt.Errorf("api: panic in %s", w.route))
}

// send writes a whole body with its length.
func send(w http.ResponseWriter, status int, contentType []string, body []byte) error {
	h := w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	_, _ = w.Write(body) // its only error is that nobody is there any more
	return nil
}

var (
	jsonType    = []string{"application/json"}
	geoJSONType = []string{"application/geo+json"}
	ndjsonType  = []string{"application/x-ndjson"}
	plainType   = []string{"text/plain; charset=utf-8"}
)

// buffer is a pooled byte slice for bodies.
type buffer struct{ b []byte }

var buffers = sync.Pool{New: func() any { return &buffer{b: make([]byte, 0, 8<<10)} }}

func takeBuffer() *buffer {
	buf, _ := buffers.Get().(*buffer)
	buf.b = buf.b[:0]
	return buf
}

// release puts the buffer back unless it has grown too large to keep.
func (b *buffer) release() {
	if cap(b.b) <= 1<<20 {
		buffers.Put(b)
	}
}
