package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"

	"wangge/grid"
	"wangge/grid/load"
)

const (
	// batchRows are filed at a time, each batch all or none.
	batchRows = 500
	// progressRows lie between two lines of progress.
	progressRows = 5000
	// maxRejected bad rows are told; a file with more is not read further.
	maxRejected = 10000
)

var errTooManyBad = errors.New("api: too many rows are bad")

// importing is one import on its way: the body is checked to its end and kept in a
// file that has no name, and only then filed from there.
type importing struct {
	s         *Server
	ctx       context.Context //nolint:containedctx // lives as long as the request
	st        *stream
	keepGoing bool
	spool     *os.File

	rows, bad       int
	filed, existing int
	rejected        []byte // the rejected rows as JSON, comma between
	batch           []grid.Report
}

// importCases files a stream of reports. It answers with lines of progress and a
// last one that sums up, with every rejected row. Where a row is bad nothing is
// filed, unless ?keep_going says to file the good ones.
func (s *Server) importCases(w http.ResponseWriter, r *http.Request, q *query) error {
	if _, err := bodyType(w, r, "application/x-ndjson", "text/csv"); err != nil {
		return err
	}
	defer drain(r.Body)
	if r.ContentLength > s.o.ImportBytes {
		return tooLarge(s.o.ImportBytes)
	}
	spool, err := os.CreateTemp(s.o.SpoolDir, "wangge-import-")
	if err != nil {
		return err
	}
	defer func() { _ = spool.Close() }()
	if err := os.Remove(spool.Name()); err != nil {
		return err
	}
	im := &importing{s: s, ctx: r.Context(), st: newStream(w), keepGoing: q.keepGoing, spool: spool}
	body := &capped{src: r.Body, left: s.o.ImportBytes, limit: s.o.ImportBytes}
	err = load.Reports(io.TeeReader(im.moving(body), spooler{spool}), im.check)
	if err != nil && !errors.Is(err, errTooManyBad) {
		return im.stop(readError(err))
	}
	if im.bad > 0 && (!im.keepGoing || err != nil) {
		return im.stop(im.refusal(err))
	}
	return im.stop(im.fileAll())
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

// maxDrain bounds what is read of a body that was refused, in bytes.
const maxDrain = 64 << 20

// drain reads on after a refusal: a client that is still sending when the
// connection closes would see a broken pipe instead of the answer.
func drain(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, maxDrain)
	_ = body.Close()
}

// moving lets the request last as long as its body moves.
func (im *importing) moving(src io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		im.st.extend()
		return src.Read(p)
	})
}

// spooler keeps what was read; that it cannot is our trouble, not the body's.
type spooler struct{ file *os.File }

func (s spooler) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	if err != nil {
		err = &grid.Error{Kind: grid.Unavailable, Op: "keep import", Msg: "there is no room to keep the import", MsgZH: "暂无空间存放导入内容", Err: err}
	}
	return n, err
}

// readError sorts an error of reading: our own stand, others are the body's.
func readError(err error) error {
	if _, ok := errors.AsType[*grid.Error](err); ok {
		return err
	}
	return bodyError(err)
}

func (im *importing) refusal(err error) error {
	e := &grid.Error{
		Kind: grid.Invalid, Msg: "some rows are bad and nothing was filed; mend them, or send ?keep_going to file the others",
		MsgZH: "部分行有误，未立案；请改正后重试，或以 ?keep_going 只立无误的行",
	}
	if err != nil {
		e.Msg, e.MsgZH = "10000 rows are bad; the rest was not read and nothing was filed", "已有 10000 行有误，其余未读，未立案"
	}
	return e
}

// check looks at one row without filing it.
func (im *importing) check(line int, rep grid.Report, faults []grid.Fault) error {
	im.rows++
	faults, err := im.s.rowFaults(&rep, faults)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		im.reject(line, faults)
		if im.bad >= maxRejected {
			return errTooManyBad
		}
	}
	return im.progress("check", im.rows)
}

