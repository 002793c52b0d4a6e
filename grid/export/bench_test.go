package export_test

import (
	"encoding/json"
	"io"
	"testing"
	"time"

	"wangge/grid"
	"wangge/grid/export"
)

// plain is a case as encoding/json would have it: a struct with tags, the usual way.
type plain struct {
	Type       string     `json:"type"`
	Properties properties `json:"properties"`
	Geometry   *point     `json:"geometry"`
}

type point struct {
	Type        string     `json:"type"`
	Coordinates [2]float64 `json:"coordinates"`
}

type properties struct {
	ID          grid.CaseID    `json:"id"`
	District    string         `json:"district"`
	Key         string         `json:"key"`
	Source      string         `json:"source"`
	Category    string         `json:"category"`
	Text        string         `json:"text"`
	Address     *string        `json:"address"`
	At          time.Time      `json:"at"`
	FiledAt     time.Time      `json:"filed_at"`
	Due         *time.Time     `json:"due"`
	Standing    grid.Standing  `json:"standing"`
	State       grid.CaseState `json:"state"`
	Street      string         `json:"street"`
	Cell        string         `json:"cell"`
	Hex         string         `json:"hex"`
	Lead        string         `json:"lead"`
	Hotspots    []string       `json:"hotspots"`
	Accuracy    float64        `json:"accuracy_m"`
	AskedLon    float64        `json:"asked_lon"`
	AskedLat    float64        `json:"asked_lat"`
	AskedDatum  string         `json:"asked_datum"`
	Certificate string         `json:"certificate"`
}

func plainOf(c *grid.Case, certificate string) plain {
	p := plain{Type: "Feature", Properties: properties{
		ID: c.ID, District: c.District, Key: c.Report.Key, Source: c.Report.Source, Category: c.Category, Text: c.Report.Text,
		At: c.At.In(grid.Zone), FiledAt: c.FiledAt.In(grid.Zone), Standing: c.Standing, State: c.State, Street: c.Street, Cell: c.Cell, Hex: c.Hex,
		Lead: c.Lead, Hotspots: c.Hotspots, Accuracy: c.Report.Accuracy,
		AskedLon: c.Report.Point[0], AskedLat: c.Report.Point[1], AskedDatum: string(c.Report.Datum), Certificate: certificate,
	}}
	if !c.Due.IsZero() {
		due := c.Due.In(grid.Zone)
		p.Properties.Due = &due
	}
	if c.Located {
		p.Geometry = &point{"Point", c.Point}
	}
	return p
}

// BenchmarkCases writes cases as features, by hand and with encoding/json, and
// tells how many times faster the first is (x) in the same run.
func BenchmarkCases(b *testing.B) {
	cases := synthetic(b, yangpu(b), 1000)
	size := int64(len(writeCases(b, export.GeoJSONSeq, cases)))
	var usual float64
	b.Run("encoding-json", func(b *testing.B) {
		ids := make([]string, len(cases)) // given away: what finding them costs is not its business
		for i := range cases {
			var c struct {
				ID string `json:"id"`
			}
			if err := json.Unmarshal(cases[i].Certificate, &c); err != nil {
				b.Fatal(err)
			}
			ids[i] = c.ID
		}
		b.SetBytes(size)
		for b.Loop() {
			e := json.NewEncoder(io.Discard)
			e.SetEscapeHTML(false)
			for i := range cases {
				if err := e.Encode(plainOf(&cases[i], ids[i])); err != nil {
					b.Fatal(err)
				}
			}
		}
		usual = float64(b.Elapsed()) / float64(b.N)
	})
	for _, f := range export.Formats {
		b.Run(string(f), func(b *testing.B) {
			b.SetBytes(int64(len(writeCases(b, f, cases))))
			for b.Loop() {
				w, err := export.NewWriter(io.Discard, f, grid.KindCase, export.Options{})
				if err != nil {
					b.Fatal(err)
				}
				for i := range cases {
					if err := w.WriteCase(&cases[i]); err != nil {
						b.Fatal(err)
					}
				}
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
			if ours := float64(b.Elapsed()) / float64(b.N); usual > 0 {
				b.ReportMetric(usual/ours, "x")
			}
		})
	}
}

// BenchmarkRecords writes the demonstration data's places, doors and areas.
func BenchmarkRecords(b *testing.B) {
	all := demo(b)
	for _, kind := range []grid.RecordKind{grid.KindPlace, grid.KindDoor, grid.KindArea} {
		records := of(all, kind)
		for _, f := range export.Formats {
			b.Run(string(kind)+"."+string(f), func(b *testing.B) {
				b.SetBytes(int64(len(write(b, f, kind, export.Options{}, records))))
				for b.Loop() {
					w, err := export.NewWriter(io.Discard, f, kind, export.Options{})
					if err != nil {
						b.Fatal(err)
					}
					for _, r := range records {
						if err := w.Write(r); err != nil {
							b.Fatal(err)
						}
					}
					if err := w.Close(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
