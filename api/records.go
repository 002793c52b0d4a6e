package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/codec"
)

// shelf is a kind of record that can be read over HTTP.
type shelf struct {
	kind grid.RecordKind
	id   func(grid.Record) string
	// bare splits a record with a place into its shape and the rest; nil when the
	// kind has no place.
	bare func(grid.Record) (orb.Geometry, grid.Record)
}

var (
	units = shelf{kind: grid.KindUnit, id: func(r grid.Record) string {
		u, _ := r.(grid.Unit)
		return u.ID
	}}
	areas = shelf{kind: grid.KindArea, bare: bare, id: func(r grid.Record) string {
		a, _ := r.(grid.Area)
		return a.Code
	}}
	hotspots = shelf{kind: grid.KindHotspot, bare: bare, id: func(r grid.Record) string {
		h, _ := r.(grid.Hotspot)
		return h.ID
	}}
	duties = shelf{kind: grid.KindDuty, id: func(r grid.Record) string {
		d, _ := r.(grid.Duty)
		return d.ID
	}}
	categories = shelf{kind: grid.KindCategory, id: func(r grid.Record) string { return r.Key() }}
)

// bare takes the shape out of a record. A shape of no points is none.
func bare(r grid.Record) (orb.Geometry, grid.Record) {
	switch v := r.(type) {
	case grid.Area:
		shape := v.Shape
		if v.Shape = nil; len(shape) == 0 {
			return nil, v
		}
		return shape, v
	case grid.Hotspot:
		shape := v.Shape
		v.Shape = nil
		return shape, v
	case grid.Road:
		line := v.Line
		v.Line = nil
		return line, v
	case grid.Backdrop:
		shape := v.Shape
		v.Shape = nil
		return shape, v
	}
	return nil, r
}

// records lists the records of a shelf that hold at ?at (now), by key, as a list or
// as a FeatureCollection.
func (s *Server) records(sh shelf) handler {
	return func(w http.ResponseWriter, r *http.Request, q *query) error {
		after, err := recordCursor(q.words[pCursor])
		if err != nil {
			return err
		}
		list, err := s.list(sh, q, q.words[pLevel] == string(grid.LevelCell))
		if err != nil {
			return err
		}
		if after != "" {
			list = list[sort.Search(len(list), func(i int) bool { return list[i].Key() > after }):]
		}
		limit := q.limit
		if limit == 0 {
			limit = 1000
		}
		page, next := pick(list, q, limit)
		buf := takeBuffer()
		defer buf.release()
		asGeo := sh.bare != nil && wantsGeoJSON(r, q)
		buf.b, err = appendRecords(buf.b, sh, page, asGeo)
		if err != nil {
			return err
		}
		buf.b = append(appendNext(buf.b, w, r, next), '}')
		return sendTagged(w, r, asGeo, buf.b)
	}
}

// list is the whole shelf at ?at. Cells are areas that are listed only when asked
// for: there are thousands, most of them generated.
func (s *Server) list(sh shelf, q *query, cells bool) ([]grid.Record, error) {
	at := s.instant(q)
	if sh.kind != grid.KindArea || !cells {
		return s.o.Desk.Records(sh.kind, at), nil
	}
	found, err := s.o.Desk.Cells(at)
	list := make([]grid.Record, len(found))
	for i, c := range found {
		list[i] = c
	}
	return list, err
}

func (s *Server) instant(q *query) time.Time {
	if q.seen.has(pAt) {
		return q.at
	}
	return s.now()
}

// pick takes up to limit records that the query selects, and the cursor behind
// them, "" when no more follow.
func pick(list []grid.Record, q *query, limit int) (page []grid.Record, next string) {
	for _, r := range list {
		if !selected(r, q) {
			continue
		}
		if len(page) == limit {
			return page, base64.RawURLEncoding.EncodeToString([]byte("r1" + page[limit-1].Key()))
		}
		page = append(page, r)
	}
	return page, ""
}

func recordCursor(c string) (key string, err error) {
	if c == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(c)
	key, ok := strings.CutPrefix(string(b), "r1")
	if err != nil || !ok {
		return "", &grid.Error{
			Kind: grid.Invalid, Msg: "the query has faults", MsgZH: "查询参数有误",
			Faults: []grid.Fault{{At: "?cursor", Code: "cursor", Says: "this is not a cursor of this list", SaysZH: "这不是此列表的翻页游标"}},
		}
	}
	return key, nil
}

