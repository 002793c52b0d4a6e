package intake

import (
	"wangge/grid"
)

// paragraph writes what a call-taker reads to the caller.
func (e *explainer) paragraph() {
	e.buf = make([]byte, 0, 768)
	if e.zh {
		e.paragraphZH()
	} else {
		e.paragraphEN()
	}
	e.c.Text = string(e.buf)
}

func (e *explainer) add(parts ...string) {
	for _, p := range parts {
		e.buf = append(e.buf, p...)
	}
}

func (e *explainer) paragraphZH() {
	c, ans := e.c, e.ans
	e.add("该点位于", c.Place.District.Name, c.Place.Street.Name, "，单元网格 ", c.Place.Cell, "，距最近的街道边界", along(c.Edge.Along, "（", "）"), metres(c.Edge.Distance), " 米。")
	for i := range c.Hotspots {
		if i == 0 {
			e.add("属于")
		} else {
			e.add("、")
		}
		e.add(c.Hotspots[i].Name)
		if c.Hotspots[i].Kind == grid.Diversion {
			e.add("（", c.Hotspots[i].Why, "）")
		}
	}
	if len(c.Hotspots) > 0 {
		e.add("。")
	}
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
		e.add("，应于 ", e.clock(c.Due), " 前办结")
	}
	e.add("。依据：", c.Basis, "。")
	if ans.near {
		e.add("注意：距", e.beyond(), "仅 ", metres(c.Edge.Distance), " 米，在 ", metres(ans.reach), " 米精度范围内，归属可能有争议，请向来电人核实位置。")
	}
	if ans.duty.Tie != nil {
		e.add("注意：有两条同等权责，须由中心裁定。")
	}
}

func (e *explainer) paragraphEN() {
	c, ans := e.c, e.ans
	e.add("The point lies in ", e.name(c.Place.Street), ", ", e.name(c.Place.District), ", cell ", c.Place.Cell, ", ",
		metres(c.Edge.Distance), " m from the nearest border", along(c.Edge.Along, " (", ")"), ".")
	for i := range c.Hotspots {
		h := &c.Hotspots[i]
		if i == 0 {
			e.add(" It falls in ")
		} else {
			e.add(", ")
		}
		e.add(or(h.NameEN, h.Name))
		if h.Kind == grid.Diversion {
			e.add(" (", h.Why, ")")
		}
	}
	if len(c.Hotspots) > 0 {
		e.add(".")
	}
	if c.Category.Name != "" {
		e.add(" Matter: ", e.name(c.Category.Ref))
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
		e.add(", due ", e.clock(c.Due))
	}
	e.add(". Basis: ", c.Basis, ".")
	if ans.near {
		e.add(" Note: ", e.beyond(), " is only ", metres(c.Edge.Distance), " m away, within the ", metres(ans.reach), " m of accuracy; ask the caller to verify the place.")
	}
	if ans.duty.Tie != nil {
		e.add(" Note: two duties are equally specific; the centre must rule.")
	}
}
