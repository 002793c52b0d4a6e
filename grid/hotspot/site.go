package hotspot

// A site is one place. It may be known by its street alone, and then holds nowhere.
var site = kind{
	shapes:    []string{"Point", "Polygon", "MultiPolygon"},
	placeless: true,
	zh:        phrase{before: "距该处 ", between: " 米，在 ", after: " 米范围内"},
	en:        phrase{between: " m from the site, within ", after: " m"},
}
