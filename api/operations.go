package api

import (
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"wangge/api/web"
	"wangge/grid"
)

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request, _ *query) error {
	return send(w, http.StatusOK, jsonType, []byte(`{"status":"ok"}`+"\n"))
}

// readyz says that the store answers, too.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request, _ *query) error {
	if err := s.o.Store.Ping(r.Context()); err != nil {
		s.log.Warn("store does not answer", "error", err)
		return &grid.Error{Kind: grid.Unavailable, Msg: "the store does not answer", MsgZH: "存储暂不可用"}
	}
	return send(w, http.StatusOK, jsonType, []byte(`{"status":"ready"}`+"\n"))
}

// version names the program and the state of the map, the duties and the calendar.
func (s *Server) version(w http.ResponseWriter, _ *http.Request, _ *query) error {
	v := s.o.Desk.Version()
	b := appendString([]byte(`{"program":`), s.o.Version)
	b = appendString(append(b, `,"go":`...), runtime.Version())
	b = appendString(append(b, `,"time":`...), s.now().In(grid.Zone).Format(time.RFC3339))
	b = appendString(append(b, `,"map":`...), v.Map)
	b = appendString(append(b, `,"duties":`...), v.Duties)
	b = appendString(append(b, `,"calendar":`...), v.Calendar)
	b = strconv.AppendBool(append(b, `,"demo":`...), s.o.Demo)
	return send(w, http.StatusOK, jsonType, append(b, "}\n"...))
}

// page is the browser's page. It holds no data, so with a token it is sent to
// everyone who asks with a browser, as a 401: it then asks for the token itself.
func (s *Server) page(w http.ResponseWriter, r *http.Request, _ *query) error {
	status := http.StatusOK
	if !s.guard.open && !s.guard.carries(r) {
		if preferred(r.Header.Get("Accept"), "application/json", "text/html") != "text/html" {
			return s.guard.admit(r, false)
		}
		status = http.StatusUnauthorized
		w.Header()["Www-Authenticate"] = bearer
	}
	return s.sendFile(w, r, s.pages.Page, status)
}

// asset is a file of the page. Its name holds the hash of what is in it.
func (s *Server) asset(w http.ResponseWriter, r *http.Request, _ *query) error {
	f, ok := s.pages.Assets[chi.URLParam(r, "name")]
	if !ok {
		return s.notFound(w, r, nil)
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return s.sendFile(w, r, f, http.StatusOK)
}

func (s *Server) sendFile(w http.ResponseWriter, r *http.Request, f web.File, status int) error {
	h := w.Header()
	h.Set("Content-Security-Policy", web.Policy)
	h.Set("ETag", f.ETag)
	if status == http.StatusOK && h.Get("Cache-Control") == noStore[0] {
		h.Set("Cache-Control", "no-cache")
	}
	if status == http.StatusOK && matches(r.Header.Get("If-None-Match"), f.ETag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return send(w, status, []string{f.Type}, f.Body)
}
