package intake

import (
	"strconv"
	"sync"

	"wangge/geo/coverage"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/duty"
)

// explainer writes the steps and the paragraph of one certificate.
type explainer struct {
	script
	atlas    *Atlas
	ans      answer
	c        *grid.Certificate
	units    []*grid.Unit
	verdicts []duty.Verdict
}

var explainers = sync.Pool{New: func() any { return new(explainer) }}

// certificate explains the answer to an enquiry. Everything in it follows from the
// enquiry and the atlas, so that the same id gives the same certificate for ever.
func (a *Atlas) certificate(q *codec.Enquiry, lang grid.Lang) (*grid.Certificate, error) {
	e, _ := explainers.Get().(*explainer)
	defer explainers.Put(e)
	if err := a.answer(q, &e.ans); err != nil {
		return nil, err
	}
	e.script = script{lang: lang, zh: lang != grid.EN, b: e.b[:0], marks: e.marks[:0]}
	e.atlas, e.c = a, new(grid.Certificate)
	e.ans.brief(e.c, lang)
	e.c.ID = codec.FormatID(q)
	e.c.Question = e.question()
	e.c.Version = a.version
	e.datum()
	e.category()
	switch {
	case !e.c.Located:
		e.unlocated()
	case !e.ans.inside:
		e.outside()
	default:
		e.inside()
	}
	e.c.Steps, e.c.Text = e.cut()
	e.hours()
	c := e.c
	e.c, e.atlas = nil, nil
	return c, nil
}

// hours gives each hotspot the reason of its step, without the name before it.
func (e *explainer) hours() {
	i := 0
	for _, s := range e.c.Steps {
		if s.Step == "hotspot" {
			h := &e.c.Hotspots[i]
			h.Why = s.Says[len(inLang(e.zh, h.Name, h.NameEN))+len(inLang(e.zh, "：", ": ")):]
			i++
		}
	}
}

func inLang(zh bool, chinese, english string) string {
	if !zh && english != "" {
		return english
	}
	return chinese
}

// question is what to ask the caller, where the words left a choice.
func (e *explainer) question() string {
	m := e.c.Asked.Matched
	if m == nil || m.Rival == "" {
		return ""
	}
	s := e.atlas.names.Ask(m.Label, m.Rival)
	return inLang(e.zh, s.ZH, s.EN)
}

var datumNames = map[datum.Datum][2]string{
	datum.WGS84:    {"WGS-84 坐标", "WGS-84"},
	datum.CGCS2000: {"CGCS2000 坐标（按 WGS-84 使用）", "CGCS2000, read as WGS-84"},
	datum.GCJ02:    {"GCJ-02 坐标（高德、腾讯）", "GCJ-02 (AMap)"},
	datum.BD09:     {"BD-09 坐标（百度）", "BD-09 (Baidu)"},
}

func (e *explainer) datum() {
	asked := &e.c.Asked
	if !asked.Located {
		return
	}
	if m := asked.Matched; m != nil {
		e.step("text")
		e.say("文字中识别出“", "the text names “")
		e.add(m.Label)
		e.say("”，位置误差约 ", "”, located to about ")
		e.metres(m.Error)
		e.say(" 米", " m")
		if e.ans.inside {
			e.say("，街道把握 ", ", the street office sure to ")
			e.percent(m.Confidence)
		}
		if m.Rival != "" {
			e.say("；也可能是“", "; it may also be “")
			e.add(m.Rival)
			e.say("”", "”")
		}
		return
	}
	n := datumNames[asked.Datum]
	e.step("datum")
	e.say("来源为 ", "given in ")
	e.say(n[0], n[1])
	if e.c.Moved == 0 {
		e.say("，无需转换", ", nothing to convert")
	} else {
		e.say("，已换算为 WGS-84，移动 ", ", converted to WGS-84, moved ")
		e.metres(e.c.Moved)
		e.say(" 米", " m")
	}
	if asked.Accuracy == 0 {
		e.step("datum")
		e.say("未说明精度，按 ", "no accuracy was stated, ")
		e.metres(defaultReach)
		e.say(" 米计", " m is assumed")
	}
}

