// Command bench measures geo/coverage and its peers in turn, on the same areas and
// the same points, and prints how many times longer each peer takes. It is a module
// of its own, so that nobody who uses coverage builds the peers.
//
// What must never enter: anything that is not a comparison.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"wangge/geo/coverage/internal/quilt"
	"wangge/grid"
	"wangge/grid/load"
	"wangge/grid/place"
)

const drawn = 1 << 16 // points of a set

func main() {
	log.SetFlags(0)
	rounds := flag.Int("rounds", 15, "how often each peer takes its turn; the median counts")
	turn := flag.Duration("turn", 20*time.Millisecond, "how long a turn is")
	flag.Parse()
	t := table{out: os.Stdout, rounds: *rounds, turn: *turn}
	for _, size := range [][2]int{{12, 10_000}, {215, 172_000}, {3000, 565_000}} {
		areas := quilt.New(size[0], size[1])
		var rows []row
		for _, p := range peers {
			at, err := p.build(areas)
			if err != nil {
				log.Fatal(err)
			}
			rows = append(rows, row{name: p.name, at: at})
		}
		name := fmt.Sprintf("%d areas, %d vertices", size[0], size[1])
		t.print(name+", uniform", rows, quilt.Uniform(quilt.Bound, drawn))
		t.print(name+", clustered", rows, quilt.Clustered(quilt.Uniform(quilt.Bound, 20), drawn))
	}
	if err := t.demo(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("tidwall/tg is C and no Go module of it is published: it is not measured.")
}

// demo asks for street, hexagon and cell at once on the demonstration map.
func (t *table) demo() error {
	records, err := load.Demo()
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	var areas []grid.Area
	var borders []grid.Border
	var centers []orb.Point
	for _, r := range records {
		switch r := r.(type) {
		case grid.Area:
			areas = append(areas, r)
		case grid.Border:
			borders = append(borders, r)
		case grid.Hotspot:
			if r.Shape != nil {
				centers = append(centers, r.Shape.Bound().Center())
			}
		}
	}
	m, err := place.New(areas, borders, time.Date(2020, 6, 1, 0, 0, 0, 0, grid.Zone), place.Numbering{})
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	var shapes []orb.MultiPolygon
	var all orb.MultiPolygon
	for _, s := range m.Streets() {
		shapes = append(shapes, s.Shape)
		all = append(all, s.Shape...)
	}
	street, err := tile38(shapes)
	if err != nil {
		return err
	}
	hexagon := func(p orb.Point) int {
		c, err := h3.LatLngToCell(h3.NewLatLng(p[1], p[0]), place.Resolution)
		if err != nil {
			return -1
		}
		return int(c)
	}
	rows := []row{
		{name: "place.Map.At: street, hexagon, cell", at: func(p orb.Point) int {
			if s, ok := m.At(p); ok {
				return s.Street
			}
			return -1
		}},
		{name: "street by tidwall/geojson, hexagon by h3-go", at: func(p orb.Point) int {
			s := street(p)
			if s >= 0 {
				hexagon(p)
			}
			return s
		}},
		{name: "hexagon by h3-go LatLngToCell alone", at: hexagon, other: true},
	}
	t.print("12 streets of the demonstration, uniform", rows, quilt.Uniform(all.Bound(), drawn))
	t.print("12 streets of the demonstration, clustered", rows, quilt.Clustered(centers, drawn))
	return nil
}

type table struct {
	out    io.Writer
	rounds int
	turn   time.Duration
}

type row struct {
	name  string
	at    lookup
	other bool // answers another question
}

// print lets every row take its turn in every round.
func (t *table) print(title string, rows []row, points []orb.Point) {
	runtime.GC()
	took := make([][]float64, len(rows))
	for range t.rounds {
		for i, r := range rows {
			took[i] = append(took[i], t.time(r.at, points))
		}
	}
	fmt.Fprintf(t.out, "%s\n%-44s %10s %8s %10s\n", title, "", "ns/lookup", "× ours", "as ours")
	first := 0.0
	for i, r := range rows {
		slices.Sort(took[i])
		ns := took[i][len(took[i])/2]
		if i == 0 {
			first = ns
		}
		fmt.Fprintf(t.out, "%-44s %10.1f %8.1f %10s\n", r.name, ns, ns/first, alike(r, rows[0], points[:2000]))
	}
	fmt.Fprintln(t.out)
}

// alike is the part of points at which a row answers as ours does.
func alike(r, ours row, points []orb.Point) string {
	if r.other {
		return "-"
	}
	same := 0
	for _, p := range points {
		if r.at(p) == ours.at(p) {
			same++
		}
	}
	return fmt.Sprintf("%.2f%%", 100*float64(same)/float64(len(points)))
}

// time returns nanoseconds per lookup over about one turn.
func (t *table) time(at lookup, points []orb.Point) float64 {
	const batch = 64
	n, start := 0, time.Now()
	for time.Since(start) < t.turn {
		for range batch {
			at(points[n&(len(points)-1)])
			n++
		}
	}
	return float64(time.Since(start).Nanoseconds()) / float64(n)
}
