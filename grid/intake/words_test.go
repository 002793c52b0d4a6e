package intake_test

import (
	"context"
	"strings"
	"testing"

	"wangge/grid"
	"wangge/grid/codec"
)

// TestWords: the standing follows from where lies what the words name.
func TestWords(t *testing.T) {
	d := yangpu(t)
	for _, tt := range []struct {
		text     string
		street   string
		standing grid.Standing
		how      string
		question string // part of it, "" for none
		hotspot  string // one that must be named, -one that must not
	}{
		{"安图路有人占道", "310110013", grid.Contested, "road", "安图路东侧还是西侧", ""},
		{"杨树浦路有人洗车", "310110006", grid.Contested, "road", "杨树浦路靠近", "yangshupu-road"},
		{"大桥街道杨树浦路有人洗车", "310110018", grid.Settled, "road", "", "yangshupu-road"},
		{"昆明路有人占道", "310110008", grid.Settled, "road", "", ""},
		{"控江路1665号门口", "310110008", grid.Settled, "door", "", ""},
		{"江浦路745弄9号", "310110006", grid.Contested, "door", "", ""}, // its neighbours are far apart
		{"殷行一村74号楼下垃圾没人收", "310110016", grid.Settled, "area", "", ""},
		{"控江路(黄兴路-双阳路)路灯不亮", "310110012", grid.Settled, "road", "", ""},
		{"长白路图们路口往南第二个公交站对面", "310110013", grid.Settled, "crossing", "", ""},
		{"殷行街道有人乱倒垃圾", "310110016", grid.Settled, "area", "", ""},
		{"同济新村有人养鸡", "310110009", grid.Settled, "area", "", ""},
	} {
		r := grid.Report{Text: tt.text, At: at("2013-05-03 08:40")}
		c := preview(t, d, r)
		street, how := "", ""
		if c.Place != nil {
			street = c.Place.Street.Code
		}
		if c.Asked.Matched != nil {
			how = c.Asked.Matched.How
		}
		if street != tt.street || c.Standing != tt.standing || how != tt.how {
			t.Errorf("Preview(%s) = %s in %q by %q, want %s in %s by %s\n%s", tt.text, c.Standing, street, how, tt.standing, tt.street, tt.how, c.Text)
		}
		if (tt.question == "") != (c.Question == "") || !strings.Contains(c.Question, tt.question) || !strings.Contains(c.Text, c.Question) {
			t.Errorf("Preview(%s) asks %q, want %q, and in the paragraph too\n%s", tt.text, c.Question, tt.question, c.Text)
		}
		if tt.hotspot != "" && openHotspot(c, tt.hotspot) == "none" {
			t.Errorf("Preview(%s) lacks hotspot %s: %+v", tt.text, tt.hotspot, c.Hotspots)
		}
		if c.Standing == grid.Contested && (c.Edge.Share <= 0 || c.Edge.Share > 0.5 || c.Edge.Other.Code == "") {
			t.Errorf("Preview(%s).Edge = %+v, want the other street's part", tt.text, c.Edge)
		}
		again, err := d.Replay(context.Background(), c.ID, grid.ZH)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := string(codec.AppendCertificate(nil, again)), string(codec.AppendCertificate(nil, c)); got != want {
			t.Errorf("Replay(%s) =\n%s, want\n%s", tt.text, got, want)
		}
	}
}

// TestAddressBeforeText: what stands in the field for it counts before what is told.
func TestAddressBeforeText(t *testing.T) {
	c := preview(t, yangpu(t), grid.Report{Address: "控江路1665号", Text: "我住在殷行一村，路过时看到有人摆摊"})
	if c.Place == nil || c.Place.Street.Code != "310110008" {
		t.Errorf("Preview(address and text) lies in %+v, want 310110008", c.Place)
	}
}

// TestOutsideByName: a place outside is told to be, and handed to a district only where
// that is known.
func TestOutsideByName(t *testing.T) {
	d := yangpu(t)
	for text, handOver := range map[string]string{
		"人民广场有人摆摊":    "",
		"虹口区四川北路有人摆摊": "虹口区",
	} {
		c := preview(t, d, grid.Report{Text: text, At: at("2013-05-03 08:40")})
		if c.Standing != grid.Outside || c.Beyond == nil || c.Beyond.HandOver != handOver || c.Category.Name != "乱设摊" {
			t.Errorf("Preview(%s) = %s, %+v, category %+v, want outside, handed to %q\n%s", text, c.Standing, c.Beyond, c.Category, handOver, c.Text)
		}
	}
}
