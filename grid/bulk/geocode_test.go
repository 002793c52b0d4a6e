package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"wangge/grid"
	"wangge/grid/bulk"
)

// echo answers with the text itself, and the focus as the question.
func echo(text, focus string) (grid.Geocoding, error) {
	g := grid.Geocoding{Text: text, Standing: grid.Unlocated, Question: focus}
	if text == "down" {
		return g, &grid.Error{Kind: grid.Unavailable}
	}
	return g, nil
}

const tail = `,"candidates":[],"category":null}`

func TestGeocodeReads(t *testing.T) {
	one := func(text, question string) string {
		return `{"text":"` + text + `","standing":"unlocated","question":` + question + tail + "\n"
	}
	bad := func(line int, kind grid.Kind) string {
		return fmt.Sprintf("{\"line\":%d,\"problem\":\"%d\"}\n", line, kind)
	}
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"the desk is away", "down\nup\n", bad(1, grid.Unavailable) + one("up", "null")},
		{"blank lines", "\n \n", ""},
		{"lines", "安图路\r\n\n\"控江路\", 1\n 殷行", one("安图路", "null") + one(`\"控江路\", 1`, "null") + one("殷行", "null")},
		{"BOM", "\ufeff安图路\n", one("安图路", "null")},
		{
			"bad lines", "a\x00b\n\xff\xfe\n" + strings.Repeat("x", 20001) + "\n" + strings.Repeat("y", 300000) + "\nz\n",
			bad(1, grid.Invalid) + bad(2, grid.Invalid) + bad(3, grid.TooLarge) + bad(4, grid.TooLarge) + one("z", "null"),
		},
		{
			"NDJSON", `{"text":"a","street":"s"}` + "\n" + `{"address":"b","other":1}` + "\n{}\n{\"text\":1}\nc\n{\"text\":\"\\u0000\"}",
			one("a", `"s"`) + one("b", "null") + bad(3, grid.Invalid) + bad(4, grid.Invalid) + bad(5, grid.Invalid) + bad(6, grid.Invalid),
		},
		{
			"CSV", "key,Address,street\n1,\"a, \"\"b\"\"\nc\",s\n2,,s\n3\n4,d,\n5,\"e\"f\n6,g,\n",
			one(`a, \"b\"\nc`, `"s"`) + bad(4, grid.Invalid) + bad(5, grid.Invalid) + one("d", "null") + bad(7, grid.Invalid) + one("g", "null"),
		},
		{"CSV, text before address", "address,text\na,b\n", one("b", "null")},
	} {
		for _, r := range []io.Reader{strings.NewReader(tt.in), iotest.OneByteReader(strings.NewReader(tt.in))} {
			var out bytes.Buffer
			_, err := bulk.Geocode(context.Background(), echo, r, &out, bulk.GeocodeOptions{Problem: problem})
			if err != nil || out.String() != tt.want {
				t.Errorf("%s: Geocode = %v\n%s, want\n%s", tt.name, err, out.String(), tt.want)
			}
		}
	}
}

func TestGeocodeKeepsOrder(t *testing.T) {
	keys := numbered(5000)
	for _, in := range []string{strings.Join(keys, "\n"), "text\n" + strings.Join(keys, "\n")} {
		var out bytes.Buffer
		sent := 0
		count, err := bulk.Geocode(context.Background(), echo, strings.NewReader(in), &out, bulk.GeocodeOptions{
			Problem: problem, Workers: 4, Sent: func(c bulk.Count) error { sent = c.Reports; return nil },
		})
		if err != nil || count.Reports != len(keys) || sent != len(keys) || count.Standing[grid.Unlocated] != len(keys) || count.Bytes != int64(len(in)) {
			t.Errorf("Geocode = %+v, %v, sent %d, want %d", count, err, sent, len(keys))
		}
		for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
			if !strings.Contains(line, keys[i]) {
				t.Fatalf("line %d = %s, want the answer to %s", i+1, line, keys[i])
			}
		}
	}
}

