package osm_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"wangge/geo"
	"wangge/grid"
	"wangge/grid/codec"
	"wangge/grid/osm"
)

// The least of a writer of PBF, to draw what no tool writes.

func bytesField(num protowire.Number, b []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, num, protowire.BytesType), b)
}

func numberField(num protowire.Number, v uint64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(nil, num, protowire.VarintType), v)
}

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// framed is a block as it stands in a file.
func framed(sort string, blob []byte) []byte {
	head := cat(bytesField(1, []byte(sort)), numberField(3, uint64(len(blob))))
	return cat(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head, blob)
}

func rawBlock(sort string, body []byte) []byte { return framed(sort, bytesField(1, body)) }

func zipped(tb testing.TB, body []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return cat(numberField(2, uint64(len(body))), bytesField(3, b.Bytes()))
}

// pbfOf is a file with one block of data: a table of texts and one group.
func pbfOf(texts []string, group []byte) []byte {
	var table []byte
	for _, s := range texts {
		table = append(table, bytesField(1, []byte(s))...)
	}
	return cat(header("OsmSchema-V0.6"), rawBlock("OSMData", cat(bytesField(1, table), bytesField(2, group))))
}

func header(features ...string) []byte {
	var body []byte
	for _, f := range features {
		body = append(body, bytesField(4, []byte(f))...)
	}
	return rawBlock("OSMHeader", body)
}

func varints(vs ...int64) []byte {
	var b []byte
	for _, v := range vs {
		b = protowire.AppendVarint(b, uint64(v))
	}
	return b
}

func deltas(vs ...int64) []byte {
	var b []byte
	last := int64(0)
	for _, v := range vs {
		b = protowire.AppendVarint(b, protowire.EncodeZigZag(v-last))
		last = v
	}
	return b
}

func TestBroken(t *testing.T) {
	texts := []string{"", "name", "仁和小学", "amenity", "school"}
	dense := func(ids, lats, lons, pairs []byte) []byte {
		return bytesField(2, cat(bytesField(1, ids), bytesField(8, lats), bytesField(9, lons), bytesField(10, pairs)))
	}
	lat, lon := int64(312600000), int64(1215300000)
	sound := dense(deltas(7), deltas(lat), deltas(lon), varints(1, 2, 3, 4, 0))
	if records, _ := read(t, pbfOf(texts, sound), osm.Options{}); len(records) != 1 {
		t.Fatalf("the sound file has %v, want one place", records)
	}
	bomb := zipped(t, make([]byte, 40<<20))
	for _, tt := range []struct {
		name string
		data []byte
		says string
	}{
		{"empty", nil, "empty"},
		{"white space", []byte(" \n"), "neither"},
		{"JSON", []byte(`{"type":"FeatureCollection"}`), "neither"},
		{"HTML", []byte("<!DOCTYPE html><html><body/></html>"), "begins with <html>"},
		{"GPX", []byte("<gpx/>"), "begins with <gpx>"},
		{"only a comment", []byte("<!-- x -->"), "there is no <osm>"},
		{"XML cut off", []byte("<osm><node id='1' lon='121' lat='31'"), "line 1"},
		{"XML not closed", []byte("<osm>\n<node id='1' lon='121' lat='31'/>\n"), "line 3, in or behind node 1"},
		{"XML with an entity", []byte("<!DOCTYPE osm [<!ENTITY a 'aaaa'>]><osm><node id='&a;'/></osm>"), "line 1"},
		{"XML nested deep", []byte("<osm>" + strings.Repeat("<a>", 100)), "nested too deep"},
		{"XML without an end", []byte("<osm><node id='1' x='" + strings.Repeat("a", 33<<20)), "more than 32 MB"},
		{"a way without numbers", []byte("<osm><way id='5'><nd ref='x'/></way></osm>"), `way 5`},
		{"an id that is no number", []byte("<osm><way id='5'/><way id='five'/></osm>"), `"five"`},
		{"a latitude that is no number", []byte("<osm><node id='5' lat='north'/></osm>"), `"north", in or behind node 5`},
		{"a way twice", []byte("<osm><way id='5'><tag k='addr:street' v='a'/></way><way id='5'><tag k='addr:street' v='a'/></way></osm>"), "way 5 stands in the file twice"},

		{"no header", rawBlock("OSMData", nil), "does not begin with its header"},
		{"a feature", header("OsmSchema-V0.6", "Teleport"), `"Teleport"`},
		{"a history", header("HistoricalInformation"), "history"},
		{"a header too large", cat(header(), []byte{0xff, 0xff, 0xff, 0xff}), "block 2"},
		{"a block too large", cat(header(), framed("OSMData", nil)[:4], bytesField(1, []byte("OSMData")), numberField(3, 1<<40)), "block 2"},
		{"a bomb", cat(header(), framed("OSMData", bomb)), "more than 32 MB"},
		{"zlib that is none", cat(header(), framed("OSMData", bytesField(3, []byte("xyz")))), "cannot be unpacked"},
		{"zstd", cat(header(), framed("OSMData", bytesField(7, []byte("xyz")))), "save the file with zlib"},
		{"a text that is not there", pbfOf(texts, dense(deltas(7), deltas(lat), deltas(lon), varints(1, 9, 0))), "does not have"},
		{"tags without an end", pbfOf(texts, dense(deltas(7), deltas(lat), deltas(lon), varints(1, 2))), "differ in length"},
		{"nodes without latitudes", pbfOf(texts, dense(deltas(7, 8), deltas(lat), deltas(lon, lon), nil)), "behind node 7"},
		{"a way with fewer values than keys", pbfOf(texts, bytesField(3, cat(numberField(1, 5), bytesField(2, varints(1)), bytesField(3, nil)))), "differ in length"},
		{"a way whose nodes break off", pbfOf(texts, bytesField(3, cat(numberField(1, 5), bytesField(8, []byte{0x80})))), "not protocol buffers"},
		{"a member of no type", pbfOf(texts, bytesField(4, cat(bytesField(8, varints(0)), bytesField(9, deltas(1)), bytesField(10, varints(3))))), "does not have"},
		{"a member without a role", pbfOf(texts, bytesField(4, cat(bytesField(9, deltas(1)), bytesField(10, varints(1))))), "differ in length"},
		{"noise in a block", cat(header(), rawBlock("OSMData", []byte("noise noise"))), "block 2"},
	} {
		refused(t, tt.name, tt.data, tt.says)
	}
	other := cat(pbfOf(texts, sound), rawBlock("Else", []byte("x")), framed("OSMData", nil))
	if records, _ := read(t, other, osm.Options{}); len(records) != 1 {
		t.Errorf("a block of another type gives %v, want one place", records)
	}
}

