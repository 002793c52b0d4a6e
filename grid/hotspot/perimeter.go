package hotspot

import (
	"fmt"

	"wangge/grid"
)

// A perimeter is a point or an outline and the metres around it: the streets at a
// hospital's gates. Its hours, if any, are when it is watched.
var perimeter = kind{
	shapes: []string{"Point", "Polygon", "MultiPolygon"},
	why: func(s *grid.Hotspot, distance float64, hours string, _ bool, lang grid.Lang) string {
		if lang == grid.EN {
			return fmt.Sprintf("%.0f m from its centre or outline, within %.0f m%s", distance, s.Reach, behind("; ", hours))
		}
		return fmt.Sprintf("距其中心或边线 %.0f 米，在 %.0f 米范围内%s", distance, s.Reach, behind("；", hours))
	},
}

// behind puts a separator before words, if there are any.
func behind(separator, words string) string {
	if words == "" {
		return ""
	}
	return separator + words
}
