package address_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"wangge/geo/address"
	"wangge/grid"
)

func demo(tb testing.TB) *address.Gazetteer {
	tb.Helper()
	return address.New(yangpu(tb, func(grid.Door) bool { return true }))
}

func TestGeocode(t *testing.T) {
	g := demo(t)
	for _, tt := range []struct {
		text     string
		standing address.Standing
		how      string
		label    string
		street   string
	}{
		// numbers, in every script
		{"控江路1665号", address.Located, "door", "控江路1665号", "310110008"},
		{"控江路１６６５號", address.Located, "door", "控江路1665号", "310110008"},
		{"控江路一千六百六十五号", address.Located, "door", "控江路一千六百六十五号", "310110008"},
		{"控江路一六六五号", address.Located, "door", "控江路一六六五号", "310110008"},
		{"上海上海市杨浦区控江路1665号", address.Located, "door", "控江路1665号", "310110008"},
		{"国定路580号甲", address.Located, "door", "国定路580号甲", "310110019"},
		{"铁岭路五十弄门口", address.Located, "door", "铁岭路五十弄", "310110009"},
		{"国顺东路26弄3号602室漏水", address.Located, "door", "国顺东路26弄3号", "310110021"},
		{"控疆路1665号", address.Located, "door", "控江路1665号", "310110008"},
		{"hawkers on Kunming Road", address.Located, "road", "昆明路", "310110008"},
		{"长百二村门口", address.Located, "place", "长白二村", "310110013"},
		// not numbers
		{"昆明路13800001111", address.Located, "road", "昆明路", "310110008"},
		{"昆明路8点钟", address.Located, "road", "昆明路", "310110008"},
		{"昆明路20130503000072", address.Located, "road", "昆明路", "310110008"},
		// crossings and stretches
		{"长白路图们路口往南第二个公交站对面", address.Located, "crossing", "长白路/图们路", "310110013"},
		{"四平路靠近彰武路,同济门口", address.Located, "crossing", "四平路/彰武路", "310110009"},
		{"政通路与国定路交叉口", address.Located, "crossing", "政通路/国定路", "310110019"},
		{"控江路(黄兴路-双阳路)路面破损", address.Located, "road", "控江路（黄兴路—双阳路）", "310110012"},
		{"内江路从平凉路到长阳路一段路灯不亮", address.Located, "road", "内江路（平凉路—长阳路）", "310110001"},
		// places and areas
		{"红房子医院门口有流动摊贩占道", address.Located, "place", "复旦大学附属妇产科医院杨浦院区", "310110018"},
		{"黃興公園裡有人唱歌", address.Located, "place", "黄兴公园", "310110021"},
		{"殷行一村74号楼下垃圾没人收", address.Located, "area", "殷行一村", "310110016"},
		{"延吉7村有人遛狗", address.Located, "area", "延吉7村", "310110015"},
		{"新江湾城有人焚烧垃圾", address.Located, "area", "新江湾城街道", "310110020"},
		// a choice
		{"安图路有人占道", address.Choice, "road", "安图路（长白新村街道）", "310110013"},
		// elsewhere
		{"人民广场有人摆摊", address.Outside, "place", "人民广场", ""},
		{"虹口区四川北路100号", address.Outside, "area", "虹口区", ""},
		{"我是虹口区居民，反映控江路1665号占道", address.Located, "door", "控江路1665号", "310110008"},
		// nowhere
		{"你好，我要投诉噪音扰民，晚上睡不着", address.Unlocated, "", "", ""},
		{"小区门口有人乱停车，电话13800001111", address.Unlocated, "", "", ""},
		{"大桥下面有流浪汉", address.Unlocated, "", "", ""},
		{"楼上理发店噪音很大，上体育课也听得到，停电大家都不满", address.Unlocated, "", "", ""},
		{"小区大花园里有人烧烤", address.Unlocated, "", "", ""},
		{"上理门口有黑车", address.Located, "place", "上海理工大学军工路校区", "310110013"},
		{"五角场环岛地下通道有人卖唱", address.Located, "area", "五角场街道", "310110019"},
		{"杨浦大桥下面堆垃圾", address.Located, "place", "杨浦大桥公交站", "310110018"},
		{"中原路990弄", address.Located, "door", "中原路990弄", "310110016"},
		{"外滩观光平台栏杆损坏", address.Outside, "place", "外滩", ""},
		{"", address.Unlocated, "", "", ""},
	} {
		a := g.Geocode(tt.text, address.Options{})
		var c address.Candidate
		if len(a.Candidates) > 0 {
			c = a.Candidates[0]
		}
		if a.Standing != tt.standing || c.How != tt.how || c.Label != tt.label || c.Street != tt.street {
			t.Errorf("Geocode(%s) = %s %s %q in %q, want %s %s %q in %q", tt.text, a.Standing, c.How, c.Label, c.Street, tt.standing, tt.how, tt.label, tt.street)
		}
		if (a.Standing == address.Choice) != (a.Question.ZH != "") || (a.Question.ZH == "") != (a.Question.EN == "") {
			t.Errorf("Geocode(%s) is a %s and asks %q", tt.text, a.Standing, a.Question)
		}
	}
}

