package web

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"lanyard/claims"
)

// jsonScan reads a JSON document (RFC 8259) from its beginning, piece by piece,
// as whoever asks knows what should come. It is not asked to skip anything, so
// no nesting leads it astray.
type jsonScan struct {
	b []byte
	i int
}

// next returns the first byte of what comes, which it does not pass; 0 at the end.
func (s *jsonScan) next() byte {
	for ; s.i < len(s.b); s.i++ {
		switch s.b[s.i] {
		case ' ', '\t', '\n', '\r':
		default:
			return s.b[s.i]
		}
	}
	return 0
}

// take passes c if it comes.
func (s *jsonScan) take(c byte) bool {
	if s.next() != c {
		return false
	}
	s.i++
	return true
}

// text reads a string.
func (s *jsonScan) text() (string, error) {
	if !s.take('"') {
		return "", errNotJSON
	}
	begin, plain := s.i, true
	for ; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; {
		case c == '"':
			s.i++
			if plain {
				return string(s.b[begin : s.i-1]), nil
			}
			return unescaped(s.b[begin-1 : s.i])
		case c == '\\':
			plain = false
			s.i++ // whatever it is
		case c < ' ':
			return "", errNotJSON
		}
	}
	return "", errNotJSON
}

// unescaped reads a string with its quotes. Half of a surrogate pair (RFC
// 8259, section 8.2) is no character, and encoding/json makes a U+FFFD of it;
// here it is a fault.
func unescaped(quoted []byte) (string, error) {
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return "", errNotJSON
	}
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '\\' {
			continue
		}
		i++ // what is escaped
		r := unit(quoted[i:])
		if !utf16.IsSurrogate(r) {
			continue
		}
		i += len("uD83D")
		if quoted[i] != '\\' || utf16.DecodeRune(r, unit(quoted[i+1:])) == utf8.RuneError {
			return "", &claims.Invalid{Problem: fmt.Sprintf("holds \\u%04x, which is half of a character", r)}
		}
		i += len("\\uDE0") // the loop passes its last digit
	}
	return text, nil
}

// unit reads u and four hexadecimal digits; -1 if something else comes.
func unit(b []byte) rune {
	if len(b) < 5 || b[0] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(b[1:5]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}

// whole reads a number that is whole and fits; ok is false for another one.
func (s *jsonScan) whole() (n int64, ok bool) {
	s.next()
	begin := s.i
	for s.i < len(s.b) && strings.IndexByte("+-.0123456789eE", s.b[s.i]) >= 0 {
		s.i++
	}
	digits := strings.TrimPrefix(string(s.b[begin:s.i]), "-")
	if digits == "" || len(digits) > 1 && digits[0] == '0' || digits[0] == '+' {
		return 0, false
	}
	n, err := strconv.ParseInt(string(s.b[begin:s.i]), 10, 64)
	return n, err == nil
}

// truth reads true or false.
func (s *jsonScan) truth() (is, ok bool) {
	s.next()
	for _, word := range []string{"true", "false"} {
		if rest, found := strings.CutPrefix(string(s.b[s.i:min(len(s.b), s.i+len(word))]), word); found && rest == "" {
			s.i += len(word)
			return word == "true", true
		}
	}
	return false, false
}

// each reads the members of an object or a list, which begin and end so,
// calling one for each.
func (s *jsonScan) each(begin, end byte, one func(i int) error) error {
	if !s.take(begin) {
		return errNotJSON
	}
	if s.take(end) {
		return nil
	}
	for i := 0; ; i++ {
		if err := one(i); err != nil {
			return err
		}
		if s.take(end) {
			return nil
		}
		if !s.take(',') {
			return errNotJSON
		}
	}
}

// key reads the name of a member of an object.
func (s *jsonScan) key() (string, error) {
	name, err := s.text()
	if err == nil && !s.take(':') {
		err = errNotJSON
	}
	return name, err
}
