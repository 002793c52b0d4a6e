package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"wangge/geo/judge"
)

// TestBrowser drives the page in a real Chromium: api/web/test/page.test.mjs.
func TestBrowser(t *testing.T) {
	const tests = "../../api/web/test"
	node := judge.Tool(t, "node", "nodejs")
	chromium := judge.Tool(t, "chromium", "chromium")
	judge.File(t, filepath.Join(tests, "node_modules", "playwright-core", "package.json"), "npm ci in api/web/test")
	const token = "0123456789abcdef0123456789abcdef"
	dir := t.TempDir()
	open := start(t, "--open", "--store", filepath.Join(dir, "open.gpkg"), "--demo", "20")
	guarded := start(t, "--token-file", file(t, "token", token), "--store", filepath.Join(dir, "guarded.gpkg"), "--demo", "0")
	cmd := exec.CommandContext(t.Context(), node, "--test", "page.test.mjs")
	cmd.Dir = tests
	cmd.Env = append(os.Environ(), "WANGGE_URL="+open.url, "WANGGE_TOKEN_URL="+guarded.url, "WANGGE_TOKEN="+token, "CHROMIUM="+chromium)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("node --test: %v\n%s", err, out)
	}
	t.Logf("%s", out)
}
