package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"wangge/api"
)

// node is any JSON value of the document.
type node = map[string]any

func readDocument(tb testing.TB) node {
	tb.Helper()
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		tb.Fatal(err)
	}
	var doc node
	if err := json.Unmarshal(raw, &doc); err != nil {
		tb.Fatal(err)
	}
	return doc
}

func at(n any, path ...string) any {
	for _, p := range path {
		m, _ := n.(node)
		n = m[p]
	}
	return n
}

func resolve(doc node, n any) (node, bool) {
	m, ok := n.(node)
	ref, isRef := m["$ref"].(string)
	if !isRef {
		return m, ok
	}
	target, ok := at(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(node)
	return target, ok
}

// operations are the document's, as "GET /v1/locate".
func operations(doc node) map[string]node {
	ops := map[string]node{}
	paths, _ := doc["paths"].(node)
	for path, item := range paths {
		for method, op := range item.(node) {
			ops[strings.ToUpper(method)+" "+path], _ = op.(node)
		}
	}
	return ops
}

// The document and the routes are the same, both ways, and every GET answers HEAD.
func TestDocumentHasTheRoutes(t *testing.T) {
	s, err := api.New(api.Options{Desk: &fakeDesk{}, Store: &fakeStore{}, Open: true})
	if err != nil {
		t.Fatal(err)
	}
	served := map[string]bool{}
	err = chi.Walk(s.Routes(), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		served[method+" "+route] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ops := operations(readDocument(t))
	for op := range served {
		if path, head := strings.CutPrefix(op, "HEAD "); head {
			if !served["GET "+path] {
				t.Errorf("%s is served without GET", op)
			}
		} else if ops[op] == nil {
			t.Errorf("%s is served and not in openapi.json", op)
		}
	}
	for op := range ops {
		if !served[op] {
			t.Errorf("%s is in openapi.json and not served", op)
		}
		if path, get := strings.CutPrefix(op, "GET "); get && !served["HEAD "+path] {
			t.Errorf("%s does not answer HEAD", op)
		}
	}
}

// Every reference leads somewhere, every operation is whole.
func TestDocumentIsSound(t *testing.T) {
	doc := readDocument(t)
	if doc["openapi"] != "3.1.0" || at(doc, "info", "title") == nil || at(doc, "info", "version") == nil {
		t.Errorf("openapi.json begins with %v %v", doc["openapi"], doc["info"])
	}
	var walk func(where string, n any)
	walk = func(where string, n any) {
		switch v := n.(type) {
		case node:
			if _, ok := resolve(doc, v); !ok {
				t.Errorf("%s: %v leads nowhere", where, v["$ref"])
			}
			if req, ok := v["required"].([]any); ok {
				for _, name := range req {
					if at(v, "properties", name.(string)) == nil {
						t.Errorf("%s: required %v is not among its properties", where, name)
					}
				}
			}
			for k, x := range v {
				walk(where+"/"+k, x)
			}
		case []any:
			for i, x := range v {
				walk(fmt.Sprintf("%s/%d", where, i), x)
			}
		}
	}
	walk("#", doc)
	ids := map[string]bool{}
	for name, op := range operations(doc) {
		id, _ := op["operationId"].(string)
		if id == "" || ids[id] || op["summary"] == nil || op["tags"] == nil {
			t.Errorf("%s: operationId %q is missing or stands twice, or there is no summary or tag", name, id)
		}
		ids[id] = true
		if at(op, "responses", "default") == nil {
			t.Errorf("%s does not say what a problem looks like", name)
		}
		checkPath(t, doc, name, op)
	}
}

func checkPath(t *testing.T, doc node, name string, op node) {
	t.Helper()
	var inPath []string
	list, _ := op["parameters"].([]any)
	for _, p := range list {
		par, _ := resolve(doc, p)
		if par["name"] == nil || par["schema"] == nil {
			t.Errorf("%s: parameter %v has no name or schema", name, p)
		}
		if par["in"] == "path" {
			inPath = append(inPath, par["name"].(string))
		}
	}
	var want []string
	for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(name, -1) {
		want = append(want, m[1])
	}
	if !slices.Equal(inPath, want) {
		t.Errorf("%s documents the path parameters %v, want %v", name, inPath, want)
	}
}

// A fault about an unknown parameter lists those that the route takes: they are the
// document's.
func TestDocumentHasTheParameters(t *testing.T) {
	b := newFake(t, nil)
	doc := readDocument(t)
	for name, op := range operations(doc) {
		method, path, _ := strings.Cut(name, " ")
		var want []string
		list, _ := op["parameters"].([]any)
		for _, p := range list {
			if par, _ := resolve(doc, p); par["in"] == "query" {
				want = append(want, par["name"].(string))
			}
		}
		slices.Sort(want)
		a := b.do(t, request(t, method, b.URL+path+"?zzz=1", "", ""))
		var got []string
		for _, f := range a.problem(t).Faults {
			if _, rest, ok := strings.Cut(f.Says, "it takes "); ok && f.At == "?zzz" && !strings.HasPrefix(rest, "none") {
				got = strings.Split(rest, ", ")
			}
		}
		slices.Sort(got)
		if a.status != 400 || !slices.Equal(got, want) {
			t.Errorf("%s takes %v (status %d), documented are %v", name, got, a.status, want)
		}
	}
}

// The type of every problem is an address inside the document.
func TestProblemTypesLeadSomewhere(t *testing.T) {
	b := newFake(t, nil)
	var doc node
	if err := json.Unmarshal([]byte(b.get(t, "/v1/openapi.json").body), &doc); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, a := range []answer{
		b.get(t, "/nowhere"), b.get(t, "/v1/locate"), b.do(t, request(t, "DELETE", b.URL+"/", "", "")),
		b.post(t, "/v1/locate", "", ""), b.post(t, "/v1/locate", "application/json", `{"text":"panic"}`),
	} {
		p := a.problem(t)
		_, pointer, _ := strings.Cut(p.Type, "#/")
		if at(doc, append(strings.Split(pointer, "/"), "status")...) != float64(p.Status) {
			t.Errorf("problem type %s does not lead to status %d", p.Type, p.Status)
		}
		seen[p.Type] = true
	}
	if len(seen) != 5 {
		t.Errorf("five different problems have %d types", len(seen))
	}
}
