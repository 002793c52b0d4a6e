package load

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"wangge/grid"
	"wangge/grid/codec"
)

// Batches reads a stream of reports some at a time, so that several goroutines can
// decode them. One goroutine calls Next; batches do not share memory.
type Batches struct {
	br      *bufio.Reader
	sheet   *sheet // nil: NDJSON, or nothing
	empty   bool
	failed  error
	line    int // lines of NDJSON read so far
	long    []byte
	maxRows int // of a sheet, in one batch
}

// Batch is a piece of a stream. The zero Batch is ready for use, and one may be
// used again when what came of it is no longer needed.
type Batch struct {
	first int // line of the first report
	lines []byte
	long  bool // the only line was too long and is not here
	rows  []told
}

// told is a report that was read, and what is wrong with it.
type told struct {
	line   int
	report grid.Report
	faults []grid.Fault
}

// Sizes of a batch: bytes of lines, rows of a sheet.
const (
	batchBytes = 128 << 10
	batchRows  = 256
)

// NewBatches begins a stream of reports. It is NDJSON, one object a line, when the
// first character is "{", else CSV with a header of the report's names:
// key, source, category, text, address, lon, lat, datum, accuracy_m, at, known,
// reporter_name, reporter_phone, attachment_url, attachment_sha256. Empty lines are
// passed over. What the fields mean together is not checked here.
//
// Memory does not grow with the input: a line, or a CSV record, has at most 1 MB.
// The error is what r returned, or a *[grid.Error] when the stream cannot be read
// at all: another format, a header with faults.
func NewBatches(r io.Reader) (*Batches, error) {
	s := &Batches{br: bufio.NewReaderSize(r, batchBytes), maxRows: batchRows}
	head, err := beginning(s.br)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head, bom) {
		_, _ = s.br.Discard(len(bom)) // it was peeked
		head = head[len(bom):]
	}
	if says, zh := foreign(head); says != "" {
		return nil, unreadable("format", says, zh)
	}
	switch first(head) {
	case 0:
		if len(head) < s.br.Size() {
			s.empty = true // nothing but white space
			return s, nil
		}
	case '{', '\x1e':
		return s, nil
	case '[':
		return nil, unreadable("format", "a JSON list is not read; write one object a line", "不支持 JSON 数组；请每行写一个对象")
	}
	return s, s.openSheet()
}

func (s *Batches) openSheet() error {
	s.sheet = newSheet(s.br)
	if err := s.sheet.header(); err != nil {
		if errors.Is(err, io.EOF) {
			s.empty = true
			return nil
		}
		if _, ok := errors.AsType[*csv.ParseError](err); ok {
			return unreadable("csv", "the header is not CSV", "表头不是合法的 CSV")
		}
		return tooLong(s.sheet, err)
	}
	if faults := checkReportHeader(s.sheet.names); faults != nil {
		return &grid.Error{
			Kind: grid.Invalid, Op: "load reports", Msg: "the header has faults", MsgZH: "表头有误", Faults: faults,
		}
	}
	return nil
}

// Next reads what is there into b, waiting only for the first line: the answer to a
// slow stream need not wait for its end. The error is io.EOF at the end, what the
// reader returned, or a *[grid.Error] when the rest cannot be read: a quote that is
// never closed.
func (s *Batches) Next(b *Batch) error {
	b.first, b.lines, b.long, b.rows = s.line+1, b.lines[:0], false, b.rows[:0]
	switch {
	case s.empty:
		return io.EOF
	case s.failed != nil:
		return s.failed
	case s.sheet != nil:
		return s.nextRows(b)
	}
	return s.nextLines(b)
}

// nextLines takes the whole lines that are waiting, or the one that has begun.
func (s *Batches) nextLines(b *Batch) error {
	if _, err := s.br.Peek(1); errors.Is(err, io.EOF) {
		return io.EOF
	} else if err != nil {
		return fmt.Errorf("load: read reports: line %d: %w", s.line+1, err)
	}
	waiting, _ := s.br.Peek(s.br.Buffered()) // it is there
	if i := bytes.LastIndexByte(waiting, '\n'); i >= 0 {
		b.lines = append(b.lines, waiting[:i+1]...)
		_, _ = s.br.Discard(i + 1) // it was peeked
		s.line += bytes.Count(b.lines, newline)
		return nil
	}
	text, long, err := readLine(s.br, &s.long)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("load: read reports: line %d: %w", s.line+1, err)
	}
	b.lines, b.long = append(b.lines, text...), long
	s.line++
	return nil
}

var newline = []byte{'\n'}

// readLine returns the next line; it is good until the next call. Of a line longer
// than maxLine nothing is kept.
func readLine(br *bufio.Reader, long *[]byte) (text []byte, tooLong bool, err error) {
	text, err = br.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return text, false, err
	}
	*long = append((*long)[:0], text...)
	for errors.Is(err, bufio.ErrBufferFull) {
		text, err = br.ReadSlice('\n')
		if tooLong = tooLong || len(*long)+len(text) > maxLine; !tooLong {
			*long = append(*long, text...)
		}
	}
	if tooLong {
		return nil, true, err
	}
	return *long, false, err
}

func (s *Batches) nextRows(b *Batch) error {
	for len(b.rows) < s.maxRows {
		rec, err := s.sheet.next()
		pe, parse := errors.AsType[*csv.ParseError](err)
		switch {
		case errors.Is(err, io.EOF):
			if len(b.rows) > 0 {
				return nil
			}
			return io.EOF
		case parse:
			b.rows = append(b.rows, told{line: s.sheet.line, faults: []grid.Fault{{
				At: line(pe.Line).String(), Code: "csv", Says: "not CSV here: " + pe.Err.Error(), SaysZH: "此处不是合法的 CSV",
			}}})
		case err != nil && len(b.rows) > 0:
			s.failed = tooLong(s.sheet, err) // for the next call
			return nil
		case err != nil:
			return tooLong(s.sheet, err)
		case len(rec) == 1 && strings.TrimSpace(rec[0]) == "":
		default:
			rep, faults := reportOf(s.sheet.names, rec, line(s.sheet.line))
			b.rows = append(b.rows, told{s.sheet.line, rep, faults})
		}
	}
	return nil
}

// Each decodes the batch and calls fn for each report, in order, with the line it
// begins on and what is wrong with it; it stops at fn's error and returns it.
// Slices and strings handed to fn are its own to keep.
func (b *Batch) Each(fn func(line int, rep grid.Report, faults []grid.Fault) error) error {
	if b.long {
		return fn(b.first, grid.Report{}, []grid.Fault{{
			At: line(b.first).String(), Code: "long", Says: "the line is longer than 1 MB", SaysZH: "该行超过 1 MB",
		}})
	}
	for _, r := range b.rows {
		if err := fn(r.line, r.report, r.faults); err != nil {
			return err
		}
	}
	n := b.first
	for rest := b.lines; len(rest) > 0; n++ {
		var text []byte
		text, rest, _ = bytes.Cut(rest, newline)
		if text = bytes.TrimSpace(bytes.TrimPrefix(text, recordSeparator)); len(text) == 0 {
			continue
		}
		rep, faults := codec.DecodeReport(text)
		if err := fn(n, rep, faults); err != nil {
			return err
		}
	}
	return nil
}

// recordSeparator begins a line of a JSON text sequence, RFC 8142.
var recordSeparator = []byte{'\x1e'}
