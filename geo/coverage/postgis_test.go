package coverage_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"

	"wangge/geo"
	"wangge/geo/coverage"
	"wangge/geo/judge"
	"wangge/grid"
	"wangge/grid/load"
)

// streets are the demonstration's street offices at an instant.
func streets(tb testing.TB, at time.Time) []coverage.Area {
	tb.Helper()
	records, err := load.Demo()
	if err != nil {
		tb.Fatal(err)
	}
	var out []coverage.Area
	for _, r := range records {
		if a, ok := r.(grid.Area); ok && a.Level == grid.LevelStreet && a.Valid.Holds(at) && len(a.Shape) > 0 {
			out = append(out, coverage.Area{Code: a.Code, Shape: a.Shape})
		}
	}
	return out
}

// toPostGIS puts areas into a table that ask reads. The doubles arrive as they are.
func toPostGIS(tb testing.TB, conn *pgx.Conn, areas []coverage.Area) {
	tb.Helper()
	if _, err := conn.Exec(tb.Context(), `create table if not exists area (code text primary key, shape geometry); truncate area`); err != nil {
		tb.Fatal(err)
	}
	for _, a := range areas {
		b, err := wkb.Marshal(a.Shape)
		if err == nil {
			_, err = conn.Exec(tb.Context(), `insert into area values ($1, ST_GeomFromWKB($2, 4326))`, a.Code, b)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

// ask returns, for every point, the smallest code of the areas that cover it, by
// PostGIS. The join takes polygon by polygon, each made ready once.
func ask(tb testing.TB, conn *pgx.Conn, points []orb.Point) []string {
	tb.Helper()
	ctx := tb.Context()
	if _, err := conn.Exec(ctx, `create table if not exists point (n int, x float8, y float8); truncate point`); err != nil {
		tb.Fatal(err)
	}
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"point"}, []string{"n", "x", "y"},
		pgx.CopyFromSlice(len(points), func(i int) ([]any, error) { return []any{i, points[i][0], points[i][1]}, nil }))
	if err != nil {
		tb.Fatal(err)
	}
	rows, err := conn.Query(ctx, `
		select n, min(code) from area a, lateral (
			select n from point p where ST_Covers(a.shape, ST_SetSRID(ST_MakePoint(x, y), 4326)) offset 0
		) hit group by n`)
	if err != nil {
		tb.Fatal(err)
	}
	out := make([]string, len(points))
	var n int
	var code string
	if _, err := pgx.ForEachRow(rows, []any{&n, &code}, func() error { out[n] = code; return nil }); err != nil {
		tb.Fatal(err)
	}
	return out
}

// trials are random points over the areas' bounds grown by a twentieth, and for
// every edge its ends and its middle, with the points a millimetre to either side
// of them in eight directions.
func trials(rng *rand.Rand, areas []coverage.Area, random int) []orb.Point {
	bound := areas[0].Shape.Bound()
	for _, a := range areas {
		bound = bound.Union(a.Shape.Bound())
	}
	w, h := bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]
	out := make([]orb.Point, random)
	for i := range out {
		out[i] = orb.Point{bound.Min[0] + w*(1.1*rng.Float64()-0.05), bound.Min[1] + h*(1.1*rng.Float64()-0.05)}
	}
	f := geo.FrameAt(bound.Center()[1])
	dx, dy := 1e-3/f.KX, 1e-3/f.KY
	seen := map[orb.Point]bool{}
	add := func(p orb.Point) {
		if !seen[p] {
			seen[p] = true
			for _, d := range []orb.Point{{}, {dx, 0}, {-dx, 0}, {0, dy}, {0, -dy}, {dx, dy}, {-dx, -dy}, {dx, -dy}, {-dx, dy}} {
				out = append(out, orb.Point{p[0] + d[0], p[1] + d[1]})
			}
		}
	}
	for _, a := range areas {
		for _, poly := range a.Shape {
			for _, r := range poly {
				for i := 1; i < len(r); i++ {
					add(r[i])
					add(orb.Point{r[i-1][0] + (r[i][0]-r[i-1][0])/2, r[i-1][1] + (r[i][1]-r[i-1][1])/2})
				}
			}
		}
	}
	return out
}

