package api

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"wangge/grid"
	"wangge/grid/bulk"
)

// importCases files a stream of reports. It answers with lines of progress and a
// last one that sums up, with every rejected row. Where a row is bad nothing is
// filed, unless ?keep_going says to file the good ones. A body that could not be
// read at all, before anything was said, is a plain problem instead.
func (s *Server) importCases(w http.ResponseWriter, r *http.Request, q *query) error {
	if _, err := bodyType(w, r, "application/x-ndjson", "text/csv"); err != nil {
		return err
	}
	defer drain(r.Body)
	if r.ContentLength > s.o.ImportBytes {
		return tooLarge(s.o.ImportBytes)
	}
	st := newStream(w)
	body := &capped{src: r.Body, left: s.o.ImportBytes, limit: s.o.ImportBytes}
	told := bulk.Summary{}
	sum, err := bulk.Import(r.Context(), s.o.Desk, st.reader(body), bulk.ImportOptions{
		KeepGoing: q.keepGoing, SpoolDir: s.o.SpoolDir,
		Progress: func(phase string, sum *bulk.Summary) error {
			s.meter.imported(&told, sum)
			b := append([]byte(`{"progress":{"phase":"`), phase...)
			_, _ = st.out.Write(append(appendCounts(append(b, `",`...), sum), "}}\n"...)) // flush tells the error
			return st.flush()
		},
	})
	s.meter.imported(&told, &sum)
	if err = readError(err); err != nil && sum.Rows == 0 {
		return err
	}
	b := appendCounts([]byte(`{"summary":{`), &sum)
	b = strconv.AppendBool(append(b, `,"done":`...), err == nil)
	b = append(appendRejected(append(b, `,"rejected":`...), sum.Rejected), `,"problem":`...)
	if err == nil {
		b = append(b, "null"...)
	} else {
		p := problemOf(err)
		s.note(r.Context(), "/v1/cases:import", err)
		b = p.append(b)
	}
	_, _ = st.out.Write(append(b, "}}\n"...)) // flush tells the error
	return st.flush()
}

// readError sorts an error of reading: our own stand, others are the body's.
func readError(err error) error {
	if _, ok := errors.AsType[*grid.Error](err); ok || err == nil {
		return err
	}
	return bodyError(err)
}

// capped ends a body beyond its limit with http.MaxBytesError. http.MaxBytesReader
// would also close the connection after the answer, which a client that was not
// told so, because the answer had begun, meets as a broken next request.
type capped struct {
	src         io.Reader
	left, limit int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, &http.MaxBytesError{Limit: c.limit}
	}
	n, err := c.src.Read(p[:min(int64(len(p)), c.left+1)])
	if c.left -= int64(n); c.left < 0 {
		return n - 1, &http.MaxBytesError{Limit: c.limit}
	}
	return n, err
}

func appendRejected(b []byte, rows []bulk.Rejected) []byte {
	b = append(b, '[')
	for i, r := range rows {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, `{"line":`...), int64(r.Line), 10)
		b = append(appendFaults(append(b, `,"faults":`...), r.Faults), '}')
	}
	return append(b, ']')
}

func appendCounts(b []byte, sum *bulk.Summary) []byte {
	for i, c := range []struct {
		name string
		n    int
	}{{"rows", sum.Rows}, {"bad", sum.Bad}, {"filed", sum.Filed}, {"existing", sum.Existing}} {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), c.name...), `":`...)
		b = strconv.AppendInt(b, int64(c.n), 10)
	}
	return b
}
