package export

import (
	"bytes"
	"math"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"

	"wangge/grid"
)

// caseLayout names the columns in the order in which readCase fills them.
func caseLayout() *layout {
	l := &layout{kind: grid.KindCase, extra: -1, guarded: true}
	for _, c := range []struct {
		name string
		is   kind
	}{
		{"id", text},
		{"district", text},
		{"key", text},
		{"source", text},
		{"category", text},
		{"text", text},
		{"address", text},
		{"at", instant},
		{"filed_at", instant},
		{"due", instant},
		{"standing", text},
		{"state", text},
		{"street", text},
		{"cell", text},
		{"hex", text},
		{"lead", text},
		{"hotspots", list},
		{"accuracy_m", number},
		{"asked_lon", number},
		{"asked_lat", number},
		{"asked_datum", text},
		{"certificate", text},
	} {
		if c.name == "at" {
			l.place = len(l.columns)
		}
		l.columns = append(l.columns, newColumn(c.name, c.is))
	}
	return l
}

// readCase fills in a case, without its reporter.
func (it *item) readCase(l *layout, c *grid.Case) {
	r := &c.Report
	*it = item{layout: l, isPoint: c.Located, values: it.values[:0]}
	if c.Located {
		it.point = orb.Point{sevenDecimals(c.Point[0]), sevenDecimals(c.Point[1])}
	}
	var hotspots value
	if len(c.Hotspots) > 0 { // an empty list would make GDAL take the whole column for JSON text
		hotspots = value{is: list, list: c.Hotspots}
	}
	var lon, lat, datum value
	if r.Located {
		lon, lat = value{is: number, f: r.Point[0]}, value{is: number, f: r.Point[1]}
		datum = textValue(string(r.Datum))
	}
	it.values = append(
		it.values,
		textValue(string(c.ID)),
		textValue(c.District),
		textValue(r.Key),
		textValue(r.Source),
		textValue(c.Category),
		textValue(r.Text),
		textValue(r.Address),
		timeValue(instant, c.At),
		timeValue(instant, c.FiledAt),
		timeValue(instant, c.Due),
		textValue(string(c.Standing)),
		textValue(string(c.State)),
		textValue(c.Street),
		textValue(c.Cell),
		textValue(c.Hex),
		textValue(c.Lead),
		hotspots,
		numberValue(r.Accuracy),
		lon,
		lat,
		datum,
		textValue(certificateID(c.Certificate)),
	)
}

// sevenDecimals rounds degrees to about a centimetre. The shortest number that
// reads back as the result has no more digits.
func sevenDecimals(f float64) float64 { return math.Round(f*1e7) / 1e7 }

var idFirst = []byte(`{"id":"`)

// certificateID takes the id out of a certificate's wire form, "" when there is none.
func certificateID(b []byte) string {
	if rest, ok := bytes.CutPrefix(b, idFirst); ok { // as it was first written
		if i := bytes.IndexAny(rest, `"\`); i >= 0 && rest[i] == '"' {
			return string(rest[:i])
		}
	}
	var wire struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(b, &wire, jsontext.AllowDuplicateNames(true)); err != nil {
		return ""
	}
	return wire.ID
}
