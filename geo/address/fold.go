package address

import (
	"sync"

	"github.com/longbridgeapp/opencc"
	"golang.org/x/text/width"
)

// The range of hanzi that have a simplified form of their own.
const (
	firstHan = 0x4E00
	lastHan  = 0x9FFF
)

// simplified maps a hanzi, less firstHan, to its simplified form, by OpenCC's table of
// single characters. Made when the first text is folded.
var simplified = sync.OnceValue(func() *[lastHan - firstHan + 1]rune {
	t := new([lastHan - firstHan + 1]rune)
	cc, err := opencc.New("t2s")
	for i := range t {
		t[i] = firstHan + rune(i)
		if err != nil {
			continue // without the table hanzi stand for themselves
		}
		if s, err := cc.Convert(string(t[i])); err == nil {
			if r := []rune(s); len(r) == 1 {
				t[i] = r[0]
			}
		}
	}
	return t
})

// fold makes the forms of one character equal: full width and half, traditional and
// simplified, capital and small. It never changes how many characters there are.
func fold(r rune) rune {
	if r >= firstHan && r <= lastHan {
		return simplified()[r-firstHan]
	}
	if f := width.LookupRune(r).Folded(); f != 0 {
		r = f
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

func foldAll(text string) []rune {
	runes := []rune(text)
	for i, r := range runes {
		runes[i] = fold(r)
	}
	return runes
}

var hanDigits = map[rune]int{
	'〇': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
}

var hanUnits = map[rune]int{'十': 10, '百': 100, '千': 1000}

// maxDigits bounds a house number; what is longer is a phone, an order or a date.
const maxDigits = 4

// readNumber reads a number written 1665, 一六六五 or 一千六百六十五 that begins at a place
// of a text. end is at when there is none, or one too long for a house.
func readNumber(runes []rune, at int) (n, end int) {
	i := at
	for i < len(runes) && runes[i] >= '0' && runes[i] <= '9' {
		if i-at < maxDigits {
			n = n*10 + int(runes[i]-'0')
		}
		i++
	}
	if i > at {
		if i-at > maxDigits || n == 0 {
			return 0, at
		}
		return n, i
	}
	return readHan(runes, at)
}

// readHan reads hanzi, with units (a hundred and five) or digit by digit.
func readHan(runes []rune, at int) (n, end int) {
	total, digit, units, i := 0, -1, false, at
	for ; i < len(runes); i++ {
		if d, ok := hanDigits[runes[i]]; ok {
			if digit >= 0 && !units {
				total = (total + digit) * 10
			}
			digit = d
			continue
		}
		u, ok := hanUnits[runes[i]]
		if !ok {
			break
		}
		total, digit, units = total+max(digit, boolInt(digit < 0))*u, 0, true
	}
	if n = total + max(digit, 0); i == at || n == 0 || n > 9999 {
		return 0, at
	}
	return n, i
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
