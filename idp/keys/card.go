package keys

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"lanyard/claims"
)

// The shortest and longest card number there is, in bytes: MIFARE Classic has
// 4, ISO/IEC 14443-3 goes to 10.
const (
	minUID = 4
	maxUID = 10
)

// ParseCard returns the one text of a card's number, "uid:04a1b2c3": the bytes
// in the order of anticollision, in lower-case hexadecimal. The formats are
// those that readers print: hex (also empty; colons, spaces and hyphens may
// part the bytes), hex-reversed, dec, dec-reversed. A text that starts with
// "uid:" is taken as it is, whatever the format.
func ParseCard(text, format string) (string, error) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "uid:"); ok {
		text, format = rest, "hex"
	}
	var uid []byte
	var err error
	switch format {
	case "", "hex", "hex-reversed":
		uid, err = hex.DecodeString(strings.NewReplacer(":", "", " ", "", "-", "").Replace(text))
		if err != nil {
			return "", badCard("%q is not hexadecimal", text)
		}
	case "dec", "dec-reversed":
		if uid, err = decimalUID(text); err != nil {
			return "", err
		}
	case "w26", "w34":
		return "", &claims.Invalid{Field: "format", Problem: format + " is not supported yet"}
	default:
		return "", &claims.Invalid{Field: "format", Problem: fmt.Sprintf("%q is none of hex, hex-reversed, dec, dec-reversed", format)}
	}
	if len(uid) < minUID || len(uid) > maxUID {
		return "", badCard("has %d bytes; cards have %d to %d", len(uid), minUID, maxUID)
	}
	if strings.HasSuffix(format, "-reversed") {
		slices.Reverse(uid)
	}
	return "uid:" + hex.EncodeToString(uid), nil
}

// decimalUID reads a number as 4 bytes if it fits, else 7, else 10, which are
// the lengths a card's number has.
func decimalUID(text string) ([]byte, error) {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return nil, badCard("%q is not a decimal number", text)
		}
	}
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || len(text) > 30 {
		return nil, badCard("%q is not a decimal number", text)
	}
	for _, size := range []int{4, 7, 10} {
		if n.BitLen() <= 8*size {
			return n.FillBytes(make([]byte, size)), nil
		}
	}
	return nil, badCard("%s is more than %d bytes", text, maxUID)
}

func badCard(format string, args ...any) error {
	return &claims.Invalid{Field: "card", Problem: fmt.Sprintf(format, args...)}
}
