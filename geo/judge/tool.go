package judge

import (
	"fmt"
	"os/exec"
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
