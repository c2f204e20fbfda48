package admin

import (
	"cmp"
	"regexp"
	"strings"

	"lanyard/claims"
)

// What logs say, with names in place of ids, as far as the caller may know
// them. An id that stays is cut to its end, which is what sets it apart: ids
// begin with the time they were made at.

// longID is how the store writes the ids it makes.
var longID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// short cuts a long id to its last characters; another text stays.
func short(id string) string {
	if longID.MatchString(id) && len(id) == 36 {
		return "…" + id[len(id)-8:]
	}
	return id
}

// spell writes a text of the audit for people.
func (v *visit) spell(text string) string {
	return longID.ReplaceAllStringFunc(v.see.Spell(text), func(id string) string {
		pass := v.see.Thing(claims.Key{Entity: claims.EntityWiFiPass, ID: id})
		card := v.see.Thing(claims.Key{Entity: claims.EntityCredential, ID: id})
		return cmp.Or(pass, card, short(id))
	})
}

// subject writes what a line of the audit is about.
func (v *visit) subject(s string) string {
	entity, id, _ := strings.Cut(s, ":")
	words := strings.NewReplacer("wifi", "WiFi", "_", " ").Replace(entity)
	switch claims.Entity(entity) {
	case claims.EntityMember:
		return v.who(claims.MemberID(id))
	case claims.EntityWiFiPass, claims.EntityCredential:
		return v.spell(words + " " + id)
	case "session": // its id is a hash
		return words + " " + id[:min(len(id), 8)]
	}
	return cmp.Or(v.see.Thing(claims.Key{Entity: claims.Entity(entity), ID: id}), words+" "+short(id))
}
