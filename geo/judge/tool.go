package judge

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Tool returns the path of a program that judges what the house writes: ogrinfo of
// gdal-bin, say. Where it is missing the test is skipped, or fails when
// WANGGE_TEST_ALL=1 is set.
func Tool(tb testing.TB, name, debianPackage string) string {
	tb.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(tb, fmt.Errorf("needs %s of the Debian package %s", name, debianPackage))
	}
	return path
}

// Run runs a program and returns what it wrote to both streams; the test fails when
// the program does.
func Run(tb testing.TB, path string, args ...string) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), path, args...).CombinedOutput() //nolint:gosec // a judge that the test names
	if err != nil {
		tb.Fatalf("judge: %s %v: %v\n%s", path, args, err, out)
	}
	return string(out)
}

// File wants a file to be there that how makes; the test is skipped where it is not, or
// fails when WANGGE_TEST_ALL=1 is set.
func File(tb testing.TB, path, how string) {
	tb.Helper()
	if _, err := os.Stat(path); err != nil {
		missing(tb, fmt.Errorf("needs %s: run %s", filepath.Base(path), how))
	}
}
