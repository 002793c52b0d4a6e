package intake

import (
	"errors"
	"math"
	"strings"
	"unicode/utf8"

	"wangge/geo"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// Limits of a report's fields, in bytes.
const (
	maxKey   = 200
	maxText  = 20000
	maxLabel = 1000
)

// maxAccuracy is the largest accuracy in metres that still means a place.
const maxAccuracy = 50000

// Check tells every fault that a report has in itself, whatever the map.
func Check(r *grid.Report) []grid.Fault {
	var faults []grid.Fault
	add := func(at, code, says, saysZH string) {
		faults = append(faults, grid.Fault{At: at, Code: code, Says: says, SaysZH: saysZH})
	}
	switch {
	case r.Located:
		checkPoint(r, add)
	case strings.TrimSpace(r.Address) == "" && strings.TrimSpace(r.Text) == "":
		add("/", "missing", "a report needs lon, lat and datum, or an address, or a text", "报告必须有坐标（lon、lat、datum）、地址或文字之一")
	case r.Datum != "":
		add("/datum", "datum", "a datum without lon and lat", "给出了坐标系但没有 lon、lat")
	}
	if a := r.Accuracy; math.IsNaN(a) || a < 0 || a > maxAccuracy {
		add("/accuracy_m", "range", "accuracy_m is metres between 0 and 50,000", "accuracy_m 应为 0 至 50000 米")
	}
	for _, f := range []struct {
		at, s string
		limit int
	}{
		{"/key", r.Key, maxKey},
		{"/source", r.Source, maxKey},
		{"/category", r.Category, maxKey},
		{"/text", r.Text, maxText},
		{"/address", r.Address, maxLabel},
	} {
		switch {
		case len(f.s) > f.limit:
			add(f.at, "length", "the text is too long", "文字过长")
		case !utf8.ValidString(f.s):
			add(f.at, "utf8", "the text is not UTF-8", "文字不是合法的 UTF-8 编码")
		case strings.ContainsRune(f.s, 0):
			add(f.at, "nul", "the text holds a NUL character", "文字中含有空字符")
		}
	}
	if y := r.At.Year(); !r.At.IsZero() && (y < 1990 || y > 2100) {
		add("/at", "range", "the time is not between 1990 and 2100", "时间应在 1990 年至 2100 年之间")
	}
	return faults
}

func checkPoint(r *grid.Report, add func(at, code, says, saysZH string)) {
	if r.Datum == "" {
		choices := codec.Choices(datum.Datums)
		add("/datum", "datum", "lon and lat need their datum: one of "+choices, "坐标必须注明坐标系："+choices+" 之一")
	}
	err := geo.Check(r.Point)
	switch {
	case errors.Is(err, geo.ErrNotFinite):
		add("/lon", "not_finite", "lon and lat must be finite numbers", "lon、lat 必须是有限数值")
	case errors.Is(err, geo.ErrSwapped):
		add("/lon", "swapped", "lon and lat are swapped: longitude comes first, about 121 here", "lon 与 lat 颠倒：经度在前（本地约 121）")
	case errors.Is(err, geo.ErrRange):
		add("/lon", "range", "lon is -180 to 180 and lat -90 to 90", "lon 应在 ±180 之间，lat 应在 ±90 之间")
	case errors.Is(err, geo.ErrAbroad):
		add("/lon", "abroad", "the point is outside China", "该点不在中国境内")
	}
}

// checkFiling tells what a report lacks to be filed.
func checkFiling(r *grid.Report) []grid.Fault {
	var faults []grid.Fault
	if r.Key == "" {
		faults = append(faults, grid.Fault{At: "/key", Code: "missing", Says: "a key is needed to file", SaysZH: "立案需要 key"})
	}
	if r.Source == "" {
		faults = append(faults, grid.Fault{At: "/source", Code: "missing", Says: "a source is needed to file", SaysZH: "立案需要 source"})
	}
	return faults
}

func invalid(faults []grid.Fault) error {
	return &grid.Error{Kind: grid.Invalid, Op: "read report", Msg: "the report has faults", MsgZH: "报告有误", Faults: faults}
}
