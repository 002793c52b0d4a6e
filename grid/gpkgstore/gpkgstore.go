// Package gpkgstore is the [grid.Store] on one GeoPackage 1.3 file (OGC 12-128r17,
// SQLite): the embedded default, which a GIS opens as it is, read-only.
//
// One goroutine writes. What was handed over while it was busy is committed together,
// so that many callers share one fsync; each call still succeeds or fails by itself,
// and none returns before its rows are on the disk (WAL, synchronous=FULL). Readers
// have connections of their own and never wait for the writer.
//
// Several processes may open one file; their writers take turns, five seconds at most.
//
// What must never enter: what a record or a case means.
package gpkgstore

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/pressly/goose/v3"

	"wangge/grid"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options tune a store. The zero value is right for most.
type Options struct {
	Logger *slog.Logger // nil: nothing is logged
}

// Store keeps everything in one file. Use [Open].
type Store struct {
	read   *sql.DB
	write  *sql.DB
	writer *writer
	log    *slog.Logger

	closing sync.Once
	shut    atomic.Bool
	closed  error
}

var _ grid.Store = (*Store)(nil)

// Open opens a store, and makes it where there is no file. Errors: Invalid for a file
// that is not a GeoPackage of this program, Unavailable for one that cannot be written.
func Open(file string, o Options) (*Store, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := checkFile(path); err != nil {
		return nil, err
	}
	s := &Store{log: o.Logger}
	if s.write, err = openDB(path, "_synchronous=FULL&_foreign_keys=on&_cache_size=-65536", 1); err != nil {
		return nil, err
	}
	if err := s.migrate(context.Background()); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.read, err = openDB(path, "mode=ro&_query_only=on", max(4, 2*runtime.GOMAXPROCS(0))); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.writer, err = startWriter(s.write); err != nil {
		return nil, errors.Join(err, s.read.Close(), s.write.Close())
	}
	return s, nil
}

// sqliteHeader begins every SQLite file; at appID stands the application's id.
var (
	sqliteHeader = []byte("SQLite format 3\x00")
	gpkgID       = []byte("GPKG")
)

const appID = 68

// checkFile refuses what is there and is not a GeoPackage, before SQLite touches it.
func checkFile(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &grid.Error{Kind: grid.Unavailable, Op: "open store", Msg: "the store cannot be read", MsgZH: "无法读取存储文件", Err: err}
	}
	defer f.Close() //nolint:errcheck // nothing was written
	var head [100]byte
	n, err := io.ReadFull(f, head[:])
	if n == 0 && errors.Is(err, io.EOF) {
		return nil // an empty file is a new one
	}
	if err != nil || !bytes.HasPrefix(head[:], sqliteHeader) {
		return notOurs(path)
	}
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) && !bytes.Equal(head[appID:appID+4], gpkgID) {
		return notOurs(path) // with a write-ahead log beside it, the header may be there still
	}
	return nil
}

func notOurs(path string) error {
	return &grid.Error{
		Kind: grid.Invalid, Op: "open store",
		Msg: path + " is not a store of this program", MsgZH: path + " 不是本程序的存储文件",
	}
}

func openDB(path, options string, conns int) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Path: path, RawQuery: options + "&_busy_timeout=5000"}
	db, err := sql.Open(driverName, u.String())
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.Ping(); err != nil {
		return nil, errors.Join(fault("open store", err), db.Close())
	}
	return db, nil
}

// migrate brings the file to this program's version. A file of another GeoPackage
// writer, or of a newer version of this program, is refused untouched.
func (s *Store) migrate(ctx context.Context) error {
	var tables, ours int
	err := s.write.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version') FROM sqlite_master`).Scan(&tables, &ours)
	if err != nil {
		return fault("open store", err)
	}
	if tables > 0 && ours == 0 {
		return notOurs("the file")
	}
	if _, err := s.write.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return fault("open store", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, files)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	has, want, err := p.GetVersions(ctx)
	if err != nil {
		return fault("open store", err)
	}
	if has > want {
		return &grid.Error{
			Kind: grid.Invalid, Op: "open store",
			Msg:   fmt.Sprintf("the store is of version %d, this program knows %d: use a newer program", has, want),
			MsgZH: fmt.Sprintf("存储版本为 %d，本程序只支持到 %d，请使用更新的程序", has, want),
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fault("migrate store", err)
	}
	// The header that other programs look at must be in the file itself.
	_, err = s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return fault("migrate store", err)
}

// Ping implements [grid.Store].
func (s *Store) Ping(ctx context.Context) error {
	var n int
	return s.fault("ping", s.read.QueryRowContext(ctx, `SELECT count(*) FROM gpkg_contents`).Scan(&n))
}

// Close ends the writer when it has done what it was given, folds the write-ahead log
// into the file and closes it. Calls after the first return what that did.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.shut.Store(true)
		s.closed = errors.Join(s.writer.stop(), s.read.Close(), s.write.Close())
	})
	return s.closed
}

// fault is [fault], which also knows that the store was closed.
func (s *Store) fault(op string, err error) error {
	if err != nil && s.shut.Load() {
		err = errors.Join(errClosed, err)
	}
	return fault(op, err)
}
