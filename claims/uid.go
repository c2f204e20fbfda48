package claims

import (
	"cmp"
	"hash/maphash"
	"math/bits"
)

// uid is an id as the Directory keeps it: the 16 bytes of a UUID in its
// canonical text, or the number of the word that any other text is.
type uid struct{ hi, lo uint64 }

// odd marks the uid of a text that is no canonical UUID; lo is its sym.
const odd = ^uint64(0)

const uidLength = 36

// hexDigits holds what a digit stands for, and more for what is none.
var hexDigits = func() (digits [256]uint8) {
	for i := range digits {
		digits[i] = 0xff
	}
	for i := range 10 {
		digits['0'+i] = uint8(i)
	}
	for i := range 6 {
		digits['a'+i] = uint8(10 + i)
	}
	return digits
}()

// parseUID reads a UUID in lower case, as 01975b2e-7000-7000-8000-000000000000.
func parseUID(s string) (u uid, ok bool) {
	if len(s) != uidLength || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, false
	}
	a, bad0 := hex8(s[0:8], 0)
	b, bad1 := hex4(s[9:13], uint64(a))
	c, bad2 := hex4(s[14:18], b)
	d, bad3 := hex4(s[19:23], 0)
	e, bad4 := hex4(s[24:28], d)
	f, bad5 := hex8(s[28:36], e)
	u = uid{c, f}
	return u, bad0|bad1|bad2|bad3|bad4|bad5 < 16 && c != odd
}

// hex4 and hex8 add digits to before; bad is 16 or more if one is none.
func hex4(s string, before uint64) (n uint64, bad uint8) {
	_ = s[3]
	d0, d1, d2, d3 := hexDigits[s[0]], hexDigits[s[1]], hexDigits[s[2]], hexDigits[s[3]]
	return before<<16 | uint64(d0)<<12 | uint64(d1)<<8 | uint64(d2)<<4 | uint64(d3), d0 | d1 | d2 | d3
}

func hex8(s string, before uint64) (n uint64, bad uint8) {
	n, bad = hex4(s[:4], before)
	n, more := hex4(s[4:8], n)
	return n, bad | more
}

// uid returns what stands for an id; false if it is no UUID and no fact has it.
func (d *Directory) uid(id string) (uid, bool) {
	if u, ok := parseUID(id); ok {
		return u, true
	}
	s, ok := d.sym(id)
	return uid{odd, uint64(s)}, ok
}

// uidOf is uid, whatever the facts have.
func uidOf[S ~string](b builder, id S) uid {
	if u, ok := parseUID(string(id)); ok {
		return u
	}
	return uid{odd, uint64(symOf(b, id))}
}

// idText returns the text of an id. That of a UUID is made anew.
func (d *Directory) idText(u uid) string {
	if u.hi == odd {
		return d.spelled(sym(u.lo))
	}
	const digits = "0123456789abcdef"
	var text [uidLength]byte
	half, at := u.hi, 0
	for i := range 32 {
		if i == 16 {
			half = u.lo
		}
		if i == 8 || i == 12 || i == 16 || i == 20 {
			text[at] = '-'
			at++
		}
		text[at] = digits[half>>60]
		half <<= 4
		at++
	}
	return string(text[:])
}

// compareIDs compares two ids as their texts do.
func (d *Directory) compareIDs(a, b uid) int {
	if a.hi == odd || b.hi == odd {
		return cmp.Compare(d.idText(a), d.idText(b))
	}
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

var uidSeed = [2]uint64{maphash.String(seed, "hi"), maphash.String(seed, "lo")}

// hash is where u is put and looked for.
func (u uid) hash() uint32 {
	hi, lo := bits.Mul64(u.hi^uidSeed[0], u.lo^uidSeed[1])
	return uint32(hi ^ lo ^ (hi^lo)>>32)
}
