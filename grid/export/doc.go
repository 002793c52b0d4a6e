// Package export writes records and cases as files for GIS tools and spreadsheets:
// GeoJSON (RFC 7946), one GeoJSON feature a line, CSV. A [Writer] streams: it holds
// one row and a small buffer, however long the file grows.
//
// # What a file holds
//
// Properties and columns of records are the members of their wire form, in its
// order, so that grid/load reads an export back without loss. Every feature has
// every property, null where it is empty, so that a reader knows them all from the
// first one. Properties of a backdrop beyond its own stand beside them.
//
// Areas carry their outline, one feature for each period in which it stands still.
// In GeoJSON a file of areas holds the borders too, as lines: reading it gives both
// back, the network and what runs along it included. A CSV has one header, so borders
// have a file of their own there, which is read as areas are.
//
// Cases are one feature each: a point in WGS-84 to seven decimals, as in their
// certificate, null when unlocated; asked_lon, asked_lat and asked_datum are the
// coordinates exactly as received. The reporter and the attachments are never
// written. A file of cases is for reading, not for filing again.
//
// # The formats
//
//   - GeoJSON is a FeatureCollection with a feature on each line.
//   - GeoJSONSeq (.geojsonl) is the features alone, one a line, without the record
//     separators of RFC 8142: GDAL reads both ways, jq and line tools only this one.
//   - CSV is UTF-8 with a header and lines that end in LF. It begins with a byte order
//     mark, because Excel takes a file without one for GBK and garbles every Chinese
//     character; grid/load, GDAL and most readers skip it, Python wants "utf-8-sig".
//     Points are lon, lat and datum (always wgs84), other shapes a GeoJSON geometry in
//     the last column. Lists are joined by "|", a limit is "4 working_hour", truth is
//     yes or no, a period's midnight in Asia/Shanghai is the date alone. A list that cannot be
//     split again is an error that names it.
//
// A line of GeoJSONSeq or CSV that grid/load is to read may have 1 MB; an outline
// longer than that goes into a FeatureCollection.
//
// Spreadsheets run a cell that begins with = + - @ (or their full-width forms), a tab
// or a line break as a formula. In a CSV of cases, whose words come from strangers,
// such text gets an apostrophe in front, as OWASP advises; GeoJSON has it as it was.
// Records are written by those who keep the map and are read back, so theirs is never
// changed.
//
// What must never enter: personal data, a store, a choice of what to export.
package export
