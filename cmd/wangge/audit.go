package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"wangge/grid"
	"wangge/grid/audit"
)

type auditCommand struct {
	mapFlags `embed:""`

	At   string `placeholder:"TIME" help:"The map as it is valid at this time, RFC 3339; now without it. Duties are looked at for all times."`
	JSON bool   `name:"json" help:"Print each finding as a line of JSON."`
}

// errFaults says that an audit found errors, which have been told.
var errFaults = quiet{errors.New("the audit found errors")}

func (c *auditCommand) run(ctx context.Context, p *program, lang languages) error {
	at, err := parseTime("--at", c.At)
	if err != nil {
		return err
	}
	if c.At == "" {
		at = p.now()
	}
	h, err := p.openMap(ctx, &c.mapFlags)
	if err != nil {
		return err
	}
	records := audit.Gather(h.desk)
	found, err := audit.Map(records, at)
	if err == nil {
		var duties []audit.Finding
		duties, err = audit.Duties(records, h.desk.Policy())
		found = append(found, duties...)
	}
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	return c.tell(p, found, lang.message)
}

// tell prints the findings, and their count: behind the lines, or with --json on
// standard error.
func (c *auditCommand) tell(p *program, found []audit.Finding, lang grid.Lang) error {
	w := bufio.NewWriter(p.out)
	count := map[audit.Severity]int{}
	var line []byte
	for i := range found {
		f := &found[i]
		count[f.Severity]++
		if c.JSON {
			line = append(audit.AppendJSON(line[:0], f), '\n')
			_, _ = w.Write(line) // Flush tells the error
			continue
		}
		_, _ = fmt.Fprintf(w, "%s  %-9s %s\n", severityWord(f.Severity, lang), f.Code, inLang(lang, f.SaysZH, f.Says))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	closing := fmt.Sprintf(inLang(lang, "错误 %d，警告 %d，提示 %d", "errors: %d, warnings: %d, notes: %d"),
		count[audit.Error], count[audit.Warning], count[audit.Note])
	if c.JSON {
		p.say("%s", closing)
	} else if _, err := fmt.Fprintln(p.out, closing); err != nil {
		return err
	}
	if count[audit.Error] > 0 {
		return errFaults
	}
	return nil
}

// severityWord is a severity of even width.
func severityWord(s audit.Severity, lang grid.Lang) string {
	if lang == grid.ZH {
		return map[audit.Severity]string{audit.Error: "错误", audit.Warning: "警告", audit.Note: "提示"}[s]
	}
	return string(s) + strings.Repeat(" ", len(audit.Warning)-len(s))
}
