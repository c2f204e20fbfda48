package claims

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// check returns the first of these that is a fault.
func check(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// set returns the values of s in order, each once; nil if there are none.
func set[T ~string](s []T) []T {
	s = slices.Compact(slices.Sorted(slices.Values(s)))
	if len(s) == 0 {
		return nil
	}
	return s
}

// words says a key as a person would: "badge laser-1".
func (k Key) words() string {
	return strings.ReplaceAll(string(k.Entity), "_", " ") + " " + k.ID
}

// checkSlug is ParseSlug for a field of a fact.
func checkSlug(field string, s Slug) error {
	if _, err := ParseSlug(string(s)); err != nil {
		inv := err.(*Invalid)
		return &Invalid{Field: field, Problem: inv.Problem}
	}
	return nil
}

// checkID refuses an id that cannot be part of a key: 1 to 128 printable ASCII
// characters without a space or a slash.
func checkID(field, id string) error {
	if id == "" {
		return invalid(field, "is empty: whoever makes something new makes its id")
	}
	if len(id) > 128 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' }) {
		return invalid(field, "%q must be 1 to 128 printable ASCII characters without a space or a slash", id)
	}
	return nil
}

// checkText refuses what is no text a page could show: control characters,
// broken UTF-8, or more than limit bytes.
func checkText(field, s string, limit int) error {
	if len(s) > limit {
		return invalid(field, "is longer than %d bytes", limit)
	}
	if !utf8.ValidString(s) {
		return invalid(field, "is not UTF-8")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }) {
		return invalid(field, "holds a control character")
	}
	return nil
}

// checkLine is checkText for what stays on one line.
func checkLine(field, s string, limit int) error {
	if strings.ContainsAny(s, "\r\n\t") {
		return invalid(field, "must be one line")
	}
	return checkText(field, s, limit)
}

// checkEmail takes anything that could be an address: the proof is the mail
// that arrives.
func checkEmail(s string) error {
	if s == "" {
		return nil
	}
	at := strings.LastIndexByte(s, '@')
	odd := strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>(),;:\"`, r) })
	if at <= 0 || at == len(s)-1 || strings.Count(s, "@") != 1 || odd {
		return invalid("email", "%q is no address such as ada@example.org", s)
	}
	return checkLine("email", s, 254)
}

// checkLocale takes the shape of a language tag (BCP 47): nl, en-GB.
func checkLocale(s string) error {
	if s == "" {
		return nil
	}
	for _, part := range strings.Split(s, "-") {
		odd := strings.ContainsFunc(part, func(r rune) bool {
			return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
		})
		if part == "" || len(part) > 8 || odd || len(s) > 35 {
			return invalid("locale", "%q is no language tag such as nl or en-GB", s)
		}
	}
	return nil
}

// notFuture holds that times of ending by hand have happened.
func (p *planner) notFuture(field string, t time.Time) error {
	if t.After(p.now) {
		return invalid(field, "%s is in the future; it is set when it happens", t.UTC().Format(time.RFC3339))
	}
	return nil
}

// checkSpan refuses an interval that holds no instant from now on. A zero
// start is now, a zero end never.
func (p *planner) checkSpan(startField string, start time.Time, endField string, end time.Time) error {
	if end.IsZero() {
		return nil
	}
	if !end.After(p.now) {
		return invalid(endField, "%s has passed", end.UTC().Format(time.RFC3339))
	}
	if !end.After(start) {
		return invalid(endField, "%s is not after %s", end.UTC().Format(time.RFC3339), startField)
	}
	return nil
}

// listing joins what may be written, for a message.
func listing[S ~string](words []S) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = string(w)
	}
	return strings.Join(parts, ", ")
}
