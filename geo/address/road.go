package address

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// road is a centre line with the doors known along it. Numbers of doors and of lanes
// rise together; odd and even ones stand on two sides. Which way they rise and which
// side has which is learned from the doors, never assumed.
type road struct {
	name  string
	line  orb.LineString
	doors []door // by number
	made  bool   // the line is drawn through the doors, for want of a better

	reach []float64  // metres from the line's start to each of its points
	side  [2]float64 // of even and odd numbers: +1 left of the line, -1 right, 0 not known
	depth [2]float64 // metres from the line to a door, to the point of a lane
	rate  float64    // metres along the line for one number, signed; 0 not known
}

// door is a known number. along and off are metres along the line and to its left.
type door struct {
	number     int
	lane       bool
	place      bool // the point is that of a place with this address
	at         orb.Point
	along, off float64
}

// Defaults where a road has too few doors to learn from: metres.
const (
	doorDepth = 22
	laneDepth = 75
	typical   = 3.2 // for one number
)

// tooFar is how far behind the last known door a number is still guessed, in metres.
const tooFar = 1200

// find returns the index of a known door, -1 for none. Until learn the doors are in no order.
func (r *road) find(number int, lane bool) int {
	return slices.IndexFunc(r.doors, func(d door) bool { return d.number == number && d.lane == lane })
}

// learn places the doors along the line and takes the road's habits from them.
func (r *road) learn() {
	slices.SortStableFunc(r.doors, func(a, b door) int { return cmp.Compare(a.number, b.number) })
	if len(r.line) < 2 {
		r.line, r.made = nil, true
		for _, d := range r.doors { // the doors are all that is known of it
			if n := len(r.line); n == 0 || span(r.line[n-1], d.at) > 1 {
				r.line = append(r.line, d.at)
			}
		}
	}
	r.reach = make([]float64, len(r.line))
	for i := 1; i < len(r.line); i++ {
		r.reach[i] = r.reach[i-1] + span(r.line[i-1], r.line[i])
	}
	r.depth = [2]float64{doorDepth, laneDepth}
	var offs [2][]float64
	var votes [2]float64
	for i := range r.doors {
		d := &r.doors[i]
		d.along, d.off = r.project(d.at)
		kind := boolInt(d.lane)
		if !d.place {
			offs[kind] = append(offs[kind], math.Abs(d.off))
		}
		if w := math.Abs(d.off); w > 4 {
			votes[d.number%2] += math.Copysign(math.Min(w, 30), d.off)
		}
	}
	for k := range offs {
		if len(offs[k]) >= 3 {
			slices.Sort(offs[k])
			r.depth[k] = min(120, max(8, offs[k][len(offs[k])/2]))
		}
	}
	if even, odd := votes[0], votes[1]; even-odd > 20 {
		r.side = [2]float64{1, -1}
	} else if odd-even > 20 {
		r.side = [2]float64{-1, 1}
	}
	r.rate = r.learnRate()
}

// learnRate is the median of the metres for one number over pairs of doors.
func (r *road) learnRate() float64 {
	var rates []float64
	for i := range r.doors {
		for j := range i {
			a, b := &r.doors[j], &r.doors[i]
			if n := b.number - a.number; n >= 10 && math.Abs(b.along-a.along) > 40 {
				rates = append(rates, (b.along-a.along)/float64(n))
			}
		}
	}
	if len(rates) == 0 {
		return 0
	}
	slices.Sort(rates)
	return rates[len(rates)/2]
}

func (r *road) length() float64 {
	if len(r.reach) == 0 {
		return 0
	}
	return r.reach[len(r.reach)-1]
}

// project returns how far along the line its point nearest to p is, and how far p
// stands to the left of it.
func (r *road) project(p orb.Point) (along, off float64) {
	best := math.Inf(1)
	kx := 111000 * math.Cos(p[1]*math.Pi/180)
	for i := 1; i < len(r.line); i++ {
		ax, ay := (r.line[i-1][0]-p[0])*kx, (r.line[i-1][1]-p[1])*111000
		dx, dy := (r.line[i][0]-r.line[i-1][0])*kx, (r.line[i][1]-r.line[i-1][1])*111000
		l2 := dx*dx + dy*dy
		if l2 == 0 {
			continue
		}
		t := min(1, max(0, -(ax*dx+ay*dy)/l2))
		x, y := ax+t*dx, ay+t*dy
		if d := math.Hypot(x, y); d < best {
			best = d
			along = r.reach[i-1] + t*math.Sqrt(l2)
			off = math.Copysign(d, y*dx-x*dy) * -1 // p is at the origin
		}
	}
	return along, off
}

