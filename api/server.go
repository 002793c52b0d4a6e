package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"wangge/api/web"
	"wangge/grid"
	"wangge/grid/bulk"
	"wangge/grid/calendar"
)

// Desk is what the shell asks of the house. *intake.Desk is one. Errors are
// *[grid.Error]; their faults name members of a report as JSON pointers.
type Desk interface {
	// Preview answers for a report without filing it; Brief does so without sentences.
	bulk.Answerer
	// Try tells what is wrong with a report; TakeAll files some in one batch.
	bulk.Filer
	// Take files a report; the same source and key give the first case.
	Take(ctx context.Context, r grid.Report) (grid.Filed, error)
	// Replay gives the certificate of an id again. NotFound for an id of no version here.
	Replay(ctx context.Context, id string, lang grid.Lang) (*grid.Certificate, error)
	// Records are the records of a kind that hold at an instant, by key.
	Records(kind grid.RecordKind, at time.Time) []grid.Record
	// Cells are the cells that hold at an instant, with their outlines, by code.
	Cells(at time.Time) ([]grid.Area, error)
	// Suggest tells what a text being typed may become; Reverse describes a point.
	Suggest(typed string, limit int, lang grid.Lang) (grid.Geocoding, error)
	Reverse(r *grid.Report, lang grid.Lang) (grid.Description, error)
	// Geocoding tells which places a text may mean, likelier in the street of code focus.
	Geocoding(text, focus string, lang grid.Lang) (grid.Geocoding, error)
	// Version names the state of the map, the duties and the calendar in use.
	Version() grid.Version
	// Policy is how make-up working days are read.
	Policy() calendar.Policy
}

// Options say what a [Server] serves and to whom.
type Options struct {
	Desk  Desk
	Store grid.Store

	// Token is the bearer token that every request but health must carry. It is empty
	// with Open, and only then: Open serves without sign-in, to loopback only.
	Token string
	Open  bool

	Now     func() time.Time // nil: time.Now
	Logger  *slog.Logger     // nil: nothing is logged
	Version string           // of the program, for /v1/version
	Demo    bool             // the map is the demonstration map: the page says so

	ImportBytes int64  // the largest body of an import; 0: 256 MiB
	SpoolDir    string // where an import is kept while it is checked; "": the system's
}

// Server answers HTTP. It is safe for concurrent use and holds nothing that needs
// closing.
type Server struct {
	o       Options
	mux     *chi.Mux
	guard   *guard
	meter   *meter
	log     *slog.Logger
	now     func() time.Time
	pages   *web.Site
	openapi document
	table   []route
}

// New returns a server. The error says which options do not go together.
func New(o Options) (*Server, error) {
	switch {
	case o.Desk == nil || o.Store == nil:
		return nil, errors.New("api: a desk and a store are needed")
	case o.Open && o.Token != "":
		return nil, errors.New("api: open mode takes no token")
	case !o.Open && o.Token == "":
		return nil, errors.New("api: a token is needed, or open mode on loopback")
	case strings.ContainsAny(o.Token, " \t\r\n"):
		return nil, errors.New("api: the token holds white space")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.ImportBytes == 0 {
		o.ImportBytes = 256 << 20
	}
	pages, err := web.New()
	if err != nil {
		return nil, fmt.Errorf("api: the page: %w", err)
	}
	doc, err := newDocument(openapiJSON)
	if err != nil {
		return nil, fmt.Errorf("api: openapi: %w", err)
	}
	s := &Server{
		o: o, mux: chi.NewMux(), guard: newGuard(o.Open, o.Token), meter: newMeter(),
		log: o.Logger, now: o.Now, pages: pages, openapi: doc,
	}
	s.table = s.routes()
	for _, rt := range s.table {
		h := s.serve(rt)
		s.mux.Method(rt.method, rt.pattern, h)
		if rt.method == http.MethodGet {
			s.mux.Method(http.MethodHead, rt.pattern, h) // net/http leaves the body out
		}
	}
	s.mux.NotFound(s.serve(route{pattern: "(none)", params: anyParams, handle: s.notFound}))
	s.mux.MethodNotAllowed(s.serve(route{pattern: "(none)", params: anyParams, handle: s.methodNotAllowed}))
	return s, nil
}

// Routes lets a test walk the routes.
func (s *Server) Routes() chi.Routes { return s.mux }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// HTTPServer returns an http.Server for h with the house's time-outs. A handler
// that streams pushes its own deadlines out as long as data moves.
func HTTPServer(h http.Handler, logger *slog.Logger) *http.Server {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	if logger != nil {
		srv.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
	}
	return srv
}

const (
	readTimeout  = 30 * time.Second
	writeTimeout = 60 * time.Second
)

func (s *Server) notFound(http.ResponseWriter, *http.Request, *query) error {
	return &grid.Error{Kind: grid.NotFound, Msg: "there is nothing at this address", MsgZH: "没有这个地址"}
}

func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request, _ *query) error {
	var allow []string
	for _, m := range []string{"GET", "HEAD", "POST"} {
		if s.mux.Match(chi.NewRouteContext(), m, r.URL.Path) {
			allow = append(allow, m)
		}
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	return &grid.Error{Kind: noMethod, Msg: "this address takes " + strings.Join(allow, ", "), MsgZH: "此地址只接受 " + strings.Join(allow, ", ")}
}
