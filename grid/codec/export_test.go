package codec

import "wangge/grid"

// AppendReport lets tests write a report by itself, as a case holds it: the contract's
// JSON object, the reporter only when asked for.
func AppendReport(dst []byte, r *grid.Report, reporter bool) []byte {
	o := &object{b: dst}
	o.open("")
	o.reportMembers(r, reporter)
	o.close()
	return o.b
}
