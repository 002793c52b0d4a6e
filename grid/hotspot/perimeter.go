package hotspot

// A perimeter is a point or an outline and the metres around it: the streets at a
// hospital's gates. Its hours, if any, are when it is watched.
var perimeter = kind{
	shapes: []string{"Point", "Polygon", "MultiPolygon"},
	zh:     phrase{before: "距其中心或边线 ", between: " 米，在 ", after: " 米范围内"},
	en:     phrase{between: " m from its centre or outline, within ", after: " m"},
}
