package hotspot

import (
	"fmt"

	"wangge/grid"
)

// A diversion is a permitted place: what is forbidden around it is permitted on it
// while its schedule is open, and overdue when it has closed.
var diversion = kind{
	shapes: []string{"Point", "LineString", "Polygon", "MultiPolygon"},
	why: func(s *grid.Hotspot, distance float64, hours string, open bool, lang grid.Lang) string {
		if lang == grid.EN {
			state := "permitted now"
			if !open {
				state = "not permitted now"
			}
			return fmt.Sprintf("%.0f m from the permitted place (%.0f m); %s%s", distance, s.Reach, state, behind(": ", hours))
		}
		state := "当前允许经营"
		if !open {
			state = "当前不允许经营"
		}
		return fmt.Sprintf("距疏导点 %.0f 米（范围 %.0f 米）；%s%s", distance, s.Reach, state, behind("：", hours))
	},
}
