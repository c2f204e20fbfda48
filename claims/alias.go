package claims

import (
	"strings"
	"time"
)

// Alias is what a member is called by one client instead of their username,
// where an account of theirs has been there under another name.
type Alias struct {
	Client   ClientID  `json:"client"`
	Member   MemberID  `json:"member"`
	Username string    `json:"username"` // as the client knows it, whatever its alphabet
	Removed  time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (a Alias) Key() Key { return Key{EntityAlias, aliasID(a.Client, a.Member)} }

func aliasID(c ClientID, m MemberID) string { return string(c) + ":" + string(m) }

// Concerns implements Fact.
func (a Alias) Concerns() []MemberID { return []MemberID{a.Member} }

// UsernameAt returns what a client calls a member.
func (d *Directory) UsernameAt(c ClientID, m Member) string {
	if d.facts[EntityAlias] == nil {
		return m.Username
	}
	if a, ok := Get[Alias](d, aliasID(c, m.ID)); ok && a.Removed.IsZero() {
		return a.Username
	}
	return m.Username
}

// aliasesOf returns a member's aliases, removed ones too.
func (d *Directory) aliasesOf(m MemberID) []Alias {
	var list []Alias
	for a := range All[Alias](d) {
		if a.Member == m {
			list = append(list, a)
		}
	}
	return list
}

// defineAlias gives a member another name at one client. A name is one
// member's there: no other's alias, and no other's username, now or formerly,
// or the one would be let into the other's account.
func (p *planner) defineAlias(a Alias) ([]Fact, error) {
	a = tidy(a)
	err := check(checkLine("username", a.Username, 255), p.notFuture("removed", a.Removed), p.mayWrite(a))
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(a.Username) != a.Username || a.Username == "" {
		return nil, invalid("username", "%q is empty, or begins or ends with a space", a.Username)
	}
	if _, err := need[Client](p, "client", string(a.Client)); err != nil {
		return nil, err
	}
	if _, err := p.member(a.Member); err != nil {
		return nil, err
	}
	facts := changed(p, a)
	if len(facts) == 0 || !a.Removed.IsZero() {
		return facts, nil
	}
	if owner, taken := p.d.UsernameTaken(a.Username); taken && owner != a.Member {
		return nil, conflict("%s is, or was, somebody else's username", a.Username)
	}
	for other := range All[Alias](p.d) {
		if other.Client == a.Client && other.Member != a.Member && other.Removed.IsZero() && strings.EqualFold(other.Username, a.Username) {
			return nil, conflict("%s is called %s there already", other.Member, a.Username)
		}
	}
	return facts, nil
}

// checkAliased refuses a username by which a client knows somebody else.
func (p *planner) checkAliased(m MemberID, name string) error {
	if p.d.facts[EntityAlias] == nil {
		return nil
	}
	for a := range All[Alias](p.d) {
		if a.Member != m && a.Removed.IsZero() && strings.EqualFold(a.Username, name) {
			return conflict("the username %s is what %s calls somebody else", name, a.Client)
		}
	}
	return nil
}
