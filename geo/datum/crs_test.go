package datum_test

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"wangge/geo"
	"wangge/geo/datum"
)

// vectors reads the rows of a file of testdata behind its header; empty fields are NaN.
func vectors(t *testing.T, name string) [][]float64 {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 5 {
		t.Fatalf("ReadAll(%s) = %d rows, %v, want 5 or more", name, len(rows), err)
	}
	var out [][]float64
	for _, row := range rows[1:] {
		numbers := make([]float64, len(row))
		for i, text := range row {
			if numbers[i] = math.NaN(); text == "" {
				continue
			}
			if numbers[i], err = strconv.ParseFloat(text, 64); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, numbers)
	}
	return out
}

// checkPair holds a system against a pair of points in both directions, to a
// millimetre.
func checkPair(t *testing.T, c datum.CRS, degrees, metres orb.Point) {
	t.Helper()
	got, err := c.FromWGS84(degrees)
	if err != nil || !near(got, metres, 0.001) {
		t.Errorf("%s: FromWGS84(%v) = %.4f, %v, want %.4f within a millimetre", c, degrees, got, err, metres)
	}
	// Compared in metres: web Mercator stretches, and the longitude of a pole is a point.
	back, err := c.ToWGS84(metres)
	if d := geo.Distance(degrees, back); err != nil || d > 0.001 {
		t.Errorf("%s: ToWGS84(%.4f) = %v, %v, %.6f m from %v, want within a millimetre", c, metres, back, err, d, degrees)
	}
}

// TestProjectedVectors holds the projections against values of an independent
// implementation. The columns have the northing first.
func TestProjectedVectors(t *testing.T) {
	columns := map[datum.CRS]int{datum.GaussKruger120: 6, datum.GaussKruger123: 8, datum.UTM51N: 10}
	n := 0
	for _, row := range vectors(t, "vectors.csv") {
		for c, i := range columns {
			if !math.IsNaN(row[i]) {
				n++
				checkPair(t, c, orb.Point{row[0], row[1]}, orb.Point{row[i+1], row[i]})
			}
		}
	}
	if n < 30 {
		t.Errorf("%d pairs were compared, want 30 or more", n)
	}
	for _, row := range vectors(t, "epsg3857.csv") {
		checkPair(t, datum.WebMercator, orb.Point{row[0], row[1]}, orb.Point{row[2], row[3]})
	}
}

// TestProjectedRoundTrip draws points of China in each system's whole range.
func TestProjectedRoundTrip(t *testing.T) {
	middle := map[datum.CRS]float64{datum.GaussKruger120: 120, datum.GaussKruger123: 123, datum.UTM51N: 123}
	rapid.Check(t, func(t *rapid.T) {
		lat := rapid.Float64Range(0.83, 55.82).Draw(t, "lat")
		share := rapid.Float64Range(-1, 1).Draw(t, "share")
		for _, c := range datum.CRSs {
			p := orb.Point{middle[c] + 4.5*share, lat}
			if c == datum.WebMercator {
				p[0] = 104.9 + 32.8*share
			}
			there, err := c.FromWGS84(p)
			if err != nil {
				t.Fatalf("%s: FromWGS84(%v) = %v", c, p, err)
			}
			back, err := c.ToWGS84(there)
			if d := geo.Distance(p, back); err != nil || d > 1e-4 {
				t.Errorf("%s: ToWGS84(FromWGS84(%v)) = %v, %v, %g m away, want within 0.1 mm", c, p, back, err, d)
			}
		}
	})
}

