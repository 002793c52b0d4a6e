// Command wangge tells a city district, for every report that comes in, where it
// is, who is responsible, why, how sure that is, and by when.
//
// This package wires the rooms together; what they do is theirs.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// program is the command with its surroundings, so that a test can start the real
// thing.
type program struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time

	listening func(url string) // tells a test where serve listens
}

// Exit codes, as the contract has them.
const (
	exitDone  = 0
	exitNo    = 1 // the answer is no: faults were found, or it could not be done
	exitUsage = 2
)
