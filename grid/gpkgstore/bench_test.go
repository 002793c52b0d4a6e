package gpkgstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/gpkgstore"
)

func openBench(b *testing.B) *gpkgstore.Store {
	b.Helper()
	s, err := gpkgstore.Open(filepath.Join(b.TempDir(), "bench.gpkg"), gpkgstore.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// benchCase is about what a filed report weighs; its certificate has the size of a real one.
func benchCase(n int64) grid.Case {
	at := time.Date(2013, 5, 3, 12, 0, 0, 0, grid.Zone).Add(time.Duration(n) * time.Millisecond)
	p := orb.Point{121.5 + float64(n%1000)/10000, 31.25 + float64(n/1000%1000)/10000}
	return grid.Case{
		ID: grid.CaseID(fmt.Sprintf("310110-%012d", n)), District: "310110",
		Report: grid.Report{
			Source: "12345", Key: fmt.Sprint(n), Text: "红房子医院门口有流动摊贩占道", Located: true, Point: p, Datum: datum.GCJ02,
			Accuracy: 30, At: at, Reporter: &grid.Reporter{Name: "测试", Phone: "000"},
		},
		Certificate: slices.Repeat([]byte("certificate, "), 200), Located: true, Point: p, Street: "310110018", Cell: "310110018000123",
		Hex: "8a309a0", Hotspots: []string{"hongfangzi"}, Lead: "chengguan", Category: "luan-shetan", Standing: grid.Settled,
		State: grid.StateFiled, At: at, FiledAt: at, Due: at.Add(4 * time.Hour),
	}
}

// BenchmarkFile files cases durably: one after the other, in batches of 1,000, and from
// 64 callers of one case each, whose part of the batches' rate is told as of-batch.
func BenchmarkFile(b *testing.B) {
	ctx := context.Background()
	var ofBatch float64
	b.Run("one", func(b *testing.B) {
		s := openBench(b)
		n := int64(0)
		for b.Loop() {
			n++
			if _, err := s.File(ctx, benchCase(n)); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, 1)
	})
	b.Run("batch1000", func(b *testing.B) { ofBatch = batches(b, openBench(b)) })
	b.Run("callers64", func(b *testing.B) {
		s := openBench(b)
		var n atomic.Int64
		b.SetParallelism(32) // times GOMAXPROCS
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := s.File(ctx, benchCase(n.Add(1))); err != nil {
					b.Error(err)
					return
				}
			}
		})
		if rate := perSecond(b, 1); ofBatch > 0 {
			b.ReportMetric(rate/ofBatch, "of-batch")
		}
	})
}

func batches(b *testing.B, s *gpkgstore.Store) float64 {
	b.Helper()
	n := int64(0)
	cases := make([]grid.Case, 1000)
	for b.Loop() {
		for i := range cases {
			n++
			cases[i] = benchCase(n)
		}
		if _, err := s.File(context.Background(), cases...); err != nil {
			b.Fatal(err)
		}
	}
	return perSecond(b, len(cases))
}

func perSecond(b *testing.B, each int) float64 {
	b.Helper()
	rate := float64(b.N*each) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "cases/s")
	return rate
}
