package address

import "slices"

// house is a number behind a road: 745弄9号 is lane 745; inner says that a number within
// the lane follows, whose own place is not known.
type house struct {
	number int
	lane   bool
	inner  bool
	last   int // of a range, 0 for none
	end    int // the place behind it
}

// maxGap is how many characters may stand between a road and its number.
const maxGap = 2

// gaps are what may stand there.
var gaps = []rune{' ', ',', '，', '、', ':', '(', '临', '近', '的', '第', '原'}

// notHouses follow numbers that are no house numbers: times, routes, amounts.
var notHouses = []rune("点时分年月日路线次元个名辆条米层楼岁人多余几期块平k%.-/~:")

// readHouse reads the number behind a road that ends at a place of a text. An omitted
// 号 is allowed where nothing behind the number speaks against it.
func readHouse(runes []rune, at int) (house, bool) {
	i := at
	for i < len(runes) && i-at < maxGap && slices.Contains(gaps, runes[i]) {
		i++
	}
	n, end := readNumber(runes, i)
	if end == i {
		return house{}, false
	}
	h := house{number: n, end: end}
	if end < len(runes) && runes[end] == '支' { // 745支弄 is told as its lane
		end++
	}
	h.last, end = readRange(runes, end, n)
	for end < len(runes) && slices.Contains([]rune("甲乙丙丁戊临"), runes[end]) {
		end++
	}
	switch {
	case end < len(runes) && runes[end] == '弄':
		h.lane, h.end = true, end+1
		if inner, ok := readHouse(runes, h.end); ok {
			h.inner, h.end = true, inner.end
		}
		return h, true
	case end < len(runes) && (runes[end] == '号' || runes[end] == '#'):
		h.end = end + 1
		if h.end < len(runes) && slices.Contains([]rune("线楼甲乙丙丁"), runes[h.end]) {
			if runes[h.end] == '线' { // 地铁8号线
				return house{}, false
			}
			h.end++
		}
		return h, true
	case end < len(runes) && (slices.Contains(notHouses, runes[end]) || runes[end] >= 'a' && runes[end] <= 'z'):
		return house{}, false
	case runes[i] < '0' || runes[i] > '9': // 控江路一村 is no number
		return house{}, false
	}
	return h, true
}

// readRange reads the second number of 1031-1035号 or 1031、1033号.
func readRange(runes []rune, at, first int) (last, end int) {
	if at < len(runes) && runes[at] == '号' && at+1 < len(runes) && slices.Contains([]rune("-~至、"), runes[at+1]) {
		at++
	}
	if at >= len(runes) || !slices.Contains([]rune("-~至、—"), runes[at]) {
		return 0, at
	}
	n, end := readNumber(runes, at+1)
	if end == at+1 || n <= first || n-first > 60 || end >= len(runes) || !slices.Contains([]rune("号弄"), runes[end]) {
		return 0, at
	}
	return n, end
}
