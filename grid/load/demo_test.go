package load_test

import (
	"testing"

	"wangge/grid"
	"wangge/grid/load"
)

func TestDemoCounts(t *testing.T) {
	all, err := load.Demo()
	if err != nil {
		t.Fatal(err)
	}
	got := map[grid.RecordKind]int{}
	for _, r := range all {
		got[r.RecordKind()]++
	}
	t.Log(got)
	for _, r := range all {
		if a, ok := r.(grid.Area); ok && a.Level != grid.LevelCommittee {
			t.Log(a.Key(), a.Name, a.Level, len(a.Shape), a.Valid)
		}
	}
}
