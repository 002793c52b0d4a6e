package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"wangge/grid"
	"wangge/grid/calendar"
	"wangge/grid/gpkgstore"
	"wangge/grid/intake"
	"wangge/grid/load"
)

// mapFlags choose the map that a command reads.
type mapFlags struct {
	Store      string `env:"WANGGE_STORE" placeholder:"FILE.gpkg" help:"The store to read; without it the demonstration map of Yangpu is read, from memory."`
	MakeupRest bool   `env:"WANGGE_MAKEUP_REST" help:"Read a make-up Saturday as a rest day in opening hours. Without it a working day is a working day."`
}

func (f *mapFlags) policy() calendar.Policy { return calendar.Policy{MakeupIsRest: f.MakeupRest} }

// house is a desk and the store behind it; store is nil for the demonstration map.
type house struct {
	store grid.Store
	desk  *intake.Desk
}

func (h *house) Close() error {
	if h.store == nil {
		return nil
	}
	return h.store.Close()
}

// openMap opens what the flags choose, for reading.
func (p *program) openMap(ctx context.Context, f *mapFlags) (*house, error) {
	if f.Store == "" {
		records, err := load.Demo()
		if err != nil {
			return nil, err
		}
		log := grid.NewStaticLog(time.Time{}, records)
		desk, err := intake.Open(ctx, log, p.deskOptions(nil, f, nil))
		return &house{desk: desk}, err
	}
	if _, err := os.Stat(f.Store); errors.Is(err, fs.ErrNotExist) && !strings.Contains(f.Store, "://") {
		return nil, &grid.Error{Kind: grid.NotFound, Msg: "there is no store " + f.Store, MsgZH: "没有存储文件 " + f.Store}
	}
	return p.openStore(ctx, f, nil)
}

// openStore opens the store of the flags for writing, and makes it where there is none.
func (p *program) openStore(ctx context.Context, f *mapFlags, logger *slog.Logger) (*house, error) {
	if strings.HasPrefix(f.Store, "postgres://") || strings.HasPrefix(f.Store, "postgresql://") {
		return nil, fmt.Errorf("%w: this version keeps its store in a GeoPackage file; PostgreSQL is still to come", errUsage)
	}
	store, err := gpkgstore.Open(f.Store, gpkgstore.Options{Logger: logger})
	if err != nil {
		return nil, err
	}
	desk, err := intake.Open(ctx, store, p.deskOptions(store, f, logger))
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &house{store: store, desk: desk}, nil
}

func (p *program) deskOptions(store grid.Store, f *mapFlags, logger *slog.Logger) intake.Options {
	return intake.Options{Store: store, Now: p.now, NewID: newID, Policy: f.policy(), Logger: logger}
}

// newID makes an id that sorts by time behind its district's code.
func newID(district string, _ time.Time) grid.CaseID {
	return grid.CaseID(district + "-" + uuid.Must(uuid.NewV7()).String())
}
