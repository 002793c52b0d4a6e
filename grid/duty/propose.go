package duty

import (
	"cmp"
	"slices"
	"unicode/utf8"

	"wangge/geo/address"
	"wangge/grid"
)

// proposer finds the words of categories in a caller's text.
type proposer struct {
	matcher *address.Matcher
	words   []string
	codes   []string // of the category of each word
}

func newProposer(categories []grid.Category) *proposer {
	p := &proposer{}
	add := func(word, code string) {
		if word != "" {
			p.words, p.codes = append(p.words, word), append(p.codes, code)
		}
	}
	for _, c := range categories {
		if c.Code != "other" {
			add(c.Name, c.Code)
		}
		for _, w := range c.Words {
			add(w, c.Code)
		}
	}
	p.matcher = address.NewMatcher(p.words)
	return p
}

// Propose returns the category for which the words of a text speak, and those
// words: the one with the most characters matched, of equals the smaller code.
// No word, no category.
func (b *Book) Propose(text string) (code string, words []string) {
	found := map[string][]string{}
	b.matcher.matcher.Each(text, func(_, _, word int) {
		c := b.matcher.codes[word]
		if !slices.Contains(found[c], b.matcher.words[word]) {
			found[c] = append(found[c], b.matcher.words[word])
		}
	})
	best := 0
	for c, ws := range found {
		n := 0
		for _, w := range ws {
			n += utf8.RuneCountInString(w)
		}
		if d := cmp.Or(cmp.Compare(n, best), cmp.Compare(code, c)); d > 0 {
			code, words, best = c, ws, n
		}
	}
	return code, words
}
