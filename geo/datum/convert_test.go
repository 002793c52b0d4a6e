package datum_test

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"wangge/geo"
	"wangge/geo/datum"
)

func near(a, b orb.Point, tol float64) bool {
	return math.Abs(a[0]-b[0]) <= tol && math.Abs(a[1]-b[1]) <= tol
}

// TestVectors holds the forward formulas against values of an independent
// implementation, to 1e-7 degrees.
func TestVectors(t *testing.T) {
	f, err := os.Open("testdata/vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 50 {
		t.Fatalf("ReadAll(vectors.csv) = %d rows, %v, want 50 or more", len(rows), err)
	}
	point := func(lon, lat string) orb.Point {
		x, errX := strconv.ParseFloat(lon, 64)
		y, errY := strconv.ParseFloat(lat, 64)
		if err := errors.Join(errX, errY); err != nil {
			t.Fatal(err)
		}
		return orb.Point{x, y}
	}
	for _, row := range rows[1:] {
		p := point(row[0], row[1])
		if got, want := datum.FromWGS84(p, datum.GCJ02), point(row[2], row[3]); !near(got, want, 1.01e-7) {
			t.Errorf("FromWGS84(%v, gcj02) = %v, want %v", p, got, want)
		}
		if row[4] == "" {
			continue
		}
		if got, want := datum.FromWGS84(p, datum.BD09), point(row[4], row[5]); !near(got, want, 1.01e-7) {
			t.Errorf("FromWGS84(%v, bd09) = %v, want %v", p, got, want)
		}
	}
}

// TestRoundTrip draws points all over China, a kilometre inside the box's edge.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := orb.Point{
			rapid.Float64Range(72.02, 137.82).Draw(t, "lon"),
			rapid.Float64Range(0.84, 55.81).Draw(t, "lat"),
		}
		for _, d := range datum.Datums {
			there := datum.FromWGS84(p, d)
			if back := datum.ToWGS84(there, d); geo.Distance(p, back) > 0.01 {
				t.Errorf("ToWGS84(FromWGS84(%v, %s)) = %v, %.4f m away, want within 0.01 m", p, d, back, geo.Distance(p, back))
			}
		}
	})
}

func TestAbroadNothingMoves(t *testing.T) {
	for _, p := range []orb.Point{{2.35, 48.85}, {-122.4, 37.8}, {151.2, -33.9}, {0, 0}, {180, 90}} {
		for _, d := range []datum.Datum{datum.GCJ02, datum.CGCS2000, datum.WGS84} {
			if got := datum.FromWGS84(p, d); got != p {
				t.Errorf("FromWGS84(%v, %s) = %v, want it unmoved", p, d, got)
			}
			if got := datum.ToWGS84(p, d); got != p {
				t.Errorf("ToWGS84(%v, %s) = %v, want it unmoved", p, d, got)
			}
		}
	}
}

func TestParse(t *testing.T) {
	for _, d := range datum.Datums {
		if got, err := datum.Parse(string(d)); got != d || err != nil {
			t.Errorf("Parse(%q) = %q, %v, want %q", d, got, err, d)
		}
	}
	for _, s := range []string{"", "WGS84", "gcj-02", "bd09 ", "\x00"} {
		_, err := datum.Parse(s)
		if !errors.Is(err, datum.ErrUnknown) {
			t.Errorf("Parse(%q) error = %v, want ErrUnknown", s, err)
			continue
		}
		for _, d := range datum.Datums {
			if !strings.Contains(err.Error(), string(d)) {
				t.Errorf("Parse(%q) error = %v, want it to name %s", s, err, d)
			}
		}
	}
}

func BenchmarkToWGS84(b *testing.B) {
	for _, d := range []datum.Datum{datum.GCJ02, datum.BD09} {
		b.Run(string(d), func(b *testing.B) {
			p := datum.FromWGS84(orb.Point{121.53, 31.26}, d)
			for b.Loop() {
				p[1] += 1e-12
				datum.ToWGS84(p, d)
			}
		})
	}
}
