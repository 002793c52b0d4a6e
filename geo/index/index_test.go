package index_test

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"wangge/geo/index"
)

func randomItem(rng *rand.Rand, v int) index.Item[int] {
	x, y := 121+rng.Float64(), 31+rng.Float64()
	return index.Item[int]{Bound: orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + rng.Float64()/20, y + rng.Float64()/20}}, Value: v}
}

func search(t *index.Tree[int], b orb.Bound) []int {
	var out []int
	t.Search(b, func(v int) bool { out = append(out, v); return true })
	slices.Sort(out)
	return out
}

func TestAgainstNaiveScan(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	var items []index.Item[int]
	for i := range 500 {
		items = append(items, randomItem(rng, i))
	}
	tree := index.New(items[:300])
	for _, it := range items[300:] {
		tree.Insert(it)
	}
	for _, it := range items[:100] {
		tree.Delete(it)
	}
	tree.Delete(items[0]) // not there any more
	if tree.Len() != 400 {
		t.Fatalf("Len() = %d, want 400", tree.Len())
	}
	for range 500 {
		b := randomItem(rng, 0).Bound
		var want []int
		for _, it := range items[100:] {
			if it.Bound.Intersects(b) {
				want = append(want, it.Value)
			}
		}
		if got := search(tree, b); !slices.Equal(got, want) {
			t.Fatalf("Search(%v) = %v, want %v", b, got, want)
		}
	}
}

// TestReadersAndAWriter runs under the race detector: every search sees a whole
// number of inserts.
func TestReadersAndAWriter(t *testing.T) {
	tree := index.New[int](nil)
	everywhere := orb.Bound{Min: orb.Point{0, 0}, Max: orb.Point{180, 90}}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for last := 0; last < 1000; {
				got := search(tree, everywhere)
				if len(got) < last {
					t.Errorf("Search saw %d items after %d", len(got), last)
					return
				}
				for i, v := range got {
					if v != i {
						t.Errorf("Search saw %d at place %d", v, i)
						return
					}
				}
				last = len(got)
			}
		})
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		tree.Insert(randomItem(rng, i))
	}
	wg.Wait()
}

func BenchmarkSearch(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	var items []index.Item[int]
	for i := range 60 {
		items = append(items, randomItem(rng, i))
	}
	tree := index.New(items)
	b.ReportAllocs()
	for b.Loop() {
		tree.Search(orb.Point{121.5, 31.5}.Bound(), func(int) bool { return true })
	}
}
