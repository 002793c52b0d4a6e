package osm_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"wangge/grid/osm"
)

// city draws an extract of so many nodes as a PBF: of ten nodes one belongs to a named
// road, eight to buildings without a name, and one is a door or a shop; the ways have
// ten nodes each.
func city(tb testing.TB, nodes int) []byte {
	tb.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	out := header("OsmSchema-V0.6", "DenseNodes")
	texts := []string{"", "addr:street", "addr:housenumber", "name", "shop", "yes", "highway", "residential", "building"}
	roads := nodes / 1000 // ten ways each
	at := len(texts)
	for i := range roads {
		texts = append(texts, fmt.Sprintf("第%d路", i))
	}
	for i := range 1000 {
		texts = append(texts, fmt.Sprintf("%d号", i))
	}
	var table []byte
	for _, s := range texts {
		table = append(table, bytesField(1, []byte(s))...)
	}
	block := func(group []byte) {
		out = append(out, framed("OSMData", zipped(tb, cat(bytesField(1, table), bytesField(2, group))))...)
	}
	const perBlock = 8000
	for first := 1; first <= nodes; first += perBlock {
		var ids, lats, lons, pairs []int64
		for id := first; id < min(first+perBlock, nodes+1); id++ {
			w := id / 10 // the way of the node
			ids = append(ids, int64(id))
			lats = append(lats, int64(310000000+w/300*10000+rnd.IntN(500)))
			lons = append(lons, int64(1210000000+w%300*10000+id%10*1000))
			if w%10 == 1 {
				pairs = append(pairs, 1, int64(at+w/10%roads), 2, int64(at+roads+rnd.IntN(1000)))
				if id%3 == 0 {
					pairs = append(pairs, 4, 5, 3, int64(at+rnd.IntN(roads)))
				}
			}
			pairs = append(pairs, 0)
		}
		block(bytesField(2, cat(bytesField(1, deltas(ids...)), bytesField(8, deltas(lats...)), bytesField(9, deltas(lons...)), bytesField(10, varints(pairs...)))))
	}
	for first := 0; first < nodes/10; first += perBlock {
		var group []byte
		for w := first; w < min(first+perBlock, nodes/10); w++ {
			keys, values := varints(8), varints(5)
			switch w % 10 {
			case 0:
				keys, values = varints(6, 3), varints(7, int64(at+w/100%roads))
			case 1:
				continue
			}
			var refs []int64
			for i := range 10 {
				refs = append(refs, int64(w*10+i))
			}
			group = append(group, bytesField(3, cat(numberField(1, uint64(w+1)), bytesField(2, keys), bytesField(3, values), bytesField(8, deltas(refs...))))...)
		}
		block(group)
	}
	return out
}

func BenchmarkRead(b *testing.B) {
	data := city(b, 1_000_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		records, _, err := osm.Read(b.Context(), "city", bytes.NewReader(data), osm.Options{})
		if err != nil || len(records) < 1000 {
			b.Fatalf("Read = %d records, %v", len(records), err)
		}
		b.ReportMetric(float64(len(records)), "records")
	}
}