// compare asks both about points and tells the first differences.
func compare(t *testing.T, conn *pgx.Conn, areas []coverage.Area, points []orb.Point) {
	t.Helper()
	c, err := coverage.New(areas, coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	toPostGIS(t, conn, areas)
	start := time.Now()
	want := ask(t, conn, points)
	theirs := time.Since(start)
	start = time.Now()
	wrong, inside := 0, 0
	for i, p := range points {
		got := ""
		if a := c.At(p); a >= 0 {
			got = c.Code(a)
			inside++
		}
		if got != want[i] {
			if wrong++; wrong <= 5 {
				t.Errorf("At(%s) = %q, PostGIS says %q", wkt.MarshalString(p), got, want[i])
			}
		}
	}
	t.Logf("%d areas, %d points (%d inside), %d differ; PostGIS %v, this %v", len(areas), len(points), inside, wrong, theirs, time.Since(start))
	if inside == 0 || inside == len(points) {
		t.Errorf("%d of %d points are inside: the trial tries nothing", inside, len(points))
	}
}

// trialCount is how many random points are tried.
func trialCount() int {
	if testing.Short() {
		return 20_000
	}
	return 1_000_000
}

func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// The streets of Yangpu: in 2018 with 五角场镇, in 2020 with 长海路街道 in its place.
func TestAtAgainstPostGIS(t *testing.T) {
	conn := judge.Connect(t)
	rng := seeded(t)
	for _, year := range []int{2012, 2018, 2020} {
		t.Run(strconv.Itoa(year), func(t *testing.T) {
			areas := streets(t, time.Date(year, 7, 1, 0, 0, 0, 0, grid.Zone))
			if len(areas) != 12 {
				t.Fatalf("%d streets, want 12", len(areas))
			}
			compare(t, conn, areas, trials(rng, areas, trialCount()))
		})
	}
}

// Shapes that are hard on purpose: edges along the axes, a hole that is filled,
// overlaps, gaps, edges that meet in round points, and points of the same lattice.
func TestAtOnHardShapesAgainstPostGIS(t *testing.T) {
	conn := judge.Connect(t)
	rng := seeded(t)
	lattice := func(points []orb.Point) []orb.Point {
		for x := range 100 {
			for y := range 100 {
				points = append(points, orb.Point{120.75 + float64(x)/66, 30.75 + float64(y)/66}, orb.Point{120.75 + float64(x)/50, 30.75 + float64(y)/50})
			}
		}
		return points
	}
	compare(t, conn, twoByTwo(), lattice(trials(rng, twoByTwo(), 10_000)))
	for range 5 {
		areas := blobs(rng, 30)
		compare(t, conn, areas, lattice(trials(rng, areas, 10_000)))
	}
}

// tangent is a Mercator projection on the meridian through the middle of Yangpu:
// true to 1 part in 500,000 within 12 km of it. (ST_Distance of geographies looks
// for the nearest point on a sphere, and misses it by up to 2 parts in 1,000.)
const tangent = "+proj=tmerc +lat_0=31.3 +lon_0=121.52 +k=1 +ellps=WGS84 +units=m"

// The distance to the nearest border is what geo.Frame promises: within 1 part in
// 20,000 up to 500 m, within 1 in 1,000 up to 10 km. A border is straight in degrees;
// PostGIS gets it in pieces of 50 m, so that it is straight in metres too.
func TestEdgeAgainstPostGIS(t *testing.T) {
	conn := judge.Connect(t)
	rng := seeded(t)
	areas := streets(t, time.Date(2020, 7, 1, 0, 0, 0, 0, grid.Zone))
	c, err := coverage.New(areas, coverage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	toPostGIS(t, conn, areas)
	points := trials(rng, areas, 2_000)[:2_000]
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		x[i], y[i] = p[0], p[1]
	}
	rows, err := conn.Query(t.Context(), `
		with border as materialized (select ST_Transform(ST_Segmentize(ST_Collect(ST_Boundary(shape)), 0.0005), $3) as line from area)
		select ST_Distance(line, p.geom) from border, ST_DumpPoints((
			select ST_Transform(ST_SetSRID(ST_Collect(ST_MakePoint(x, y) order by n), 4326), $3)
			from unnest($1::float8[], $2::float8[]) with ordinality as p (x, y, n)
		)) p order by p.path`, x, y, tangent)
	if err != nil {
		t.Fatal(err)
	}
	want, err := pgx.CollectRows(rows, pgx.RowTo[float64])
	if err != nil || len(want) != len(points) {
		t.Fatalf("%d distances, %v, want %d", len(want), err, len(points))
	}
	worst := map[float64]float64{}
	for i, p := range points {
		got, _ := c.Edge(p)
		within := 1.0 / 20_000
		if want[i] > 500 {
			within = 1.0 / 1_000
		}
		off := max(0, math.Abs(got.Distance-want[i])-1e-3) // a millimetre for the tangent's own error
		worst[within] = max(worst[within], off/want[i])
		if off > want[i]*within {
			t.Errorf("Edge(%s) = %.4f m, PostGIS says %.4f m", wkt.MarshalString(p), got.Distance, want[i])
		}
	}
	t.Logf("%d points, the worst relative errors by what is allowed: %v", len(points), worst)
}
