package gpkgstore

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"wangge/grid"
)

// File implements [grid.Store].
func (s *Store) File(ctx context.Context, cases ...grid.Case) ([]grid.Filed, error) {
	if len(cases) == 0 {
		return nil, ctx.Err()
	}
	rows := make([][]any, len(cases))
	for i := range cases {
		var err error
		if rows[i], err = bindCase(&cases[i]); err != nil {
			return nil, err
		}
	}
	filed := make([]grid.Filed, len(cases))
	err := s.writer.submit(ctx, func(w *writer) error {
		for i := range cases {
			var err error
			if filed[i], err = w.file(&cases[i], rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fault("file case", err)
	}
	return filed, nil
}

// caseColumns are the columns of the table of cases behind fid, in the order of bindCase.
const caseColumns = `geom, id, district, source, key, category, said_category, text, address, said_lon, said_lat, said_datum, ` +
	`accuracy_m, known, attachments, street, cell, hex, hotspots, lead, standing, state, at, filed_at, due`

var insertCase = `INSERT INTO cases (fid, ` + caseColumns + `) VALUES (?` +
	strings.Repeat(", ?", strings.Count(caseColumns, ",")+1) + `) ON CONFLICT (source, key) DO NOTHING`

// bindCase turns a case into the row of caseColumns, with a free place for fid before it.
func bindCase(c *grid.Case) ([]any, error) {
	r := &c.Report
	for _, t := range []string{string(c.ID), c.District, r.Source, r.Key, c.Category, r.Category, r.Text, r.Address, string(r.Datum), c.Street, c.Cell, c.Hex, c.Lead} {
		if !utf8.ValidString(t) || strings.ContainsRune(t, 0) {
			return nil, unstorable("case %q holds a text that is not UTF-8 or holds a NUL", c.ID)
		}
	}
	if c.ID == "" || r.Source == "" || r.Key == "" || len(c.Certificate) == 0 {
		return nil, unstorable("case %q lacks its id, source, key or certificate", c.ID)
	}
	var blob, lon, lat, code, accuracy, attached any
	if c.Located {
		b, err := appendBlob(make([]byte, 0, 32), c.Point)
		if err != nil {
			return nil, unstorable("case %q: %v", c.ID, err)
		}
		blob = b
	}
	if r.Located {
		lon, lat, code = r.Point[0], r.Point[1], string(r.Datum)
	}
	if r.Accuracy > 0 {
		accuracy = r.Accuracy
	}
	if len(r.Attachments) > 0 {
		b, err := json.Marshal(r.Attachments)
		if err != nil {
			return nil, unstorable("case %q: %v", c.ID, err)
		}
		attached = string(b)
	}
	hotspots := ""
	if len(c.Hotspots) > 0 {
		hotspots = "|" + strings.Join(c.Hotspots, "|") + "|"
	}
	return []any{
		int64(0), blob, string(c.ID), c.District, r.Source, r.Key, c.Category, r.Category, r.Text, r.Address, lon, lat, code,
		accuracy, timeOrNull(r.Known), attached, c.Street, c.Cell, c.Hex, hotspots, c.Lead, string(c.Standing), string(c.State),
		timeText(c.At), timeText(c.FiledAt), timeOrNull(c.Due),
	}, nil
}

func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return timeText(t)
}

// file writes one case, or finds the first one with its source and key.
func (w *writer) file(c *grid.Case, row []any) (grid.Filed, error) {
	seq := w.seq + 1
	row[0] = seq
	n, err := w.execRows(insertCase, row...)
	if err != nil {
		return grid.Filed{}, err
	}
	if n == 0 {
		return w.first(c.Report.Source, c.Report.Key)
	}
	at := c.FiledAt.UTC().Truncate(time.Millisecond)
	if at.Before(w.last) {
		at = w.last
	}
	w.seq, w.last = seq, at
	if err := w.exec(`INSERT INTO changes (seq, at, kind, key, deleted) VALUES (?, ?, 'case', ?, 0)`, seq, timeText(at), string(c.ID)); err != nil {
		return grid.Filed{}, err
	}
	if err := w.exec(`INSERT INTO certificates (fid, certificate) VALUES (?, ?)`, seq, string(c.Certificate)); err != nil {
		return grid.Filed{}, err
	}
	if p := c.Report.Reporter; p != nil {
		if err := w.exec(`INSERT INTO reporters (fid, name, phone) VALUES (?, ?, ?)`, seq, p.Name, p.Phone); err != nil {
			return grid.Filed{}, err
		}
	}
	filed := *c
	filed.Seq = seq
	return grid.Filed{Case: filed}, nil
}

func (w *writer) first(source, key string) (grid.Filed, error) {
	row := w.query(selectCase+` WHERE c.source = ? AND c.key = ?`, source, key)
	if row.err != nil {
		return grid.Filed{}, row.err
	}
	c, err := scanCase(row)
	return grid.Filed{Case: c, Existing: true}, err
}
