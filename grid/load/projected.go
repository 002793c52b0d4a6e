package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"

	"wangge/geo"
	"wangge/geo/datum"
	"wangge/grid/codec"
)

// The names of a projected point's columns, in metres. X is the easting, as in GIS;
// a surveyor's X, the northing, is told to be swapped.
const (
	xName = "x"
	yName = "y"
)

// system is what numbers of a place are: degrees of a datum, or metres of a
// projected system. The zero system is not known.
type system struct {
	datum datum.Datum
	crs   datum.CRS
}

func (s system) String() string {
	if s.crs != "" {
		return string(s.crs)
	}
	return string(s.datum)
}

// isWGS84 reports whether the system is WGS-84, or CGCS2000 that is the same to a few
// centimetres.
func (s system) isWGS84() bool {
	return s.crs == "" && (s.datum == datum.WGS84 || s.datum == datum.CGCS2000)
}

func parseSystem(name string) (system, bool) {
	if d, err := datum.Parse(name); err == nil {
		return system{datum: d}, true
	}
	c, err := datum.ParseCRS(name)
	return system{crs: c}, err == nil
}

// systemChoices lists what parseSystem reads.
func systemChoices() string {
	return codec.Choices(datum.Datums) + ", " + codec.Choices(datum.CRSs)
}

// ParseOptions reads what the coordinates of a file are, where it does not say: a
// datum, or a projected system in any of its spellings. The error wraps
// [datum.ErrUnknown] and lists the choices.
func ParseOptions(name string) (Options, error) {
	s, ok := parseSystem(name)
	if !ok {
		return Options{}, fmt.Errorf("%w %q: it is one of %s", datum.ErrUnknown, name, systemChoices())
	}
	return Options{Datum: s.datum, CRS: s.crs}, nil
}

func (o Options) system() system {
	if o.CRS != "" {
		return system{crs: o.CRS}
	}
	return system{datum: o.Datum}
}

// readCRS reads the crs member of a collection ahead of the features, which may
// stand before it. Most files have none, written plainly or with an escape, and need
// not be gone through twice.
func (f *file) readCRS(data []byte) {
	d := jsontext.NewDecoder(bytes.NewReader(data), lax...)
	if !bytes.Contains(data, []byte(`crs"`)) && !bytes.Contains(data, []byte(`\u00`)) {
		return
	}
	if _, err := d.ReadToken(); err != nil {
		return
	}
	seen := false
	for d.PeekKind() == '"' {
		tok, err := d.ReadToken()
		if err != nil {
			return
		}
		if tok.String() != crsName {
			if d.SkipValue() != nil {
				return // told when the features are read
			}
			continue
		}
		v, err := d.ReadValue()
		if err != nil {
			return
		}
		at := place{what: "/crs"}
		crs, _ := f.crsOf(at, v)
		if seen && crs != f.crs {
			f.faults.add(at, "duplicate", "the file names two systems", "文件注明了两个坐标系")
		}
		f.crs, seen = crs, true
	}
}

const crsName = "crs"

// crsOf reads a crs member as GeoJSON 2008 has it and GDAL writes it. It is "" for
// WGS-84; false when it names what is not read, which is told.
func (f *file) crsOf(at place, v jsontext.Value) (datum.CRS, bool) {
	if v.Kind() == 'n' {
		return "", true
	}
	var member struct {
		Properties struct {
			Name string `json:"name"`
		} `json:"properties"`
	}
	err := json.Unmarshal(v, &member, lax...)
	n := member.Properties.Name
	if strings.HasSuffix(n, "CRS84") || strings.HasSuffix(n, ":4326") || strings.HasSuffix(n, ":4490") {
		return "", true
	}
	if crs, errName := datum.ParseCRS(n); err == nil && errName == nil {
		return crs, true
	}
	list := codec.Choices(datum.CRSs)
	f.faults.add(at, "datum", fmt.Sprintf("GeoJSON is WGS-84 (RFC 7946), or its crs member names one of %s; this one says %q", list, n),
		fmt.Sprintf("GeoJSON 须为 WGS-84（RFC 7946），或由 crs 注明 %s 之一，而此处注明“%s”", list, n))
	return "", false
}

// contradicts tells, once, an option that is not what GeoJSON says of itself: no crs
// member says WGS-84.
func (f *file) contradicts(r *row) {
	o := f.options.system()
	if f.datumTold || o == (system{}) || o.crs == r.crs && (r.crs != "" || o.isWGS84()) {
		return
	}
	f.datumTold = true
	if r.crs != "" {
		f.faults.add(r.at, "datum", fmt.Sprintf("the file says %s, not %s", r.crs, o), fmt.Sprintf("文件注明的是 %s，而不是 %s", r.crs, o))
		return
	}
	if o.crs != "" {
		f.faults.add(r.at, "datum", fmt.Sprintf("GeoJSON without a crs member is WGS-84 (RFC 7946), not %s; write it with one or convert it", o),
			fmt.Sprintf("没有 crs 成员的 GeoJSON 须为 WGS-84（RFC 7946），而不是 %s；请写明 crs 或先转换", o))
		return
	}
	f.faults.add(r.at, "datum", fmt.Sprintf("GeoJSON is WGS-84 (RFC 7946), not %s; convert it first", o),
		fmt.Sprintf("GeoJSON 须为 WGS-84（RFC 7946），而不是 %s；请先转换", o))
}

// degrees turns every point of a shape from metres into WGS-84, in place. The first
// that cannot be turned is told, and the answer is nil.
func (f *file) degrees(at place, g orb.Geometry, crs datum.CRS) orb.Geometry {
	bad := false
	g = project.Geometry(g, func(p orb.Point) orb.Point {
		q, err := crs.ToWGS84(p)
		if err != nil && !bad {
			bad = true
			f.badMetres(at, p, crs, err)
		}
		return q
	})
	if bad {
		return nil
	}
	return g
}

func (f *file) badMetres(at place, p orb.Point, crs datum.CRS, err error) {
	text := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	xy := text(p[0]) + " " + text(p[1])
	switch {
	case errors.Is(err, geo.ErrNotFinite):
		f.badPoint(at, p, err)
	case errors.Is(err, datum.ErrSwapped):
		f.faults.add(at, "swapped", fmt.Sprintf("easting and northing are swapped: %s; the easting comes first", xy),
			fmt.Sprintf("东坐标与北坐标颠倒：%s；东坐标在前", xy))
	case errors.Is(err, datum.ErrZoned):
		f.faults.add(at, "zone", fmt.Sprintf("the easting begins with its zone's number, which %s does not have: %s", crs, xy),
			fmt.Sprintf("东坐标带有带号，而 %s 不带带号：%s", crs, xy))
	case errors.Is(err, datum.ErrDegrees):
		f.faults.add(at, "degrees", fmt.Sprintf("degrees where %s has metres: %s", crs, xy), fmt.Sprintf("此处为经纬度，而 %s 的坐标以米为单位：%s", crs, xy))
	default:
		f.faults.add(at, "range", fmt.Sprintf("not an easting and a northing in the range of %s: %s", crs, xy),
			fmt.Sprintf("不是 %s 范围内的东坐标和北坐标：%s", crs, xy))
	}
}
