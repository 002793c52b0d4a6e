package hotspot

// A campus is a university or a park with the streets around it: an outline or a
// centre, and metres.
var campus = kind{
	shapes: []string{"Point", "Polygon", "MultiPolygon"},
	zh:     phrase{before: "距校园中心或边线 ", between: " 米，在 ", after: " 米范围内"},
	en:     phrase{between: " m from the campus centre or outline, within ", after: " m"},
}
