// Package grid holds the nouns of the house: areas, units, hotspots, duties,
// reports, certificates, cases, and the Store that keeps them. It knows no SQL,
// no HTTP, no JSON wire names, no H3 and no R-tree; those live on other floors.
//
// Points are WGS-84, longitude first; lengths are metres; instants are UTC and
// windows and days are read in Asia/Shanghai. Values are plain and may be copied;
// nothing here is safe to change while another goroutine reads it.
package grid
