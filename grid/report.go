package grid

import (
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
)

// Report is what came in. Key and Source are needed to file it. Located says
// whether Point was given; it is read in Datum, which must then be set.
type Report struct {
	Key, Source string
	Category    string
	Text        string
	Address     string
	Located     bool
	Point       orb.Point
	Datum       datum.Datum
	Accuracy    float64   // metres; 0 when not stated
	At          time.Time // zero: now
	Known       time.Time // zero: as known now
	Reporter    *Reporter
	Attachments []Attachment
}

// Reporter is who called. It is personal data: kept beside the case, never in a
// certificate, a log or an export.
type Reporter struct{ Name, Phone string }

// Attachment points at a picture or a recording kept elsewhere.
type Attachment struct{ URL, SHA256 string }

// CaseID sorts by time and carries the district: "310110-" and a UUIDv7.
type CaseID string

// CaseState is where a case stands.
type CaseState string

// StateFiled is the first state; the flow of a case adds the others.
const StateFiled CaseState = "filed"

// Case is a filed report with its certificate. Certificate is the wire form, byte
// for byte as it was first answered. The other fields repeat parts of it for
// lists and filters.
type Case struct {
	Seq         int64 // of the change that filed it
	ID          CaseID
	District    string
	Report      Report
	Certificate []byte

	Located  bool
	Point    orb.Point // WGS-84
	Street   string
	Cell     string
	Hex      string
	Hotspots []string
	Lead     string
	Category string
	Standing Standing
	State    CaseState
	At       time.Time // when it was seen
	FiledAt  time.Time
	Due      time.Time // zero: none
}
