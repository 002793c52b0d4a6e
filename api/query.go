package api

import (
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// paramSet is a set of query parameters.
type paramSet uint64

// Every query parameter of the house.
const (
	pLon = iota
	pLat
	pDatum
	pAccuracy
	pCategory
	pAt
	pKnown
	pLang
	pText
	pLimit
	pCursor
	pKeepGoing
	pBBox
	pFrom
	pTo
	pStreet
	pCell
	pHotspot
	pUnit
	pState
	pStanding
	pSource
	pOverdue
	pLevel
	pFormat
	pSuggest
	params // how many there are
)

// anyParams is for addresses that are not there: their fault is told, not the query's.
const anyParams paramSet = 1 << 63

func set(ps ...int) paramSet {
	var s paramSet
	for _, p := range ps {
		s |= 1 << p
	}
	return s
}

func (s paramSet) has(p int) bool { return s&(1<<p) != 0 }

// paramNames are the names outside; paramByName turns them round.
var (
	paramNames = [params]string{
		"lon", "lat", "datum", "accuracy_m", "category", "at", "known", "lang", "q", "limit", "cursor", "keep_going",
		"bbox", "from", "to", "street", "cell", "hotspot", "unit", "state", "standing", "source", "overdue", "level", "f", "suggest",
	}
	paramByName = func() map[string]int {
		m := make(map[string]int, params)
		for i, n := range paramNames {
			m[n] = i
		}
		return m
	}()
)

// query is every query parameter of a request, read and checked. seen tells which
// were there. text holds the parameters that are plain words, by their number.
type query struct {
	seen      paramSet
	lon, lat  float64
	accuracy  float64
	datum     datum.Datum
	lang      grid.Lang
	at, known time.Time
	from, to  time.Time
	bbox      orb.Bound
	limit     int
	keepGoing bool
	overdue   bool
	suggest   bool
	geoJSON   bool // f=geojson
	plainJSON bool // f=json
	words     [params]string
	faults    []grid.Fault
}

// maxFaults bounds the answer to a query that is nothing but faults; maxWord the
// bytes of a value, maxWordsQ those of q.
const (
	maxFaults = 32
	maxWord   = 256
	maxWordsQ = 1024
	maxPage   = 10000
)

func (q *query) fault(at, code, says, saysZH string) {
	if len(q.faults) == maxFaults {
		return
	}
	q.faults = append(q.faults, grid.Fault{At: at, Code: code, Says: says, SaysZH: saysZH})
}

func (q *query) faulty(at string) bool {
	for _, f := range q.faults {
		if f.At == at {
			return true
		}
	}
	return false
}

// err is nil, or an error that holds every fault of the query.
func (q *query) err() error {
	if len(q.faults) == 0 {
		return nil
	}
	return &grid.Error{Kind: grid.Invalid, Msg: "the query has faults", MsgZH: "查询参数有误", Faults: q.faults}
}

// parse reads a raw query once, left to right. Names outside allowed, names that
// stand twice and values that cannot be read are faults; all are told.
func (q *query) parse(raw string, allowed paramSet) {
	q.lang = grid.ZH
	if allowed == anyParams {
		return
	}
	for raw != "" {
		var pair string
		pair, raw, _ = strings.Cut(raw, "&")
		if pair == "" {
			continue
		}
		name, value, hasValue := strings.Cut(pair, "=")
		name, okName := unescape(name)
		p, known := paramByName[name]
		if !okName || !known || !allowed.has(p) {
			q.fault(nameOf(name), "unknown", "there is no such parameter here; it takes "+allowed.names(), "此处没有这个参数；可用参数："+allowed.names())
			continue
		}
		if q.seen.has(p) {
			q.fault("?"+name, "repeated", "this parameter stands twice", "此参数重复出现")
			continue
		}
		q.seen |= 1 << p
		value, ok := unescape(value)
		switch {
		case !ok || !utf8.ValidString(value):
			q.fault("?"+name, "utf8", "the value is not percent-encoded UTF-8", "参数值不是合法的 UTF-8 百分号编码")
		case strings.IndexByte(value, 0) >= 0:
			q.fault("?"+name, "nul", "the value holds a NUL character", "参数值含有空字符")
		case value == "" && (hasValue || p != pKeepGoing && p != pSuggest):
			q.fault("?"+name, "empty", "the value is empty; leave the parameter out", "参数值为空；不需要时请去掉此参数")
		case len(value) > maxWord && (p != pText || len(value) > maxWordsQ):
			q.fault("?"+name, "long", "the value is too long", "参数值过长")
		default:
			q.read(p, value)
		}
	}
}

// unescape undoes percent-encoding and reports whether it was sound.
func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, true
	}
	out, err := url.QueryUnescape(s)
	return out, err == nil
}

// nameOf is how an unknown name is told: only when it looks like a name, for
// anything may have been pasted there.
func nameOf(name string) string {
	if name == "" || len(name) > 32 {
		return "?"
	}
	for i := range len(name) {
		if c := name[i]; c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return "?"
		}
	}
	return "?" + name
}