// point returns the point so many metres along the line, held within it, and so many
// to its left.
func (r *road) point(along, off float64) orb.Point {
	if len(r.line) < 2 {
		if len(r.line) == 1 {
			return r.line[0]
		}
		return orb.Point{}
	}
	along = min(r.length(), max(0, along))
	i, _ := slices.BinarySearch(r.reach, along)
	i = min(len(r.line)-1, max(1, i))
	a, b := r.line[i-1], r.line[i]
	l := r.reach[i] - r.reach[i-1]
	t := 0.0
	if l > 0 {
		t = (along - r.reach[i-1]) / l
	}
	p := orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
	if off == 0 || l == 0 {
		return p
	}
	kx := 111000 * math.Cos(p[1]*math.Pi/180)
	dx, dy := (b[0]-a[0])*kx/l, (b[1]-a[1])*111000/l
	return orb.Point{p[0] - dy*off/kx, p[1] + dx*off/111000}
}

// stretch is the part of the line between two distances along it.
func (r *road) stretch(from, to float64) orb.LineString {
	if from > to {
		from, to = to, from
	}
	out := orb.LineString{r.point(from, 0)}
	for i, d := range r.reach {
		if d > from && d < to {
			out = append(out, r.line[i])
		}
	}
	return append(out, r.point(to, 0))
}

// guess is where a number stands. sure is what the confidence is at the most.
type guess struct {
	along, off, err, sure float64
	at                    orb.Point
	known, beyond         bool // beyond: the numbers run past the end of the line
}

// locate finds a number: a known door, a point between its neighbours, or one not far
// behind the last.
func (r *road) locate(number int, isLane bool) (guess, bool) {
	if i := r.find(number, isLane); i >= 0 {
		d := &r.doors[i]
		g := guess{along: d.along, off: d.off, at: d.at, err: 60, sure: 0.97, known: true}
		if d.place {
			g.err = 110
		}
		return g, true
	}
	if len(r.doors) == 0 || len(r.line) < 2 {
		return guess{}, false
	}
	lo, hi := r.around(number)
	g := guess{off: r.side[number%2] * r.depth[boolInt(isLane)]}
	switch {
	case lo != nil && hi != nil:
		n, gap := float64(hi.number-lo.number), math.Abs(hi.along-lo.along)
		f := 0.5
		if n > 0 {
			f = float64(number-lo.number) / n
		}
		g.along = lo.along + f*(hi.along-lo.along)
		g.err, g.sure = bracketError(gap, isLane), 0.96
	default:
		d := lo
		if d == nil {
			d = hi
		}
		rate := r.rate
		if rate == 0 {
			rate = r.towards(d)
		}
		delta := float64(number - d.number)
		if math.Abs(delta*rate) > tooFar {
			return guess{}, false
		}
		g.along = d.along + delta*rate
		if past := max(-g.along, g.along-r.length()); past > 80 {
			g.beyond = past > 250
		}
		g.err = 120 + 0.6*math.Abs(delta*rate)
		g.sure = max(0.35, 0.9-math.Abs(delta*rate)/1200)
	}
	g.at = r.point(g.along, g.off)
	return g, true
}

// bracketError is the radius that holds nine of ten numbers between two doors so many
// metres apart; TestCalibration holds it against doors that were left out.
func bracketError(gap float64, isLane bool) float64 {
	e := 70 + 0.40*gap
	if isLane {
		e += 50
	}
	return e
}

// towards is the rate where nothing is learned: away from the nearer end of the line,
// where the numbers of most roads begin.
func (r *road) towards(d *door) float64 {
	if d.along < r.length()/2 {
		return typical
	}
	return -typical
}

// around returns the known doors next to a number, below and above: those of its own
// side where they are not much farther than the others.
func (r *road) around(number int) (lo, hi *door) {
	var next, own [2]*door
	for i := range r.doors {
		d := &r.doors[i]
		k := 0
		if d.number > number {
			k = 1
		}
		if k == 0 || next[1] == nil {
			next[k] = d
		}
		if d.number%2 == number%2 && (k == 0 || own[1] == nil) {
			own[k] = d
		}
	}
	pick := func(own, next *door) *door {
		if own == nil || next == nil {
			return next
		}
		if math.Abs(float64(own.number-number)) <= 2.5*math.Abs(float64(next.number-number))+10 {
			return own
		}
		return next
	}
	return pick(own[0], next[0]), pick(own[1], next[1])
}
