package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"wangge/grid"
	"wangge/grid/bulk"
)

// meter counts. Labels are routes, statuses and standings: small closed sets.
type meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	answers  map[grid.Standing]prometheus.Counter
	filed    map[bool]prometheus.Counter // by "was there before"
	rejected prometheus.Counter
}

func newMeter() *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "wangge_http_requests_total", Help: "Requests answered, by route and class of status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "wangge_http_request_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "wangge_http_requests_in_flight", Help: "Requests being answered."}),
		answers:  map[grid.Standing]prometheus.Counter{},
		filed:    map[bool]prometheus.Counter{},
		rejected: prometheus.NewCounter(prometheus.CounterOpts{Name: "wangge_import_rejected_total", Help: "Rows of imports that were refused."}),
	}
	answers := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "wangge_certificates_total", Help: "Certificates given, by standing.",
	}, []string{"standing"})
	for _, st := range []grid.Standing{grid.Settled, grid.Contested, grid.Outside, grid.Unlocated} {
		m.answers[st] = answers.WithLabelValues(string(st))
	}
	filed := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "wangge_cases_total", Help: "Reports taken: filed anew, or known by their key.",
	}, []string{"outcome"})
	m.filed[false], m.filed[true] = filed.WithLabelValues("filed"), filed.WithLabelValues("existing")
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight, answers, filed, m.rejected,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *meter) answered(st grid.Standing) {
	if c, ok := m.answers[st]; ok {
		c.Inc()
	}
}

// streamed counts what a stream answered since told, and brings told up to it.
func (m *meter) streamed(told, now map[grid.Standing]int) {
	for st, n := range now {
		if c, ok := m.answers[st]; ok {
			c.Add(float64(n - told[st]))
		}
		told[st] = n
	}
}

// imported counts what an import did since told, and brings told up to it.
func (m *meter) imported(told, now *bulk.Summary) {
	m.filed[false].Add(float64(now.Filed - told.Filed))
	m.filed[true].Add(float64(now.Existing - told.Existing))
	m.rejected.Add(float64(now.Bad - told.Bad))
	*told = bulk.Summary{Bad: now.Bad, Filed: now.Filed, Existing: now.Existing}
}

// expose is the handler of /metrics.
func (m *meter) expose() handler {
	h := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return func(w http.ResponseWriter, r *http.Request, _ *query) error {
		h.ServeHTTP(w, r)
		return nil
	}
}

// routeMeter holds one route's counters, so that a request looks up no label.
type routeMeter struct {
	inFlight prometheus.Gauge
	seconds  prometheus.Observer
	byClass  [6]prometheus.Counter
}

func (m *meter) route(method, pattern string) *routeMeter {
	g := &routeMeter{inFlight: m.inFlight, seconds: m.seconds.WithLabelValues(method, pattern)}
	for class := 1; class < len(g.byClass); class++ {
		g.byClass[class] = m.requests.WithLabelValues(method, pattern, strconv.Itoa(class)+"xx")
	}
	return g
}

func (g *routeMeter) begin() { g.inFlight.Inc() }

func (g *routeMeter) end(status int, took time.Duration) {
	g.inFlight.Dec()
	g.seconds.Observe(took.Seconds())
	if class := status / 100; class >= 1 && class < len(g.byClass) {
		g.byClass[class].Inc()
	}
}
