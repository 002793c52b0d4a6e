package codec_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wangge/grid"
	"wangge/grid/codec"
)

// The judge is the standard library's layout.
func TestAppendTime(t *testing.T) {
	check := func(t rapid.TB, in time.Time) {
		want := in.In(grid.Zone).Format("2006-01-02T15:04:05.999Z07:00")
		if got := string(codec.AppendTime(nil, in)); got != want {
			t.Fatalf("AppendTime(%v) = %q, want %q", in, got, want)
		}
	}
	for _, s := range []string{
		"0000-12-31T23:59:59+08:00", "0001-01-01T00:00:00+08:00", "1600-02-29T00:00:00Z", "1900-02-28T16:00:00Z", "1969-12-31T23:59:59.999999999Z",
		"2000-02-29T23:59:59.05+08:00", "2012-12-31T16:00:00Z", "2013-05-03T08:40:00.1234+08:00", "2019-06-04T00:00:00.0009+08:00", "9999-12-31T23:59:59+08:00",
	} {
		in, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		check(t, in)
	}
	check(t, time.Time{})
	check(t, time.Unix(math.MaxInt32*1000, 0))
	rapid.Check(t, func(t *rapid.T) {
		check(t, time.Unix(rapid.Int64Range(-70e9, 260e9).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds")))
	})
}

func TestMembers(t *testing.T) {
	var got []string
	for _, m := range codec.Members(grid.KindBorder) {
		got = append(got, m.Name)
	}
	want := []string{"id", "left", "right", "outside", "along", "geometry", "valid_from", "valid_to", "basis"}
	if !slices.Equal(got, want) {
		t.Errorf("Members(border) = %q, want %q", got, want)
	}
	if got := codec.Members(grid.KindCase); got != nil {
		t.Errorf("Members(case) = %v, want none", got)
	}
	for _, k := range grid.RecordKinds {
		if len(codec.Members(k)) == 0 {
			t.Errorf("Members(%s) = none, want some", k)
		}
	}
}
