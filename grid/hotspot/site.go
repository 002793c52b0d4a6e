package hotspot

import (
	"fmt"

	"wangge/grid"
)

// A site is one place. It may be known by its street alone, and then holds nowhere.
var site = kind{
	shapes:    []string{"Point", "Polygon", "MultiPolygon"},
	placeless: true,
	why: func(s *grid.Hotspot, distance float64, hours string, _ bool, lang grid.Lang) string {
		if lang == grid.EN {
			return fmt.Sprintf("%.0f m from the site, within %.0f m%s", distance, s.Reach, behind("; ", hours))
		}
		return fmt.Sprintf("距该处 %.0f 米，在 %.0f 米范围内%s", distance, s.Reach, behind("；", hours))
	},
}
