package load

import (
	"github.com/paulmach/orb"

	"wangge/geo/datum"
)

// convert turns a point into WGS-84.
func (f *file) convert(at place, p orb.Point, d datum.Datum) (orb.Point, bool) {
	if d != datum.WGS84 && d != datum.CGCS2000 {
		f.faults.add(at, "datum", "cannot convert yet", "暂不能转换")
		return p, false
	}
	return p, true
}