func TestProjectedFaults(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		name string
		c    datum.CRS
		in   orb.Point
		want error
	}{
		{"Yangpu", datum.GaussKruger120, orb.Point{645731.616, 3460810.821}, nil},
		{"abroad, in the range", datum.GaussKruger120, orb.Point{500000, 8e6}, nil},
		{"NaN", datum.GaussKruger120, orb.Point{nan, 3460810.821}, geo.ErrNotFinite},
		{"infinite", datum.UTM51N, orb.Point{645731.616, -inf}, geo.ErrNotFinite},
		{"infinite mercator", datum.WebMercator, orb.Point{inf, 0}, geo.ErrNotFinite},
		{"northing first", datum.GaussKruger120, orb.Point{3460810.821, 645731.616}, datum.ErrSwapped},
		{"northing first, 4550", datum.GaussKruger123, orb.Point{3460733.156, 359983.944}, datum.ErrSwapped},
		{"northing first, UTM", datum.UTM51N, orb.Point{3459348.862, 360039.950}, datum.ErrSwapped},
		{"northing first, mercator", datum.WebMercator, orb.Point{3666561.326, 13528657.716}, datum.ErrSwapped},
		{"northing first and a zone", datum.GaussKruger120, orb.Point{3460810.821, 40645731.616}, datum.ErrSwapped},
		{"zone of three degrees", datum.GaussKruger120, orb.Point{40645731.616, 3460810.821}, datum.ErrZoned},
		{"zone of six degrees", datum.GaussKruger123, orb.Point{21359983.944, 3460733.156}, datum.ErrZoned},
		{"zone of UTM", datum.UTM51N, orb.Point{51360039.950, 3459348.862}, datum.ErrZoned},
		{"another zone", datum.GaussKruger120, orb.Point{39645731.616, 3460810.821}, datum.ErrOutside},
		{"degrees", datum.GaussKruger120, orb.Point{121.53, 31.26}, datum.ErrDegrees},
		{"degrees, latitude first", datum.GaussKruger123, orb.Point{31.26, 121.53}, datum.ErrDegrees},
		{"degrees in mercator", datum.WebMercator, orb.Point{121.53, 31.26}, datum.ErrDegrees},
		{"mercator said to be 4549", datum.GaussKruger120, orb.Point{13528657.716, 3666561.326}, datum.ErrOutside},
		{"huge", datum.GaussKruger120, orb.Point{1e308, -1e308}, datum.ErrOutside},
		{"huge mercator", datum.WebMercator, orb.Point{2.1e7, 0}, datum.ErrOutside},
		{"south of the equator", datum.UTM51N, orb.Point{500000, -500}, datum.ErrOutside},
		{"no system", "epsg:4547", orb.Point{500000, 3460810}, datum.ErrUnknownCRS},
		{"zero system", "", orb.Point{500000, 3460810}, datum.ErrUnknownCRS},
	} {
		got, err := tt.c.ToWGS84(tt.in)
		if !errors.Is(err, tt.want) || (err != nil) != (got == orb.Point{}) {
			t.Errorf("%s: %q.ToWGS84(%v) = %v, %v, want %v", tt.name, tt.c, tt.in, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		name string
		c    datum.CRS
		in   orb.Point
		want error
	}{
		{"edge of the range", datum.GaussKruger120, orb.Point{124.5, 84}, nil},
		{"the whole web", datum.WebMercator, orb.Point{-180, -85.0511}, nil},
		{"NaN", datum.UTM51N, orb.Point{121.5, nan}, geo.ErrNotFinite},
		{"infinite", datum.WebMercator, orb.Point{-inf, 31}, geo.ErrNotFinite},
		{"Chengdu", datum.GaussKruger120, orb.Point{104.06, 30.66}, datum.ErrOutside},
		{"the other side", datum.GaussKruger120, orb.Point{-60, 31}, datum.ErrOutside},
		{"swapped", datum.GaussKruger120, orb.Point{31.26, 121.53}, datum.ErrOutside},
		{"southern", datum.GaussKruger123, orb.Point{123, -1}, datum.ErrOutside},
		{"pole", datum.WebMercator, orb.Point{0, 90}, datum.ErrOutside},
		{"no system", "wgs84", orb.Point{121.5, 31.3}, datum.ErrUnknownCRS},
	} {
		got, err := tt.c.FromWGS84(tt.in)
		if !errors.Is(err, tt.want) || (err != nil) != (got == orb.Point{}) {
			t.Errorf("%s: %q.FromWGS84(%v) = %v, %v, want %v", tt.name, tt.c, tt.in, got, err, tt.want)
		}
	}
}

// The corners of what is projected come back.
func TestProjectedCorners(t *testing.T) {
	for c, corners := range map[datum.CRS][]orb.Point{
		datum.GaussKruger120: {{115.5, 0}, {124.5, 0}, {115.5, 84}, {124.5, 84}},
		datum.GaussKruger123: {{118.5, 0}, {127.5, 0}, {118.5, 84}, {127.5, 84}},
		datum.UTM51N:         {{118.5, 0}, {127.5, 0}, {118.5, 84}, {127.5, 84}},
		datum.WebMercator:    {{-180, -85.0511287798066}, {180, -85.0511287798066}, {-180, 85.0511287798066}, {180, 85.0511287798066}},
	} {
		for _, p := range corners {
			there, err := c.FromWGS84(p)
			if err != nil {
				t.Errorf("%s: FromWGS84(%v) = %v", c, p, err)
				continue
			}
			if back, err := c.ToWGS84(there); err != nil || !near(p, back, 1e-9) {
				t.Errorf("%s: ToWGS84(FromWGS84(%v)) = %v, %v", c, p, back, err)
			}
		}
	}
}

func TestParseCRS(t *testing.T) {
	for s, want := range map[string]datum.CRS{
		"EPSG:4549": datum.GaussKruger120, "epsg:4549": datum.GaussKruger120, "Epsg4549": datum.GaussKruger120,
		"urn:ogc:def:crs:EPSG::4549": datum.GaussKruger120, "URN:OGC:DEF:CRS:EPSG::4549": datum.GaussKruger120,
		"urn:ogc:def:crs:EPSG:9.8.6:4550": datum.GaussKruger123, "epsg4550": datum.GaussKruger123,
		"EPSG:32651": datum.UTM51N, "urn:ogc:def:crs:EPSG::3857": datum.WebMercator,
	} {
		if got, err := datum.ParseCRS(s); got != want || err != nil {
			t.Errorf("ParseCRS(%q) = %q, %v, want %q", s, got, err, want)
		}
	}
	for _, s := range []string{
		"", "4549", "EPSG:", "EPSG:4547", "EPSG::4549", "EPSG: 4549", " epsg:4549", "EPSG:04549", "epsg:45490", "wgs84",
		"urn:ogc:def:crs:EPSG:4549", "urn:ogc:def:crs:EPSG:x:4549", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::epsg4549",
		"epsgepsg:4549", "ЕPSG:4549", "epſg:4549", "EPSG:4549\x00", "EPSG：4549", "EPSG:４５４９",
	} {
		_, err := datum.ParseCRS(s)
		if !errors.Is(err, datum.ErrUnknownCRS) {
			t.Errorf("ParseCRS(%q) error = %v, want ErrUnknownCRS", s, err)
			continue
		}
		for _, c := range datum.CRSs {
			if !strings.Contains(err.Error(), string(c)) {
				t.Errorf("ParseCRS(%q) error = %v, want it to name %s", s, err, c)
			}
		}
	}
}

func FuzzParseCRS(f *testing.F) {
	for _, s := range []string{
		"EPSG:4549", "epsg4550", "urn:ogc:def:crs:EPSG::32651", "urn:ogc:def:crs:EPSG:6.9:3857", "urn:ogc:def:crs:OGC:1.3:CRS84",
		"epsg:epsg:4549", "urn:ogc:def:crs:epsg::epsg", "", "EPSG", "\xff", "epſg:4549", "urn:ogc:def:crs:EPSG::urn:ogc:def:crs:EPSG::4549",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := datum.ParseCRS(s)
		if err != nil {
			if c != "" || !errors.Is(err, datum.ErrUnknownCRS) {
				t.Errorf("ParseCRS(%q) = %q, %v, want nothing and ErrUnknownCRS", s, c, err)
			}
			return
		}
		if !slices.Contains(datum.CRSs, c) {
			t.Errorf("ParseCRS(%q) = %q, want one of %v", s, c, datum.CRSs)
		}
		code := strings.TrimPrefix(string(c), "epsg:")
		if low := strings.ToLower(s); !strings.HasSuffix(s, code) || !strings.Contains(low, "epsg") {
			t.Errorf("ParseCRS(%q) = %q, want a name with epsg and %s at its end", s, c, code)
		}
		for _, again := range []string{string(c), strings.ToUpper(s), strings.ToLower(s)} {
			if got, err := datum.ParseCRS(again); got != c || err != nil {
				t.Errorf("ParseCRS(%q) = %q, %v, want %q as for %q", again, got, err, c, s)
			}
		}
	})
}

func BenchmarkCRS(b *testing.B) {
	for _, c := range datum.CRSs {
		p := orb.Point{121.53, 31.26}
		m, err := c.FromWGS84(p)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(c)+"/from", func(b *testing.B) {
			for b.Loop() {
				p[1] += 1e-12
				_, _ = c.FromWGS84(p)
			}
		})
		b.Run(string(c)+"/to", func(b *testing.B) {
			for b.Loop() {
				m[1] += 1e-7
				_, _ = c.ToWGS84(m)
			}
		})
	}
}