// TestGeocodeAnswersBeforeTheEnd talks: the next text is sent when the answer to the last
// one is there.
func TestGeocodeAnswersBeforeTheEnd(t *testing.T) {
	for _, header := range []string{"", "text\n"} {
		in, ask := io.Pipe()
		out, answer := io.Pipe()
		done := make(chan error, 1)
		go func() {
			_, err := bulk.Geocode(context.Background(), echo, in, answer, bulk.GeocodeOptions{Problem: problem})
			done <- errors.Join(err, answer.Close())
		}()
		buf := make([]byte, 4096)
		for i, k := range numbered(20) {
			if i == 0 {
				k = header + k
			}
			if _, err := io.WriteString(ask, k+"\n"); err != nil {
				t.Fatal(err)
			}
			n, err := out.Read(buf)
			if k = strings.TrimPrefix(k, header); err != nil || !strings.Contains(string(buf[:n]), k) {
				t.Fatalf("answer to %s = %q, %v", k, buf[:n], err)
			}
		}
		if err := ask.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Errorf("Geocode = %v, want nil", err)
		}
	}
}

func TestGeocodeStops(t *testing.T) {
	broken, stop := errors.New("the wire broke"), errors.New("enough")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	many := strings.Join(numbered(20000), "\n")
	for _, tt := range []struct {
		name string
		ctx  context.Context //nolint:containedctx // a column of a table
		r    io.Reader
		w    io.Writer
		sent func(bulk.Count) error
		want error
	}{
		{"reading fails", context.Background(), io.MultiReader(strings.NewReader(many), iotest.ErrReader(broken)), io.Discard, nil, broken},
		{"reading fails at once", context.Background(), iotest.ErrReader(broken), io.Discard, nil, broken},
		{"reading of CSV fails", context.Background(), io.MultiReader(strings.NewReader("text\n"+many+"\n"), iotest.ErrReader(broken)), io.Discard, nil, broken},
		{"writing fails", context.Background(), strings.NewReader(many), full{}, nil, io.ErrShortWrite},
		{"told to stop", context.Background(), strings.NewReader(many), io.Discard, func(bulk.Count) error { return stop }, stop},
		{"cancelled", cancelled, strings.NewReader(many), io.Discard, nil, context.Canceled},
	} {
		if _, err := bulk.Geocode(tt.ctx, echo, tt.r, tt.w, bulk.GeocodeOptions{Problem: problem, Sent: tt.sent}); !errors.Is(err, tt.want) {
			t.Errorf("%s: Geocode = %v, want %v", tt.name, err, tt.want)
		}
	}
	endless := strings.NewReader("text\n\"" + strings.Repeat("x\n", 1<<20))
	if _, err := bulk.Geocode(context.Background(), echo, endless, io.Discard, bulk.GeocodeOptions{Problem: problem}); grid.KindOf(err) != grid.TooLarge {
		t.Errorf("Geocode(a quote that is never closed) = %v, want TooLarge", err)
	}
}

// FuzzGeocode: any bytes give lines, one for each text, and each is UTF-8.
func FuzzGeocode(f *testing.F) {
	for _, s := range []string{"", "安图路\n", "{\"text\":\"a\"}\n{", "text,street\n\"a\nb\",c\n\"", "address\n\x00\n\xff", "\ufeffa\r\n\r\n", "{\x00", "text\r"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		asked := 0
		var out bytes.Buffer
		count, err := bulk.Geocode(context.Background(), func(text, focus string) (grid.Geocoding, error) {
			asked++
			if bulk.CheckText(text) != nil || !utf8.ValidString(focus) && strings.HasPrefix(string(in), "{") {
				t.Errorf("Geocode(%q) asked for %q in %q", in, text, focus)
			}
			return echo(text, focus)
		}, bytes.NewReader(in), &out, bulk.GeocodeOptions{Problem: problem, Workers: 1})
		if err != nil && grid.KindOf(err) != grid.TooLarge {
			t.Errorf("Geocode(%q) = %v", in, err)
		}
		if n := strings.Count(out.String(), "\n"); n != count.Reports || asked < count.Reports-count.Problems || !utf8.Valid(out.Bytes()) {
			t.Errorf("Geocode(%q) = %+v with %d lines, asked for %d", in, count, n, asked)
		}
	})
}
