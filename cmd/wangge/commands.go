package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"wangge/grid"
)

// commands is the command line. Fields are flags; help tells what they mean.
type commands struct {
	Lang string `enum:"zh,en," default:"" env:"WANGGE_LANG" help:"Language of answers and messages: zh or en. Answers are Chinese without it; messages follow the locale."`

	Serve   serveCommand   `cmd:"" help:"Serve the API and the page."`
	Locate  locateCommand  `cmd:"" help:"Answer one point or text by flags, or a stream of reports (NDJSON, CSV) on standard input."`
	Geocode geocodeCommand `cmd:"" help:"Find the place of words: of one text, or of a stream (a text a line, NDJSON, CSV) on standard input."`
	Import  importCommand  `cmd:"" help:"Read a file into the store: all of it, or nothing."`
	Export  exportCommand  `cmd:"" help:"Write a collection to a file; the format follows its extension."`
	Audit   auditCommand   `cmd:"" help:"Look for gaps, overlaps and contradictions in the map and the duties."`
	Version versionCommand `cmd:"" help:"Tell the version."`
	Health  healthCommand  `cmd:"" hidden:"" help:"Ask a running service whether it is ready."`
}

// runner is what each command is.
type runner interface {
	run(ctx context.Context, p *program, lang languages) error
}

// languages are those of answers and of messages.
type languages struct{ answer, message grid.Lang }

// errUsage is wrapped by faults of the command line itself.
var errUsage = errors.New("usage")

// quiet is a failure that has been told already.
type quiet struct{ error }

// run parses the command line, runs the command and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	var c commands
	left := -1
	parser, err := kong.New(&c, kong.Name("wangge"),
		kong.Description("Where a report is, who is responsible, why, how sure, and by when. See README.md."),
		kong.Writers(p.out, p.err), kong.Exit(func(code int) { left = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"collections": strings.Join(collectionNames(), ", "), "kinds": strings.Join(importNames(), ", ")},
	)
	if err != nil {
		return p.fail(err, grid.EN)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if left >= 0 { // help was asked for and given
		return left
	}
	if err != nil {
		return p.fail(fmt.Errorf("%w: %w (wangge --help)", errUsage, err), grid.EN)
	}
	lang := p.languages(grid.Lang(c.Lang))
	cmd, ok := k.Selected().Target.Addr().Interface().(runner)
	if !ok {
		return p.fail(errUsage, lang.message)
	}
	return p.fail(cmd.run(ctx, p, lang), lang.message)
}

// languages follows the flag, or else the locale.
func (p *program) languages(flag grid.Lang) languages {
	if flag != "" {
		return languages{flag, flag}
	}
	l := languages{grid.ZH, grid.EN}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := p.getenv(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				l.message = grid.ZH
			}
			break
		}
	}
	return l
}

// fail tells an error in one sentence, its faults below, and returns the exit code.
func (p *program) fail(err error, lang grid.Lang) int {
	if err == nil {
		return exitDone
	}
	if _, told := errors.AsType[quiet](err); !told {
		p.say("wangge: %s", sentence(err, lang))
	}
	if errors.Is(err, errUsage) {
		return exitUsage
	}
	return exitNo
}

// say writes a line to standard error.
func (p *program) say(format string, args ...any) {
	_, _ = fmt.Fprintf(p.err, format+"\n", args...) // nobody is left to tell
}

// maxTold bounds the faults that are told on a terminal.
const maxTold = 50

func sentence(err error, lang grid.Lang) string {
	e, ok := errors.AsType[*grid.Error](err)
	if !ok {
		return err.Error()
	}
	var b strings.Builder
	b.WriteString(inLang(lang, e.MsgZH, e.Msg))
	if e.Kind == grid.Internal || e.Kind == grid.Unavailable {
		if e.Err != nil {
			fmt.Fprintf(&b, ": %v", e.Err)
		}
	}
	for i, f := range e.Faults {
		if i == maxTold {
			fmt.Fprintf(&b, inLang(lang, "\n  另有 %d 处", "\n  and %d more"), len(e.Faults)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s: %s", f.At, inLang(lang, f.SaysZH, f.Says))
	}
	return b.String()
}

func inLang(lang grid.Lang, zh, en string) string {
	if (lang == grid.ZH && zh != "") || en == "" {
		return zh
	}
	return en
}
