package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

// BenchmarkServe asks a running service over loopback, 32 connections kept alive, beside
// a chi handler that says hello, which is the plain way's ceiling: of-hello is the part
// of its rate.
func BenchmarkServe(b *testing.B) {
	var hello float64
	b.Run("hello", func(b *testing.B) {
		r := chi.NewRouter()
		r.Get("/v1/locate", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		server := &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}
		go func() { _ = server.Serve(l) }()
		defer server.Close()
		hello = drive(b, l.Addr().String(), func(int) string { return get("/v1/locate") })
	})
	store := filepath.Join(b.TempDir(), "w.gpkg")
	url := serveFor(b, "--store", store, "--demo", "0", "--log-level", "error")
	for name, request := range map[string]func(int) string{
		"locate": func(n int) string {
			return get(fmt.Sprintf("/v1/locate?lon=%.4f&lat=31.2592&datum=gcj02&accuracy_m=30&category=luan-shetan", 121.50+float64(n%1000)/20000))
		},
		"file": func(n int) string {
			body := fmt.Sprintf(`{"key":"b%d-%d","source":"bench","lon":121.5344,"lat":31.2592,"datum":"gcj02","text":"红房子医院门口有流动摊贩占道"}`, b.N, n)
			return fmt.Sprintf("POST /v1/cases HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		},
	} {
		b.Run(name, func(b *testing.B) {
			rate := drive(b, strings.TrimPrefix(url, "http://"), request)
			if hello > 0 && name == "locate" {
				b.ReportMetric(rate/hello, "of-hello")
			}
		})
	}
}

func get(path string) string { return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" }

// serveFor runs the program until the benchmark ends.
func serveFor(b *testing.B, args ...string) (url string) {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	listening, ended := make(chan string, 1), make(chan int, 1)
	var log output
	p := &program{
		in: strings.NewReader(""), out: &log, err: &log, getenv: func(string) string { return "" }, now: time.Now,
		listening: func(u string) { listening <- strings.TrimSuffix(u, "/") },
	}
	go func() { ended <- p.run(ctx, append([]string{"serve", "--open", "--addr", "127.0.0.1:0"}, args...)) }()
	select {
	case url = <-listening:
	case code := <-ended:
		b.Fatalf("wangge serve ended with %d\n%s", code, log.String())
	}
	b.Cleanup(func() { cancel(); <-ended })
	return url
}

// counter numbers requests over all runs, so that no two cases have one key.
var counter atomic.Int64

// drive sends b.N requests over 32 connections and reports requests a second and the
// 99th percentile of what one took.
func drive(b *testing.B, addr string, request func(n int) string) float64 {
	b.Helper()
	const conns = 32
	var next atomic.Int64
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	b.ResetTimer()
	for range conns {
		wg.Go(func() {
			mine, err := driveOne(addr, request, func() bool { return next.Add(1) <= int64(b.N) })
			if err != nil {
				b.Error(err)
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	rate := float64(len(took)) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "req/s")
	if len(took) > 0 {
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	}
	return rate
}

func driveOne(addr string, request func(n int) string, more func() bool) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	var took []time.Duration
	for more() {
		start := time.Now()
		if _, err := io.WriteString(conn, request(int(counter.Add(1)))); err != nil {
			return took, err
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			return took, err
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			return took, err
		}
		if resp.StatusCode >= 300 {
			return took, fmt.Errorf("status %s", resp.Status)
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}
