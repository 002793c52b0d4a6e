package codec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"wangge/geo/datum"
	"wangge/grid"
)

// maxDepth bounds nesting; a report needs three levels.
const maxDepth = 8

var decoders = sync.Pool{New: func() any { return &reportDecoder{dec: jsontext.NewDecoder(new(bytes.Reader))} }}

// DecodeReport reads one report. All faults that can be told together are, each
// with its JSON pointer; a report is usable only when there are none. Text that is
// not JSON at all has one fault, with the byte where it goes wrong. What the
// fields mean together (a datum for a coordinate…) is checked by the intake.
func DecodeReport(b []byte) (grid.Report, []grid.Fault) {
	d, _ := decoders.Get().(*reportDecoder)
	defer decoders.Put(d)
	d.src.Reset(b)
	d.dec.Reset(&d.src)
	d.report, d.faults = grid.Report{}, nil
	d.lon, d.lat = false, false
	if !utf8.Valid(b) {
		return grid.Report{}, []grid.Fault{badUTF8(b)}
	}
	if err := d.read(); err != nil {
		return grid.Report{}, []grid.Fault{syntaxFault(err)}
	}
	d.report.Located = d.lon && d.lat
	if d.lon != d.lat {
		missing := "/lon"
		if d.lon {
			missing = "/lat"
		}
		d.fault(missing, "missing", "lon and lat come together", "lon 与 lat 必须同时给出")
	}
	return d.report, d.faults
}

func badUTF8(b []byte) grid.Fault {
	at := 0
	for at < len(b) {
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	return grid.Fault{
		At: "byte " + strconv.Itoa(at), Code: "utf8",
		Says: "the text is not UTF-8 here", SaysZH: "此处不是合法的 UTF-8 编码",
	}
}

func syntaxFault(err error) grid.Fault {
	f := grid.Fault{At: "byte 0", Code: "json", Says: "not a JSON object", SaysZH: "不是合法的 JSON 对象"}
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		f.At = "byte " + strconv.FormatInt(s.ByteOffset, 10)
		if s.JSONPointer != "" {
			f.At = string(s.JSONPointer)
		}
		if errors.Is(err, jsontext.ErrDuplicateName) {
			f.Code, f.Says, f.SaysZH = "duplicate", "this name stands twice", "此字段重复出现"
			return f
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		f.Says, f.SaysZH = "the JSON ends too early", "JSON 不完整"
	}
	if errors.Is(err, errNesting) {
		f.Code, f.Says, f.SaysZH = "depth", "nested too deeply", "嵌套层数过多"
	}
	return f
}

var (
	errNesting   = errors.New("codec: nested too deeply")
	errNotObject = errors.New("codec: not an object")
	errTrailing  = errors.New("codec: data behind the object")
)

type reportDecoder struct {
	src      bytes.Reader
	dec      *jsontext.Decoder
	report   grid.Report
	faults   []grid.Fault
	lon, lat bool
}

func (d *reportDecoder) fault(at, code, says, saysZH string) {
	d.faults = append(d.faults, grid.Fault{At: at, Code: code, Says: says, SaysZH: saysZH})
}

func (d *reportDecoder) read() error {
	if d.dec.PeekKind() != '{' {
		if _, err := d.dec.ReadToken(); err != nil {
			return err
		}
		return errNotObject
	}
	if err := d.object("", d.member); err != nil {
		return err
	}
	if _, err := d.dec.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			return errTrailing
		}
		return err
	}
	return nil
}

