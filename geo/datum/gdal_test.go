package datum_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo"
	"wangge/geo/datum"
)

// TestPROJ asks PROJ, through gdaltransform, for random points of Shanghai in every
// system and in both directions: within a millimetre.
func TestPROJ(t *testing.T) {
	if _, err := exec.LookPath("gdaltransform"); err != nil {
		t.Skip("gdaltransform (Debian: gdal-bin) is not installed")
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	degrees := make([]orb.Point, 4000)
	for i := range degrees {
		degrees[i] = orb.Point{120.85 + 1.4*random.Float64(), 30.65 + 1.25*random.Float64()}
	}
	for _, c := range datum.CRSs {
		metres := transform(t, degrees, "EPSG:4326", string(c))
		back := transform(t, metres, string(c), "EPSG:4326")
		worst, worstBack := 0.0, 0.0
		for i, p := range degrees {
			m, err := c.FromWGS84(p)
			if err != nil {
				t.Fatalf("seed %d: %s: FromWGS84(%v) = %v", seed, c, p, err)
			}
			q, err := c.ToWGS84(metres[i])
			if err != nil {
				t.Fatalf("seed %d: %s: ToWGS84(%v) = %v", seed, c, metres[i], err)
			}
			off := math.Hypot(m[0]-metres[i][0], m[1]-metres[i][1])
			offBack := geo.Distance(q, back[i])
			if off > 0.001 || offBack > 0.001 {
				t.Fatalf("seed %d: %s: %v = %.4f and back %v, PROJ has %.4f and back %v", seed, c, p, m, q, metres[i], back[i])
			}
			worst, worstBack = max(worst, off), max(worstBack, offBack)
		}
		t.Logf("%s: at most %.2g m from PROJ, back %.2g m", c, worst, worstBack)
	}
}

// transform lets one gdaltransform turn points from one system into another.
func transform(t *testing.T, points []orb.Point, from, to string) []orb.Point {
	t.Helper()
	var in, out, told bytes.Buffer
	for _, p := range points {
		fmt.Fprintf(&in, "%.17g %.17g\n", p[0], p[1])
	}
	cmd := exec.Command("gdaltransform", "-output_xy", "-s_srs", from, "-t_srs", to)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &in, &out, &told
	if err := cmd.Run(); err != nil {
		t.Fatalf("gdaltransform %s %s: %v: %s", from, to, err, told.Bytes())
	}
	var got []orb.Point
	for lines := bufio.NewScanner(&out); lines.Scan(); {
		var p orb.Point
		if _, err := fmt.Sscan(lines.Text(), &p[0], &p[1]); err != nil {
			t.Fatalf("gdaltransform %s %s: %q: %v", from, to, lines.Text(), err)
		}
		got = append(got, p)
	}
	if len(got) != len(points) {
		t.Fatalf("gdaltransform %s %s: %d points for %d", from, to, len(got), len(points))
	}
	return got
}
