package osm

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// The limits of a PBF (https://wiki.openstreetmap.org/wiki/PBF_Format): bytes of a
// block's header, of a block as it stands in the file, and of one unpacked.
const (
	maxHeader = 64 << 10
	maxBlob   = 32 << 20
)

// The types of block; others are passed over, as the format has it.
const (
	headerType = "OSMHeader"
	dataType   = "OSMData"
)

// canRead are the features of a file that a reader must know, and those we do.
var canRead = []string{"OsmSchema-V0.6", "DenseNodes"}

// pbf is a file of blocks. What kinds a block holds is remembered from the first time.
//
// The library paulmach/osm reads the same format, but unpacks without a limit and
// panics, in goroutines of its own, where a block's indexes are wrong or its nodes are
// not dense; so the format is read here.
type pbf struct {
	name  string
	r     io.ReadSeeker
	known []span // all blocks of data, when scanned
	done  bool   // every block was seen

	packed []byte // of the block in hand
	plain  bytes.Buffer
	unzip  io.ReadCloser
}

// span is where the blob of a block of data stands in the file.
type span struct {
	at    int64
	size  int
	n     int // from 1; the header is 1
	holds kind
}

func (f *pbf) each(ctx context.Context, want kind, fn func(*element) error) error {
	if !f.done {
		return f.first(ctx, want, fn)
	}
	for _, s := range f.known {
		if s.holds&want == 0 {
			continue
		}
		if _, err := f.r.Seek(s.at, io.SeekStart); err != nil {
			return fmt.Errorf("osm: read %s: %w", f.name, err)
		}
		if _, err := f.block(ctx, s, want, fn); err != nil {
			return err
		}
	}
	return nil
}

// first goes through the whole file and remembers its blocks.
func (f *pbf) first(ctx context.Context, want kind, fn func(*element) error) error {
	if _, err := f.r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("osm: read %s: %w", f.name, err)
	}
	f.known = f.known[:0]
	at := int64(0)
	for n := 1; ; n++ {
		h, err := f.frame(n)
		if errors.Is(err, io.EOF) {
			f.done = true
			return nil
		}
		if err != nil {
			return err
		}
		s := span{at: at + int64(h.length), size: h.size, n: n}
		at = s.at + int64(h.size)
		switch {
		case n == 1 && h.sort == headerType:
			err = f.header(s)
		case n == 1:
			err = f.broken(n, "the file does not begin with its header", "文件没有以文件头开始", nil)
		case h.sort == dataType:
			if s.holds, err = f.block(ctx, s, want, fn); err == nil {
				f.known = append(f.known, s)
			}
		default:
			_, err = f.r.Seek(at, io.SeekStart)
		}
		if err != nil {
			return err
		}
	}
}

func (f *pbf) broken(n int, says, zh string, cause error) error {
	return broken(f.name, fmt.Sprintf("block %d: %s", n, says), fmt.Sprintf("第 %d 个数据块：%s", n, zh), cause)
}

// full fills b. At the end of the file it is io.EOF if mayEnd, else the block is cut off.
func (f *pbf) full(b []byte, n int, mayEnd bool) error {
	_, err := io.ReadFull(f.r, b)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF) && mayEnd:
		return io.EOF
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return f.broken(n, "the file is cut off here", "文件在此处中断", nil)
	}
	return fmt.Errorf("osm: read %s: %w", f.name, err)
}

// framed is what stands before a blob: its type and size, and how long that is itself.
type framed struct {
	sort         string
	size, length int
}

func (f *pbf) frame(n int) (framed, error) {
	var four [4]byte
	if err := f.full(four[:], n, true); err != nil {
		return framed{}, err
	}
	l := binary.BigEndian.Uint32(four[:])
	if l > maxHeader {
		return framed{}, f.broken(n, "its header has more than 64 KB: not a block", "块头超过 64 KB，不是数据块", nil)
	}
	head := make([]byte, l)
	if err := f.full(head, n, false); err != nil {
		return framed{}, err
	}
	h := framed{size: -1, length: int(l) + len(four)}
	err := fields(head, func(num protowire.Number, v uint64, b []byte) error {
		switch {
		case num == 1 && b != nil:
			h.sort = string(b)
		case num == 3 && b == nil && v <= maxBlob:
			h.size = int(v)
		}
		return nil
	})
	if err != nil || h.size < 0 {
		return framed{}, f.broken(n, "its header is not one of a block, or the block has more than 32 MB", "块头不合法，或数据块超过 32 MB", err)
	}
	return h, nil
}

