package login

import (
	_ "embed" // the common passwords
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minPassword = 10   // characters
	maxPassword = 1024 // bytes
)

//go:embed common.txt
var commonText string

var common = func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(commonText) {
		set[word] = true
	}
	return set
}()

// WrongWithPassword says what is wrong with a new password, in words for the
// person who chose it; "" if nothing is. context is what others know about
// them: the username, their name, the organisation's.
func WrongWithPassword(password string, context ...string) string {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		return "This is too long. Use at most 1024 characters."
	case n < minPassword:
		return "This is too short. Use at least 10 characters; four random words are easy to keep."
	}
	plain := strings.ToLower(password)
	if distinct(plain) < 5 {
		return "This repeats the same few characters. Choose something less even."
	}
	for _, word := range words(context) {
		plain = strings.ReplaceAll(plain, word, "")
	}
	if utf8.RuneCountInString(plain) < 6 {
		return "This is little more than your name or the organisation's. Choose something others do not know."
	}
	if common[plain] || common[strings.ToLower(password)] || common[stem(strings.ToLower(password))] || run(plain) {
		return "This is among the passwords that are tried first. Choose something else; four random words are easy to keep."
	}
	return ""
}

// words splits what is known about somebody into the parts that would be guessed.
func words(context []string) []string {
	var all []string
	for _, c := range context {
		for _, w := range strings.FieldsFunc(strings.ToLower(c), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len(w) >= 3 {
				all = append(all, w)
			}
		}
	}
	return all
}

var lookalikes = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// stem is the word that a password is made around: "p4ssw0rd2024!" is
// "password".
func stem(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '@' && r != '$' })
	return lookalikes.Replace(s)
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// run tells whether s is one walk along the alphabet, the digits or a
// keyboard's rows, either way.
func run(s string) bool {
	for _, row := range []string{"abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn"} {
		if strings.Contains(row, s) || strings.Contains(reversed(row), s) {
			return true
		}
	}
	return false
}

func reversed(s string) string {
	b := []byte(s)
	for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
		b[i], b[j] = b[j], b[i]
	}
	return string(b)
}
