// Package bulk takes many reports at a time through a desk: [Locate] answers a
// stream with a stream, [Geocode] does so for words, [Import] files one. All keep
// the order of their input and a memory that does not grow with it.
//
// What must never enter: HTTP, flags, a store.
package bulk
