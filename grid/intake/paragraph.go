package intake

import "wangge/grid"

// The paragraph is what a call-taker reads to the caller.

func (e *explainer) paragraphZH() {
	c, ans := e.c, &e.ans
	e.add("该点位于", c.Place.District.Name, c.Place.Street.Name, "，单元网格 ", c.Place.Cell, "，距最近的街道边界")
	e.along(c.Edge.Along)
	e.metres(c.Edge.Distance)
	e.add(" 米。")
	e.places("属于", "附近可用：", "、", "。")
	if c.Category.Name != "" {
		e.add("事项为“", c.Category.Name, "”")
		if c.Category.Proposed {
			e.add("（系统建议）")
		}
		e.add("，")
	}
	if c.Lead != nil {
		e.add("由", c.Lead.Name, "牵头")
	} else {
		e.add("暂无牵头单位")
	}
	for i := range c.Assist {
		if i == 0 {
			e.add("，")
		} else {
			e.add("、")
		}
		e.add(c.Assist[i].Name)
	}
	if len(c.Assist) > 0 {
		e.add("协助")
	}
	if !c.Due.IsZero() {
		e.add("，应于 ")
		e.clock(c.Due)
		e.add(" 前办结")
	}
	e.add("。依据：", c.Basis, "。")
	switch {
	case ans.near && c.Question != "":
		e.add("注意：来电内容未说清地点，也可能在")
		e.street(ans.other)
		e.add("，请询问：", c.Question)
	case ans.near:
		e.add("注意：距")
		e.beyond()
		e.add("仅 ")
		e.metres(c.Edge.Distance)
		e.add(" 米，在 ")
		e.metres(ans.reach)
		e.add(" 米精度范围内，归属可能有争议，请核实位置。")
	}
	if ans.duty.Tie != nil {
		e.add("注意：有两条同等权责，须由中心裁定。")
	}
}

func (e *explainer) paragraphEN() {
	c, ans := e.c, &e.ans
	e.add("The point lies in ")
	e.ref(c.Place.Street)
	e.add(", ")
	e.ref(c.Place.District)
	e.add(", cell ", c.Place.Cell, ", ")
	e.metres(c.Edge.Distance)
	e.add(" m from the nearest border")
	e.along(c.Edge.Along)
	e.add(".")
	e.places(" It falls in ", " On offer nearby: ", ", ", ".")
	if c.Category.Name != "" {
		e.add(" Matter: ")
		e.ref(c.Category.Ref)
		if c.Category.Proposed {
			e.add(" (proposed)")
		}
		e.add(".")
	}
	if c.Lead != nil {
		e.add(" ", or(c.Lead.NameEN, c.Lead.Name), " leads")
	} else {
		e.add(" No unit is known to lead")
	}
	for i := range c.Assist {
		if i == 0 {
			e.add(", assisted by ")
		} else {
			e.add(", ")
		}
		e.add(or(c.Assist[i].NameEN, c.Assist[i].Name))
	}
	if !c.Due.IsZero() {
		e.add(", due ")
		e.clock(c.Due)
	}
	e.add(". Basis: ", c.Basis, ".")
	switch {
	case ans.near && c.Question != "":
		e.add(" Note: the words leave the place open, it may also lie in ")
		e.street(ans.other)
		e.add("; ask: ", c.Question)
	case ans.near:
		e.add(" Note: ")
		e.beyond()
		e.add(" is only ")
		e.metres(c.Edge.Distance)
		e.add(" m away, within the ")
		e.metres(ans.reach)
		e.add(" m of accuracy; ask the caller to verify the place.")
	}
	if ans.duty.Tie != nil {
		e.add(" Note: two duties are equally specific; the centre must rule.")
	}
}

// places lists the hotspots that the point falls in, and the open resources by it.
func (e *explainer) places(falls, offer, comma, stop string) {
	for _, resources := range []bool{false, true} {
		n := 0
		for i := range e.c.Hotspots {
			h := &e.c.Hotspots[i]
			if (h.Kind == grid.Resource) != resources || resources && !h.Open {
				continue
			}
			switch {
			case n > 0:
				e.add(comma)
			case resources:
				e.add(offer)
			default:
				e.add(falls)
			}
			n++
			e.add(inLang(e.zh, h.Name, h.NameEN))
			if h.Kind == grid.Diversion {
				e.say("（", " (")
				e.b = e.atlas.hotspots.AppendWhy(e.b, e.ans.hits[i], e.ans.q.Asked.At, e.c.Lang)
				e.say("）", ")")
			}
		}
		if n > 0 {
			e.add(stop)
		}
	}
}
