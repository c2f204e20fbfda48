package claims

import "strings"

// Spell writes a text of the audit for people: the ids of members in it become
// their usernames. Ids of other things stay.
func Spell(d *Directory, text string) string {
	const mark = "member "
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, mark)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return !(r < 0x80 && (slugByte(byte(r)))) })
		if end < 0 {
			end = len(rest)
		}
		b.WriteString(mark)
		if m, ok := Get[Member](d, rest[:end]); ok && m.Username != "" {
			b.WriteString(m.Username)
		} else {
			b.WriteString(rest[:end])
		}
		text = rest[end:]
	}
}
