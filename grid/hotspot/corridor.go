package hotspot

import (
	"fmt"

	"wangge/grid"
)

// A corridor is a line and the metres to each side of it: a road and its fronts.
var corridor = kind{
	shapes: []string{"LineString"},
	why: func(s *grid.Hotspot, distance float64, hours string, _ bool, lang grid.Lang) string {
		if lang == grid.EN {
			return fmt.Sprintf("%.0f m from the line, within %.0f m to each side%s", distance, s.Reach, behind("; ", hours))
		}
		return fmt.Sprintf("距线路 %.0f 米，在两侧各 %.0f 米范围内%s", distance, s.Reach, behind("；", hours))
	},
}
