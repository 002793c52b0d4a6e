package codec

import (
	"wangge/grid"
)

// AppendCertificate appends a certificate as the contract's JSON object. Names are
// in the certificate's language; absent answers are null, lists are never null.
func AppendCertificate(dst []byte, c *grid.Certificate) []byte {
	o := &object{b: dst}
	o.open("")
	o.str("id", c.ID)
	o.str("standing", string(c.Standing))
	o.str("lang", string(c.Lang))
	o.asked(&c.Asked)
	if c.Located {
		o.name("point")
		o.b = append(o.b, `{"type":"Point","coordinates":[`...)
		o.b = append(appendFixed(o.b, c.Point[0], 7), ',')
		o.b = append(appendFixed(o.b, c.Point[1], 7), `]}`...)
		o.float("moved_m", c.Moved, 1)
	} else {
		o.null("point")
		o.null("moved_m")
	}
	o.category(c)
	o.place(c)
	o.edge(c)
	o.beyond(c)
	o.hotspots(c)
	o.unit("lead", c.Lead, c.Lang)
	o.assist(c)
	o.orNull("duty", c.Duty)
	o.orNull("basis", c.Basis)
	o.time("due", c.Due)
	o.null("precedent") // rulings come with the flow of cases; until then none is cited
	o.steps(c.Steps)
	o.open("version")
	o.str("map", c.Version.Map)
	o.str("duties", c.Version.Duties)
	o.str("calendar", c.Version.Calendar)
	o.close()
	o.orNull("question", c.Question)
	o.str("text", c.Text)
	o.close()
	return o.b
}

func (o *object) asked(a *grid.Asked) {
	o.open("asked")
	if a.Located {
		o.exact("lon", a.Point[0])
		o.exact("lat", a.Point[1])
		o.str("datum", string(a.Datum))
	}
	if a.Accuracy > 0 {
		o.exact("accuracy_m", a.Accuracy)
	}
	o.time("at", a.At)
	if !a.Known.IsZero() {
		o.time("known", a.Known)
	}
	if a.Matched != nil {
		o.open("matched")
		o.str("how", a.Matched.How)
		o.str("label", a.Matched.Label)
		o.float("error_m", a.Matched.Error, 1)
		o.float("confidence", a.Matched.Confidence, 2)
		o.opt("rival", a.Matched.Rival)
		o.close()
	}
	o.close()
}

func (o *object) category(c *grid.Certificate) {
	if c.Category.Code == "" {
		o.null("category")
		return
	}
	o.open("category")
	o.refMembers(c.Category.Ref, c.Lang)
	o.bool("proposed", c.Category.Proposed)
	o.close()
}

func (o *object) refMembers(r grid.Ref, lang grid.Lang) {
	o.orNull("code", r.Code)
	o.str("name", inLang(lang, r.Name, r.NameEN))
}

func (o *object) ref(name string, r grid.Ref, lang grid.Lang) {
	if r.Code == "" && r.Name == "" {
		o.null(name)
		return
	}
	o.open(name)
	o.refMembers(r, lang)
	o.close()
}

func inLang(lang grid.Lang, zh, en string) string {
	if lang == grid.EN && en != "" {
		return en
	}
	return zh
}

func (o *object) place(c *grid.Certificate) {
	if c.Place == nil {
		o.null("place")
		return
	}
	o.open("place")
	o.ref("district", c.Place.District, c.Lang)
	o.ref("street", c.Place.Street, c.Lang)
	o.open("cell")
	o.str("code", c.Place.Cell)
	o.orNull("hex", c.Place.Hex)
	o.close()
	o.close()
}

func (o *object) edge(c *grid.Certificate) {
	e := c.Edge
	if e == nil {
		o.null("edge")
		return
	}
	o.open("edge")
	o.float("distance_m", e.Distance, 1)
	o.orNull("along", e.Along)
	if e.Other.Code == "" && e.Other.Name == "" {
		o.null("other")
	} else {
		o.open("other")
		o.refMembers(e.Other, c.Lang)
		o.float("share", e.Share, 3)
		if e.OtherLead != nil {
			o.unit("lead", e.OtherLead, c.Lang)
		}
		o.close()
	}
	o.close()
}

func (o *object) beyond(c *grid.Certificate) {
	b := c.Beyond
	if b == nil {
		return
	}
	o.open("outside")
	o.ref("nearest", b.Nearest, c.Lang)
	o.float("distance_m", b.Distance, 1)
	o.orNull("hand_over", b.HandOver)
	o.close()
}

func (o *object) hotspots(c *grid.Certificate) {
	o.name("hotspots")
	o.b = append(o.b, '[')
	for i := range c.Hotspots {
		h := &c.Hotspots[i]
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.open("")
		o.str("id", h.ID)
		o.str("name", inLang(c.Lang, h.Name, h.NameEN))
		o.str("kind", string(h.Kind))
		o.float("distance_m", h.Distance, 1)
		o.bool("open", h.Open)
		o.str("why", h.Why)
		o.close()
	}
	o.b = append(o.b, ']')
}

func (o *object) unit(name string, u *grid.UnitRef, lang grid.Lang) {
	if u == nil {
		o.null(name)
		return
	}
	o.open(name)
	o.str("id", u.ID)
	o.str("name", inLang(lang, u.Name, u.NameEN))
	o.close()
}

func (o *object) assist(c *grid.Certificate) {
	o.name("assist")
	o.b = append(o.b, '[')
	for i := range c.Assist {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.open("")
		o.str("id", c.Assist[i].ID)
		o.str("name", inLang(c.Lang, c.Assist[i].Name, c.Assist[i].NameEN))
		o.close()
	}
	o.b = append(o.b, ']')
}

func (o *object) steps(steps []grid.Step) {
	o.name("steps")
	o.b = append(o.b, '[')
	for i := range steps {
		if i > 0 {
			o.b = append(o.b, ',')
		}
		o.open("")
		o.str("step", steps[i].Step)
		o.opt("id", steps[i].ID)
		if steps[i].Won != nil {
			o.bool("won", *steps[i].Won)
		}
		o.str("says", steps[i].Says)
		o.close()
	}
	o.b = append(o.b, ']')
}

// AppendBrief appends the short answer of a bulk run: the report's key and the
// codes, without sentences. r may be nil.
func AppendBrief(dst []byte, r *grid.Report, c *grid.Certificate) []byte {
	o := &object{b: dst}
	o.open("")
	if r != nil {
		o.opt("key", r.Key)
	}
	o.str("standing", string(c.Standing))
	if c.Located {
		o.float("lon", c.Point[0], 7)
		o.float("lat", c.Point[1], 7)
	}
	if c.Place != nil {
		o.str("street", c.Place.Street.Code)
		o.str("cell", c.Place.Cell)
		o.opt("hex", c.Place.Hex)
	}
	if c.Edge != nil {
		o.float("edge_m", c.Edge.Distance, 1)
	}
	o.opt("category", c.Category.Code)
	if len(c.Hotspots) > 0 {
		o.name("hotspots")
		o.b = append(o.b, '[')
		for i := range c.Hotspots {
			if i > 0 {
				o.b = append(o.b, ',')
			}
			o.b = appendString(o.b, c.Hotspots[i].ID)
		}
		o.b = append(o.b, ']')
	}
	if c.Lead != nil {
		o.str("lead", c.Lead.ID)
	}
	o.opt("duty", c.Duty)
	if !c.Due.IsZero() {
		o.time("due", c.Due)
	}
	o.close()
	return o.b
}
