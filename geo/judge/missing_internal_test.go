package judge

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPrograms(t *testing.T) {
	for _, tt := range []struct {
		name, files, want string
	}{
		{"nothing", "", ""},
		{"no PostGIS", "usr/lib/postgresql/15/bin/initdb", ""},
		{"no server", "usr/share/postgresql/15/extension/postgis.control", ""},
		{"both", "usr/lib/postgresql/15/bin/initdb usr/share/postgresql/15/extension/postgis.control", "15"},
		{
			"the newest that has both", "usr/lib/postgresql/9/bin/initdb usr/share/postgresql/9/extension/postgis.control " +
				"usr/lib/postgresql/15/bin/initdb usr/share/postgresql/15/extension/postgis.control usr/lib/postgresql/17/bin/initdb", "15",
		},
	} {
		root := t.TempDir()
		for _, f := range strings.Fields(tt.files) {
			f = filepath.Join(root, f)
			if err := errors.Join(os.MkdirAll(filepath.Dir(f), 0o700), os.WriteFile(f, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := programs(root)
		want := filepath.Join(root, "usr/lib/postgresql", tt.want, "bin")
		if tt.want == "" {
			want = ""
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: programs(root) = %q, %v, want %q", tt.name, got, err, want)
		}
	}
}

// told notes what a test is told.
type told struct {
	testing.TB
	word string
}

func (*told) Helper()        {}
func (t *told) Skip(...any)  { t.word = "skip" }
func (t *told) Fatal(...any) { t.word = "fail" }

func TestMissing(t *testing.T) {
	for env, want := range map[string]string{"": "skip", "0": "skip", "1": "fail"} {
		t.Setenv("WANGGE_TEST_ALL", env)
		tb := &told{TB: t}
		if missing(tb, errMissing); tb.word != want {
			t.Errorf("missing with WANGGE_TEST_ALL=%q: %s, want %s", env, tb.word, want)
		}
	}
}

// A cluster that cannot start is told with its log, and leaves nothing.
func TestStartFails(t *testing.T) {
	bin, err := programs("/")
	if err != nil {
		missing(t, err)
	}
	saved := settings
	defer func() { settings = saved }()
	settings = []string{"max_connections=none"}
	dir, err := folder()
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{dir: dir}
	if err := c.start(bin); err == nil || !strings.Contains(err.Error(), "max_connections") {
		t.Errorf("start with a setting that is wrong = %v, want PostgreSQL's own words", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left behind: %v", dir, err)
	}
}
