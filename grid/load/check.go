package load

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/grid"
)

// check tells what is wrong within one record once its fields are read, and
// returns the record with what follows from it filled in.
func (f *file) check(at place, r grid.Record) grid.Record {
	if s := grid.ValidOf(r); !s.From.IsZero() && !s.To.IsZero() && !s.From.Before(s.To) {
		f.faults.add(at, "period", "valid_to is not behind valid_from", "valid_to 不晚于 valid_from")
	}
	switch r := r.(type) {
	case grid.Area:
		return f.checkArea(at, r)
	case grid.Border:
		f.checkBorder(at, r)
	case grid.Unit:
		if (r.Kind == grid.UnitStreet) != (r.Street != "") {
			f.faults.add(at, "street", "a street office, and nothing else, names its street", "街道办事处须写明街道代码，其他单位不得填写")
		}
		f.checkCode(at, "street", r.Street, 9)
	case grid.Duty:
		f.checkDuty(at, r)
	case grid.Place:
		f.checkCode(at, "street", r.Street, 9)
	case grid.Door:
		f.checkCode(at, "street", r.Street, 9)
	case grid.Day:
		if _, err := time.Parse(time.DateOnly, r.Date); err != nil && r.Date != "" {
			f.faults.add(at, "date", fmt.Sprintf("date is a day like 2013-01-05, not %q", r.Date),
				fmt.Sprintf("date 应为 2013-01-05 这样的日期，而不是“%s”", r.Date))
		}
	}
	return r
}

// checkArea fills in the level that the length of the code stands for.
func (f *file) checkArea(at place, r grid.Area) grid.Area {
	level := grid.LevelOf(r.Code)
	if r.Code != "" && (level == "" || !digits(r.Code)) {
		f.faults.add(at, "code", fmt.Sprintf("code %q is not 6, 9, 12 or 15 digits", r.Code),
			fmt.Sprintf("代码“%s”不是 6、9、12 或 15 位数字", r.Code))
		return r
	}
	if r.Level != "" && r.Code != "" && r.Level != level {
		f.faults.add(at, "level", fmt.Sprintf("a code of %d digits is a %s, not a %s", len(r.Code), level, r.Level),
			fmt.Sprintf("%d 位代码的级别是 %s，而不是 %s", len(r.Code), level, r.Level))
	}
	if level == grid.LevelCell && len(r.Shape) == 0 {
		f.faults.add(at, "missing", "a cell needs an outline", "单元网格须有边界")
	}
	r.Level = level
	return r
}

func (f *file) checkBorder(at place, r grid.Border) {
	for _, side := range []struct{ name, code string }{{"left", r.Left}, {"right", r.Right}} {
		f.checkCode(at, side.name, side.code, 9)
	}
	switch {
	case r.Left == "" && r.Right == "":
		f.faults.add(at, "sides", "a border has an area on one side at least", "边界线至少一侧须有区域")
	case r.Left == r.Right:
		f.faults.add(at, "sides", "both sides are the same area", "边界线两侧是同一区域")
	}
}

func (f *file) checkDuty(at place, r grid.Duty) {
	f.checkCode(at, "street", r.Street, 9)
	if count(r.Hotspot, string(r.HotspotKind), r.Street) > 1 {
		f.faults.add(at, "exclusive", "only one of hotspot, hotspot_kind and street may be set", "hotspot、hotspot_kind、street 只能填一项")
	}
	if count(r.Category, r.Group) > 1 {
		f.faults.add(at, "exclusive", "only one of category and group may be set", "category 与 group 只能填一项")
	}
	if r.Closed && r.Window == "" && r.Hotspot == "" && r.HotspotKind == "" {
		f.faults.add(at, "window", "closed needs a window or a hotspot", "closed 须配合 window 或 hotspot")
	}
}

func count(texts ...string) int {
	n := 0
	for _, s := range texts {
		if s != "" {
			n++
		}
	}
	return n
}

