package intake

import (
	"math"
	"strconv"
	"time"

	"wangge/geo/coverage"
	"wangge/geo/datum"
	"wangge/grid"
	"wangge/grid/codec"
)

// certificate explains the answer to an enquiry. Everything in it follows from the
// enquiry and the atlas, so that the same id gives the same certificate for ever.
func (a *Atlas) certificate(q *codec.Enquiry, lang grid.Lang) (*grid.Certificate, error) {
	var ans answer
	if err := a.answer(q, &ans); err != nil {
		return nil, err
	}
	c := ans.brief(lang)
	c.ID = codec.FormatID(q)
	c.Version = a.version
	for i := range c.Hotspots {
		c.Hotspots[i].Why = a.hotspots.Why(ans.hits[i], q.Asked.At, lang)
	}
	e := &explainer{atlas: a, ans: &ans, c: c, zh: lang != grid.EN}
	e.datum()
	e.category()
	switch {
	case !c.Located:
		e.unlocated()
	case !ans.inside:
		e.outside()
	default:
		e.inside()
	}
	return c, nil
}

// explainer writes the steps and the paragraph of one certificate.
type explainer struct {
	atlas *Atlas
	ans   *answer
	c     *grid.Certificate
	zh    bool
	buf   []byte
}

// say picks the sentence of the certificate's language.
func (e *explainer) say(zh, en string) string {
	if e.zh {
		return zh
	}
	return en
}

func (e *explainer) step(step, says string) {
	e.c.Steps = append(e.c.Steps, grid.Step{Step: step, Says: says})
}

// metres writes a length for people: centimetres near a border, else metres.
func metres(d float64) string {
	if d < 10 {
		return strconv.FormatFloat(math.Round(d*100)/100, 'f', -1, 64)
	}
	return strconv.Itoa(int(math.Round(d)))
}

func (e *explainer) name(r grid.Ref) string { return e.say(r.Name, or(r.NameEN, r.Name)) }

func (e *explainer) unit(u *grid.Unit) string { return e.say(u.Name, or(u.NameEN, u.Name)) }

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

var datumNames = map[datum.Datum][2]string{
	datum.WGS84:    {"WGS-84 坐标", "WGS-84"},
	datum.CGCS2000: {"CGCS2000 坐标（按 WGS-84 使用）", "CGCS2000, read as WGS-84"},
	datum.GCJ02:    {"GCJ-02 坐标（高德、腾讯）", "GCJ-02 (AMap)"},
	datum.BD09:     {"BD-09 坐标（百度）", "BD-09 (Baidu)"},
}

func (e *explainer) datum() {
	asked := &e.c.Asked
	switch {
	case !asked.Located:
	case asked.Matched != nil:
		m := asked.Matched
		e.step("text", e.say("文字中识别出“"+m.Label+"”，位置误差约 "+metres(m.Error)+" 米",
			"the text names “"+m.Label+"”, located to about "+metres(m.Error)+" m"))
	case e.c.Moved == 0:
		n := datumNames[asked.Datum]
		e.step("datum", e.say("来源为 "+n[0]+"，无需转换", "given in "+n[1]+", nothing to convert"))
	default:
		n := datumNames[asked.Datum]
		e.step("datum", e.say("来源为 "+n[0]+"，已换算为 WGS-84，移动 "+metres(e.c.Moved)+" 米",
			"given in "+n[1]+", converted to WGS-84, moved "+metres(e.c.Moved)+" m"))
	}
	if asked.Located && asked.Accuracy == 0 && asked.Matched == nil {
		e.step("datum", e.say("未说明精度，按 "+metres(defaultReach)+" 米计", "no accuracy was stated, "+metres(defaultReach)+" m is assumed"))
	}
}

func (e *explainer) category() {
	k := e.c.Category
	switch {
	case k.Code == "":
		e.step("category", e.say("未给出案件类别，文字中也未识别出类别", "no category was given, and the words speak for none"))
	case k.Proposed:
		e.step("category", e.say("按文字建议类别：“"+k.Name+"”（请确认）", "proposed from the words: “"+e.name(k.Ref)+"” (please confirm)"))
	default:
		e.step("category", e.say("类别：“"+k.Name+"”", "category: “"+e.name(k.Ref)+"”"))
	}
}

func (e *explainer) unlocated() {
	says := e.say("文字中没有可识别的地点，未定位；请补充路名、门牌、路口或地标。", "The words name no place that is known; please ask for a road, a number, a crossing or a landmark.")
	e.step("place", says)
	e.c.Text = says
}

func (e *explainer) outside() {
	ans := e.ans
	near := ans.edge.Left
	if near < 0 {
		near = ans.edge.Right
	}
	b := &grid.Beyond{Distance: ans.edge.Distance, HandOver: ans.edge.Beyond}
	if near >= 0 {
		b.Nearest = ref(ans.m.Street(near))
	}
	e.c.Beyond = b
	district := e.name(ref(&ans.m.District))
	to := e.say("相邻区", "the neighbouring district")
	if b.HandOver != "" {
		to = b.HandOver
	}
	says := e.say(
		"该点不在"+district+"范围内，距最近的"+b.Nearest.Name+" "+metres(b.Distance)+" 米；建议移交"+to+"。",
		"The point is outside "+district+", "+metres(b.Distance)+" m from "+e.name(b.Nearest)+", the nearest; hand over to "+to+".")
	e.step("place", says)
	if b.Distance <= ans.reach {
		e.step("standing", e.say("距区界不足 "+metres(ans.reach)+" 米（精度范围内），移交前请核实位置", "the district's border is within the "+metres(ans.reach)+" m of accuracy: verify the place before handing over"))
	}
	e.c.Text = says
}

