package claims

import "strings"

// Spell writes a text of the audit for people: the ids of members in it become
// their usernames. Ids of other things stay.
func Spell(d *Directory, text string) string {
	return spell(text, func(id MemberID) string { return d.of(id).member.username })
}

// spell is Spell with what a member is called; "" leaves the id.
func spell(text string, call func(MemberID) string) string {
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
		if name := call(MemberID(rest[:end])); name != "" {
			b.WriteString(name)
		} else {
			b.WriteString(rest[:end])
		}
		text = rest[end:]
	}
}
