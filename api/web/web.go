// Package web is the page at "/": plain HTML, one style sheet and a few ES modules,
// embedded. The files load nothing from another host and hold no data; what they
// show they ask of the API.
//
// What must never enter: a bundler, a framework, a decision about a place.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
)

// Policy is the content security policy of the page.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

//go:embed app/index.html app/*.css app/*.js app/*.svg
var files embed.FS

// assets are the files beside the page; each comes after those that it names.
var assets = []string{"icon.svg", "style.css", "words.js", "ask.js", "card.js", "map.js", "app.js"}

// File is a file as it is sent.
type File struct {
	Body []byte
	Type string
	ETag string
}

// Site is the page and its files. Assets are served under /assets/ by names that
// hold the hash of their content, so they may be kept for ever. It is read-only.
type Site struct {
	Page   File
	Assets map[string]File
}

// New reads the embedded files and writes the hashed names where one names another.
func New() (*Site, error) {
	s := &Site{Assets: map[string]File{}}
	renames := make([]string, 0, 2*len(assets))
	for _, name := range assets {
		f, hashed, err := read(name, strings.NewReplacer(renames...))
		if err != nil {
			return nil, err
		}
		s.Assets[hashed] = f
		renames = append(renames, `"./`+name+`"`, `"/assets/`+hashed+`"`)
	}
	page, _, err := read("index.html", strings.NewReplacer(renames...))
	s.Page = page
	return s, err
}

var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func read(name string, names *strings.Replacer) (f File, hashed string, err error) {
	raw, err := files.ReadFile("app/" + name)
	if err != nil {
		return File{}, "", fmt.Errorf("web: %w", err)
	}
	body := []byte(names.Replace(string(raw)))
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:8])
	ext := path.Ext(name)
	return File{Body: body, Type: types[ext], ETag: `"` + hash + `"`}, strings.TrimSuffix(name, ext) + "." + hash + ext, nil
}
