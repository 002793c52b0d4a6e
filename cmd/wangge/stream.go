package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"wangge/grid"
	"wangge/grid/bulk"
)

// stream runs a command that answers standard input with standard output: progress on a
// terminal, answers at once where somebody waits for each, and a closing word on what
// could not be answered. more, when set, adds to the progress.
func (p *program) stream(
	lang grid.Lang, what string, more func(bulk.Count) string,
	run func(w io.Writer, sent func(bulk.Count) error) (bulk.Count, error),
) error {
	w := bufio.NewWriterSize(p.out, 256<<10)
	b := p.newBar(what, 0)
	size, began := sizeOf(p.in), p.now()
	count, err := run(w, func(n bulk.Count) error {
		note := fmt.Sprintf("%.0f/s", float64(n.Reports)/max(p.now().Sub(began).Seconds(), 1e-3))
		if more != nil {
			note += more(n)
		}
		if size > 0 {
			note += fmt.Sprintf(", %d %%", 100*n.Bytes/size)
		}
		b.set(int64(n.Reports), note)
		if b.w != nil || size == 0 {
			return w.Flush()
		}
		return nil
	})
	b.end()
	if err = errors.Join(err, w.Flush()); err != nil {
		return err
	}
	if count.Problems > 0 {
		p.say(inLang(lang, "共 %d 条%s，其中 %d 条有误（见输出中的 problem）", "%d %s, %d of them with problems (see problem in the output)"), count.Reports, what, count.Problems)
		return quiet{errors.New("some could not be answered")}
	}
	return nil
}

// sizeOf is the length of a plain file, 0 of anything else.
func sizeOf(r io.Reader) int64 {
	f, ok := r.(*os.File)
	if !ok {
		return 0
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		return info.Size()
	}
	return 0
}
