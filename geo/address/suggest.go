package address

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// maxTyped bounds what is looked at of a text being typed, in characters.
const maxTyped = 64

// maxMatches bounds the names that are ranked for one text.
const maxMatches = 400

// readings are the sounds, in names of places, of characters that have several.
var readings = map[rune][]string{
	'长': {"chang", "zhang"}, '行': {"hang", "xing"}, '乐': {"le", "yue"}, '重': {"chong", "zhong"}, '单': {"dan", "shan"}, '朝': {"chao", "zhao"},
	'都': {"du", "dou"}, '石': {"shi"}, '弄': {"long", "nong"}, '校': {"xiao"}, '厦': {"sha", "xia"}, '会': {"hui"}, '大': {"da"}, '泊': {"bo", "po"},
}

// maxReadings bounds the ways in which one name is sounded.
const maxReadings = 4

// suggester holds the names by how they are written, sounded and begun, each in order.
type suggester struct {
	names   []suggestion
	written []key
	sounded []key
	begun   []key
}

type suggestion struct {
	label string
	road  *road
	order int8 // roads before places before areas
}

type key struct {
	text string
	name int32
}

func newSuggester(g *Gazetteer) *suggester {
	s := &suggester{}
	syllables := map[rune][]string{}
	for i, word := range g.words {
		n := &g.names[i]
		x := suggestion{label: word, road: n.road}
		switch {
		case n.road != nil && n.road.name != word:
			continue // another name: it is suggested by its own
		case n.road != nil:
		case n.how == "area":
			x.order = 2
		default:
			x.order = 1
		}
		at := int32(len(s.names)) //nolint:gosec // far fewer names
		s.names = append(s.names, x)
		s.written = append(s.written, key{string(foldAll(word)), at})
		for _, r := range sounds(word, syllables) {
			s.sounded = append(s.sounded, key{strings.Join(r, ""), at})
			var first strings.Builder
			for _, syllable := range r {
				first.WriteByte(syllable[0])
			}
			s.begun = append(s.begun, key{first.String(), at})
		}
	}
	for _, keys := range [][]key{s.written, s.sounded, s.begun} {
		slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.text, b.text), cmp.Compare(a.name, b.name)) })
	}
	return s
}

// sounds are the ways to sound a name, a syllable for each character.
func sounds(name string, known map[rune][]string) [][]string {
	out := [][]string{nil}
	for _, r := range foldAll(name) {
		ways, ok := known[r]
		if !ok {
			if ways = readings[r]; ways == nil {
				if ways = pinyin.SinglePinyin(r, pinyin.NewArgs()); len(ways) == 0 {
					ways = []string{string(r)}
				}
			}
			known[r] = ways
		}
		if len(out)*len(ways) > maxReadings {
			ways = ways[:1]
		}
		var next [][]string
		for _, before := range out {
			for _, w := range ways {
				next = append(next, append(slices.Clone(before), w))
			}
		}
		out = next
	}
	return out
}

// Suggest returns up to limit names that a text being typed may become, in hanzi, in
// pinyin ("kongjiang") or by initials ("kjl"): those that begin so first, roads before
// places before areas, short ones before long ones. Behind a road's name the known
// numbers that begin as the one being typed follow.
func (g *Gazetteer) Suggest(typed string, limit int) []string {
	runes := foldAll(strings.ReplaceAll(typed, " ", ""))
	runes = runes[:min(len(runes), maxTyped)]
	if len(runes) == 0 || limit <= 0 {
		return nil
	}
	text := string(runes)
	s := g.suggester()
	var found []int32
	for _, keys := range [][]key{s.written, s.sounded, s.begun} {
		i, _ := slices.BinarySearchFunc(keys, text, func(k key, t string) int { return cmp.Compare(k.text, t) })
		for ; i < len(keys) && strings.HasPrefix(keys[i].text, text) && len(found) < maxMatches; i++ {
			found = append(found, keys[i].name)
		}
	}
	out := s.ranked(found, nil, limit)
	out = append(out, g.numbers(runes, limit-len(out))...)
	if len(out) < limit && len(runes) > 1 {
		found = found[:0]
		for _, k := range s.written {
			if len(found) < maxMatches && strings.Contains(k.text, text) {
				found = append(found, k.name)
			}
		}
		out = s.ranked(found, out, limit)
	}
	return out
}

// ranked appends the labels of names in order of rank, each once.
func (s *suggester) ranked(found []int32, out []string, limit int) []string {
	slices.SortFunc(found, func(a, b int32) int {
		x, y := &s.names[a], &s.names[b]
		return cmp.Or(cmp.Compare(x.order, y.order), cmp.Compare(len(x.label), len(y.label)), cmp.Compare(x.label, y.label))
	})
	for _, i := range found {
		if len(out) >= limit {
			break
		}
		if label := s.names[i].label; !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}

// numbers are the known doors of a road whose name stands before digits.
func (g *Gazetteer) numbers(runes []rune, limit int) []string {
	i := len(runes)
	for i > 0 && runes[i-1] >= '0' && runes[i-1] <= '9' {
		i--
	}
	r := g.roads[string(runes[:i])]
	if r == nil || i == len(runes) {
		return nil
	}
	var out []string
	for _, d := range r.doors {
		if n := strconv.Itoa(d.number); len(out) < limit && strings.HasPrefix(n, string(runes[i:])) {
			if label := d.label(r); !slices.Contains(out, label) {
				out = append(out, label)
			}
		}
	}
	return out
}
