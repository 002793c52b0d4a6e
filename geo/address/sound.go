package address

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// sound is how a name is spoken, its tones and the finer differences of local speech
// left out: zh and z, ing and in, l and n are heard alike.
type sound string

var plainer = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ng", "n")

func soundOf(runes []rune) sound {
	var b strings.Builder
	a := pinyin.NewArgs()
	for _, r := range runes {
		s := pinyin.SinglePinyin(r, a)
		if len(s) == 0 {
			b.WriteRune(r)
		} else {
			b.WriteString(plainer.Replace(s[0]))
		}
		b.WriteByte(' ')
	}
	return sound(b.String())
}

// addSound remembers how a name sounds. Two that sound alike are no guess.
func (g *Gazetteer) addSound(name string) {
	s := soundOf([]rune(name))
	if other, ok := g.sounds[s]; ok && other != name {
		g.sounds[s] = ""
		return
	}
	g.sounds[s] = name
}

// bySound finds roads and villages that were written by ear: 控疆路, 长百二村. Only where
// the text names none by its characters, and only names of three characters or more.
func (rd *reading) bySound() {
	for _, t := range rd.tokens {
		if t.name.road != nil || t.name.how != "area" && t.name.how != "hotspot" {
			return
		}
	}
	for k, r := range rd.runes {
		if r != '路' && r != '村' || k > 400 || rd.covered(k) {
			continue
		}
		for n := 4; n >= 2; n-- {
			if k-n < 0 {
				continue
			}
			if name := rd.g.sounds[soundOf(rd.runes[k-n:k+1])]; name != "" {
				rd.insert(token{start: k - n, end: k + 1, name: &rd.g.names[rd.g.index[name]], faint: true})
				break
			}
		}
	}
}

func (rd *reading) covered(k int) bool {
	for _, t := range rd.tokens {
		if k >= t.start && k < t.end {
			return true
		}
	}
	return false
}

func (rd *reading) insert(t token) {
	i := 0
	for i < len(rd.tokens) && rd.tokens[i].start < t.start {
		i++
	}
	rd.tokens = append(rd.tokens[:i], append([]token{t}, rd.tokens[i:]...)...)
}
