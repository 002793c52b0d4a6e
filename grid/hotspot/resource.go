package hotspot

import (
	"fmt"

	"wangge/grid"
)

// A resource is something shared nearby, on offer while its schedule is open: a
// garage in the daytime, a canteen until late.
var resource = kind{
	shapes:    []string{"Point", "LineString", "Polygon", "MultiPolygon"},
	placeless: true,
	why: func(s *grid.Hotspot, distance float64, hours string, open bool, lang grid.Lang) string {
		if lang == grid.EN {
			state := "on offer now"
			if !open {
				state = "not on offer now"
			}
			return fmt.Sprintf("%.0f m away, serves %.0f m around; %s%s", distance, s.Reach, state, behind(": ", hours))
		}
		state := "当前可用"
		if !open {
			state = "当前不可用"
		}
		return fmt.Sprintf("距离 %.0f 米，服务 %.0f 米范围；%s%s", distance, s.Reach, state, behind("：", hours))
	},
}