// TestCutOff: a file that ends anywhere is refused, but between two blocks, and never
// read to other things than are in it.
func TestCutOff(t *testing.T) {
	whole := content(t, "town.osm.pbf")
	full, _ := read(t, whole, osm.Options{Areas: true})
	ends := 0
	for n := range whole {
		records, _, err := osm.Read(t.Context(), "cut", bytes.NewReader(whole[:n]), osm.Options{Areas: true})
		if err == nil && len(records) < len(full) {
			ends++
			continue
		}
		if e, ok := errors.AsType[*grid.Error](err); !ok || e.Kind != grid.Invalid {
			t.Errorf("Read of %d bytes = %d records, %v, want Invalid", n, len(records), err)
		}
	}
	if ends != 3 { // behind the header, the nodes, the ways
		t.Errorf("%d beginnings are whole files, want 3", ends)
	}
	text := content(t, "town.osm")
	for n := 0; n < len(text)-len("</osm>\n"); n += 13 {
		if _, _, err := osm.Read(t.Context(), "cut", bytes.NewReader(text[:n]), osm.Options{}); grid.KindOf(err) != grid.Invalid {
			t.Errorf("Read of %d bytes of XML = %v, want Invalid", n, err)
		}
	}
}

// upright checks what holds for every file: an error is one of ours, notices speak
// both languages, records lie in China, have unlike keys and survive their wire form.
func upright(t *testing.T, data []byte) {
	records, notices, err := osm.Read(t.Context(), "fuzz", bytes.NewReader(data), osm.Options{Areas: true})
	if e, ok := errors.AsType[*grid.Error](err); err != nil && (!ok || e.MsgZH == "" || e.Kind != grid.Invalid) {
		t.Fatalf("Read = %v", err)
	}
	for _, n := range notices {
		if n.At == "" || n.Code == "" || n.Says == "" || n.SaysZH == "" {
			t.Errorf("a mute notice: %+v", n)
		}
	}
	seen := map[string]bool{}
	for _, r := range records {
		b, err := codec.EncodeRecord(r)
		if err != nil {
			t.Fatalf("EncodeRecord(%#v) = %v", r, err)
		}
		back, err := codec.DecodeRecord(r.RecordKind(), b)
		if err != nil || back.Key() != r.Key() {
			t.Errorf("DecodeRecord(%s) = %v", b, err)
		}
		key := string(r.RecordKind()) + " " + r.Key()
		if seen[key] {
			t.Errorf("%s comes twice", key)
		}
		seen[key] = true
		switch r := r.(type) {
		case grid.Road:
			for _, p := range r.Line {
				if !geo.InChina(p) || len(r.Line) < 2 {
					t.Errorf("road %s: %v", r.Name, r.Line)
				}
			}
		case grid.Door:
			if !geo.InChina(r.At) {
				t.Errorf("door %s lies at %v", r.Key(), r.At)
			}
		case grid.Place:
			if !geo.InChina(r.At) {
				t.Errorf("place %s lies at %v", r.Key(), r.At)
			}
		case grid.Crossing:
			if !geo.InChina(r.At) {
				t.Errorf("crossing %s lies at %v", r.Key(), r.At)
			}
		}
	}
}

// unpacked is the town with its blocks as they are, so that a changed byte reaches them.
func unpacked(tb testing.TB) []byte {
	tb.Helper()
	return content(tb, "town.raw.osm.pbf")
}

// TestChangedBytes: whatever byte of a block is wrong, the answer is an error of ours
// or records that are sound.
func TestChangedBytes(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for _, whole := range [][]byte{unpacked(t), content(t, "town.osm")} {
		for range 1000 {
			data := bytes.Clone(whole)
			for range 1 + rnd.IntN(3) {
				data[rnd.IntN(len(data))] = byte(rnd.IntN(256))
			}
			upright(t, data)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(content(f, "town.osm.pbf"))
	f.Add(unpacked(f)) // of the text, parts that are soon made smaller
	f.Add(sketch("abc\nd.e\nfgh", "way abceh"+named, "way hgfda"+named, "way cg highway=service name=和平路"))
	f.Add(sketch("ab\ncd", "way abdca", "relation - outer=1001 boundary=administrative name=试街道 admin_level=8 ref=319901001"))
	f.Add(thing("amenity=school", "name=仁和小学", "old_name:1990=义和", "addr:street=长安路", "addr:housenumber=745弄9号"))
	f.Add([]byte("<osm><way id='1'><nd ref='1'/></way></osm>"))
	f.Fuzz(upright)
}
