package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// The cluster's superuser, and the number of its socket.
const (
	owner = "grid"
	port  = "5432"
)

// errMissing is what a skip says.
var errMissing = errors.New("judge: this test needs PostgreSQL and PostGIS (Debian: apt-get install postgresql-15 postgresql-15-postgis-3)")

// programs returns the folder of the newest PostgreSQL under root that has PostGIS.
func programs(root string) (string, error) {
	best, newest := "", 0
	found, err := filepath.Glob(filepath.Join(root, "usr/share/postgresql/*/extension/postgis.control"))
	if err != nil {
		return "", err
	}
	for _, control := range found {
		release := filepath.Base(filepath.Dir(filepath.Dir(control)))
		bin := filepath.Join(root, "usr/lib/postgresql", release, "bin")
		n, err := strconv.Atoi(release)
		if _, gone := os.Stat(filepath.Join(bin, "initdb")); err == nil && gone == nil && n > newest {
			best, newest = bin, n
		}
	}
	if best == "" {
		return "", errMissing
	}
	return best, nil
}

// start makes a cluster and its template database.
func start(bin string) (*cluster, error) {
	dir, err := folder()
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir}
	return c, c.start(bin)
}

// start starts the cluster; on failure nothing of it is left.
func (c *cluster) start(bin string) error {
	err := c.tryStart(bin)
	if err == nil {
		return nil
	}
	said := ""
	if c.guard != nil {
		said = c.guard.stop()
	}
	return fmt.Errorf("start %s: %w\n%s", bin, errors.Join(err, os.RemoveAll(c.dir)), said)
}

func (c *cluster) tryStart(bin string) error {
	who, err := credential()
	if err != nil {
		return err
	}
	if who != nil {
		if err := os.Chown(c.dir, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
	}
	//nolint:gosec // the program is the one that was found
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", filepath.Join(c.dir, "data"),
		"-U", owner, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
	init.Dir, init.Env = c.dir, plainEnv
	init.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out))
	}
	if c.guard, err = watch(filepath.Join(bin, "postgres"), c.dir, who); err != nil {
		return err
	}
	if err := c.await(); err != nil {
		return err
	}
	if err := c.do("create database " + template); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.url(template))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "create extension postgis")
	return errors.Join(err, conn.Close(ctx))
}

// plainEnv keeps PG… variables away.
var plainEnv = []string{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"}

// longest is what a socket's path may have, with some room.
const longest = 80

// folder makes a folder that the owner of the cluster can reach.
func folder() (string, error) {
	parent := os.TempDir()
	if len(parent) > longest || os.Geteuid() == 0 { // root's own may be closed to others
		parent = "/tmp"
	}
	return os.MkdirTemp(parent, "judge")
}

// credential is the user that a cluster of root's runs as: initdb refuses root.
// Anybody else runs it as himself.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // nobody else is needed
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

// await returns when the cluster takes connections.
func (c *cluster) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.url("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-c.guard.done:
			return errors.New("it stopped at once")
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}
