package audit

import (
	"fmt"
	"slices"
	"strings"

	"wangge/grid"
)

// parent is the code of the area that an area lies in by its code: a street's for
// cells and committees, a district's for streets.
func parent(code string) (string, bool) {
	switch grid.LevelOf(code) {
	case grid.LevelStreet:
		return code[:6], true
	case grid.LevelCommittee, grid.LevelCell:
		return code[:9], true
	default: // nothing is above a district
		return "", false
	}
}

// orphans tells areas whose parent by their code is not there, those of one parent
// together.
func (m *survey) orphans() {
	type key struct {
		level  grid.Level // of the orphans
		parent string
	}
	of := map[key][]string{}
	for _, a := range m.areas {
		level := grid.LevelOf(a.Code)
		if up, ok := parent(a.Code); ok && m.byCode[up] == nil {
			of[key{level, up}] = append(of[key{level, up}], a.Code)
		}
		if level == grid.LevelCell && a.Code[9:12] != "000" && m.byCode[a.Code[:12]] == nil {
			of[key{level, a.Code[:12]}] = append(of[key{level, a.Code[:12]}], a.Code)
		}
	}
	for k, codes := range of {
		first := m.byCode[codes[0]]
		m.found = append(m.found, Finding{
			Severity: m.weigh(k.level, k.parent), Code: CodeParent, IDs: codes,
			Says:   fmt.Sprintf("%ss without their %s %s at that time: %d, the first %s", k.level, grid.LevelOf(k.parent), k.parent, len(codes), label(first)),
			SaysZH: fmt.Sprintf("该时间没有%s %s，其下有 %d 个%s，首个为 %s", levelZH[grid.LevelOf(k.parent)], k.parent, len(codes), levelZH[k.level], label(first)),
		})
	}
}

// weigh says how bad a missing parent is. Without its street a cell is nobody's, and
// beside another district a street is a stranger; nothing else changes an answer.
func (m *survey) weigh(level grid.Level, up string) Severity {
	switch {
	case level == grid.LevelCell && grid.LevelOf(up) == grid.LevelStreet:
		return Error
	case level == grid.LevelStreet && slices.ContainsFunc(m.areas, func(a grid.Area) bool { return a.Level == grid.LevelDistrict }):
		return Error
	}
	return Warning
}

// offices tells streets without an office or with two, and offices without a street.
func (m *survey) offices() {
	of := map[string][]string{}
	for _, u := range m.units {
		if u.Kind != grid.UnitStreet {
			continue
		}
		of[u.Street] = append(of[u.Street], u.ID)
		if a := m.byCode[u.Street]; a == nil || a.Level != grid.LevelStreet {
			m.found = append(m.found, Finding{
				Severity: Warning, Code: CodeRef, IDs: []string{u.ID, u.Street},
				Says:   fmt.Sprintf("unit %s: there is no street %q at that time", u.ID, u.Street),
				SaysZH: fmt.Sprintf("单位 %s：该时间没有街镇“%s”", u.ID, u.Street),
			})
		}
	}
	for i := range m.areas {
		a := &m.areas[i]
		if a.Level != grid.LevelStreet {
			continue
		}
		switch ids := of[a.Code]; {
		case len(ids) == 0:
			m.add(Error, CodeOffice, "it has no street office among the units: there is no last resort", "单位中没有其街道办事处，无从托底", a)
		case len(ids) > 1:
			m.add(Warning, CodeOffice, "it has more than one street office: "+strings.Join(ids, ", "), "有不止一个街道办事处："+strings.Join(ids, "、"), a)
		}
	}
}

// borders tells borders beside areas that are not there: what runs along them is
// still told, of areas that nobody sees.
func (m *survey) borders() {
	for _, b := range m.lines {
		for _, code := range []string{b.Left, b.Right} {
			if code == "" || m.byCode[code] != nil {
				continue
			}
			f := Finding{
				Severity: Warning, Code: CodeRef, IDs: []string{b.ID, code}, Shape: b.Line,
				Says:   fmt.Sprintf("border %s: there is no area %s at that time", b.ID, code),
				SaysZH: fmt.Sprintf("边界线 %s：该时间没有区域 %s", b.ID, code),
			}
			if len(b.Line) > 0 {
				f.Located, f.Point = true, b.Line[len(b.Line)/2]
			}
			m.found = append(m.found, f)
		}
	}
}