func (e *explainer) category() {
	k := &e.c.Category
	e.step("category")
	if k.Code == "" {
		e.say("未给出案件类别，文字中也未识别出类别", "no category was given, and the words speak for none")
		return
	}
	if k.Proposed {
		e.say("按文字建议类别：“", "proposed from the words: “")
	} else {
		e.say("类别：“", "category: “")
	}
	e.ref(k.Ref)
	e.add("”")
	if k.Proposed {
		e.say("（请确认）", " (please confirm)")
	}
}

func (e *explainer) unlocated() {
	for _, part := range []string{"place", paragraph} {
		e.step(part)
		e.say("文字中没有可识别的地点，未定位；请补充路名、门牌、路口或地标。", "The words name no place that is known; please ask for a road, a number, a crossing or a landmark.")
	}
}

// neighbourly is how far outside the district, in metres, the neighbour beyond the
// nearest border is taken to be the one to hand over to.
const neighbourly = 1500

func (e *explainer) outside() {
	ans := &e.ans
	near := ans.edge.Left
	if near < 0 {
		near = ans.edge.Right
	}
	b := &grid.Beyond{Distance: ans.edge.Distance, HandOver: ans.edge.Beyond}
	if b.Distance > neighbourly {
		b.HandOver = "" // whoever is beyond the nearest border need not be there
	}
	if m := e.c.Asked.Matched; m != nil && m.How == "area" {
		b.HandOver = m.Label // another district, by its name
	}
	if near >= 0 {
		b.Nearest = ref(ans.m.Street(near))
	}
	e.c.Beyond = b
	for _, part := range []string{"place", paragraph} {
		e.step(part)
		e.say("该点不在", "The point is outside ")
		e.ref(ref(&ans.m.District))
		e.say("范围内，距最近的", ", ")
		if e.zh {
			e.add(b.Nearest.Name, " ")
			e.metres(b.Distance)
			e.add(" 米；建议移交", or(b.HandOver, "该点所在的区"), "。")
		} else {
			e.metres(b.Distance)
			e.add(" m from ", or(b.Nearest.NameEN, b.Nearest.Name), ", the nearest; hand over to ", or(b.HandOver, "the district that it lies in"), ".")
		}
	}
	if b.Distance <= ans.reach {
		e.step("standing")
		e.say("区界在精度范围（", "the district's border is within the accuracy (")
		e.metres(ans.reach)
		e.say(" 米）内，移交前请核实位置", " m): verify the place before handing over")
	}
}

func (e *explainer) inside() {
	c, ans := e.c, &e.ans
	e.step("place")
	e.ref(c.Place.District)
	e.add(" → ")
	e.ref(c.Place.Street)
	e.say(" → 单元网格 ", " → cell ")
	e.add(c.Place.Cell)
	if m := c.Asked.Matched; m != nil && m.Error > wide {
		e.say("（位置只是估计，网格不可作准）", " (the point is a guess: do not rely on the cell)")
	}
	e.edge()
	for i := range c.Hotspots {
		h := &c.Hotspots[i]
		e.stepOf("hotspot", h.ID, nil)
		e.add(inLang(e.zh, h.Name, h.NameEN))
		e.say("：", ": ")
		e.b = e.atlas.hotspots.AppendWhy(e.b, ans.hits[i], ans.q.Asked.At, c.Lang)
	}
	e.units = e.atlas.duties.Assist(e.units[:0], &ans.ask, ans.duty)
	for _, u := range e.units {
		c.Assist = append(c.Assist, *unitRef(u))
	}
	e.verdicts = e.atlas.duties.Verdicts(e.verdicts[:0], &ans.ask, ans.duty)
	for _, v := range e.verdicts {
		w := &lost
		if v.Won {
			w = &won
		}
		e.stepOf("duty", v.ID(), w)
		e.b = e.atlas.duties.AppendVerdict(e.b, v, &ans.ask, ans.duty, c.Lang)
	}
	c.Basis = e.basis()
	e.due()
	e.standing()
	e.step(paragraph)
	if e.zh {
		e.paragraphZH()
	} else {
		e.paragraphEN()
	}
}

func (e *explainer) basis() string {
	d := e.ans.duty.Duty
	switch {
	case d == nil && e.zh:
		return "街镇托底"
	case d == nil:
		return "the street office is the last resort (街镇托底)"
	case d.Assumed && e.zh:
		return d.Basis + "（演示推定）"
	case d.Assumed:
		return or(d.BasisEN, d.Basis) + " (assumed for the demonstration)"
	}
	return inLang(e.zh, d.Basis, d.BasisEN)
}

