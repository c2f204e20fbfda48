package web

import (
	"cmp"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"lanyard/claims"
)

// Words says what err is to the reader of a page, in a sentence. A field that
// is at fault goes by its label on the page; labels may be nil.
func Words(err error, labels map[string]string) string {
	if inv, ok := errors.AsType[*claims.Invalid](err); ok && inv.Field != "" {
		return Sentence(cmp.Or(labels[inv.Field], inv.Field) + ": " + inv.Problem)
	}
	return Sentence(ProblemOf(err).Detail)
}

// Sentence makes a sentence of a phrase: it begins with a capital and ends with
// a full stop, unless it ends otherwise already.
func Sentence(s string) string {
	s = strings.TrimSpace(s)
	first, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	if !strings.ContainsRune(".!?…", last(s)) {
		s += "."
	}
	return string(unicode.ToUpper(first)) + s[n:]
}

func last(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
