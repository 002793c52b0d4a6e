package judge_test

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"wangge/geo/judge"
)

func TestConnect(t *testing.T) {
	conn := judge.Connect(t)
	var inside bool
	var encoding string
	err := conn.QueryRow(t.Context(), `select ST_Covers('POLYGON((0 0,2 0,2 2,0 0))'::geometry, 'POINT(1 1)'), current_setting('server_encoding')`).Scan(&inside, &encoding)
	if err != nil || !inside || encoding != "UTF8" {
		t.Errorf("ST_Covers of a point on the border = %v in %s, %v, want true in UTF8", inside, encoding, err)
	}
}

// Databases are made by many at once and know nothing of each other.
func TestDatabasesAreApart(t *testing.T) {
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			conn, err := pgx.Connect(t.Context(), judge.Database(t))
			if err != nil {
				t.Error(err)
				return
			}
			var n int
			err = conn.QueryRow(t.Context(), `with made as (select set_config('a.b', 'c', false)) select count(*) from pg_class, made where relname = 'mine'`).Scan(&n)
			if err != nil || n != 0 {
				t.Errorf("a fresh database has %d tables named mine, %v", n, err)
			}
			if _, err := conn.Exec(t.Context(), "create table mine (n int)"); err != nil {
				t.Error(err)
			}
		}) // left open: the end of the test drops it all the same
	}
	g.Wait()
}

func TestDatabaseIsDropped(t *testing.T) {
	var gone string
	t.Run("inner", func(t *testing.T) { gone = judge.Database(t) })
	conn, err := pgx.Connect(t.Context(), gone)
	if err == nil {
		_ = conn.Close(t.Context())
		t.Errorf("%s still answers after its test", gone)
	}
}

// asChild is set for the copy of this test program that is killed.
const asChild = "WANGGE_JUDGE_CHILD"

func TestNothingIsLeftOfAKilledProcess(t *testing.T) {
	address := judge.Database(t)
	if os.Getenv(asChild) != "" {
		fmt.Printf("\nADDRESS %s\n", address) //nolint:forbidigo // its parent reads it
		select {}
	}
	child := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), asChild+"=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	for in := bufio.NewScanner(out); in.Scan(); {
		if a, ok := strings.CutPrefix(in.Text(), "ADDRESS "); ok {
			address = a
			break
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed
	if _, err := conn.WaitForNotification(ctx); err == nil || ctx.Err() != nil {
		t.Errorf("a minute after the kill the cluster still runs: %v", err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	dir := u.Query().Get("host")
	for tick := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; <-tick.C {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return
		}
	}
	t.Errorf("%s is still there", dir)
}