func TestQuestions(t *testing.T) {
	g := demo(t)
	for text, want := range map[string]string{
		"安图路有人占道": "是安图路东侧还是西侧？",
		"中原路":     "是中原路靠近市光路，还是靠近民星路？",
	} {
		a := g.Geocode(text, address.Options{})
		if a.Question.ZH != want {
			t.Errorf("Geocode(%s) asks %s, want %s", text, a.Question.ZH, want)
		}
		if got := g.Ask(a.Candidates[0].Label, a.Candidates[1].Label); got != a.Question {
			t.Errorf("Ask(%s, %s) = %v, want %v", a.Candidates[0].Label, a.Candidates[1].Label, got, a.Question)
		}
	}
}

// TestNamedStreet: a street office that the text names settles where on a road it is,
// or casts doubt on a number that lies elsewhere.
func TestNamedStreet(t *testing.T) {
	g := demo(t)
	a := g.Geocode("延吉新村街道安图路", address.Options{})
	if c := a.Candidates[0]; a.Standing != address.Located || c.Street != "310110015" || c.How != "road" {
		t.Errorf("Geocode(延吉新村街道安图路) = %s %+v, want the road there", a.Standing, c)
	}
	a = g.Geocode("殷行街道控江路1665号", address.Options{})
	if c := a.Candidates[0]; c.Doubt.ZH == "" || c.Confidence > 0.7 {
		t.Errorf("Geocode(殷行街道控江路1665号) = %+v, want a doubt", c)
	}
	plain := g.Geocode("安图路", address.Options{}).Candidates[0].Confidence
	focused := g.Geocode("安图路", address.Options{Focus: "310110013"}).Candidates[0].Confidence
	if focused < plain {
		t.Errorf("Geocode(安图路, focus) is sure to %v, want no less than %v", focused, plain)
	}
}

// TestUsed: every candidate says which characters spoke for it.
func TestUsed(t *testing.T) {
	g := demo(t)
	text := "市民反映：控江路1665号对面，四平路靠近彰武路"
	runes := []rune(text)
	found := map[string]bool{}
	for _, c := range g.Geocode(text, address.Options{}).Candidates {
		for _, u := range c.Used {
			found[string(runes[u[0]:u[1]])] = true
		}
	}
	for _, want := range []string{"控江路1665号", "四平路", "彰武路"} {
		if !found[want] {
			t.Errorf("Geocode(%s) used %v, want %s among them", text, found, want)
		}
	}
}

func TestSpread(t *testing.T) {
	g := demo(t)
	whole, part, stretch := g.Spread("安图路"), g.Spread("安图路（长白新村街道）"), g.Spread("控江路（黄兴路—双阳路）")
	if len(whole) == 0 || !slices.Equal(whole, part) {
		t.Errorf("Spread of a road and of its part in a street: %d and %d points, want the same: the whole road", len(whole), len(part))
	}
	all := g.Spread("控江路")
	if width(stretch) <= 0 || width(stretch) > width(all)/2 {
		t.Errorf("Spread of a stretch is %v wide, want less than half of the road's %v", width(stretch), width(all))
	}
	if got := g.Spread("控江路1665号"); got != nil {
		t.Errorf("Spread(a door) = %v, want none", got)
	}
}

func width[P ~[2]float64](ps []P) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range ps {
		lo, hi = min(lo, p[0]), max(hi, p[0])
	}
	return hi - lo
}

// FuzzGeocode: any bytes in, no panic, and an answer that is sound in itself.
func FuzzGeocode(f *testing.F) {
	g := demo(f)
	for _, s := range []string{
		"控江路1665号", "控江路745弄9号", "四平路靠近彰武路", "安图路1031号-1035号、1037号", "上海上海上海市", "\xff\xfe控江路", "路路路路", "控江路〇〇〇号",
		"控江路十百千号", "杨浦区江浦路街道", strings.Repeat("安图路", 40),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := g.Geocode(s, address.Options{})
		n := utf8.RuneCountInString(s)
		for _, c := range a.Candidates {
			if !(c.Confidence >= 0 && c.Confidence <= 1) || !(c.Error > 0) || math.IsNaN(c.At[0]+c.At[1]) {
				t.Errorf("Geocode(%q) has a candidate %+v", s, c)
			}
			for _, u := range c.Used {
				if u[0] < 0 || u[0] >= u[1] || u[1] > n {
					t.Errorf("Geocode(%q) used %v of %d characters", s, u, n)
				}
			}
		}
		if (len(a.Candidates) == 0) != (a.Standing == address.Unlocated) {
			t.Errorf("Geocode(%q) is %s with %d candidates", s, a.Standing, len(a.Candidates))
		}
	})
}

func BenchmarkGeocode(b *testing.B) {
	g := demo(b)
	long := strings.Repeat("市民来电反映每天早上都有流动摊贩占道经营影响通行希望有关部门尽快处理", 3) + "地点在红房子医院门口靠近沈阳路"
	for _, bb := range []struct{ name, text string }{
		{"address", "杨浦区控江路1371号"}, {"crossing", "四平路靠近彰武路"}, {"road", "安图路有人占道"}, {"complaint", long},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Geocode(bb.text, address.Options{})
			}
			b.ReportMetric(1e9*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "texts/s")
		})
	}
}

func BenchmarkNew(b *testing.B) {
	in := yangpu(b, func(grid.Door) bool { return true })
	for b.Loop() {
		address.New(in)
	}
}
