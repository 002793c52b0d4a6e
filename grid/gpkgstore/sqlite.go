package gpkgstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"wangge/grid"
)

// driverName is SQLite with the functions that the triggers of a GeoPackage call.
const driverName = "wangge-gpkg"

func init() { //nolint:gochecknoinits // database/sql knows drivers by registration
	sql.Register(driverName, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		axis := func(i int) func([]byte) float64 {
			return func(b []byte) float64 {
				if e, ok := envelope(b); ok {
					return e[i]
				}
				return 0
			}
		}
		empty := func(b []byte) bool { _, ok := envelope(b); return !ok }
		return errors.Join(
			c.RegisterFunc("ST_IsEmpty", empty, true),
			c.RegisterFunc("ST_MinX", axis(0), true), c.RegisterFunc("ST_MaxX", axis(1), true),
			c.RegisterFunc("ST_MinY", axis(2), true), c.RegisterFunc("ST_MaxY", axis(3), true),
		)
	}})
}

// away lists the faults of the disk and of other processes: worth another try.
var away = map[sqlite3.ErrNo]bool{
	sqlite3.ErrBusy: true, sqlite3.ErrLocked: true, sqlite3.ErrFull: true, sqlite3.ErrIoErr: true,
	sqlite3.ErrCantOpen: true, sqlite3.ErrReadonly: true, sqlite3.ErrNomem: true, sqlite3.ErrProtocol: true,
}

// refusals are the faults of what was to be stored.
var refusals = map[sqlite3.ErrNo]bool{sqlite3.ErrTooBig: true, sqlite3.ErrConstraint: true, sqlite3.ErrMismatch: true}

// storeFailed reports whether SQLite itself failed, so that its transaction is lost.
func storeFailed(err error) bool {
	s, ok := errors.AsType[sqlite3.Error](err)
	return ok && !refusals[s.Code]
}

// fault gives an error of SQLite its kind; nil, contexts' errors and errors that have
// a kind stay what they are.
func fault(op string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if _, ok := errors.AsType[*grid.Error](err); ok {
		return err
	}
	e := &grid.Error{Kind: grid.Internal, Op: op, Msg: "the store failed", MsgZH: "存储出错", Err: err}
	s, ok := errors.AsType[sqlite3.Error](err)
	switch {
	case ok && away[s.Code], errors.Is(err, sql.ErrConnDone), errors.Is(err, errClosed):
		e.Kind, e.Msg, e.MsgZH = grid.Unavailable, "the store cannot be reached or written just now", "存储暂不可用"
	case ok && refusals[s.Code]:
		e.Kind, e.Msg, e.MsgZH = grid.Invalid, "this cannot be stored", "内容无法存储"
	}
	return e
}

var errClosed = errors.New("gpkgstore: closed")

func unstorable(format string, args ...any) error {
	return &grid.Error{Kind: grid.Invalid, Op: "store", Msg: fmt.Sprintf(format, args...), MsgZH: "内容无法存储"}
}
