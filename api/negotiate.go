package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"wangge/grid"
)

// bodyType returns the media type of a body when it is one of want. The error is
// told as 415 with an Accept header that lists them.
func bodyType(w http.ResponseWriter, r *http.Request, want ...string) (string, error) {
	got, pars, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(pars["charset"])
	if err == nil && (charset == "" || charset == "utf-8" || charset == "utf8") && r.Header.Get("Content-Encoding") == "" {
		for _, t := range want {
			if got == t {
				return t, nil
			}
		}
	}
	list := strings.Join(want, ", ")
	w.Header().Set("Accept", list)
	return "", &grid.Error{
		Kind: wrongType, Msg: "send a plain UTF-8 body with Content-Type " + list,
		MsgZH: "请以 Content-Type " + list + "（UTF-8、不压缩）发送正文",
	}
}

// preferred returns the one of offers that an Accept header likes best; offers[0]
// when it likes none or is empty.
func preferred(accept string, offers ...string) string {
	best, bestQ := offers[0], 0.0
	if accept == "" {
		return best
	}
	for _, offer := range offers {
		if q := weight(accept, offer); q > bestQ {
			best, bestQ = offer, q
		}
	}
	return best
}

// weight is the quality that accept gives to a media type: that of the most
// specific range that covers it (RFC 9110, 12.5.1).
func weight(accept, offer string) float64 {
	group, _, _ := strings.Cut(offer, "/")
	specific, q := 0, 0.0
	for part := range strings.SplitSeq(accept, ",") {
		name, rest, _ := strings.Cut(part, ";")
		level := 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case offer:
			level = 3
		case group + "/*":
			level = 2
		case "*/*":
			level = 1
		}
		if level > specific {
			specific, q = level, quality(rest)
		}
	}
	return q
}

func quality(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			if q, err := strconv.ParseFloat(v, 64); err == nil && q >= 0 && q <= 1 {
				return q
			}
			return 0
		}
	}
	return 1
}