// rowFaults adds to the faults of reading a row those of what it says.
func (s *Server) rowFaults(rep *grid.Report, faults []grid.Fault) ([]grid.Fault, error) {
	if len(faults) > 0 {
		return faults, nil
	}
	if rep.Key == "" {
		faults = append(faults, grid.Fault{At: "/key", Code: "missing", Says: "key is needed to file a report", SaysZH: "立案需要 key（来源系统的单号）"})
	}
	if rep.Source == "" {
		faults = append(faults, grid.Fault{At: "/source", Code: "missing", Says: "source is needed to file a report", SaysZH: "立案需要 source（来源）"})
	}
	_, err := s.o.Desk.Brief(rep)
	if more := faultsOf(err); len(more) > 0 {
		return append(faults, more...), nil
	}
	if err != nil && grid.KindOf(err) != grid.Invalid {
		return nil, err
	}
	return faults, nil
}

func (im *importing) reject(line int, faults []grid.Fault) {
	im.bad++
	im.s.meter.rejected.Inc()
	if im.bad > 1 {
		im.rejected = append(im.rejected, ',')
	}
	im.rejected = strconv.AppendInt(append(im.rejected, `{"line":`...), int64(line), 10)
	im.rejected = appendFaults(append(im.rejected, `,"faults":`...), faults)
	im.rejected = append(im.rejected, '}')
}

// fileAll reads the spool again and files its good rows.
func (im *importing) fileAll() error {
	if _, err := im.spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	seen := 0
	err := load.Reports(im.spool, func(_ int, rep grid.Report, faults []grid.Fault) error {
		seen++
		faults, err := im.again(&rep, faults)
		if err != nil || len(faults) > 0 {
			return err
		}
		if im.batch = append(im.batch, rep); len(im.batch) < batchRows {
			return nil
		}
		if err := im.fileBatch(); err != nil {
			return err
		}
		return im.progress("file", seen)
	})
	if err != nil {
		return err
	}
	return im.fileBatch()
}

// again checks a row of the second reading, which is needed only where some rows
// were bad in the first.
func (im *importing) again(rep *grid.Report, faults []grid.Fault) ([]grid.Fault, error) {
	if im.bad == 0 {
		return nil, nil
	}
	return im.s.rowFaults(rep, faults)
}

func (im *importing) fileBatch() error {
	if len(im.batch) == 0 {
		return nil
	}
	im.st.extend()
	filed, err := im.s.o.Desk.TakeAll(im.ctx, im.batch)
	if err != nil {
		return err
	}
	for _, f := range filed {
		im.s.meter.filed[f.Existing].Inc()
		if f.Existing {
			im.existing++
		} else {
			im.filed++
		}
	}
	clear(im.batch)
	im.batch = im.batch[:0]
	return nil
}

func (im *importing) progress(phase string, rows int) error {
	if rows%progressRows != 0 {
		return nil
	}
	b := append([]byte(`{"progress":{"phase":"`), phase...)
	b = im.appendCounts(append(b, `",`...))
	_, _ = im.st.out.Write(append(b, "}}\n"...)) // flush tells the error
	return im.st.flush()
}

func (im *importing) appendCounts(b []byte) []byte {
	for i, c := range []struct {
		name string
		n    int
	}{{"rows", im.rows}, {"bad", im.bad}, {"filed", im.filed}, {"existing", im.existing}} {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), c.name...), `":`...)
		b = strconv.AppendInt(b, int64(c.n), 10)
	}
	return b
}

// stop ends the answer with its summary: done without a problem, or what stopped
// it. A body that could not be read at all, before anything was said, is a plain
// problem instead.
func (im *importing) stop(err error) error {
	if err != nil && im.rows == 0 {
		return err
	}
	b := im.appendCounts([]byte(`{"summary":{`))
	b = strconv.AppendBool(append(b, `,"done":`...), err == nil)
	b = append(append(append(b, `,"rejected":[`...), im.rejected...), ']')
	b = append(b, `,"problem":`...)
	if err == nil {
		b = append(b, "null"...)
	} else {
		p := problemOf(err)
		im.s.note(im.ctx, "/v1/cases:import", err)
		b = p.append(b)
	}
	_, _ = im.st.out.Write(append(b, "}}\n"...)) // flush tells the error
	return im.st.flush()
}
