package osm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"wangge/grid"
	"wangge/grid/osm"
)

// thing is one node with tags, written k=v.
func thing(tags ...string) []byte {
	var b strings.Builder
	b.WriteString("<osm><node id='7' lon='121.53' lat='31.26'>")
	for _, t := range tags {
		k, v, _ := strings.Cut(t, "=")
		fmt.Fprintf(&b, "<tag k='%s' v='%s'/>", k, v)
	}
	return []byte(b.String() + "</node></osm>")
}

func TestDoors(t *testing.T) {
	for _, tt := range []struct{ street, number, want string }{
		{"长安路", "1665号", "长安路1665号"},
		{"长安路", "1665", "长安路1665号"},
		{"长安路", " １６６５ 号", ""},
		{"长安路", "１６６５号", "长安路1665号"},
		{"长安路 Chang'an Road", "8", "长安路8号"},
		{"长安路 Changan Road", "8", "长安路8号"},
		{"长安路", "745弄", "长安路745弄"},
		{"长安路", "745弄9号", "长安路745弄"},
		{"长安路", "745弄9-11号", "长安路745弄"},
		{"长安路745弄", "9号", "长安路745弄"},
		{"长安路1665号", "", "长安路1665号"},
		{"长安路", "1031-1035号", "长安路1031号 长安路1035号"},
		{"长安路", "1031号-1035号", "长安路1031号 长安路1035号"},
		{"长安路", "1031～1035", "长安路1031号 长安路1035号"},
		{"长安路", "1031至1035号", "长安路1031号 长安路1035号"},
		{"长安路", "12-2", "长安路12号"},
		{"长安路", "1、3，5;7号", "长安路1号 长安路3号 长安路5号 长安路7号"},
		{"长安路", "3,3号", "长安路3号"},
		{"长安路", "18甲", "长安路18号"},
		{"长安路", "18号甲", "长安路18号"},
		{"长安路", "18号2楼", "长安路18号"},
		{"长安路", "18室", ""},
		{"长安路", "临18号", ""},
		{"长安路", "0", ""},
		{"长安路", "123456号", ""},
		{"长安路", "", ""},
		{"Changan Road", "8", ""},
	} {
		records, notices := read(t, thing("addr:street="+strings.ReplaceAll(tt.street, "'", "&apos;"), "addr:housenumber="+tt.number), osm.Options{})
		var keys []string
		for _, r := range records {
			if d, ok := r.(grid.Door); ok && d.At == (orb.Point{121.53, 31.26}) {
				keys = append(keys, r.Key())
			}
		}
		slices.Sort(keys)
		if got := strings.Join(keys, " "); got != tt.want {
			t.Errorf("addr:street=%s addr:housenumber=%s gives %q, want %q", tt.street, tt.number, got, tt.want)
		}
		if told := tt.want == "" && tt.number != "" && strings.HasPrefix(tt.street, "长"); told != (codes(notices) == "housenumber") {
			t.Errorf("addr:housenumber=%s tells %v", tt.number, notices)
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, tt := range []struct{ tags, want string }{
		{"amenity=hospital,name=仁和医院", "仁和医院 hospital"},
		{"healthcare=clinic,name=仁和诊所", "仁和诊所 clinic"},
		{"healthcare=pharmacy,name=仁和药房", "仁和药房 pharmacy"},
		{"amenity=kindergarten,name=仁和幼儿园", "仁和幼儿园 school"},
		{"amenity=university,name=仁和大学,alt_name=仁大;仁和大", "仁和大学 university 仁和大|仁大"},
		{"railway=station,station=subway,name=仁和路", "仁和路地铁站 metro 仁和路站|地铁仁和路站"},
		{"railway=station,station=subway,name=仁和路站", "仁和路地铁站 metro 仁和路站|地铁仁和路站"},
		{"railway=station,name=仁和东", "仁和东站 station"},
		{"railway=station,name=仁和火车站", "仁和火车站 station"},
		{"highway=bus_stop,name=仁和路口", "仁和路口公交站 bus"},
		{"highway=bus_stop,name=仁和路口站", "仁和路口站 bus"},
		{"amenity=bus_station,name=仁和路枢纽", "仁和路枢纽 bus"},
		{"public_transport=platform,railway=tram_stop,name=仁和路口", ""},
		{"shop=mall,name=仁和广场", "仁和广场 mall"},
		{"shop=bakery,name=仁和面包", "仁和面包 shop"},
		{"shop=no,name=仁和面包", ""},
		{"place=neighbourhood,name=仁和里", "仁和里 compound"},
		{"office=government,name=仁和街道办事处", "仁和街道办事处 government"},
		{"building=yes,name=仁和大厦", "仁和大厦 building"},
		{"building=yes", ""},
		{"natural=tree,name=仁和古树", ""},
		{"amenity=cafe,name=Renhe,name:zh=仁和咖啡", "仁和咖啡 amenity Renhe"},
		{"amenity=cafe,name=Blue Kettle", "Blue Kettle amenity"},
		{"amenity=cafe,name=KFC", ""},
		{"amenity=toilets,name=公共厕所", ""},
		{"building=yes,name=12号楼", ""},
		{"building=yes,name=A座", ""},
		{"building=yes,name=东门", ""},
		{"amenity=cafe,name=仁", ""},
		{"amenity=cafe,name=仁和;义和", "仁和 amenity 义和"},
		{"amenity=cafe,name=仁和(东店)", "仁和(东店) amenity"},
		{"amenity=cafe,name=仁和 (Ren He)", "仁和 amenity"},
		{"building=yes,name=仁和大厦 B", "仁和大厦 B building"},
		{"amenity=school,name=仁和小学,old_name:1990-2005=义和小学,name:-1990=礼和学堂,old_name:de=Schule,name:en=Renhe School,short_name=仁", "仁和小学 school Renhe School|义和小学|礼和学堂"},
		{"amenity=school,name=仁和&#9;小&#x200b;学", "仁和 小学 school"},
		{"amenity=school,name=仁和小学,addr:street=长安路,addr:housenumber=8", "仁和小学 school @长安路8号"},
		{"amenity=school,name=仁和小学,addr:street=长安路", "仁和小学 school @长安路"},
	} {
		records, _ := read(t, thing(strings.Split(tt.tags, ",")...), osm.Options{})
		got := ""
		for _, r := range records {
			p, ok := r.(grid.Place)
			if !ok {
				continue
			}
			got = p.Name + " " + p.Kind
			if len(p.Aliases) > 0 {
				got += " " + strings.Join(p.Aliases, "|")
			}
			if p.Address != "" {
				got += " @" + p.Address
			}
			if p.ID != "osm-n7" || p.Basis != osm.Credit+": node 7" || p.At != (orb.Point{121.53, 31.26}) {
				t.Errorf("%s gives %+v", tt.tags, p)
			}
		}
		if got != tt.want {
			t.Errorf("%s gives %q, want %q", tt.tags, got, tt.want)
		}
	}
}

// TestAbroad: a place that is not in China is left out and told, and so is one at 0 0.
func TestAbroad(t *testing.T) {
	for _, at := range []string{"lon='2.35' lat='48.86'", "lon='31.26' lat='121.53'", "", "lon='NaN' lat='31'"} {
		data := strings.Replace(string(thing("amenity=school", "name=仁和小学")), "lon='121.53' lat='31.26'", at, 1)
		records, notices := read(t, []byte(data), osm.Options{})
		if len(records) != 0 || codes(notices) != "abroad" {
			t.Errorf("a node at %q gives %v, told %v", at, records, notices)
		}
	}
}

func TestAreas(t *testing.T) {
	const admin = " boundary=administrative name=试街道 admin_level="
	picture := "abcd\n....\n.ef.\n.gh.\n\nijkl"
	for _, tt := range []struct {
		name     string
		elements []string
		want     string // code and rings
		told     string
	}{
		{"one ring drawn clockwise", []string{"way adlia", "relation - outer=1001" + admin + "8 ref=319901001"}, "319901001 street ildai", ""},
		{"joined from ways in any direction", []string{"way adl", "way ail", "relation - outer=1001 outer=1002" + admin + "6 gb2260=319901"}, "319901 district ildai", ""},
		{"a hole drawn either way", []string{"way adlia", "way efhge", "relation - outer=1001 inner=1002" + admin + "8 ref=319901001"}, "319901001 street ildai/gefhg", ""},
		{"a way that stands twice", []string{"way adlia", "relation - outer=1001 outer=1001" + admin + "8 ref=319901001"}, "319901001 street ildai", ""},
		{"a statistical code", []string{"way adlia", "relation - outer=1001" + admin + "8 ref=319901001000"}, "319901001 street ildai", ""},
		{"a statistical code of a district", []string{"way adlia", "relation - outer=1001" + admin + "6 ref:CN=319901000000"}, "319901 district ildai", ""},
		{"a road number is no code", []string{"way adlia", "relation - outer=1001" + admin + "8 ref=S20"}, "", "area-code"},
		{"a code of another level", []string{"way adlia", "relation - outer=1001" + admin + "8 ref=319901"}, "", "area-code"},
		{"open", []string{"way adl", "relation - outer=1001" + admin + "8 ref=319901001"}, "", "area-open"},
		{"a way that is not there", []string{"way adl", "relation - outer=1001 outer=1009" + admin + "8 ref=319901001"}, "", "area-cut"},
		{"a node that is not there", []string{"way adXlia", "relation - outer=1001" + admin + "8 ref=319901001"}, "", "area-cut"},
		{"crossing itself", []string{"way aldia", "relation - outer=1001" + admin + "8 ref=319901001"}, "", "area-crossing"},
		{"a hole outside", []string{"way efhge", "way ijbai", "relation - outer=1001 inner=1002" + admin + "8 ref=319901001"}, "", "area-crossing"},
		{"another level of administration", []string{"way adlia", "relation - outer=1001" + admin + "4 ref=319901"}, "", ""},
		{"no Chinese name", []string{"way adlia", "relation - outer=1001 boundary=administrative name=Shi admin_level=8 ref=319901001"}, "", "area-name"},
		{"one code twice", []string{"way adlia", "relation - outer=1001" + admin + "8 ref=319901001", "relation - outer=1001" + admin + "8 ref=319901001"}, "319901001 street ildai", "area-twice"},
	} {
		records, notices := read(t, sketch(picture, tt.elements...), osm.Options{Areas: true})
		got := ""
		for _, r := range records {
			a, ok := r.(grid.Area)
			if !ok {
				continue
			}
			var rings []string
			for _, p := range a.Shape {
				for i, ring := range p {
					rings = append(rings, letters(picture, orb.LineString(ring)))
					if (ring.Orientation() == orb.CCW) != (i == 0) {
						t.Errorf("%s: ring %d turns the wrong way", tt.name, i)
					}
				}
			}
			got += fmt.Sprintf("%s %s %s", a.Code, a.Level, strings.Join(rings, "/"))
		}
		if got != tt.want || codes(notices) != tt.told {
			t.Errorf("%s: %q, told %q, want %q and %q", tt.name, got, codes(notices), tt.want, tt.told)
		}
	}
}
