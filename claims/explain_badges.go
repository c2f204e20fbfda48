package claims

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// toEarn is inWords with how far the member who asks has come.
func (q *inquiry) toEarn(badges []Slug) []MissingBadge {
	list := q.d.inWords(badges)
	for i := range list {
		b, ok := Get[Badge](q.d, string(list[i].Slug))
		if !ok || !b.Retired.IsZero() || b.Mode != BadgeSignoff && len(q.d.earning.asked.get(string(b.Slug))) == 0 {
			continue
		}
		p := q.d.progress(q.d.unpackMember(q.who.id, &q.who.member), b, q.ask.At)
		if b.Mode == BadgeSignoff || len(p.Groups) > 0 {
			list[i].Done, list[i].Still, list[i].Asked = p.Done(), p.Still(), p.Request.ID != ""
		}
	}
	return list
}

// steps says what of a badge is done and what is left: " Done: online course;
// still: check with a trainer." named puts the badge's name before it.
func (b MissingBadge) steps(named bool) string {
	var parts []string
	if len(b.Done) > 0 {
		parts = append(parts, "done: "+strings.Join(b.Done, ", "))
	}
	if len(b.Still) > 0 {
		parts = append(parts, "still: "+strings.Join(b.Still, ", "))
	}
	if b.Asked {
		parts = append(parts, "a sign-off is asked for")
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, "; ") + "."
	if named {
		return " " + b.Name + ": " + text
	}
	first, n := utf8.DecodeRuneInString(text)
	return " " + string(unicode.ToUpper(first)) + text[n:]
}
