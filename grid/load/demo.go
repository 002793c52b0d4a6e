package load

import (
	"fmt"

	"wangge/fixtures"
	"wangge/geo/datum"
	"wangge/grid"
)

// demoFiles lists the files of the demonstration data and what is in them.
var demoFiles = []struct {
	name string
	kind grid.RecordKind
}{
	{"areas.geojson", grid.KindArea},
	{"committees.csv", grid.KindArea},
	{"units.csv", grid.KindUnit},
	{"categories.csv", grid.KindCategory},
	{"hotspots.geojson", grid.KindHotspot},
	{"duties.csv", grid.KindDuty},
	{"calendar.csv", grid.KindDay},
	{"roads.geojson", grid.KindRoad},
	{"crossings.csv", grid.KindCrossing},
	{"doors.csv", grid.KindDoor},
	{"places.csv", grid.KindPlace},
	{"campaigns.csv", grid.KindMeasure},
	{"backdrop.geojson", grid.KindBackdrop},
}

// Demo returns every record of the demonstration data, read through [Records]. The
// files are read anew each time; a fault in them is an error.
func Demo() ([]grid.Record, error) {
	var all []grid.Record
	for _, d := range demoFiles {
		records, err := demoFile(d.name, d.kind)
		if err != nil {
			return nil, err
		}
		all = append(all, records...)
	}
	return all, nil
}

func demoFile(name string, kind grid.RecordKind) ([]grid.Record, error) {
	r, err := fixtures.Files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("load: demonstration data: %w", err)
	}
	defer func() { _ = r.Close() }() // an embedded file
	records, faults, err := Records(name, r, kind, Options{Datum: datum.WGS84})
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, &grid.Error{Kind: grid.Invalid, Op: "load " + name, Msg: "the demonstration data is not sound", MsgZH: "演示数据有误", Faults: faults}
	}
	return records, nil
}
