package hotspot

// A corridor is a line and the metres to each side of it: a road and its fronts.
var corridor = kind{
	shapes: []string{"LineString"},
	zh:     phrase{before: "距线路 ", between: " 米，在两侧各 ", after: " 米范围内"},
	en:     phrase{between: " m from the line, within ", after: " m to each side"},
}
