package osm

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// han counts the Chinese characters of a text.
func han(s string) int {
	n := 0
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}

// tail is a translation behind a Chinese name: "控江路 Kongjiang Road".
var tail = regexp.MustCompile(`^(.*\p{Han}\S*) [(（]?[A-Za-z][A-Za-z .'’()（）-]{2,}$`)

// chinese returns the Chinese name of an element, "" when it has none: of several
// names in one tag the first.
func chinese(ts tags) string {
	for _, key := range []string{"name", "name:zh", "name:zh-Hans", "name:zh-CN"} {
		s, _, _ := strings.Cut(clean(ts.get(key)), ";")
		s = strings.TrimSpace(s)
		if m := tail.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
		if han(s) > 0 {
			return s
		}
	}
	return ""
}

// otherNames are keys whose values people say as well.
var otherNames = []string{"alt_name", "short_name", "official_name", "old_name", "loc_name"}

// shortest is the least number of letters of a name without a Chinese character: names
// are looked for anywhere in a sentence, and "KFC" or "A1" would be found in too many.
const shortest = 5

// aliases are what else a place is called, each once, without the name itself. Former
// names are among them, dated ones too: old_name:1990-2005, name:-2019.
func aliases(ts tags, name string) []string {
	var out []string
	for _, t := range ts {
		if !namesToo(t.key) {
			continue
		}
		for s := range strings.SplitSeq(clean(t.value), ";") {
			s = strings.TrimSpace(s)
			if m := tail.FindStringSubmatch(s); m != nil {
				s = m[1]
			}
			if s != name && !slices.Contains(out, s) && telling(s) {
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return out
}

// namesToo reports whether a key holds a name in Chinese or English, of now or once.
func namesToo(key string) bool {
	base, sub, _ := strings.Cut(key, ":")
	switch {
	case base != "name" && !slices.Contains(otherNames, base):
		return false
	case sub == "":
		return true
	case sub == "en", sub == "zh", sub == "zh-Hans", sub == "zh-CN":
		return true
	}
	return sub[0] == '-' || sub[0] >= '0' && sub[0] <= '9'
}

// numbered is a name that means something only inside of its compound: 3号楼, A座, 五号门.
var numbered = regexp.MustCompile(`^(第?[0-9A-Za-z０-９一二三四五六七八九十东西南北中-]+)(号|栋|幢|座|楼|号楼|号门|门|区|期|单元|出口|入口|号口|口|层)$`)

// common are names of a sort and not of a thing.
var common = map[string]bool{
	"停车场": true, "地下停车场": true, "厕所": true, "公共厕所": true, "公厕": true, "卫生间": true, "门卫": true, "门卫室": true, "食堂": true, "超市": true,
	"便利店": true, "操场": true, "篮球场": true, "足球场": true, "网球场": true, "教学楼": true, "办公楼": true, "宿舍": true, "宿舍楼": true, "居委会": true,
	"药店": true, "水果店": true, "理发店": true, "菜场": true, "菜市场": true, "停车库": true, "车库": true, "地下车库": true, "入口": true, "出口": true, "正门": true,
	"银行": true, "医院": true, "学校": true, "公园": true, "小区": true, "幼儿园": true, "派出所": true, "加油站": true, "公交站": true, "地铁站": true, "广场": true,
	"变电站": true, "垃圾房": true, "配电房": true, "游泳池": true, "饭店": true, "宾馆": true, "花园": true, "绿地": true, "商场": true, "市场": true, "图书馆": true,
}

// telling reports whether a name says by itself which thing is meant.
func telling(s string) bool {
	if len(s) > 300 || common[s] || numbered.MatchString(s) {
		return false
	}
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return han(s) >= 2 || han(s) == 0 && letters >= shortest
}

// class is what a road is called on our maps.
var class = map[string]string{
	"motorway": "expressway", "trunk": "arterial", "primary": "arterial", "secondary": "collector", "tertiary": "collector",
	"unclassified": "local", "residential": "local", "living_street": "local", "pedestrian": "local", "service": "local", "road": "local",
}

func isRoad(ts tags) bool {
	return class[ts.get("highway")] != "" && ts.get("area") != "yes" && chinese(ts) != ""
}

func isDoor(ts tags) bool {
	return ts.get("addr:street") != ""
}

func isBoundary(ts tags) bool {
	return ts.get("boundary") == "administrative" && (ts.get("admin_level") == "6" || ts.get("admin_level") == "8")
}
