package bulk

import (
	"context"
	"errors"
	"io"
	"os"

	"wangge/grid"
	"wangge/grid/load"
)

// Filer is the part of a desk that files. *intake.Desk is one.
type Filer interface {
	// Try tells whether TakeAll would take a report: nil, or an error with its faults.
	Try(r *grid.Report) error
	// TakeAll files reports in one batch, all or none.
	TakeAll(ctx context.Context, rs []grid.Report) ([]grid.Filed, error)
}

// ImportOptions say how a stream is filed.
type ImportOptions struct {
	KeepGoing bool   // file the good rows where some are bad
	DryRun    bool   // only check
	SpoolDir  string // where a stream that cannot be read twice is kept meanwhile; "": the system's

	// Progress, when set, is told as the import moves; its error stops it. Phase is
	// "check" or "file".
	Progress func(phase string, s *Summary) error
}

// Summary is the outcome of an import.
type Summary struct {
	Rows, Bad       int
	Filed, Existing int // Existing: the key was seen before
	Rejected        []Rejected
}

// Rejected is a row that was not filed.
type Rejected struct {
	Line   int
	Faults []grid.Fault
}

// maxRejected bad rows are told; a stream with more is not read further.
const maxRejected = 10000

const (
	// batchRows are filed at a time, each batch all or none.
	batchRows = 500
	// progressRows lie between two reports of progress.
	progressRows = 5000
)

var errTooManyBad = errors.New("bulk: too many rows are bad")

// Import files a stream of reports, NDJSON or CSV. The whole stream is checked
// first: where a row is bad nothing is filed, unless KeepGoing says to file the
// others. A seekable r is read twice, any other is kept in a file without a name.
//
// The error, also where rows are bad, is a *[grid.Error] when the stream is at
// fault. The summary holds in any case; an import that broke off in its second
// half can be sent again, for the keys filed before are recognised.
func Import(ctx context.Context, d Filer, r io.Reader, o ImportOptions) (Summary, error) {
	im := &importing{ctx: ctx, desk: d, o: o}
	first, again, err := twice(r, o.SpoolDir)
	if err != nil {
		return im.sum, err
	}
	defer again.Close() //nolint:errcheck // it was only read
	err = load.Reports(first, im.check)
	tooMany := errors.Is(err, errTooManyBad)
	if err != nil && !tooMany {
		return im.sum, err
	}
	if im.sum.Bad > 0 && (!o.KeepGoing || tooMany) {
		return im.sum, refusal(tooMany)
	}
	if o.DryRun {
		return im.sum, nil
	}
	if _, err := again.Seek(0, io.SeekStart); err != nil {
		return im.sum, err
	}
	return im.sum, im.fileAll(again)
}

// twice returns a reader of r and, good once that came to its end, the same again.
func twice(r io.Reader, dir string) (io.Reader, io.ReadSeekCloser, error) {
	if s, ok := r.(io.ReadSeeker); ok {
		if at, err := s.Seek(0, io.SeekCurrent); err == nil && at == 0 {
			return r, unclosed{s}, nil
		}
	}
	spool, err := os.CreateTemp(dir, "wangge-import-")
	if err != nil {
		return nil, nil, noRoom(err)
	}
	if err := os.Remove(spool.Name()); err != nil {
		return nil, nil, errors.Join(err, spool.Close())
	}
	return io.TeeReader(r, spooler{spool}), spool, nil
}

// unclosed is the caller's own file, which the caller closes.
type unclosed struct{ io.ReadSeeker }

func (unclosed) Close() error { return nil }

// spooler keeps what was read; that it cannot is our trouble, not the stream's.
type spooler struct{ file *os.File }

func (s spooler) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	if err != nil {
		err = noRoom(err)
	}
	return n, err
}

func noRoom(err error) error {
	return &grid.Error{Kind: grid.Unavailable, Op: "keep import", Msg: "there is no room to keep the import", MsgZH: "暂无空间存放导入内容", Err: err}
}

func refusal(tooMany bool) error {
	e := &grid.Error{
		Kind: grid.Invalid, Op: "import",
		Msg:   "some rows are bad and nothing was filed; mend them, or say to keep going and file the others (keep_going)",
		MsgZH: "部分行有误，未立案；请改正后重试，或选择 keep_going 只立无误的行",
	}
	if tooMany {
		e.Msg, e.MsgZH = "10000 rows are bad; the rest was not read and nothing was filed", "已有 10000 行有误，其余未读，未立案"
	}
	return e
}

// importing is one import on its way.
type importing struct {
	ctx   context.Context //nolint:containedctx // lives as long as one call
	desk  Filer
	o     ImportOptions
	sum   Summary
	batch []grid.Report
}

// check looks at one row without filing it.
func (im *importing) check(line int, rep grid.Report, faults []grid.Fault) error {
	im.sum.Rows++
	faults, err := im.faultsOf(&rep, faults)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		im.sum.Bad++
		im.sum.Rejected = append(im.sum.Rejected, Rejected{line, faults})
		if im.sum.Bad >= maxRejected {
			return errTooManyBad
		}
	}
	return im.progress("check", im.sum.Rows)
}

// faultsOf returns the faults of reading a row, or those of what it says.
func (im *importing) faultsOf(rep *grid.Report, faults []grid.Fault) ([]grid.Fault, error) {
	if len(faults) > 0 {
		return faults, nil
	}
	err := im.desk.Try(rep)
	if e, ok := errors.AsType[*grid.Error](err); ok && e.Kind == grid.Invalid && len(e.Faults) > 0 {
		return e.Faults, nil
	}
	return nil, err
}

func (im *importing) fileAll(r io.Reader) error {
	seen := 0
	err := load.Reports(r, func(_ int, rep grid.Report, faults []grid.Fault) error {
		seen++
		if im.sum.Bad > 0 { // only then a row can be bad here
			faults, err := im.faultsOf(&rep, faults)
			if err != nil || len(faults) > 0 {
				return err
			}
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

func (im *importing) fileBatch() error {
	if len(im.batch) == 0 {
		return nil
	}
	filed, err := im.desk.TakeAll(im.ctx, im.batch)
	if err != nil {
		return err
	}
	for _, f := range filed {
		if f.Existing {
			im.sum.Existing++
		} else {
			im.sum.Filed++
		}
	}
	clear(im.batch)
	im.batch = im.batch[:0]
	return nil
}

func (im *importing) progress(phase string, rows int) error {
	if err := im.ctx.Err(); err != nil {
		return err
	}
	if im.o.Progress == nil || rows%progressRows != 0 {
		return nil
	}
	return im.o.Progress(phase, &im.sum)
}
