package geo_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors: a package may import lower floors only. ARCHITECTURE.md says what each
// room is for.
var floors = map[string]int{
	"geo": 0, "fixtures": 0, "geo/judge": 0, "geo/coverage/internal/quilt": 0,
	"geo/datum": 1, "geo/coverage": 1, "geo/index": 1, "geo/hexgrid": 1, "geo/address": 1, "grid/calendar": 1,
	"grid":       2,
	"grid/codec": 3,
	"grid/place": 4, "grid/hotspot": 4, "grid/duty": 4, "grid/load": 4, "grid/osm": 4, "grid/export": 4, "grid/gpkgstore": 4, "grid/storetest": 4,
	"grid/intake": 5,
	"grid/demo":   6, "grid/bulk": 6, "grid/audit": 6, "api/ogc": 6, "api/web": 6,
	"api":        7,
	"cmd/wangge": 8,
}

// doors: libraries that only one package imports.
var doors = map[string]string{
	"github.com/tidwall/rtree":                       "geo/index",
	"github.com/uber/h3-go/v4":                       "geo/hexgrid",
	"github.com/mattn/go-sqlite3":                    "grid/gpkgstore",
	"github.com/prometheus/client_golang/prometheus": "api",
}

// strangers: what the nouns must not know.
var strangers = []string{"encoding/", "net/", "database/", "github.com/go-json-experiment", "github.com/paulmach/orb/geojson"}

func TestFloors(t *testing.T) {
	root := ".."
	seen := 0
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		if d.IsDir() {
			_, noModule := os.Stat(filepath.Join(file, "go.mod"))
			if rel != "." && (noModule == nil || strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		seen++
		checkImports(t, file, path.Dir(filepath.ToSlash(rel)))
		return nil
	})
	if err != nil || seen < 10 {
		t.Fatalf("walked %d sources, %v, want the whole house", seen, err)
	}
}

func checkImports(t *testing.T, file, here string) {
	t.Helper()
	floor, ok := floors[here]
	if !ok {
		t.Errorf("%s stands on no floor: give it one in floors", here)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range f.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		if door, ok := doors[name]; ok && door != here {
			t.Errorf("%s imports %s, whose only door is %s", here, name, door)
		}
		for _, s := range strangers {
			if here == "grid" && strings.HasPrefix(name, s) {
				t.Errorf("%s imports %s: the nouns know no technology", here, name)
			}
		}
		dep, ours := strings.CutPrefix(name, "wangge/")
		if !ours {
			continue
		}
		if to, ok := floors[dep]; !ok || to >= floor {
			t.Errorf("%s (floor %d) imports %s (floor %d): imports go down only", here, floor, dep, to)
		}
	}
}
