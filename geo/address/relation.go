package address

import (
	"math"
	"strings"

	"github.com/paulmach/orb"
)

// relation is what words behind a place do to it.
type relation struct {
	word  string
	east  float64 // metres to move
	north float64
	wider float64 // metres that the error grows by
	over  bool    // across the road
}

// relations, longer words first where one begins with another.
var relations = []relation{
	{word: "东北角", east: 20, north: 20},
	{word: "东南角", east: 20, north: -20},
	{word: "西北角", east: -20, north: 20},
	{word: "西南角", east: -20, north: -20},
	{word: "斜对面", wider: 50, over: true},
	{word: "正对面", wider: 30, over: true},
	{word: "马路对面", wider: 30, over: true},
	{word: "对面", wider: 30, over: true},
	{word: "附近", wider: 100},
	{word: "周边", wider: 120},
	{word: "一带", wider: 150},
	{word: "旁边", wider: 40},
	{word: "隔壁", wider: 40},
	{word: "旁", wider: 40},
	{word: "往东", east: 120, wider: 150},
	{word: "往西", east: -120, wider: 150},
	{word: "往南", north: -120, wider: 150},
	{word: "往北", north: 120, wider: 150},
	{word: "以东", east: 80, wider: 120},
	{word: "以西", east: -80, wider: 120},
	{word: "以南", north: -80, wider: 120},
	{word: "以北", north: 80, wider: 120},
	{word: "东侧", east: 25, wider: 20},
	{word: "西侧", east: -25, wider: 20},
	{word: "南侧", north: -25, wider: 20},
	{word: "北侧", north: 25, wider: 20},
	{word: "东门", wider: 60},
	{word: "西门", wider: 60},
	{word: "南门", wider: 60},
	{word: "北门", wider: 60},
	{word: "后门", wider: 60},
}

// skipped may stand between a place and its relation.
var skipped = []string{"路口", "口", "的", "门口", " ", "，", ","}

// moved applies the relations that stand behind a place at a text's position. r is the
// road that it is on, nil for none.
func (rd *reading) moved(c *Candidate, at int, r *road) {
	rest := string(rd.runes[at:min(len(rd.runes), at+14)])
	for range 3 {
		for _, s := range skipped {
			rest = strings.TrimPrefix(rest, s)
		}
		for _, rel := range relations {
			after, ok := strings.CutPrefix(rest, rel.word)
			if !ok {
				continue
			}
			rest = after
			k := 1.0
			if n, end := readNumber([]rune(rest), 0); end > 0 && strings.HasPrefix(string([]rune(rest)[end:]), "米") && n < 2000 {
				if m := math.Hypot(rel.east, rel.north); m > 0 {
					k = float64(n) / m
				}
			}
			c.At = shifted(c.At, rel.east*k, rel.north*k)
			c.Error += rel.wider
			if rel.over && r != nil {
				along, off := r.project(c.At)
				c.At = r.point(along, -off)
			}
			break
		}
	}
}

func shifted(p orb.Point, east, north float64) orb.Point {
	return orb.Point{p[0] + east/(111000*math.Cos(p[1]*math.Pi/180)), p[1] + north/111000}
}