func selected(r grid.Record, q *query) bool {
	if a, ok := r.(grid.Area); ok && q.seen.has(pLevel) && string(a.Level) != q.words[pLevel] {
		return false
	}
	if !q.seen.has(pBBox) {
		return true
	}
	shape, _ := bare(r)
	return shape != nil && shape.Bound().Intersects(q.bbox)
}

func wantsGeoJSON(r *http.Request, q *query) bool {
	if q.geoJSON || q.plainJSON {
		return q.geoJSON
	}
	return preferred(r.Header.Get("Accept"), "application/json", "application/geo+json") == "application/geo+json"
}

// appendRecords appends a list or a FeatureCollection, its last brace left open.
func appendRecords(dst []byte, sh shelf, page []grid.Record, asGeo bool) ([]byte, error) {
	if asGeo {
		dst = append(dst, `{"type":"FeatureCollection","features":[`...)
	} else {
		dst = append(dst, `{"items":[`...)
	}
	var err error
	for i, r := range page {
		if i > 0 {
			dst = append(dst, ",\n"...)
		}
		if dst, err = appendRecord(dst, sh, r, asGeo); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func appendRecord(dst []byte, sh shelf, r grid.Record, asGeo bool) ([]byte, error) {
	if !asGeo {
		b, err := codec.EncodeRecord(r)
		return append(dst, b...), err
	}
	return appendFeature(dst, sh.id(r), r)
}

// appendFeature appends a record as a GeoJSON feature.
func appendFeature(dst []byte, id string, r grid.Record) ([]byte, error) {
	shape, rest := bare(r)
	b, err := codec.EncodeRecord(rest)
	if err != nil {
		return nil, err
	}
	dst = appendString(append(dst, `{"type":"Feature","id":`...), id)
	dst = codec.AppendGeometry(append(dst, `,"geometry":`...), shape)
	dst = append(append(dst, `,"properties":`...), b...)
	return append(dst, '}'), nil
}

// record is the record of an id that holds at ?at (now).
func (s *Server) record(sh shelf) handler {
	return func(w http.ResponseWriter, r *http.Request, q *query) error {
		id := chi.URLParam(r, "id")
		list, err := s.list(sh, q, grid.LevelOf(id) == grid.LevelCell)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(rec grid.Record) bool { return sh.id(rec) == id })
		if i < 0 {
			return &grid.Error{Kind: grid.NotFound, Msg: "there is no such " + string(sh.kind) + " at that time", MsgZH: "该时间没有这条记录"}
		}
		asGeo := sh.bare != nil && wantsGeoJSON(r, q)
		b, err := appendRecord(nil, sh, list[i], asGeo)
		if err != nil {
			return err
		}
		return sendTagged(w, r, asGeo, b)
	}
}

// sendTagged sends JSON or GeoJSON with an ETag; who has it already gets 304.
func sendTagged(w http.ResponseWriter, r *http.Request, asGeo bool, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Accept, Authorization")
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if asGeo {
		return send(w, http.StatusOK, geoJSONType, body)
	}
	return send(w, http.StatusOK, jsonType, body)
}

func matches(header, tag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == tag || part == "*" {
			return true
		}
	}
	return false
}

// roadsLayer is the layer of the base map that is made of roads.
const roadsLayer = "roads"

// basemap is one layer of what is drawn behind everything and decides nothing.
func (s *Server) basemap(w http.ResponseWriter, r *http.Request, q *query) error {
	layer := chi.URLParam(r, "layer")
	kind := grid.KindBackdrop
	if layer == roadsLayer {
		kind = grid.KindRoad
	}
	var err error
	found := false
	b := []byte(`{"type":"FeatureCollection","features":[`)
	for _, rec := range s.o.Desk.Records(kind, s.now()) {
		if d, ok := rec.(grid.Backdrop); ok && d.Layer != layer {
			continue
		}
		if found = true; !selected(rec, q) {
			continue
		}
		if b[len(b)-1] == '}' {
			b = append(b, ",\n"...)
		}
		if b, err = appendFeature(b, rec.Key(), rec); err != nil {
			return err
		}
	}
	if !found {
		return &grid.Error{Kind: grid.NotFound, Msg: "the base map has no such layer", MsgZH: "底图没有这个图层"}
	}
	return sendTagged(w, r, true, append(b, "]}"...))
}
