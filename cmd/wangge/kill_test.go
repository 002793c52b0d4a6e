package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wangge/grid"
	"wangge/grid/gpkgstore"
)

// TestKill kills the service while 16 clients file, twenty times over: no case that
// was acknowledged is lost, none is filed twice, whatever is sent again.
func TestKill(t *testing.T) {
	const rounds, clients = 20, 16
	store := filepath.Join(t.TempDir(), "w.gpkg")
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	var mu sync.Mutex
	acked := map[string]string{} // key → id
	sent := map[string]bool{}
	for round := range rounds {
		s := startProcess(t, store)
		for key, id := range someOf(acked, 50) { // sent again after a kill
			if status, got, err := s.file(key); err != nil || status != http.StatusOK || got != id {
				t.Fatalf("round %d: %s again = %d %s, %v, want 200 and %s", round, key, status, got, err, id)
			}
		}
		var wg sync.WaitGroup
		begun := make(chan struct{}, 1)
		for c := range clients {
			wg.Go(func() {
				for n := 0; ; n++ {
					key := fmt.Sprintf("r%d-c%d-%d", round, c, n)
					mu.Lock()
					sent[key] = true
					mu.Unlock()
					status, id, err := s.file(key)
					if err != nil {
						return // killed
					}
					if status != http.StatusCreated {
						t.Errorf("filing %s = %d %s, want 201", key, status, id)
						return
					}
					mu.Lock()
					acked[key] = id
					mu.Unlock()
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			})
		}
		<-begun
		time.Sleep(time.Duration(rng.IntN(100)) * time.Millisecond) // when to kill, not what to wait for
		s.kill()
		wg.Wait()
	}
	s, err := gpkgstore.Open(store, gpkgstore.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	filed := allCases(t, s)
	lost := 0
	for key, id := range acked {
		if filed[key] != id {
			lost++
		}
	}
	for key := range filed {
		if !sent[key] {
			t.Errorf("%s was filed and never sent", key)
		}
	}
	t.Logf("%d sent, %d acknowledged, %d filed", len(sent), len(acked), len(filed))
	if lost > 0 || len(acked) < rounds {
		t.Errorf("%d of %d acknowledged cases are lost, want none", lost, len(acked))
	}
}

// allCases are the ids of all cases by key; a key that stands twice is told.
func allCases(t *testing.T, s grid.Store) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := s.EachCase(t.Context(), grid.CaseQuery{}, func(c grid.Case) error {
		if _, twice := out[c.Report.Key]; twice {
			t.Errorf("%s was filed twice", c.Report.Key)
		}
		out[c.Report.Key] = string(c.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func someOf(m map[string]string, n int) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if out[k] = v; len(out) == n {
			break
		}
	}
	return out
}

// process is the program in a process of its own.
type process struct {
	cmd *exec.Cmd
	url string
}

func startProcess(t *testing.T, store string) *process {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "serve", "--open", "--addr", "127.0.0.1:0", "--store", store, "--demo", "0", "--log-level", "error")
	cmd.Env = append(os.Environ(), beMain+"=1")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: cmd}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	_, url, ok := strings.Cut(strings.TrimSpace(line), ": ")
	if err != nil || !ok {
		p.kill()
		t.Fatalf("wangge serve said %q, %v\n%s", line, err, errs.String())
	}
	p.url = strings.TrimSuffix(url, "/")
	return p
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	_ = p.cmd.Wait()         // was killed
}

// file files a report at the hospital; the error is that of a connection that broke.
func (p *process) file(key string) (status int, id string, err error) {
	body := fmt.Sprintf(`{"key":%q,"source":"test","lon":121.53,"lat":31.26,"datum":"wgs84","category":"luan-shetan"}`, key)
	resp, err := http.Post(p.url+"/v1/cases", "application/json", strings.NewReader(body)) //nolint:noctx // ends with the process
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, "", err
	}
	_, rest, _ := strings.Cut(string(b), `"id":"`)
	id, _, _ = strings.Cut(rest, `"`)
	return resp.StatusCode, id, nil
}
