package hotspot

// A resource is something shared nearby, on offer while its schedule is open: a
// garage in the daytime, a canteen until late.
var resource = kind{
	shapes:    []string{"Point", "LineString", "Polygon", "MultiPolygon"},
	placeless: true,
	zh:        phrase{before: "距离 ", between: " 米，服务 ", after: " 米范围", open: "当前可用", closed: "当前不可用"},
	en:        phrase{between: " m away, serves ", after: " m around", open: "on offer now", closed: "not on offer now"},
}