// object reads an object and calls member for each of its names.
func (d *reportDecoder) object(at string, member func(at, name string) error) error {
	if k := d.dec.PeekKind(); k != '{' {
		d.fault(at, "type", "an object is wanted", "此处应为对象")
		return d.skip()
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	for d.dec.PeekKind() != '}' {
		tok, err := d.dec.ReadToken()
		if err != nil {
			return err
		}
		name := tok.String()
		if err := member(at+"/"+name, name); err != nil {
			return err
		}
	}
	_, err := d.dec.ReadToken()
	return err
}

func (d *reportDecoder) skip() error {
	base := d.dec.StackDepth()
	for {
		if _, err := d.dec.ReadToken(); err != nil {
			return err
		}
		if d.dec.StackDepth() > maxDepth {
			return errNesting
		}
		if d.dec.StackDepth() <= base {
			return nil
		}
	}
}

func (d *reportDecoder) member(at, name string) error {
	r := &d.report
	switch name {
	case "key":
		return d.text(at, &r.Key)
	case "source":
		return d.text(at, &r.Source)
	case "category":
		return d.text(at, &r.Category)
	case "text":
		return d.text(at, &r.Text)
	case "address":
		return d.text(at, &r.Address)
	case "lon":
		return d.number(at, &r.Point[0], &d.lon)
	case "lat":
		return d.number(at, &r.Point[1], &d.lat)
	case "accuracy_m":
		return d.number(at, &r.Accuracy, nil)
	case "datum":
		return d.datum(at)
	case "at":
		return d.time(at, &r.At)
	case "known":
		return d.time(at, &r.Known)
	case "reporter":
		return d.reporter(at)
	case "attachments":
		return d.attachments(at)
	}
	return d.unknown(at)
}

func (d *reportDecoder) unknown(at string) error {
	d.fault(at, "unknown", "there is no such field", "没有这个字段")
	return d.skip()
}

// null reads a null, which stands for an absent field.
func (d *reportDecoder) null() bool {
	if d.dec.PeekKind() != 'n' {
		return false
	}
	_, err := d.dec.ReadToken()
	return err == nil
}

func (d *reportDecoder) text(at string, into *string) error {
	if d.null() {
		return nil
	}
	if d.dec.PeekKind() != '"' {
		d.fault(at, "type", "a string is wanted", "此处应为字符串")
		return d.skip()
	}
	tok, err := d.dec.ReadToken()
	if err != nil {
		return err
	}
	*into = tok.String()
	if strings.ContainsRune(*into, 0) {
		d.fault(at, "nul", "the text holds a NUL character", "文字中含有空字符")
	}
	return nil
}

func (d *reportDecoder) number(at string, into *float64, given *bool) error {
	if d.null() {
		return nil
	}
	if d.dec.PeekKind() != '0' {
		d.fault(at, "type", "a number is wanted", "此处应为数字")
		if given != nil {
			*given = true
		}
		return d.skip()
	}
	tok, err := d.dec.ReadToken()
	if err != nil {
		return err
	}
	if given != nil {
		*given = true
	}
	if *into, err = strconv.ParseFloat(tok.String(), 64); err != nil {
		d.fault(at, "range", "the number is too large", "数值过大")
	}
	return nil
}

func (d *reportDecoder) datum(at string) error {
	var s string
	if err := d.text(at, &s); err != nil || s == "" {
		return err
	}
	dt, err := datum.Parse(s)
	if err != nil {
		d.fault(at, "datum", "datum is one of "+Choices(datum.Datums), "坐标系必须是 "+Choices(datum.Datums)+" 之一")
	}
	d.report.Datum = dt
	return nil
}

// Choices joins the values of a closed list for a message.
func Choices[S ~string](list []S) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(s))
	}
	return b.String()
}

func (d *reportDecoder) time(at string, into *time.Time) error {
	var s string
	n := len(d.faults)
	if err := d.text(at, &s); err != nil || s == "" || len(d.faults) > n {
		return err
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		d.fault(at, "time", "a time is written like 2013-05-03T08:40:00+08:00 (RFC 3339)",
			"时间格式应为 2013-05-03T08:40:00+08:00（RFC 3339）")
		return nil
	}
	*into = t.UTC()
	return nil
}

func (d *reportDecoder) reporter(at string) error {
	if d.null() {
		return nil
	}
	var rep grid.Reporter
	err := d.object(at, func(at, name string) error {
		switch name {
		case "name":
			return d.text(at, &rep.Name)
		case "phone":
			return d.text(at, &rep.Phone)
		}
		return d.unknown(at)
	})
	if rep != (grid.Reporter{}) {
		d.report.Reporter = &rep
	}
	return err
}

func (d *reportDecoder) attachments(at string) error {
	if d.null() {
		return nil
	}
	if d.dec.PeekKind() != '[' {
		d.fault(at, "type", "a list is wanted", "此处应为列表")
		return d.skip()
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	for i := 0; d.dec.PeekKind() != ']'; i++ {
		if d.dec.PeekKind() == 0 { // a syntax error or the end: the next read tells
			_, err := d.dec.ReadToken()
			return err
		}
		var a grid.Attachment
		err := d.object(fmt.Sprintf("%s/%d", at, i), func(at, name string) error {
			switch name {
			case "url":
				return d.text(at, &a.URL)
			case "sha256":
				return d.text(at, &a.SHA256)
			}
			return d.unknown(at)
		})
		if err != nil {
			return err
		}
		d.report.Attachments = append(d.report.Attachments, a)
	}
	_, err := d.dec.ReadToken()
	return err
}
