package audit

import (
	"fmt"
	"strings"

	"wangge/geo/coverage"
	"wangge/grid"
)

// flaw makes a finding of a flaw in a group. A hole between streets is nobody's and
// an error; cells and committees may leave room, which goes to the nearest cell.
func (m *survey) flaw(g group, f coverage.Flaw) Finding {
	severity := Error
	switch {
	case f.Kind == coverage.Sliver, f.Kind == coverage.Mismatch:
		severity = Warning
	case f.Kind == coverage.Gap && g.level != grid.LevelStreet:
		severity = Note
	}
	says, zh := m.sentence(g, f)
	where := fmt.Sprintf("%.6f %.6f", f.At[0], f.At[1])
	return Finding{
		Severity: severity, Code: string(f.Kind), IDs: f.Codes,
		Located: true, Point: f.At, Shape: f.Shape, Area: f.Area,
		Says: says + ", at " + where, SaysZH: zh + "，位于 " + where,
	}
}

func (m *survey) sentence(g group, f coverage.Flaw) (says, zh string) {
	names := make([]string, len(f.Codes))
	for i, code := range f.Codes {
		names[i] = code
		if a := m.byCode[code]; a != nil {
			names[i] = label(a)
		}
	}
	en, cn := strings.Join(names, ", "), strings.Join(names, "、")
	size := fmt.Sprintf("%.0f m²", f.Area)
	if f.Area < 10 {
		size = fmt.Sprintf("%.2f m²", f.Area)
	}
	switch f.Kind {
	case coverage.Invalid:
		return en + ": the outline crosses or touches itself", cn + "：边界自相交或自相接"
	case coverage.Overlap:
		return en + ": " + size + " belong to both; the smaller code answers", cn + "：重叠 " + size + "，由代码较小者应答"
	case coverage.Gap:
		return fmt.Sprintf("%s: %s belong to no %s", beside(en, "nothing"), size, g.level), fmt.Sprintf("%s：%s 不属于任何%s", beside(cn, "周边无区域"), size, levelZH[g.level])
	case coverage.Beyond:
		return fmt.Sprintf("%s: %s lie outside %s", en, size, label(g.parent)), fmt.Sprintf("%s：%s 超出 %s", cn, size, label(g.parent))
	case coverage.Sliver:
		return fmt.Sprintf("%s: a sliver of %s along the border, as if it had been drawn twice", en, size), fmt.Sprintf("%s：边界处有 %s 的狭长碎片，似为重复绘制", cn, size)
	case coverage.Mismatch:
		return en + ": their common border has vertices that only one of them has", cn + "：共同边界上有仅一方拥有的顶点"
	}
	return en + ": " + string(f.Kind), cn + "：" + string(f.Kind)
}

func beside(names, none string) string {
	if names == "" {
		return none
	}
	return names
}