func (e *explainer) inside() {
	ans, c := e.ans, e.c
	cell := c.Place.Cell
	e.step("place", e.say(
		c.Place.District.Name+" → "+c.Place.Street.Name+" → 单元网格 "+cell,
		e.name(c.Place.District)+" → "+e.name(c.Place.Street)+" → cell "+cell))
	e.edge()
	for i := range c.Hotspots {
		h := &c.Hotspots[i]
		c.Steps = append(c.Steps, grid.Step{Step: "hotspot", ID: h.ID, Says: e.say(h.Name+"：", or(h.NameEN, h.Name)+": ") + h.Why})
	}
	for _, u := range e.atlas.duties.Assist(nil, &ans.ask, ans.duty) {
		c.Assist = append(c.Assist, *unitRef(u))
	}
	c.Steps = e.atlas.duties.Explain(c.Steps, &ans.ask, ans.duty, c.Lang)
	if d := ans.duty.Duty; d != nil {
		c.Basis = e.say(d.Basis, or(d.BasisEN, d.Basis))
		if d.Assumed {
			c.Basis += e.say("（演示推定）", " (assumed for the demonstration)")
		}
	} else {
		c.Basis = e.say("街镇托底", "the street office is the last resort (街镇托底)")
	}
	e.due()
	e.standing()
	e.paragraph()
}

// edge tells the nearest border and, within reach, what share of the accuracy
// circle lies beyond it.
func (e *explainer) edge() {
	ans, c := e.ans, e.c
	beyond := e.beyond()
	says := e.say("距最近的边界"+along(c.Edge.Along, "（", "）")+" "+metres(c.Edge.Distance)+" 米，对面为"+beyond,
		"nearest border"+along(c.Edge.Along, " (", ")")+" "+metres(c.Edge.Distance)+" m away, beyond it "+beyond)
	e.step("edge", says)
	if !ans.near {
		return
	}
	var room [8]coverage.Share
	for _, s := range ans.m.Shares(room[:0], ans.point, ans.reach) {
		who := e.say("区外", "outside the district")
		if s.Area >= 0 {
			who = e.name(ref(ans.m.Street(s.Area)))
		}
		if s.Area == ans.other {
			c.Edge.Share = s.Fraction
		}
		e.step("edge", e.say(
			who+"：距离 "+metres(s.Distance)+" 米，占 "+metres(ans.reach)+" 米精度圆的 "+percent(s.Fraction),
			who+": "+metres(s.Distance)+" m away, "+percent(s.Fraction)+" of the "+metres(ans.reach)+" m accuracy circle"))
	}
	if ans.rival.Lead != nil {
		c.Edge.OtherLead = unitRef(ans.rival.Lead)
	}
}

func along(name, before, after string) string {
	if name == "" {
		return ""
	}
	return before + name + after
}

func percent(f float64) string { return strconv.Itoa(int(math.Round(f*100))) + "%" }

func (e *explainer) beyond() string {
	o := e.c.Edge.Other
	if o.Name == "" {
		return e.say("区外", "outside the district")
	}
	return e.name(o)
}

func (e *explainer) due() {
	l := e.ans.duty.Limit
	if e.c.Due.IsZero() {
		e.step("due", e.say("无规定时限", "no deadline is set"))
		return
	}
	unit := map[grid.LimitUnit][2]string{grid.Hours: {"小时", "hours"}, grid.WorkingHours: {"个工作小时", "working hours"}, grid.WorkingDays: {"个工作日", "working days"}}[l.Unit]
	n := strconv.Itoa(l.N)
	says := e.say("时限 "+n+" "+unit[0]+"，至 "+e.clock(e.c.Due), "limit "+n+" "+unit[1]+", until "+e.clock(e.c.Due))
	if !e.ans.dueSure {
		says += e.say("；该年度放假通知尚未录入，按普通周计算", "; no holiday notice for that year is loaded, the plain week is counted")
	}
	e.step("due", says)
}

func (e *explainer) clock(t time.Time) string {
	return t.In(grid.Zone).Format(e.say("2006年1月2日15:04", "2006-01-02 15:04"))
}

func (e *explainer) standing() {
	ans := e.ans
	if ans.near {
		says := e.say("边界在精度范围内，归属有争议", "the border is within the accuracy: contested")
		if ans.rival.Lead != nil && ans.rival.Lead == ans.duty.Lead {
			says += e.say("；无论哪侧均由"+e.unit(ans.duty.Lead)+"牵头", "; either way "+e.unit(ans.duty.Lead)+" leads")
		} else if ans.rival.Lead != nil {
			says += e.say("；若在对面，由"+e.unit(ans.rival.Lead)+"牵头", "; on the other side "+e.unit(ans.rival.Lead)+" would lead")
		}
		e.step("standing", says)
	}
	if t := ans.duty.Tie; t != nil {
		e.step("standing", e.say("两条权责同等具体（"+ans.duty.Duty.ID+"、"+t.ID+"），请裁定", "two duties are equally specific ("+ans.duty.Duty.ID+", "+t.ID+"): a ruling is needed"))
	}
	if ans.stand == grid.Settled {
		e.step("standing", e.say("归属明确", "settled"))
	}
}