// edge tells the nearest border and, within reach, what share of the accuracy
// circle lies beyond it.
func (e *explainer) edge() {
	c, ans := e.c, &e.ans
	e.step("edge")
	e.say("距最近的边界", "nearest border")
	e.along(c.Edge.Along)
	e.add(" ")
	e.metres(c.Edge.Distance)
	e.say(" 米，对面为", " m away, beyond it ")
	e.beyond()
	for _, s := range ans.spread {
		if s.street == ans.other {
			c.Edge.Share = s.part
		}
		e.step("edge")
		e.street(s.street)
		e.say("：占该路的 ", ": ")
		e.percent(s.part)
		e.say("", " of the road")
	}
	if !ans.near {
		return
	}
	c.Edge.OtherLead = unitRef(ans.rival.Lead)
	if m := c.Asked.Matched; m != nil && (len(ans.spread) > 0 || m.Rival != "") {
		return // the circle says nothing then
	}
	var room [8]coverage.Share
	for _, s := range ans.m.Shares(room[:0], ans.point, ans.reach) {
		if s.Area == ans.other {
			c.Edge.Share = s.Fraction
		}
		e.step("edge")
		e.street(s.Area)
		e.say("：距离 ", ": ")
		e.metres(s.Distance)
		e.say(" 米，占 ", " m away, ")
		if e.zh {
			e.metres(ans.reach)
			e.add(" 米精度圆的 ")
			e.percent(s.Fraction)
		} else {
			e.percent(s.Fraction)
			e.add(" of the accuracy circle of ")
			e.metres(ans.reach)
			e.add(" m")
		}
	}
}

// street names a street of the map, -1 for outside.
func (e *explainer) street(i int) {
	if i < 0 {
		e.say("区外", "outside the district")
		return
	}
	e.ref(ref(e.ans.m.Street(i)))
}

func (e *explainer) beyond() {
	if o := e.c.Edge.Other; o.Name != "" {
		e.ref(o)
		return
	}
	e.say("区外", "outside the district")
}

var limitUnits = map[grid.LimitUnit][2]string{
	grid.Hours:        {" 小时", " hour"},
	grid.WorkingHours: {" 个工作小时", " working hour"},
	grid.WorkingDays:  {" 个工作日", " working day"},
}

func (e *explainer) due() {
	e.step("due")
	if e.c.Due.IsZero() {
		e.say("无规定时限", "no deadline is set")
		return
	}
	l := e.ans.duty.Limit
	e.say("时限 ", "limit ")
	e.b = strconv.AppendInt(e.b, int64(l.N), 10)
	e.say(limitUnits[l.Unit][0], limitUnits[l.Unit][1])
	if l.N != 1 {
		e.say("", "s")
	}
	e.say("，至 ", ", until ")
	e.clock(e.c.Due)
	if !e.ans.dueSure {
		e.say("；该年度放假通知尚未录入，按普通周计算", "; no holiday notice for that year is loaded, the plain week is counted")
	}
}

func (e *explainer) standing() {
	ans := &e.ans
	if ans.near {
		e.step("standing")
		e.contested()
	}
	if t := ans.duty.Tie; t != nil {
		e.step("standing")
		e.say("两条权责同等具体，请裁定：", "two duties are equally specific, a ruling is needed: ")
		e.add(ans.duty.Duty.ID, ", ", t.ID)
	}
	if ans.stand == grid.Settled {
		e.step("standing")
		e.say("归属明确", "settled")
	}
}

// contested says why, who would lead otherwise, and what to ask.
func (e *explainer) contested() {
	words := e.c.Question != ""
	if words {
		e.say("文字未说清地点，归属有争议", "the words leave the place open: contested")
	} else {
		e.say("边界在精度范围内，归属有争议", "the border is within the accuracy: contested")
	}
	if r := unitRef(e.ans.rival.Lead); r != nil && e.ans.rival.Lead == e.ans.duty.Lead {
		e.say("；无论在哪一处均由", "; either way ")
		e.unit(r)
		e.say("牵头", " leads")
	} else if r != nil {
		e.say("；若在另一处，由", "; in the other place ")
		e.unit(r)
		e.say("牵头", " would lead")
	}
	if words {
		e.say("；请询问：", "; ask: ")
		e.add(e.c.Question)
	}
}
