package gpkgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"wangge/grid"
)

// maxGroup bounds the calls that share one commit.
const maxGroup = 256

// checkpointPages is how long the write-ahead log grows before it is folded into the
// file, in pages of 4 KiB.
const checkpointPages = 4000

// writer is the only goroutine that writes. Its connection is its alone.
type writer struct {
	conn  *sql.Conn
	calls chan *call
	quit  chan struct{}
	ended chan struct{}
	once  sync.Once

	stmts map[string]*sql.Stmt
	table map[grid.RecordKind]*layer

	// Within a transaction: the last sequence number, and when it was recorded.
	seq  int64
	last time.Time
}

// call is one thing to be written, all or none.
type call struct {
	ctx  context.Context //nolint:containedctx // lives as long as one call
	do   func(w *writer) error
	err  error
	done chan struct{}
}

func startWriter(db *sql.DB) (*writer, error) {
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fault("open store", err)
	}
	w := &writer{
		conn: conn, calls: make(chan *call, maxGroup), quit: make(chan struct{}), ended: make(chan struct{}),
		stmts: map[string]*sql.Stmt{},
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", checkpointPages)); err != nil {
		return nil, errors.Join(fault("open store", err), conn.Close())
	}
	if w.table, err = readLayers(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	go w.run()
	return w, nil
}

// submit hands do to the writer and waits until it is durable.
func (w *writer) submit(ctx context.Context, do func(*writer) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := &call{ctx: ctx, do: do, done: make(chan struct{})}
	select {
	case w.calls <- c:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return errClosed
	}
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return ctx.Err()
	case <-w.ended: // closed meanwhile: either it was still done, or it was not taken up
		select {
		case <-c.done:
			return c.err
		default:
			return errClosed
		}
	}
}

func (w *writer) run() {
	defer close(w.ended)
	group := make([]*call, 0, maxGroup)
	for {
		select {
		case c := <-w.calls:
			group = w.gather(append(group[:0], c))
			w.commit(group)
			clear(group)
		case <-w.quit:
			for group = w.gather(group[:0]); len(group) > 0; group = w.gather(group[:0]) {
				w.commit(group)
			}
			return
		}
	}
}

// gather adds the calls that wait already.
func (w *writer) gather(group []*call) []*call {
	for len(group) < maxGroup {
		select {
		case c := <-w.calls:
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// commit runs a group in one transaction and tells each call how it went.
func (w *writer) commit(group []*call) {
	err := w.transact(group)
	for _, c := range group {
		if err != nil {
			c.err = err
		}
		close(c.done)
	}
}

// transact returns an error when nothing of the group was written.
func (w *writer) transact(group []*call) error {
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := w.each(group)
	if err == nil {
		err = w.exec("UPDATE gpkg_contents SET last_change = ? WHERE table_name IN ('cases', 'certificates', 'changes')", timeText(w.last))
	}
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err == nil {
		return nil
	}
	_ = w.exec("ROLLBACK") // SQLite may have rolled back already
	return err
}

// each runs the calls of a group. A call that cannot be stored is undone alone; an
// error is returned when the store itself fails.
func (w *writer) each(group []*call) error {
	row := w.query("SELECT seq, at FROM changes ORDER BY seq DESC LIMIT 1")
	if row.err != nil {
		return row.err
	}
	w.seq, w.last = 0, time.Time{}
	if err := row.Scan(&w.seq, &w.last); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for _, c := range group {
		if c.err = c.ctx.Err(); c.err != nil {
			continue
		}
		if err := w.exec("SAVEPOINT one"); err != nil {
			return err
		}
		seq, last := w.seq, w.last
		if c.err = c.do(w); c.err == nil {
			if err := w.exec("RELEASE one"); err != nil {
				return err
			}
			continue
		}
		if storeFailed(c.err) {
			return c.err
		}
		w.seq, w.last = seq, last
		if err := w.exec("ROLLBACK TO one"); err != nil {
			return err
		}
		if err := w.exec("RELEASE one"); err != nil {
			return err
		}
	}
	return nil
}

// statement returns a prepared statement of the writer's connection.
func (w *writer) statement(query string) (*sql.Stmt, error) {
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	w.stmts[query] = s
	return s, nil
}

func (w *writer) exec(query string, args ...any) error {
	_, err := w.execRows(query, args...)
	return err
}

// execRows also tells how many rows were changed.
func (w *writer) execRows(query string, args ...any) (int64, error) {
	s, err := w.statement(query) //nolint:sqlclosecheck // kept for the next time; stop closes it
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row is the one row of a query, or the error of asking.
type row struct {
	*sql.Row
	err error
}

func (w *writer) query(query string, args ...any) row {
	s, err := w.statement(query) //nolint:sqlclosecheck // kept for the next time; stop closes it
	if err != nil {
		return row{err: err}
	}
	return row{Row: s.QueryRowContext(context.Background(), args...)}
}

// stop ends the writer and folds the write-ahead log into the file.
func (w *writer) stop() error {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	if _, err := w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		errs = append(errs, fault("close store", err))
	}
	return errors.Join(append(errs, w.conn.Close())...)
}
