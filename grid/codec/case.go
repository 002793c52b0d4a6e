package codec

import (
	"wangge/grid"
)

func (o *object) reportMembers(r *grid.Report, reporter bool) {
	o.opt("key", r.Key)
	o.opt("source", r.Source)
	o.opt("category", r.Category)
	o.opt("text", r.Text)
	if r.Located {
		o.exact("lon", r.Point[0])
		o.exact("lat", r.Point[1])
		o.str("datum", string(r.Datum))
	}
	if r.Accuracy > 0 {
		o.exact("accuracy_m", r.Accuracy)
	}
	if !r.At.IsZero() {
		o.time("at", r.At)
	}
	if !r.Known.IsZero() {
		o.time("known", r.Known)
	}
	o.opt("address", r.Address)
	if reporter && r.Reporter != nil {
		o.open("reporter")
		o.opt("name", r.Reporter.Name)
		o.opt("phone", r.Reporter.Phone)
		o.close()
	}
	if len(r.Attachments) > 0 {
		o.name("attachments")
		o.b = append(o.b, '[')
		for i, a := range r.Attachments {
			if i > 0 {
				o.b = append(o.b, ',')
			}
			o.open("")
			o.str("url", a.URL)
			o.opt("sha256", a.SHA256)
			o.close()
		}
		o.b = append(o.b, ']')
	}
}

// AppendCase appends a case: its state, its report (the reporter only when asked
// for) and its whole certificate as it was first answered.
func AppendCase(dst []byte, c *grid.Case, reporter bool) []byte {
	o := &object{b: dst}
	o.open("")
	o.str("id", string(c.ID))
	o.str("district", c.District)
	o.str("state", string(c.State))
	o.str("standing", string(c.Standing))
	o.time("filed_at", c.FiledAt)
	o.time("due", c.Due)
	o.orNull("lead", c.Lead)
	o.orNull("category", c.Category)
	o.orNull("street", c.Street)
	o.orNull("cell", c.Cell)
	o.open("report")
	o.reportMembers(&c.Report, reporter)
	o.close()
	o.name("certificate")
	if len(c.Certificate) == 0 {
		o.b = append(o.b, "null"...)
	} else {
		o.b = append(o.b, c.Certificate...)
	}
	o.close()
	return o.b
}
