package bulk

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"wangge/grid"
)

// MaxText is the longest text in bytes that is read for its place.
const MaxText = 20000

// maxRecord bounds a line or a CSV record.
const maxRecord = 1 << 20

// CheckText tells why a text is not read: it is too long, no UTF-8, or holds a NUL.
func CheckText(s string) *grid.Fault {
	f := &grid.Fault{At: "/text"}
	switch {
	case len(s) > MaxText:
		f.Code, f.Says, f.SaysZH = "long", "the text is longer than 20000 bytes", "文字超过 20000 字节"
	case !utf8.ValidString(s):
		f.Code, f.Says, f.SaysZH = "utf8", "the text is not UTF-8", "文字不是合法的 UTF-8"
	case strings.IndexByte(s, 0) >= 0:
		f.Code, f.Says, f.SaysZH = "nul", "the text holds a NUL character", "文字含有空字符"
	default:
		return nil
	}
	return f
}

// words is a text to be found, or what is wrong with it.
type words struct {
	line         int
	text, street string
	fault        *grid.Fault
}

// texts reads a stream of texts: NDJSON when it begins with "{", CSV when the first
// line is a header with a column text or address, else a text a line. A line of white
// space is passed over.
type texts struct {
	br           *bufio.Reader
	line         int
	ndjson       bool
	sheet        *csv.Reader
	limit        *recordLimit
	text, street int   // columns, -1 for none
	failed       error // told behind the texts that were read before it
}

func newTexts(r io.Reader) (*texts, error) {
	s := &texts{br: bufio.NewReaderSize(r, 128<<10)}
	head, err := firstLine(s.br)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = s.br.Discard(3) // it was peeked
		head = head[3:]
	}
	if i := bytes.IndexByte(head, '\n'); i >= 0 && len(bytes.TrimSpace(head[:i])) > 0 {
		head = head[:i]
	}
	head = bytes.TrimSpace(head)
	if bytes.HasPrefix(head, []byte("{")) {
		s.ndjson = true
		return s, nil
	}
	s.openSheet(head)
	return s, nil
}

// firstLine peeks at what is there once that holds a line, or the input ends, or the
// buffer is full.
func firstLine(br *bufio.Reader) ([]byte, error) {
	for n := 1; ; {
		_, err := br.Peek(n)
		head, _ := br.Peek(br.Buffered()) // it is there
		switch {
		case bytes.IndexByte(head, '\n') >= 0, errors.Is(err, io.EOF), errors.Is(err, bufio.ErrBufferFull):
			return head, nil
		case err != nil:
			return nil, fmt.Errorf("bulk: read texts: %w", err)
		}
		n = len(head) + 1
	}
}

func (s *texts) openSheet(head []byte) {
	names, err := csv.NewReader(bytes.NewReader(head)).Read()
	if err != nil {
		return
	}
	for i := range names {
		names[i] = strings.ToLower(strings.TrimSpace(names[i]))
	}
	if s.text = slices.Index(names, "text"); s.text < 0 {
		s.text = slices.Index(names, "address")
	}
	if s.text < 0 {
		return
	}
	s.street = slices.Index(names, "street")
	s.limit = &recordLimit{r: s.br, left: maxRecord}
	s.sheet = csv.NewReader(s.limit)
	s.sheet.FieldsPerRecord = -1
	s.sheet.ReuseRecord = true
	_, _ = s.sheet.Read() // the header, which was read above
}

// recordLimit breaks off a record that is longer than left. It knows how much it gave,
// and where the last line of that ended.
type recordLimit struct {
	r           io.Reader
	left        int
	given, line int64
}

var errRecord = &grid.Error{Kind: grid.TooLarge, Op: "read texts", Msg: "a CSV record is longer than 1 MB; a quote may never be closed", MsgZH: "一条 CSV 记录超过 1 MB，可能缺少右引号"}

func (l *recordLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errRecord
	}
	n, err := l.r.Read(p)
	if i := bytes.LastIndexByte(p[:n], '\n'); i >= 0 {
		l.line = l.given + int64(i) + 1
	}
	l.left -= n
	l.given += int64(n)
	return n, err
}

// next returns the next text. The error is io.EOF at the end, or that of reading.
func (s *texts) next() (words, error) {
	if s.sheet != nil {
		return s.nextRow()
	}
	for {
		text, long, err := s.readLine()
		if err != nil {
			return words{}, err
		}
		w := words{line: s.line}
		if text = bytes.TrimSpace(text); len(text) == 0 && !long {
			continue
		}
		switch {
		case long:
			w.fault = &grid.Fault{At: "/text", Code: "long", Says: "the line is too long", SaysZH: "该行过长"}
		case s.ndjson:
			w.decode(text)
		default:
			w.text = string(text)
		}
		if w.fault == nil {
			w.fault = CheckText(w.text)
		}
		return w, nil
	}
}

// readLine returns the next line, good until the next call; of a long one nothing.
func (s *texts) readLine() (text []byte, long bool, err error) {
	text, err = s.br.ReadSlice('\n')
	for errors.Is(err, bufio.ErrBufferFull) {
		text, long = nil, true
		_, err = s.br.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && (len(text) > 0 || long) {
		err = nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("bulk: read texts: line %d: %w", s.line+1, err)
	}
	s.line++
	if long {
		text = nil
	}
	return text, long, err
}

// decode reads a line of NDJSON: text, or else address, and street.
func (w *words) decode(line []byte) {
	var v struct {
		Text    string `json:"text"`
		Address string `json:"address"`
		Street  string `json:"street"`
	}
	if err := json.Unmarshal(line, &v); err != nil {
		w.fault = &grid.Fault{At: "", Code: "json", Says: "the line is no JSON object with text or address", SaysZH: "该行不是含有 text 或 address 的 JSON 对象"}
		return
	}
	if w.text, w.street = v.Text, v.Street; w.text == "" {
		w.text = v.Address
	}
	if w.text == "" {
		w.fault = &grid.Fault{At: "/text", Code: "missing", Says: "text or address is needed", SaysZH: "缺少 text 或 address"}
	}
}

func (s *texts) nextRow() (words, error) {
	s.limit.left = maxRecord
	rec, err := s.sheet.Read()
	if pe, ok := errors.AsType[*csv.ParseError](err); ok && !errors.Is(err, errRecord) {
		return words{line: pe.StartLine, fault: &grid.Fault{At: "/text", Code: "csv", Says: "not CSV here: " + pe.Err.Error(), SaysZH: "此处不是合法的 CSV"}}, nil
	}
	if err != nil {
		return words{}, err
	}
	w := words{}
	w.line, _ = s.sheet.FieldPos(0)
	if s.text < len(rec) {
		w.text = strings.Clone(rec[s.text])
	}
	if s.street >= 0 && s.street < len(rec) {
		w.street = strings.Clone(rec[s.street])
	}
	w.fault = CheckText(w.text)
	if strings.TrimSpace(w.text) == "" {
		w.fault = &grid.Fault{At: "/text", Code: "missing", Says: "text or address is needed", SaysZH: "缺少 text 或 address"}
	}
	return w, nil
}

// waiting reports whether another text is there without waiting for it.
func (s *texts) waiting() bool {
	if s.sheet != nil {
		return s.limit.line > s.sheet.InputOffset()
	}
	b, _ := s.br.Peek(s.br.Buffered()) // it is there
	return bytes.IndexByte(b, '\n') >= 0
}
