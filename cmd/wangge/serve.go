package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"wangge/api"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/demo"
	"wangge/grid/intake"
	"wangge/grid/load"
)

type serveCommand struct {
	Addr       string `default:"127.0.0.1:8080" env:"WANGGE_ADDR" help:"Address to listen on. Port 0 takes a free one."`
	Store      string `default:"wangge.gpkg" env:"WANGGE_STORE" help:"The store: a GeoPackage file, made when there is none."`
	Demo       int    `default:"-1" placeholder:"N" help:"Fill an empty store with the demonstration map and N synthetic cases."`
	Open       bool   `help:"Serve without sign-in, to this machine only."`
	TokenFile  string `env:"WANGGE_TOKEN_FILE" type:"existingfile" placeholder:"FILE" help:"The file that holds the access token (32 characters or more). Needed without --open."`
	MakeupRest bool   `env:"WANGGE_MAKEUP_REST" help:"Read a make-up Saturday as a rest day in opening hours."`
	LogLevel   string `default:"info" enum:"debug,info,warn,error" env:"WANGGE_LOG_LEVEL" help:"What to log: debug, info, warn or error. Requests are logged at info."`
}

// minToken is the shortest token in characters: 128 bits in hexadecimal.
const minToken = 32

// run is the service from its start to its end: check, open, fill, listen, wait, close.
func (c *serveCommand) run(ctx context.Context, p *program, lang languages) error {
	token, err := c.token()
	if err != nil {
		return err
	}
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close() //nolint:errcheck // the server closes it; this is for the ways out before
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: level}))
	h, err := p.openStore(ctx, &mapFlags{Store: c.Store, MakeupRest: c.MakeupRest}, logger)
	if err != nil {
		return err
	}
	if c.Demo >= 0 {
		err = c.fill(ctx, p, h, lang.message)
	}
	if err == nil {
		err = c.serve(ctx, p, h, service{listener, token, logger})
	}
	return errors.Join(err, h.Close())
}

// token reads the token file and tells which flags do not go together.
func (c *serveCommand) token() (string, error) {
	if c.Open {
		if c.TokenFile != "" {
			return "", fmt.Errorf("%w: --open takes no token; leave one of them out", errUsage)
		}
		return "", nil
	}
	if c.TokenFile == "" {
		return "", fmt.Errorf("%w: give --token-file (or WANGGE_TOKEN_FILE), or --open to serve this machine without sign-in", errUsage)
	}
	b, err := os.ReadFile(c.TokenFile)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(b))
	if len(token) < minToken {
		return "", fmt.Errorf("%w: the token in %s is shorter than %d characters; make one with: openssl rand -hex 32", errUsage, c.TokenFile, minToken)
	}
	return token, nil
}

// listen takes the address; without sign-in only a loopback one.
func (c *serveCommand) listen(ctx context.Context) (net.Listener, error) {
	if c.Open {
		host, port, err := net.SplitHostPort(c.Addr)
		if err != nil {
			return nil, fmt.Errorf("%w: --addr: %w", errUsage, err)
		}
		if host == "localhost" {
			c.Addr = net.JoinHostPort("127.0.0.1", port)
		} else if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
			return nil, fmt.Errorf("%w: --open serves loopback addresses only, like 127.0.0.1:8080; %q is not one", errUsage, c.Addr)
		}
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w (choose another with --addr 127.0.0.1:PORT, or WANGGE_ADDR)", err)
	}
	return l, nil
}

// fill puts the demonstration into an empty store.
func (c *serveCommand) fill(ctx context.Context, p *program, h *house, lang grid.Lang) error {
	head, err := h.store.Head(ctx)
	if err != nil || head > 0 {
		return err
	}
	records, err := load.Demo()
	if err != nil {
		return err
	}
	changes := make([]grid.Change, len(records))
	for i, r := range records {
		changes[i] = grid.Change{Kind: r.RecordKind(), Key: r.Key(), Record: r}
	}
	if _, err := h.store.Apply(ctx, p.now(), changes); err != nil {
		return err
	}
	if err := h.desk.Refresh(ctx); err != nil {
		return err
	}
	bar := p.newBar(inLang(lang, "演示案件", "synthetic cases"), int64(c.Demo))
	defer bar.end()
	return demo.Fill(ctx, h.desk, c.Demo, demo.Options{End: p.now(), Progress: func(done int) { bar.set(int64(done), "") }})
}

// service is what is needed to answer, beside the house.
type service struct {
	listener net.Listener
	token    string
	logger   *slog.Logger
}

// stopTime is how long requests may take to end when the service stops.
const stopTime = 20 * time.Second

func (c *serveCommand) serve(ctx context.Context, p *program, h *house, s service) error {
	isDemo, err := holdsDemo(ctx, h.store)
	if err != nil {
		return err
	}
	handler, err := api.New(api.Options{
		Desk: h.desk, Store: h.store, Token: s.token, Open: c.Open,
		Now: p.now, Logger: s.logger, Version: version(), Demo: isDemo,
	})
	if err != nil {
		return err
	}
	server := api.HTTPServer(handler, s.logger)
	following, stopFollowing := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() { defer close(followed); follow(following, h.desk, s.logger) }()
	defer func() { stopFollowing(); <-followed }()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(s.listener) }()
	url := "http://" + s.listener.Addr().String() + "/"
	_, _ = fmt.Fprintf(p.out, "wangge %s: %s\n", version(), url)
	if p.listening != nil {
		p.listening(url)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.logger.Info("stopping")
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(late); err != nil {
		return errors.Join(fmt.Errorf("stop: %w", err), server.Close())
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// followEvery is how often the log is asked for what other processes have written.
const followEvery = time.Second

// follow keeps a desk at the head of its log until ctx ends. When what it finds there
// cannot be read, the desk goes on with what it has, and that is logged once.
func follow(ctx context.Context, desk *intake.Desk, logger *slog.Logger) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	told := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := desk.Refresh(ctx)
		switch {
		case err == nil:
			told = ""
		case ctx.Err() == nil && err.Error() != told:
			told = err.Error()
			logger.Error("cannot follow the change log; answers rest on what was read before", "error", err)
		}
	}
}

// holdsDemo reports whether the map of a store is the demonstration's: its first
// record is.
func holdsDemo(ctx context.Context, store grid.Store) (bool, error) {
	changes, err := store.Changes(ctx, 0, 1)
	if err != nil || len(changes) == 0 || changes[0].Record == nil {
		return false, err
	}
	records, err := load.Demo()
	if err != nil {
		return false, err
	}
	a, err := codec.EncodeRecord(changes[0].Record)
	if err != nil {
		return false, err
	}
	b, err := codec.EncodeRecord(records[0])
	return string(a) == string(b), err
}
