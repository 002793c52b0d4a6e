// Package judge lends tests a PostgreSQL with PostGIS that nobody else uses: a
// throw-away cluster for each test process, started when the first test asks, with
// a fresh database for every test that does.
//
// A test asks with [Connect] or [Database]. Where the Debian packages are missing
// the test is skipped, or fails when WANGGE_TEST_ALL=1 is set. The cluster listens
// on a unix socket only, never syncs to disk, and is gone with the process, however
// that ends: its guard stops it and removes its folder when a pipe from the process
// breaks.
//
// What must never enter: anything that the program itself needs, schemas, a table.
package judge

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Connect returns a connection to a fresh database with PostGIS, closed when the
// test ends. Like any pgx connection it serves one goroutine at a time.
func Connect(tb testing.TB) *pgx.Conn {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), Database(tb))
	if err != nil {
		tb.Fatalf("judge: %v", err)
	}
	tb.Cleanup(func() { _ = conn.Close(context.Background()) }) // its database is dropped next
	return conn
}

// Database makes a fresh database with PostGIS and returns its address, like
// postgres:///t1?host=/run/judge123&…. It is dropped when the test ends,
// open connections or not. Safe for concurrent use.
func Database(tb testing.TB) string {
	tb.Helper()
	bin, err := programs("/")
	if err != nil {
		missing(tb, err)
		return ""
	}
	c, err := theCluster(bin)
	if err != nil {
		tb.Fatalf("judge: %v", err)
	}
	name := fmt.Sprintf("t%d", c.count.Add(1))
	if err := c.do("create database " + name + " template " + template); err != nil {
		tb.Fatalf("judge: %v", err)
	}
	tb.Cleanup(func() {
		if err := c.do("drop database " + name + " with (force)"); err != nil {
			tb.Errorf("judge: %v", err)
		}
	})
	return c.url(name)
}

// missing skips the test, or fails it where all tests must run.
func missing(tb testing.TB, err error) {
	tb.Helper()
	if os.Getenv("WANGGE_TEST_ALL") == "1" {
		tb.Fatal(err)
	} else {
		tb.Skip(err)
	}
}

// template is the database that others are copied from.
const template = "judge"

// cluster is a running PostgreSQL.
type cluster struct {
	dir   string // of the data, the log and the socket
	guard *guard
	count atomic.Int64

	mu    sync.Mutex // one database is made or dropped at a time
	admin *pgx.Conn
}

// started holds the cluster, and so the guard's pipe, for the life of the process.
var started struct {
	sync.Once
	c   *cluster
	err error
}

func theCluster(bin string) (*cluster, error) {
	started.Do(func() { started.c, started.err = start(bin) })
	return started.c, started.err
}

// url is a database's address. It says all that PG… variables could say otherwise.
func (c *cluster) url(database string) string {
	q := url.Values{"host": {c.dir}, "port": {port}, "user": {owner}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + q.Encode()
}

// patience is how long a cluster may take to start, or a statement of ours to end.
const patience = time.Minute

// do runs a statement that makes or drops a database.
func (c *cluster) do(statement string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if c.admin == nil || c.admin.IsClosed() {
		var err error
		if c.admin, err = pgx.Connect(ctx, c.url("postgres")); err != nil {
			return err
		}
	}
	if _, err := c.admin.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
