package web_test

import (
	"regexp"
	"strings"
	"testing"

	"wangge/api/web"
)

// Every file that the page names is there, under a name that changes with it, and
// none is named that lies elsewhere.
func TestSite(t *testing.T) {
	s, err := web.New()
	if err != nil {
		t.Fatalf("New() = %v", err)
	}
	if len(s.Page.Body) == 0 || s.Page.Type != "text/html; charset=utf-8" || s.Page.ETag == "" {
		t.Errorf("page = %d bytes of %s, ETag %s", len(s.Page.Body), s.Page.Type, s.Page.ETag)
	}
	named := map[string]bool{}
	all := map[string]string{"index.html": string(s.Page.Body)}
	for name, f := range s.Assets {
		all[name] = string(f.Body)
		if f.Type == "" || f.ETag == "" || !regexp.MustCompile(`^[a-z]+\.[0-9a-f]{16}\.[a-z]+$`).MatchString(name) {
			t.Errorf("asset %s has type %q, ETag %q; want a hashed name and both", name, f.Type, f.ETag)
		}
	}
	for name, text := range all {
		for _, m := range regexp.MustCompile(`"/assets/([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if named[m[1]] = true; s.Assets[m[1]].Body == nil {
				t.Errorf("%s names %s, which is not there", name, m[1])
			}
		}
		if left := regexp.MustCompile(`["'(]\./[a-z]+\.[a-z]+`).FindString(text); left != "" {
			t.Errorf("%s names %s without its hash", name, left)
		}
		if abroad := regexp.MustCompile(`(src|href|url\(|from|import)\s*[=(]?\s*["']?(https?:)?//`).FindString(text); abroad != "" {
			t.Errorf("%s loads from elsewhere: %s", name, abroad)
		}
		if regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+="|innerHTML|<script>|<style`).MatchString(text) {
			t.Errorf("%s holds inline style or script, or writes HTML", name)
		}
	}
	for name := range s.Assets {
		if !named[name] {
			t.Errorf("%s is named by nobody", name)
		}
	}
	if strings.Contains(web.Policy, "unsafe") || !strings.HasPrefix(web.Policy, "default-src 'none'") {
		t.Errorf("policy %q is not strict", web.Policy)
	}
}

// Two builds of the same files have the same names.
func TestSiteIsStable(t *testing.T) {
	a, errA := web.New()
	b, errB := web.New()
	if errA != nil || errB != nil || a.Page.ETag != b.Page.ETag {
		t.Errorf("New() twice = %s and %s, errors %v, %v", a.Page.ETag, b.Page.ETag, errA, errB)
	}
}