// unpack reads the blob of a block; the bytes are good until the next call.
func (f *pbf) unpack(s span) ([]byte, error) {
	f.packed = slices.Grow(f.packed[:0], s.size)[:s.size]
	if err := f.full(f.packed, s.n, false); err != nil {
		return nil, err
	}
	var raw, zipped []byte
	other := protowire.Number(0)
	err := fields(f.packed, func(num protowire.Number, _ uint64, b []byte) error {
		switch {
		case b == nil:
		case num == 1:
			raw = b
		case num == 3:
			zipped = b
		case num >= 4 && num <= 7:
			other = num
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, f.broken(s.n, "not a block", "不是数据块", err)
	case raw != nil:
		return raw, nil
	case zipped != nil:
		return f.inflate(s, zipped)
	case other != 0:
		return nil, f.broken(s.n, "packed with lzma, bzip2, lz4 or zstd; save the file with zlib (osmium cat does)",
			"以 lzma、bzip2、lz4 或 zstd 压缩；请改用 zlib 保存（如 osmium cat）", nil)
	}
	return nil, nil // an empty block
}

func (f *pbf) inflate(s span, zipped []byte) ([]byte, error) {
	var err error
	if f.unzip == nil {
		f.unzip, err = zlib.NewReader(bytes.NewReader(zipped))
	} else if z, ok := f.unzip.(zlib.Resetter); ok {
		err = z.Reset(bytes.NewReader(zipped), nil)
	}
	if err == nil {
		f.plain.Reset()
		_, err = f.plain.ReadFrom(io.LimitReader(f.unzip, maxBlob+1))
	}
	switch {
	case err != nil:
		f.unzip = nil
		return nil, f.broken(s.n, "it cannot be unpacked", "无法解压", err)
	case f.plain.Len() > maxBlob:
		return nil, f.broken(s.n, "it unpacks to more than 32 MB", "解压后超过 32 MB", nil)
	}
	return f.plain.Bytes(), nil
}

// header refuses files that say what must be known to read them, and is not.
func (f *pbf) header(s span) error {
	data, err := f.unpack(s)
	if err != nil {
		return err
	}
	err = fields(data, func(num protowire.Number, _ uint64, b []byte) error {
		switch {
		case num == 4 && string(b) == "HistoricalInformation":
			return f.broken(s.n, "the file is a history; an extract of one day is read (osmium time-filter makes one)",
				"文件是历史数据；只能读取某一天的数据（可用 osmium time-filter 生成）", nil)
		case num == 4 && !slices.Contains(canRead, string(b)):
			return f.broken(s.n, fmt.Sprintf("the file needs the feature %q, which is not read", b), fmt.Sprintf("文件需要本程序不支持的特性“%s”", b), nil)
		case num == 5 && string(b) == "LocationsOnWays":
			return f.broken(s.n, "the file has the places of nodes on the ways, and not the nodes; save it without locations on ways",
				"文件把节点坐标写在路径上而省略了节点；请以不含 LocationsOnWays 的形式保存", nil)
		}
		return nil
	})
	return f.wrap(s.n, err)
}

// wrap makes an error of the format one of the file; others pass through.
func (f *pbf) wrap(n int, err error) error {
	if e, ok := errors.AsType[*formatError](err); ok {
		return f.broken(n, "not as the format has it"+e.behind(", behind "), "不符合格式"+e.behind("，位于 ")+e.tail(), e)
	}
	return err
}

// block reads a block of data and tells what kinds it holds.
func (f *pbf) block(ctx context.Context, s span, want kind, fn func(*element) error) (kind, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	data, err := f.unpack(s)
	if err != nil {
		return 0, err
	}
	b := block{want: want, fn: fn}
	err = b.read(data)
	return b.holds, f.wrap(s.n, err)
}

var _ source = (*pbf)(nil)
