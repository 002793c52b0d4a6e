package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"wangge/grid"
	"wangge/grid/bulk"
)

// desk answers with the report's key; a key that begins with "bad" is refused and
// one that begins with "down" meets a store that is away.
type desk struct {
	mu    sync.Mutex
	filed []string
	slow  func(key string)
}

func (d *desk) Preview(_ context.Context, r grid.Report, _ grid.Lang) (*grid.Certificate, error) {
	var c grid.Certificate
	return &c, d.Brief(&r, &c)
}

func (d *desk) Brief(r *grid.Report, c *grid.Certificate) error {
	if d.slow != nil {
		d.slow(r.Key)
	}
	if strings.HasPrefix(r.Key, "bad") {
		return &grid.Error{Kind: grid.Invalid, Msg: "bad", Faults: []grid.Fault{{At: "/key", Code: "bad"}}}
	}
	*c = grid.Certificate{ID: r.Key, Standing: grid.Settled}
	return nil
}

func (d *desk) Try(r *grid.Report) error { return d.Brief(r, new(grid.Certificate)) }

func (d *desk) TakeAll(_ context.Context, rs []grid.Report) ([]grid.Filed, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range rs {
		if strings.HasPrefix(rs[i].Key, "down") {
			return nil, &grid.Error{Kind: grid.Unavailable, Msg: "away"}
		}
		if err := d.Try(&rs[i]); err != nil {
			return nil, err
		}
	}
	out := make([]grid.Filed, len(rs))
	for i := range rs {
		d.filed = append(d.filed, rs[i].Key)
		out[i] = grid.Filed{Existing: strings.HasPrefix(rs[i].Key, "old")}
	}
	return out, nil
}

func problem(dst []byte, err error) []byte { return fmt.Appendf(dst, `"%d"`, grid.KindOf(err)) }

func ndjson(keys ...string) string {
	var b strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&b, `{"key":%q,"source":"s","text":"x"}`+"\n", k)
	}
	return b.String()
}

func numbered(n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf("k%06d", i)
	}
	return keys
}

func TestLocateKeepsOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	naps := make([]time.Duration, 64)
	for i := range naps {
		naps[i] = time.Duration(rng.IntN(200)) * time.Microsecond
	}
	d := &desk{slow: func(key string) { time.Sleep(naps[int(key[len(key)-1])%len(naps)]) }}
	keys := numbered(600)
	for _, in := range []struct {
		name string
		r    io.Reader
	}{
		{"in one piece", strings.NewReader(ndjson(keys...))},
		{"halves", iotest.HalfReader(strings.NewReader(ndjson(keys...)))},
		{"without a last newline", strings.NewReader(strings.TrimSuffix(ndjson(keys...), "\n"))},
		{"CSV", strings.NewReader("key,source,text\n" + strings.Join(keys, ",s,x\n") + ",s,x\n")},
	} {
		var out bytes.Buffer
		count, err := bulk.Locate(context.Background(), d, in.r, &out, bulk.LocateOptions{Brief: true, Problem: problem, Workers: 4})
		if err != nil || count.Reports != len(keys) || count.Standing[grid.Settled] != len(keys) {
			t.Errorf("%s: Locate = %+v, %v, want %d settled", in.name, count, err, len(keys))
		}
		for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			if !strings.Contains(line, keys[i]) {
				t.Fatalf("%s: line %d = %s, want the answer to %s", in.name, i+1, line, keys[i])
			}
		}
	}
}

func TestLocateTellsBadLines(t *testing.T) {
	in := ndjson("a") + "nonsense\n\n" + ndjson("bad1") + strings.Repeat("x", 2<<20) + "\n" + ndjson("b")
	var out bytes.Buffer
	count, err := bulk.Locate(context.Background(), &desk{}, strings.NewReader(in), &out, bulk.LocateOptions{Brief: true, Problem: problem})
	want := `{"key":"a","standing":"settled"}
{"line":2,"problem":"1"}
{"line":4,"problem":"1"}
{"line":5,"problem":"4"}
{"key":"b","standing":"settled"}
`
	if err != nil || out.String() != want || count.Problems != 3 || count.Bytes != int64(len(in)) {
		t.Errorf("Locate = %+v, %v:\n%s\nwant 3 problems:\n%s", count, err, out.String(), want)
	}
}

