package gpkgstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"wangge/grid"
	"wangge/grid/codec"
)

// layer is the table that repeats the newest records of a kind for a GIS. Nothing is
// read back from it: the log is the truth.
type layer struct {
	name    string
	columns []column // without fid, record_key and geom
	shaped  bool     // has geom
	insert  string
}

type column struct{ name, typ string }

var layerNames = map[grid.RecordKind]string{
	grid.KindArea: "areas", grid.KindBorder: "borders", grid.KindUnit: "units", grid.KindHotspot: "hotspots",
	grid.KindDuty: "duties", grid.KindCategory: "categories", grid.KindPlace: "places", grid.KindRoad: "roads",
	grid.KindCrossing: "crossings", grid.KindDoor: "doors", grid.KindDay: "calendar", grid.KindBackdrop: "backdrop",
	grid.KindMeasure: "campaigns",
}

// readLayers learns the columns from the file.
func readLayers(ctx context.Context, conn *sql.Conn) (map[grid.RecordKind]*layer, error) {
	out := map[grid.RecordKind]*layer{}
	for kind, name := range layerNames {
		l := &layer{name: name}
		if err := l.readColumns(ctx, conn); err != nil {
			return nil, fault("open store", err)
		}
		l.prepare()
		out[kind] = l
	}
	return out, nil
}

func (l *layer) readColumns(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, `SELECT name, type FROM pragma_table_info(?)`, l.name)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.typ); err != nil {
			return err
		}
		switch c.name {
		case "fid", "record_key":
		case "geom":
			l.shaped = true
		default:
			l.columns = append(l.columns, c)
		}
	}
	return rows.Err()
}

func (l *layer) prepare() {
	names := []string{`record_key`}
	if l.shaped {
		names = append(names, "geom")
	}
	for _, c := range l.columns {
		names = append(names, `"`+c.name+`"`)
	}
	l.insert = fmt.Sprintf("INSERT INTO %s (%s) VALUES (?%s)", l.name, strings.Join(names, ", "), strings.Repeat(", ?", len(names)-1))
}

// put replaces the row of a record, or takes it out.
func (l *layer) put(w *writer, p put) error {
	if err := w.exec(fmt.Sprintf("DELETE FROM %s WHERE record_key = ?", l.name), p.key); err != nil || p.deleted {
		return err
	}
	values, err := l.row(p)
	if err != nil {
		return err
	}
	return w.exec(l.insert, values...)
}

// row turns the wire form of a record into the values of the insert.
func (l *layer) row(p put) ([]any, error) {
	var members map[string]jsontext.Value
	if err := json.Unmarshal(p.body, &members); err != nil {
		return nil, fmt.Errorf("layer %s: %w", l.name, err)
	}
	values := []any{p.key}
	if l.shaped {
		blob, err := blobOf(members["geometry"])
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", l.name, err)
		}
		values = append(values, blob)
		delete(members, "geometry")
	}
	for _, c := range l.columns {
		v, err := c.value(members[c.name])
		if err != nil {
			return nil, fmt.Errorf("layer %s, column %s: %w", l.name, c.name, err)
		}
		values = append(values, v)
		delete(members, c.name)
	}
	for name := range members {
		return nil, fmt.Errorf("layer %s has no column for %s", l.name, name)
	}
	return values, nil
}

func blobOf(v jsontext.Value) (any, error) {
	if v == nil {
		return nil, nil //nolint:nilnil // NULL
	}
	g, err := codec.ParseGeometry(v)
	if err != nil || g == nil {
		return nil, err
	}
	return appendBlob(nil, g)
}

// value is a member as its column holds it: lists joined by |, objects as JSON, times
// as GeoPackage writes them, and what is left out as NULL, or false.
func (c column) value(v jsontext.Value) (any, error) {
	if v == nil {
		if c.typ == "BOOLEAN" {
			return false, nil
		}
		return nil, nil //nolint:nilnil // NULL
	}
	switch v.Kind() {
	case '"':
		var s string
		if err := json.Unmarshal(v, &s); err != nil || c.typ != "DATETIME" {
			return s, err
		}
		t, err := time.Parse(time.RFC3339, s)
		return timeText(t), err
	case '0':
		var f float64
		err := json.Unmarshal(v, &f)
		if c.typ == "INTEGER" {
			return int64(f), err
		}
		return f, err
	case 't', 'f':
		return v.Kind() == 't', nil
	case '[':
		var list []string
		err := json.Unmarshal(v, &list)
		return strings.Join(list, "|"), err
	}
	return string(slices.Clone(v)), nil
}