func (s paramSet) names() string {
	var list []string
	for p, n := range paramNames {
		if s.has(p) {
			list = append(list, n)
		}
	}
	if list == nil {
		return "none (无)"
	}
	return strings.Join(list, ", ")
}

func (q *query) read(p int, v string) {
	switch p {
	case pLon:
		q.lon = q.number(p, v)
	case pLat:
		q.lat = q.number(p, v)
	case pAccuracy:
		q.accuracy = q.number(p, v)
	case pDatum:
		d, err := datum.Parse(v)
		if err != nil {
			q.datumFault("there is no such datum", "没有这种坐标系")
		}
		q.datum = d
	case pAt:
		q.at = q.time(p, v)
	case pKnown:
		q.known = q.time(p, v)
	case pFrom:
		q.from = q.time(p, v)
	case pTo:
		q.to = q.time(p, v)
	case pLang:
		q.lang = grid.Lang(q.choice(p, v, "zh", "en"))
	case pLimit:
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > maxPage {
			q.fault("?limit", "range", "limit is a whole number from 1 to 10000", "limit 为 1 至 10000 的整数")
		}
		q.limit = n
	case pKeepGoing:
		q.keepGoing = v == "" || q.choice(p, v, "true", "false", "1", "0") == "true" || v == "1"
	case pSuggest:
		q.suggest = v == "" || q.choice(p, v, "true", "false", "1", "0") == "true" || v == "1"
	case pOverdue:
		q.overdue = q.choice(p, v, "true", "false") == "true"
	case pBBox:
		q.readBBox(v)
	case pStanding:
		q.words[p] = q.choice(p, v, string(grid.Settled), string(grid.Contested), string(grid.Outside), string(grid.Unlocated))
	case pState:
		q.words[p] = q.choice(p, v, string(grid.StateFiled))
	case pLevel:
		q.words[p] = q.choice(p, v, string(grid.LevelDistrict), string(grid.LevelStreet), string(grid.LevelCommittee), string(grid.LevelCell))
	case pFormat:
		q.geoJSON = q.choice(p, v, "geojson", "json") == "geojson"
		q.plainJSON = v == "json"
	default:
		q.words[p] = v
	}
}

func (q *query) datumFault(says, saysZH string) {
	list := codec.Choices(datum.Datums)
	q.fault("?datum", "datum", says+"; say which one: "+list, saysZH+"；请注明坐标系："+list+"（高德为 gcj02，百度为 bd09）")
}

func (q *query) choice(p int, v string, list ...string) string {
	for _, c := range list {
		if v == c {
			return v
		}
	}
	all := codec.Choices(list)
	q.fault("?"+paramNames[p], "choice", paramNames[p]+" is one of "+all, paramNames[p]+" 必须是 "+all+" 之一")
	return ""
}

func (q *query) number(p int, v string) float64 {
	f, err := strconv.ParseFloat(v, 64)
	switch {
	case math.IsNaN(f) || (math.IsInf(f, 0) && err == nil):
		q.fault("?"+paramNames[p], "finite", paramNames[p]+" is not a finite number", paramNames[p]+" 不是有限的数字")
	case err != nil && math.IsInf(f, 0):
		q.fault("?"+paramNames[p], "range", "the number is too large", "数值过大")
	case err != nil || !decimal(v):
		q.fault("?"+paramNames[p], "type", paramNames[p]+" is a decimal number like 121.5344", paramNames[p]+" 应为十进制数字，如 121.5344")
	}
	return f
}

// decimal rules out what Go reads as a number and nobody else does: 0x1p-2, 1_000.
func decimal(v string) bool { return !strings.ContainsAny(v, "xXpP_") }

// time reads RFC 3339, or a day for its first instant in Asia/Shanghai. A "+" that
// was sent bare arrives as a space and is taken for what it was.
func (q *query) time(p int, v string) time.Time {
	if n := len(v) - len(" 08:00"); n > 0 && v[n] == ' ' {
		v = v[:n] + "+" + v[n+1:]
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return t.UTC()
	}
	if t, err := time.ParseInLocation(time.DateOnly, v, grid.Zone); err == nil {
		return t.UTC()
	}
	q.fault("?"+paramNames[p], "time", "a time is written like 2013-05-03T08:40:00+08:00 (RFC 3339), or as a day: 2013-05-03",
		"时间格式应为 2013-05-03T08:40:00+08:00（RFC 3339）或日期 2013-05-03")
	return time.Time{}
}

func (q *query) readBBox(v string) {
	parts := strings.Split(v, ",")
	var n [4]float64
	ok := len(parts) == 4
	for i := 0; ok && i < 4; i++ {
		f, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		n[i], ok = f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) && decimal(parts[i])
	}
	q.bbox = orb.Bound{Min: orb.Point{n[0], n[1]}, Max: orb.Point{n[2], n[3]}}
	if !ok || n[0] > n[2] || n[1] > n[3] || math.Abs(n[0]) > 180 || math.Abs(n[2]) > 180 || math.Abs(n[1]) > 90 || math.Abs(n[3]) > 90 {
		q.fault("?bbox", "bbox", "bbox is west,south,east,north in WGS-84 degrees", "bbox 为 西,南,东,北（WGS-84 度）")
	}
}
