package main

import (
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo/coverage/internal/quilt"
)

// TestPeersAgree: on points drawn over the whole ground all exact peers give the
// same area. S2 joins corners by great circles and is left out.
func TestPeersAgree(t *testing.T) {
	for _, size := range [][2]int{{12, 3000}, {215, 20_000}} {
		areas := quilt.New(size[0], size[1])
		want, err := ours(areas)
		if err != nil {
			t.Fatal(err)
		}
		points := append(quilt.Uniform(quilt.Bound, 20_000), quilt.Clustered(quilt.Uniform(quilt.Bound, 20), 20_000)...)
		for _, p := range peers[2:] {
			got, err := p.build(areas)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range points {
				if got, want := got(at), want(at); got != want {
					t.Errorf("%d areas: %s says %d at %v, we say %d", size[0], p.name, got, at, want)
					break
				}
			}
		}
	}
}

// TestOnTheBorder: on corners and middles of edges the prepared geometries, whose
// signs are taken in twice the precision, name the same area with the smallest code.
func TestOnTheBorder(t *testing.T) {
	areas := quilt.New(40, 2000)
	want, err := ours(areas)
	if err != nil {
		t.Fatal(err)
	}
	got, err := prepared(areas)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range areas {
		r := a[0][0]
		for i := 1; i < len(r); i++ {
			for _, p := range []orb.Point{r[i], {(r[i-1][0] + r[i][0]) / 2, (r[i-1][1] + r[i][1]) / 2}} {
				if got, want := got(p), want(p); got != want {
					t.Fatalf("prepared geometries say %d at %v, we say %d", got, p, want)
				}
			}
		}
	}
}
