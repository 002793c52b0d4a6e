package codec

import (
	"time"

	"wangge/grid"
)

// AppendString appends s as a JSON string; what is not UTF-8 becomes U+FFFD.
func AppendString(dst []byte, s string) []byte { return appendString(dst, s) }

// AppendTime appends t, without quotes, as RFC 3339 in Asia/Shanghai, cut to the
// millisecond where it has one. The date is reckoned from the days since 0000-03-01
// (Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
func AppendTime(dst []byte, t time.Time) []byte {
	const day, offset = 24 * 60 * 60, 8 * 60 * 60
	const toMarch = 719468                     // days from 0000-03-01 to 1970-01-01
	s := t.Unix() + offset + toMarch*day       // seconds since 0000-03-01
	if s < 306*day || s >= (3652059+306)*day { // not in the years 1 to 9999
		return t.In(grid.Zone).AppendFormat(dst, "2006-01-02T15:04:05.999Z07:00")
	}
	days, sec := int(s/day), int(s%day)
	era, doe := days/146097, days%146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	year, month := era*400+yoe, mp+3
	if month > 12 {
		year, month = year+1, month-12
	}
	dst = append(dst, byte('0'+year/1000), byte('0'+year/100%10))
	dst = append(appendTwo(dst, year%100), '-')
	dst = append(appendTwo(dst, month), '-')
	dst = append(appendTwo(dst, doy-(153*mp+2)/5+1), 'T')
	dst = append(appendTwo(dst, sec/3600), ':')
	dst = append(appendTwo(dst, sec/60%60), ':')
	dst = appendTwo(dst, sec%60)
	if ms := t.Nanosecond() / 1e6; ms > 0 {
		dst = append(dst, '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10))
		for dst[len(dst)-1] == '0' {
			dst = dst[:len(dst)-1]
		}
	}
	return append(dst, "+08:00"...)
}

func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }
