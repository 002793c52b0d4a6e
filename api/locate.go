package api

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/bulk"
	"wangge/grid/codec"
)

// maxReport bounds the body that holds one report.
const maxReport = 1 << 20

func (q *query) report() grid.Report {
	return grid.Report{
		Located: true, Point: orb.Point{q.lon, q.lat}, Datum: q.datum,
		Accuracy: q.accuracy, Category: q.words[pCategory], At: q.at, Known: q.known,
	}
}

// checkLocate tells what is missing of a point. Where there are faults already, the
// desk is asked as well, so that they are all told at once.
func (s *Server) checkLocate(r *http.Request, q *query) {
	for _, p := range [...]int{pLon, pLat} {
		if !q.seen.has(p) {
			q.fault("?"+paramNames[p], "missing", paramNames[p]+" is needed, in degrees", "缺少 "+paramNames[p]+"（度）")
		}
	}
	if !q.seen.has(pDatum) {
		q.datumFault("a coordinate without its datum is not read", "坐标必须注明坐标系")
	}
	if len(q.faults) == 0 || q.faulty("?lon") || q.faulty("?lat") {
		return
	}
	rep := q.report()
	if rep.Datum == "" {
		rep.Datum = datum.WGS84 // only to ask what else is wrong; nothing is answered with it
	}
	_, err := s.o.Desk.Preview(r.Context(), rep, q.lang)
	for _, f := range faultsOf(queryFaults(err)) {
		if !q.faulty(f.At) {
			q.fault(f.At, f.Code, f.Says, f.SaysZH)
		}
	}
}

func faultsOf(err error) []grid.Fault {
	if e, ok := errors.AsType[*grid.Error](err); ok && e.Kind == grid.Invalid {
		return e.Faults
	}
	return nil
}

// queryFaults renames the places of faults: what is the member /lon of a report is
// the parameter ?lon here.
func queryFaults(err error) error {
	e, ok := errors.AsType[*grid.Error](err)
	if !ok || len(e.Faults) == 0 {
		return err
	}
	out := *e
	out.Faults = make([]grid.Fault, len(e.Faults))
	for i, f := range e.Faults {
		if rest, ok := strings.CutPrefix(f.At, "/"); ok {
			f.At = "?" + rest
		}
		out.Faults[i] = f
	}
	return &out
}

func (s *Server) getLocate(w http.ResponseWriter, r *http.Request, q *query) error {
	c, err := s.o.Desk.Preview(r.Context(), q.report(), q.lang)
	if err != nil {
		return queryFaults(err)
	}
	return s.sendCertificate(w, c)
}

func (s *Server) sendCertificate(w http.ResponseWriter, c *grid.Certificate) error {
	s.meter.answered(c.Standing)
	buf := takeBuffer()
	defer buf.release()
	buf.b = codec.AppendCertificate(buf.b, c)
	return send(w, http.StatusOK, jsonType, buf.b)
}

func (s *Server) postLocate(w http.ResponseWriter, r *http.Request, q *query) error {
	kind, err := bodyType(w, r, "application/json", "application/x-ndjson")
	if err != nil {
		return err
	}
	if kind == "application/x-ndjson" {
		return s.locateStream(w, r, q.lang)
	}
	rep, err := readReport(w, r)
	if err != nil {
		return err
	}
	c, err := s.o.Desk.Preview(r.Context(), rep, q.lang)
	if err != nil {
		return err
	}
	return s.sendCertificate(w, c)
}

func readReport(w http.ResponseWriter, r *http.Request) (grid.Report, error) {
	if r.ContentLength > maxReport {
		return grid.Report{}, tooLarge(maxReport)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
	if err != nil {
		return grid.Report{}, bodyError(err)
	}
	rep, faults := codec.DecodeReport(body)
	if len(faults) > 0 {
		return rep, invalidReport(faults)
	}
	return rep, nil
}

// bodyError is told of a body that broke off.
func bodyError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return &grid.Error{Kind: grid.Invalid, Msg: "the body ended too early or came too slowly", MsgZH: "请求正文不完整或传输过慢", Err: err}
}

func invalidReport(faults []grid.Fault) error {
	return &grid.Error{Kind: grid.Invalid, Msg: "the report has faults", MsgZH: "上报内容有误", Faults: faults}
}

// locateStream answers a stream of reports with a stream of certificates, a line
// for a line, in order; an empty line has no answer. A line that cannot be answered
// gives its problem. What is answered is sent at once, so that a caller can wait for
// an answer before it sends the next report.
func (s *Server) locateStream(w http.ResponseWriter, r *http.Request, lang grid.Lang) error {
	st := newStream(w)
	defer drain(r.Body)
	told := map[grid.Standing]int{}
	_, err := bulk.Locate(r.Context(), s.o.Desk, st.reader(r.Body), st.out, bulk.LocateOptions{
		Lang: lang, Problem: AppendProblem,
		Sent: func(c bulk.Count) error {
			s.meter.streamed(told, c.Standing)
			return st.flush()
		},
	})
	if err != nil {
		return readError(err)
	}
	return st.flush()
}

// stream writes NDJSON while the body is still being read.
type stream struct {
	control *http.ResponseController
	out     *bufio.Writer
}

// newStream begins an answer of NDJSON. HTTP/1 needs to be told that reading goes on
// beside writing; HTTP/2 needs nothing and says it is not supported.
func newStream(w http.ResponseWriter) *stream {
	w.Header()["Content-Type"] = ndjsonType
	st := &stream{control: http.NewResponseController(w), out: bufio.NewWriterSize(w, 64<<10)}
	_ = st.control.EnableFullDuplex()
	return st
}

func (st *stream) flush() error {
	st.extend()
	if err := st.out.Flush(); err != nil {
		return err
	}
	_ = st.control.Flush() // a writer that cannot flush sends at the end
	return nil
}

// reader lets a stream last as long as its body moves.
func (st *stream) reader(src io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		st.extend()
		return src.Read(p)
	})
}

func (st *stream) extend() {
	now := time.Now()
	_ = st.control.SetReadDeadline(now.Add(readTimeout)) // a writer without deadlines has none to move
	_ = st.control.SetWriteDeadline(now.Add(writeTimeout))
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// maxDrain bounds what is read of a body that was refused, in bytes.
const maxDrain = 64 << 20

// drain reads on after a refusal: a client that is still sending when the
// connection closes would see a broken pipe instead of the answer. It must come
// before the handler returns: net/http reads the rest of a body by itself only
// where it was not told that reading goes on beside writing.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDrain)
	_ = body.Close()
}

// certificate replays an id. The same id has the same answer for ever, so it may
// be kept by whoever asked.
func (s *Server) certificate(w http.ResponseWriter, r *http.Request, q *query) error {
	id := chi.URLParam(r, "id")
	if len(id) > 2048 {
		return &grid.Error{Kind: grid.NotFound, Msg: "this is no certificate's id", MsgZH: "这不是证书编号"}
	}
	c, err := s.o.Desk.Replay(r.Context(), id, q.lang)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Vary", "Accept, Authorization")
	if preferred(r.Header.Get("Accept"), "application/json", "text/plain") == "text/plain" {
		return send(w, http.StatusOK, plainType, []byte(c.Text+"\n"))
	}
	buf := takeBuffer()
	defer buf.release()
	buf.b = codec.AppendCertificate(buf.b, c)
	return send(w, http.StatusOK, jsonType, buf.b)
}
