package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// Reports reads a stream of reports and calls fn for each, in order, with the line
// it begins on and what is wrong with it; see [NewBatches] for the formats. It
// stops at fn's error and returns it.
func Reports(r io.Reader, fn func(line int, rep grid.Report, faults []grid.Fault) error) error {
	s, err := NewBatches(r)
	if err != nil {
		return err
	}
	s.maxRows = 1 // a slow sheet is answered row by row
	for {
		var b Batch
		if err := s.Next(&b); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := b.Each(fn); err != nil {
			return err
		}
	}
}

// beginning peeks as far as is needed to tell the format and no further: a slow
// stream is answered line by line.
func beginning(br *bufio.Reader) ([]byte, error) {
	n := 4
	for {
		head, err := br.Peek(n)
		if errors.Is(err, io.EOF) {
			return head, nil
		}
		if err != nil {
			return nil, fmt.Errorf("load: read reports: %w", err)
		}
		blank := first(bytes.TrimPrefix(head, bom)) == 0
		magic := n < 16 && bytes.HasPrefix(head, []byte("SQLi"))
		if (!blank && !magic) || n == br.Size() {
			return head, nil
		}
		n = min(4*n, br.Size())
	}
}

func unreadable(code, says, zh string) error {
	return &grid.Error{
		Kind: grid.Invalid, Op: "load reports", Msg: "the reports cannot be read", MsgZH: "无法读取上报文件",
		Faults: []grid.Fault{{At: line(1).String(), Code: code, Says: says, SaysZH: zh}},
	}
}

func tooLong(s *sheet, err error) error {
	if !errors.Is(err, errLineTooLong) {
		return fmt.Errorf("load: read reports: line %d: %w", s.line+1, err)
	}
	return &grid.Error{
		Kind: grid.TooLarge, Op: "load reports", Msg: "the rest cannot be read", MsgZH: "其余内容无法读取",
		Faults: []grid.Fault{{
			At: line(s.line + 1).String(), Code: "long",
			Says: "the line is longer than 1 MB, or a quote is not closed", SaysZH: "该行超过 1 MB，或引号未闭合",
		}},
	}
}

// reportNames are the columns of a report, in the order of the documentation.
var reportNames = []string{
	"key", "source", "category", "text", "address", "lon", "lat", "datum", "accuracy_m", "at", "known",
	"reporter_name", "reporter_phone", "attachment_url", "attachment_sha256",
}

func checkReportHeader(names []string) []grid.Fault {
	var fs faults
	seen := map[string]bool{}
	known := map[string]bool{}
	for _, n := range reportNames {
		known[n] = true
	}
	for _, n := range names {
		switch {
		case !utf8.ValidString(n):
			fs.add(line(1), "utf8", "the header is not UTF-8; save the file as UTF-8", "表头不是 UTF-8 编码，请将文件另存为 UTF-8")
		case seen[n]:
			fs.add(line(1), "duplicate", fmt.Sprintf("column %q stands twice", n), fmt.Sprintf("“%s”列重复", n))
		case !known[n]:
			fs.add(line(1), "unknown", fmt.Sprintf("there is no column %q; there are %s", n, strings.Join(reportNames, ", ")),
				fmt.Sprintf("没有“%s”这一列；可用的列：%s", n, strings.Join(reportNames, "、")))
		}
		seen[n] = true
	}
	return fs.list()
}

// reportRow is a report being read from the fields of a CSV record.
type reportRow struct {
	rep      grid.Report
	lon, lat bool
	reporter grid.Reporter
	attached grid.Attachment
	faults   []grid.Fault
}

func (r *reportRow) fault(at, code, says, zh string) {
	r.faults = append(r.faults, grid.Fault{At: at, Code: code, Says: says, SaysZH: zh})
}

// reportOf reads one record. Its faults say where as those of an object do: /lon.
func reportOf(names, rec []string, at place) (grid.Report, []grid.Fault) {
	var r reportRow
	if len(rec) != len(names) {
		r.fault(at.String(), "fields", fmt.Sprintf("%d fields where the header has %d", len(rec), len(names)),
			fmt.Sprintf("有 %d 个字段，表头有 %d 个", len(rec), len(names)))
		return grid.Report{}, r.faults
	}
	for i, text := range rec {
		text = strings.TrimSpace(text)
		switch {
		case text == "":
		case !utf8.ValidString(text):
			r.fault("/"+names[i], "utf8", "the text is not UTF-8; save the file as UTF-8", "不是 UTF-8 编码，请将文件另存为 UTF-8")
		case strings.ContainsRune(text, 0):
			r.fault("/"+names[i], "nul", "the text holds a NUL character", "文字中含有空字符")
		default:
			r.set(names[i], text)
		}
	}
	if r.lon != r.lat {
		missing := "/lon"
		if r.lon {
			missing = "/lat"
		}
		r.fault(missing, "missing", "lon and lat come together", "lon 与 lat 必须同时给出")
	}
	r.rep.Located = r.lon && r.lat
	if r.reporter != (grid.Reporter{}) {
		r.rep.Reporter = &r.reporter
	}
	if r.attached != (grid.Attachment{}) {
		r.rep.Attachments = []grid.Attachment{r.attached}
	}
	return r.rep, r.faults
}

func (r *reportRow) set(name, text string) {
	rep := &r.rep
	switch name {
	case "key":
		rep.Key = text
	case "source":
		rep.Source = text
	case "category":
		rep.Category = text
	case "text":
		rep.Text = text
	case "address":
		rep.Address = text
	case "reporter_name":
		r.reporter.Name = text
	case "reporter_phone":
		r.reporter.Phone = text
	case "attachment_url":
		r.attached.URL = text
	case "attachment_sha256":
		r.attached.SHA256 = text
	case "lon":
		r.lon = true
		r.number(name, text, &rep.Point[0])
	case "lat":
		r.lat = true
		r.number(name, text, &rep.Point[1])
	case "accuracy_m":
		r.number(name, text, &rep.Accuracy)
	case "datum":
		d, err := datum.Parse(text)
		if err != nil {
			list := codec.Choices(datum.Datums)
			r.fault("/datum", "datum", "datum is one of "+list, "坐标系必须是 "+list+" 之一")
		}
		rep.Datum = d
	case "at":
		r.time(name, text, &rep.At)
	case "known":
		r.time(name, text, &rep.Known)
	}
}

func (r *reportRow) number(name, text string, into *float64) {
	n, err := number(text)
	if err != nil {
		r.fault("/"+name, "number", fmt.Sprintf("%q is not a finite number", text), fmt.Sprintf("“%s”不是有限的数值", text))
		return
	}
	*into = n
}

func (r *reportRow) time(name, text string, into *time.Time) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		r.fault("/"+name, "time", "a time is written like 2013-05-03T08:40:00+08:00 (RFC 3339)",
			"时间格式应为 2013-05-03T08:40:00+08:00（RFC 3339）")
		return
	}
	*into = t.UTC()
}
