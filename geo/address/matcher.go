package address

// Matcher finds words of a list in a text, the longest at each place. It is
// immutable and safe for concurrent use.
type Matcher struct {
	nodes []node
}

// node is one state of the trie. Most have one state behind them, which stands in the
// node itself; others are in more.
type node struct {
	first   rune // 0: nothing behind it
	firstTo int32
	word    int32 // index of the word that ends here, -1 for none
	more    map[rune]int32
}

// next returns the state behind a rune.
func (n *node) next(r rune) (int32, bool) {
	if n.first == r && n.firstTo != 0 {
		return n.firstTo, true
	}
	to, ok := n.more[r]
	return to, ok
}

// NewMatcher makes a matcher of words, folded as texts are: full-width to
// half-width, ASCII capitals to small letters. Empty words match nothing; of equal
// words the first is found.
func NewMatcher(words []string) *Matcher {
	m := &Matcher{nodes: []node{{word: -1}}}
	for i, w := range words {
		at := int32(0)
		for _, r := range w {
			at = m.step(at, fold(r))
		}
		if at != 0 && m.nodes[at].word < 0 {
			m.nodes[at].word = int32(i)
		}
	}
	return m
}

func (m *Matcher) step(at int32, r rune) int32 {
	if to, ok := m.nodes[at].next(r); ok {
		return to
	}
	to := int32(len(m.nodes)) //nolint:gosec // far fewer states
	m.nodes = append(m.nodes, node{word: -1})
	n := &m.nodes[at]
	switch {
	case n.firstTo == 0:
		n.first, n.firstTo = r, to
	case n.more == nil:
		n.more = map[rune]int32{r: to}
	default:
		n.more[r] = to
	}
	return to
}

// Each calls fn for every word found, from left to right, without overlaps: at each
// place the longest word is taken, and the search goes on behind it. start and end
// count runes of the text, word is the index in the matcher's list.
func (m *Matcher) Each(text string, fn func(start, end, word int)) {
	m.each(foldAll(text), fn)
}

func (m *Matcher) each(runes []rune, fn func(start, end, word int)) {
	for i := 0; i < len(runes); {
		end, word := m.longest(runes, i)
		if word < 0 {
			i++
			continue
		}
		fn(i, end, word)
		i = end
	}
}

func (m *Matcher) longest(runes []rune, from int) (end, word int) {
	word = -1
	at := int32(0)
	for i := from; i < len(runes); i++ {
		to, ok := m.nodes[at].next(runes[i])
		if !ok {
			break
		}
		if at = to; m.nodes[at].word >= 0 {
			end, word = i+1, int(m.nodes[at].word)
		}
	}
	return end, word
}
