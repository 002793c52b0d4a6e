package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// bar shows progress on standard error when that is a terminal, five times a
// second at most, and nothing before a fifth of a second.
type bar struct {
	w     io.Writer // nil: nobody looks
	now   func() time.Time
	name  string
	total int64 // 0: not known
	start time.Time
	next  time.Time
	shown bool
}

const barEvery = 200 * time.Millisecond

func (p *program) newBar(name string, total int64) *bar {
	b := &bar{now: p.now, name: name, total: total, start: p.now()}
	b.next = b.start.Add(barEvery)
	if f, ok := p.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		b.w = f
	}
	return b
}

// set tells how far it is; note is shown behind.
func (b *bar) set(done int64, note string) {
	if b.w == nil || b.now().Before(b.next) {
		return
	}
	now := b.now()
	b.next, b.shown = now.Add(barEvery), true
	took := now.Sub(b.start).Seconds()
	line := fmt.Sprintf("%s %d", b.name, done)
	if b.total > 0 {
		line += fmt.Sprintf("/%d (%d %%)", b.total, 100*done/b.total)
		if done > 0 {
			line += fmt.Sprintf(", %.0f s left", took/float64(done)*float64(b.total-done))
		}
	}
	if note != "" {
		line += ", " + note
	}
	_, _ = fmt.Fprintf(b.w, "\r\x1b[K%s", line) // nobody is left to tell
}

func (b *bar) end() {
	if b.shown {
		_, _ = fmt.Fprint(b.w, "\r\x1b[K") // nobody is left to tell
	}
}
