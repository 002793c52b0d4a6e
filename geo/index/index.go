// Package index is an R-tree of boxes with snapshots: the only door to
// tidwall/rtree. It may answer too much, never too little; the exact test is the
// caller's.
package index

import (
	"sync"
	"sync/atomic"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Item is a value and the box it lies in. A box is longitude and latitude in
// degrees; one of no size is a point.
type Item[T any] struct {
	Bound orb.Bound
	Value T
}

// Tree holds items. Readers search the current snapshot and never wait; writers
// take turns. The zero Tree is not usable, see [New].
type Tree[T comparable] struct {
	mu       sync.Mutex // held by writers
	snapshot atomic.Pointer[rtree.RTreeG[T]]
}

// New returns a tree of items, built with one copy.
func New[T comparable](items []Item[T]) *Tree[T] {
	var r rtree.RTreeG[T]
	for _, it := range items {
		r.Insert(it.Bound.Min, it.Bound.Max, it.Value)
	}
	t := &Tree[T]{}
	t.snapshot.Store(&r)
	return t
}

// Insert adds an item; searches that began before do not see it.
func (t *Tree[T]) Insert(it Item[T]) {
	t.change(func(r *rtree.RTreeG[T]) { r.Insert(it.Bound.Min, it.Bound.Max, it.Value) })
}

// Delete takes away an item that was inserted with the same box and value; it is
// no error when there is none.
func (t *Tree[T]) Delete(it Item[T]) {
	t.change(func(r *rtree.RTreeG[T]) { r.Delete(it.Bound.Min, it.Bound.Max, it.Value) })
}

// change copies under the writers' lock: a copy is cheap, but writes to its source.
func (t *Tree[T]) change(f func(*rtree.RTreeG[T])) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.snapshot.Load().Copy()
	f(next)
	t.snapshot.Store(next)
}

// Len returns the number of items.
func (t *Tree[T]) Len() int { return t.snapshot.Load().Len() }

// Search calls fn for every item whose box meets b, edges included, in no order,
// until fn returns false.
func (t *Tree[T]) Search(b orb.Bound, fn func(v T) bool) {
	t.snapshot.Load().Search(b.Min, b.Max, func(_, _ [2]float64, v T) bool { return fn(v) })
}