// checkCode tells a code that is set and not of so many digits.
func (f *file) checkCode(at place, name, code string, n int) {
	if code != "" && (len(code) != n || !digits(code)) {
		f.faults.add(at, "code", fmt.Sprintf("%s %q is not a code of %d digits", name, code, n),
			fmt.Sprintf("%s“%s”不是 %d 位数字代码", name, code, n))
	}
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// sound returns a shape with its rings in order, or nil when something is wrong
// with it, which is then told.
func (f *file) sound(at place, g orb.Geometry) orb.Geometry {
	if !f.inChina(at, g) {
		return nil
	}
	switch g := g.(type) {
	case orb.LineString:
		return f.soundLine(at, g)
	case orb.MultiLineString:
		for _, l := range g {
			if f.soundLine(at, l) == nil {
				return nil
			}
		}
	case orb.Polygon:
		return f.soundPolygon(at, g)
	case orb.MultiPolygon:
		for i, p := range g {
			s, ok := f.soundPolygon(at, p).(orb.Polygon)
			if !ok {
				return nil
			}
			g[i] = s
		}
	}
	return g
}

func (f *file) soundLine(at place, l orb.LineString) orb.Geometry {
	distinct := 0
	for i := range l {
		if i == 0 || l[i] != l[i-1] {
			distinct++
		}
	}
	if distinct < 2 {
		f.faults.add(at, "line", "a line needs two points", "线至少须有两个不同的点")
		return nil
	}
	return l
}

// soundPolygon turns the outer ring counter-clockwise and the holes clockwise.
func (f *file) soundPolygon(at place, p orb.Polygon) orb.Geometry {
	if len(p) == 0 {
		f.faults.add(at, "ring", "a polygon without a ring", "多边形没有环")
		return nil
	}
	for i, r := range p {
		if len(r) == 0 || r[0] != r[len(r)-1] {
			end := orb.Point{}
			if len(r) > 0 {
				end = r[len(r)-1]
			}
			f.faults.add(at, "ring-open", fmt.Sprintf("a ring is not closed, at or near %v %v", end[0], end[1]),
				fmt.Sprintf("环未闭合，位于 %v %v 附近", end[0], end[1]))
			return nil
		}
		a := area(r)
		if len(r) < 4 || a == 0 {
			f.faults.add(at, "ring", fmt.Sprintf("a ring encloses nothing, at or near %v %v", r[0][0], r[0][1]),
				fmt.Sprintf("环没有面积，位于 %v %v 附近", r[0][0], r[0][1]))
			return nil
		}
		if (a > 0) != (i == 0) {
			r.Reverse()
		}
	}
	if says, zh := crossing(p); says != "" {
		f.faults.add(at, "ring-crossing", says, zh)
		return nil
	}
	return p
}

// inChina tells the first point of g that cannot be one of China.
func (f *file) inChina(at place, g orb.Geometry) bool {
	var bad error
	each(g, func(p orb.Point) {
		if err := geo.Check(p); err != nil && bad == nil {
			bad = err
			f.badPoint(at, p, err)
		}
	})
	return bad == nil
}

func (f *file) badPoint(at place, p orb.Point, err error) {
	switch {
	case errors.Is(err, geo.ErrSwapped):
		f.faults.add(at, "swapped", fmt.Sprintf("longitude and latitude are swapped: %v %v", p[0], p[1]),
			fmt.Sprintf("经度与纬度颠倒：%v %v", p[0], p[1]))
	case errors.Is(err, geo.ErrNotFinite):
		f.faults.add(at, "not-finite", "a coordinate is not a finite number", "坐标不是有限的数值")
	case errors.Is(err, geo.ErrRange):
		f.faults.add(at, "range", fmt.Sprintf("not a longitude and a latitude in degrees: %v %v", p[0], p[1]),
			fmt.Sprintf("不是以度为单位的经纬度：%v %v", p[0], p[1]))
	default:
		f.faults.add(at, "abroad", fmt.Sprintf("the point is outside China: %v %v", p[0], p[1]),
			fmt.Sprintf("该点不在中国境内：%v %v", p[0], p[1]))
	}
}

// each calls fn for every point of g.
func each(g orb.Geometry, fn func(orb.Point)) {
	switch g := g.(type) {
	case orb.Point:
		fn(g)
	case orb.MultiPoint:
		for _, p := range g {
			fn(p)
		}
	case orb.LineString:
		each(orb.MultiPoint(g), fn)
	case orb.Ring:
		each(orb.MultiPoint(g), fn)
	case orb.MultiLineString:
		for _, l := range g {
			each(l, fn)
		}
	case orb.Polygon:
		for _, r := range g {
			each(r, fn)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			each(p, fn)
		}
	}
}
