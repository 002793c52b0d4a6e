package hotspot

// A diversion is a permitted place: what is forbidden around it is permitted on it
// while its schedule is open, and overdue when it has closed.
var diversion = kind{
	shapes: []string{"Point", "LineString", "Polygon", "MultiPolygon"},
	zh:     phrase{before: "距疏导点 ", between: " 米，在 ", after: " 米范围内", open: "当前允许经营", closed: "当前不允许经营"},
	en:     phrase{between: " m from the permitted place, within ", after: " m", open: "permitted now", closed: "not permitted now"},
}