// TestLocateAnswersBeforeTheEnd talks: the next report is sent when the answer to
// the last one is there.
func TestLocateAnswersBeforeTheEnd(t *testing.T) {
	in, ask := io.Pipe()
	out, answer := io.Pipe()
	done := make(chan error, 1)
	go func() {
		_, err := bulk.Locate(context.Background(), &desk{}, in, answer, bulk.LocateOptions{Problem: problem})
		done <- errors.Join(err, answer.Close())
	}()
	buf := make([]byte, 4096)
	for _, k := range numbered(20) {
		if _, err := io.WriteString(ask, ndjson(k)); err != nil {
			t.Fatal(err)
		}
		n, err := out.Read(buf)
		if err != nil || !strings.Contains(string(buf[:n]), k) {
			t.Fatalf("answer to %s = %q, %v", k, buf[:n], err)
		}
	}
	if err := ask.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("Locate = %v, want nil", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestLocateStops(t *testing.T) {
	broken := errors.New("the wire broke")
	stop := errors.New("enough")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	many := ndjson(numbered(20000)...)
	for _, tt := range []struct {
		name string
		ctx  context.Context //nolint:containedctx // a column of a table
		r    io.Reader
		w    io.Writer
		sent func(bulk.Count) error
		want error
	}{
		{"reading fails", context.Background(), io.MultiReader(strings.NewReader(many), iotest.ErrReader(broken)), io.Discard, nil, broken},
		{"writing fails", context.Background(), strings.NewReader(many), full{}, nil, io.ErrShortWrite},
		{"told to stop", context.Background(), strings.NewReader(many), io.Discard, func(bulk.Count) error { return stop }, stop},
		{"cancelled", cancelled, strings.NewReader(many), io.Discard, nil, context.Canceled},
	} {
		_, err := bulk.Locate(tt.ctx, &desk{}, tt.r, tt.w, bulk.LocateOptions{Problem: problem, Sent: tt.sent})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: Locate = %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := bulk.Locate(context.Background(), &desk{}, strings.NewReader("PK\x03\x04"), io.Discard, bulk.LocateOptions{}); grid.KindOf(err) != grid.Invalid {
		t.Errorf("Locate(a zip) = %v, want Invalid", err)
	}
}

func TestImport(t *testing.T) {
	keys := numbered(1000)
	bad := append([]string(nil), keys...)
	bad[16], bad[499], bad[999] = "bad17", "bad500", "bad1000"
	for _, tt := range []struct {
		name  string
		in    string
		o     bulk.ImportOptions
		want  string
		filed int
	}{
		{"all good", ndjson(keys...), bulk.ImportOptions{}, "rows 1000 bad 0 filed 1000 existing 0", 1000},
		{"three bad", ndjson(bad...), bulk.ImportOptions{}, "rows 1000 bad 3 filed 0 existing 0 at 17 500 1000: refused", 0},
		{"three bad, keep going", ndjson(bad...), bulk.ImportOptions{KeepGoing: true}, "rows 1000 bad 3 filed 997 existing 0 at 17 500 1000", 997},
		{"dry run", ndjson(keys...), bulk.ImportOptions{DryRun: true}, "rows 1000 bad 0 filed 0 existing 0", 0},
		{"known keys", ndjson("old1", "a", "old2"), bulk.ImportOptions{}, "rows 3 bad 0 filed 1 existing 2", 3},
		{"nothing", "", bulk.ImportOptions{}, "rows 0 bad 0 filed 0 existing 0", 0},
		{"all bad", "{\"key\":1}\n" + strings.Repeat("[]\n", 12000), bulk.ImportOptions{KeepGoing: true}, "refused", 0},
		{"the store is away", ndjson("a", "down"), bulk.ImportOptions{}, "rows 2 bad 0 filed 0 existing 0: refused", 0},
	} {
		for _, seekable := range []bool{true, false} {
			d := &desk{}
			var r io.Reader = strings.NewReader(tt.in)
			if !seekable {
				r = iotest.OneByteReader(io.MultiReader(r))
			}
			sum, err := bulk.Import(context.Background(), d, r, tt.o)
			got := fmt.Sprintf("rows %d bad %d filed %d existing %d", sum.Rows, sum.Bad, sum.Filed, sum.Existing)
			for i, x := range sum.Rejected {
				if i == 0 {
					got += " at"
				}
				got += fmt.Sprint(" ", x.Line)
			}
			if err != nil {
				got += ": refused"
			}
			if !strings.HasSuffix(got, tt.want) || len(d.filed) != tt.filed {
				t.Errorf("%s (seekable %v): Import = %.200s with %d filed (%v), want %s with %d", tt.name, seekable, got, len(d.filed), err, tt.want, tt.filed)
			}
		}
	}
}

func TestImportTellsProgressAndStops(t *testing.T) {
	var phases []string
	stop := errors.New("enough")
	_, err := bulk.Import(context.Background(), &desk{}, strings.NewReader(ndjson(numbered(12000)...)), bulk.ImportOptions{
		Progress: func(phase string, s *bulk.Summary) error {
			phases = append(phases, fmt.Sprint(phase, s.Rows, s.Filed))
			if phase == "file" && s.Filed == 10000 {
				return stop
			}
			return nil
		},
	})
	if got := strings.Join(phases, " "); !errors.Is(err, stop) || got != "check5000 0 check10000 0 file12000 5000 file12000 10000" {
		t.Errorf("Import = %v with progress %s", err, got)
	}
}
