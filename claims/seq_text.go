package claims

import (
	"strconv"
	"strings"
)

// String writes a place in the change log as EPOCH.N, which ParseSeq reads.
func (s Seq) String() string { return s.Epoch + "." + strconv.FormatUint(s.N, 10) }

// ParseSeq reads EPOCH.N, or ErrInvalid. An epoch is 1 to 64 letters, digits,
// hyphens and underscores.
func ParseSeq(text string) (Seq, error) {
	epoch, number, ok := strings.Cut(text, ".")
	n, err := strconv.ParseUint(number, 10, 63)
	odd := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	}
	if !ok || err != nil || epoch == "" || len(epoch) > 64 || strings.ContainsFunc(epoch, odd) || number != strconv.FormatUint(n, 10) {
		return Seq{}, invalid("since", "%q is no place in the change log: write EPOCH.NUMBER, as the list of changes ends with", text)
	}
	return Seq{Epoch: epoch, N: n}, nil
}
