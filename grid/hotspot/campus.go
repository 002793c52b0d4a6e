package hotspot

import (
	"fmt"

	"wangge/grid"
)

// A campus is a university or a park with the streets around it: an outline or a
// centre, and metres.
var campus = kind{
	shapes: []string{"Point", "Polygon", "MultiPolygon"},
	why: func(s *grid.Hotspot, distance float64, hours string, _ bool, lang grid.Lang) string {
		if lang == grid.EN {
			return fmt.Sprintf("%.0f m from the campus centre or outline, within %.0f m%s", distance, s.Reach, behind("; ", hours))
		}
		return fmt.Sprintf("距校园中心或边线 %.0f 米，在 %.0f 米范围内%s", distance, s.Reach, behind("；", hours))
	},
}
