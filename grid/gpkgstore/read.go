package gpkgstore

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// Changes implements [grid.Log].
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]grid.Change, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT seq, at, kind, key, deleted, record FROM changes WHERE seq > ? ORDER BY seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, s.fault("read change log", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var out []grid.Change
	for rows.Next() {
		var c grid.Change
		var record sql.RawBytes
		if err := rows.Scan(&c.Seq, &c.At, &c.Kind, &c.Key, &c.Deleted, &record); err != nil {
			return nil, s.fault("read change log", err)
		}
		if record != nil {
			if c.Record, err = codec.DecodeRecord(c.Kind, record); err != nil {
				return nil, s.fault("read change log", fmt.Errorf("change %d: %w", c.Seq, err))
			}
		}
		out = append(out, c)
	}
	return out, s.fault("read change log", rows.Err())
}

// Head implements [grid.Log].
func (s *Store) Head(ctx context.Context) (int64, error) {
	var seq int64
	err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM changes`).Scan(&seq)
	return seq, s.fault("read change log", err)
}

// selectCase begins every query for cases; personal data comes last.
const selectCase = `SELECT c.fid, ` + caseColumns + `, t.certificate, p.name, p.phone FROM cases c ` +
	`JOIN certificates t ON t.fid = c.fid LEFT JOIN reporters p ON p.fid = c.fid`

// selectPublic is selectCase without personal data.
const selectPublic = `SELECT c.fid, ` + caseColumns + `, t.certificate, NULL, NULL FROM cases c JOIN certificates t ON t.fid = c.fid`

// Case implements [grid.Store].
func (s *Store) Case(ctx context.Context, id grid.CaseID) (grid.Case, error) {
	c, err := scanCase(s.read.QueryRowContext(ctx, selectCase+` WHERE c.id = ?`, string(id)))
	if errors.Is(err, sql.ErrNoRows) {
		return c, &grid.Error{Kind: grid.NotFound, Op: "read case", Msg: "there is no such case", MsgZH: "没有这个案件"}
	}
	return c, s.fault("read case", err)
}

// Cases implements [grid.Store].
func (s *Store) Cases(ctx context.Context, q grid.CaseQuery) ([]grid.Case, string, error) {
	where, args := conditions(&q)
	if q.Cursor != "" {
		id, err := parseCursor(q.Cursor)
		if err != nil {
			return nil, "", err
		}
		where, args = append(where, "c.id < ?"), append(args, id)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var page []grid.Case
	err := s.each(ctx, query(where, "DESC")+" LIMIT ?", append(args, limit+1), func(c grid.Case) error {
		page = append(page, c)
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	if len(page) <= limit {
		return page, "", nil
	}
	page = page[:limit]
	return page, cursorOf(page[limit-1].ID), nil
}

// EachCase implements [grid.Store].
func (s *Store) EachCase(ctx context.Context, q grid.CaseQuery, fn func(grid.Case) error) error {
	where, args := conditions(&q)
	return s.each(ctx, query(where, "ASC"), args, fn)
}

func query(where []string, order string) string {
	s := selectPublic
	if len(where) > 0 {
		s += " WHERE " + strings.Join(where, " AND ")
	}
	return s + " ORDER BY c.id " + order
}

// each runs one statement, which sees one state of the file however long it takes.
func (s *Store) each(ctx context.Context, query string, args []any, fn func(grid.Case) error) error {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return s.fault("read cases", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		c, err := scanCase(rows)
		if err != nil {
			return s.fault("read cases", err)
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err // SQLite calls it interrupted
	}
	return s.fault("read cases", rows.Err())
}

// conditions are the parts of a WHERE clause. The R-tree holds rounded boxes and may
// over-answer; the exact test follows.
func conditions(q *grid.CaseQuery) (where []string, args []any) {
	add := func(cond string, vs ...any) { where, args = append(where, cond), append(args, vs...) }
	for _, f := range []struct{ column, value string }{
		{"category", q.Category},
		{"street", q.Street},
		{"cell", q.Cell},
		{"lead", q.Unit},
		{"state", string(q.State)},
		{"standing", string(q.Standing)},
		{"source", q.Source},
	} {
		if f.value != "" {
			add("c."+f.column+" = ?", f.value)
		}
	}
	if b := q.Bound; b != nil {
		add(`c.fid IN (SELECT id FROM rtree_cases_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?)`, b.Min[0], b.Max[0], b.Min[1], b.Max[1])
		add(`ST_MinX(c.geom) BETWEEN ? AND ? AND ST_MinY(c.geom) BETWEEN ? AND ?`, b.Min[0], b.Max[0], b.Min[1], b.Max[1])
	}
	if !q.From.IsZero() {
		add("c.at >= ?", ceilText(q.From))
	}
	if !q.To.IsZero() {
		add("c.at < ?", ceilText(q.To))
	}
	if q.Hotspot != "" {
		add("instr(c.hotspots, ?) > 0", "|"+q.Hotspot+"|")
	}
	if !q.Overdue.IsZero() {
		add("c.due < ? AND c.state <> 'closed'", ceilText(q.Overdue))
	}
	if q.Text != "" {
		add("(instr(c.text, ?) > 0 OR instr(c.address, ?) > 0 OR instr(c.key, ?) > 0)", q.Text, q.Text, q.Text)
	}
	return where, args
}

// ceilText rounds a bound up to the millisecond that times are kept to.
func ceilText(t time.Time) string {
	if r := t.Truncate(time.Millisecond); r.Before(t) {
		t = r.Add(time.Millisecond)
	}
	return timeText(t)
}

const cursorPrefix = "c1"

func cursorOf(id grid.CaseID) string {
	return base64.RawURLEncoding.EncodeToString([]byte(cursorPrefix + string(id)))
}

func parseCursor(s string) (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	id, ok := strings.CutPrefix(string(b), cursorPrefix)
	if err != nil || !ok || id == "" {
		return "", &grid.Error{
			Kind: grid.Invalid, Op: "read cases", Msg: "the query has faults", MsgZH: "查询参数有误",
			Faults: []grid.Fault{{At: "?cursor", Code: "cursor", Says: "this is not a cursor of this list", SaysZH: "这不是此列表的翻页游标"}},
		}
	}
	return id, nil
}

// scanCase reads a row of selectCase or selectPublic.
func scanCase(row interface{ Scan(dest ...any) error }) (grid.Case, error) {
	var c grid.Case
	r := &c.Report
	var blob []byte
	var lon, lat, accuracy sql.NullFloat64
	var code, attached, name, phone sql.NullString
	var known, due sql.NullTime
	var hotspots string
	err := row.Scan(&c.Seq, &blob, &c.ID, &c.District, &r.Source, &r.Key, &c.Category, &r.Category, &r.Text, &r.Address,
		&lon, &lat, &code, &accuracy, &known, &attached, &c.Street, &c.Cell, &c.Hex, &hotspots, &c.Lead, &c.Standing, &c.State,
		&c.At, &c.FiledAt, &due, &c.Certificate, &name, &phone)
	if err != nil {
		return c, err
	}
	c.Point, c.Located = pointOf(blob)
	if r.Located = lon.Valid; r.Located {
		r.Point[0], r.Point[1], r.Datum = lon.Float64, lat.Float64, datum.Datum(code.String)
	}
	r.Accuracy = accuracy.Float64
	if hotspots != "" {
		c.Hotspots = strings.Split(strings.Trim(hotspots, "|"), "|")
	}
	if attached.Valid {
		if err := json.Unmarshal([]byte(attached.String), &r.Attachments); err != nil {
			return c, fmt.Errorf("case %s: attachments: %w", c.ID, err)
		}
	}
	if name.Valid {
		r.Reporter = &grid.Reporter{Name: name.String, Phone: phone.String}
	}
	c.Due, r.Known, r.At = due.Time, known.Time, c.At
	return c, nil
}
