package claims

import (
	"slices"
	"time"
)

// Alias is what a member is called by one client instead of their username,
// where an account of theirs has been there under another name. A name stays
// theirs there when they are called otherwise, or erased: the account of that
// name is not another's to come into.
type Alias struct {
	Client   ClientID  `json:"client"`
	Member   MemberID  `json:"member"`
	Username string    `json:"username"`         // as the client knows it, whatever its alphabet
	Former   []string  `json:"former,omitempty"` // what they were called before, see keptAlias; Plan sets it
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

// names lists what an alias calls or called the member, as it is looked up.
func (a Alias) names() []string {
	var names []string
	for _, name := range append([]string{a.Username}, a.Former...) {
		switch {
		case isKept(name):
			names = append(names, name)
		case name != "":
			names = append(names, lookAlike(name))
		}
	}
	return set(names)
}

// indexAlias keeps aliases by all their names, former ones too.
func (b builder) indexAlias(old, f Fact) {
	a := f.(Alias)
	was, _ := old.(Alias)
	before, after := was.names(), a.names()
	for _, name := range before {
		if !slices.Contains(after, name) {
			b.called.move(b.by, name, "", a.Key().ID)
		}
	}
	for _, name := range after {
		b.called.move(b.by, "", name, a.Key().ID)
	}
}

// calledBy returns the aliases that are, or were, a name that looks like this
// one, at whatever client; those of who was erased, too.
func (d *Directory) calledBy(name string) []Alias {
	name = lookAlike(name)
	ids := slices.Concat(d.called.get(name), d.called.get(keptAlias(name)))
	return gather(d, ids, func(Alias) bool { return true })
}

// defineAlias gives a member another name at one client. A name is one
// member's there: no other's alias, and no other's username, now or formerly,
// or the one would be let into the other's account. What looks alike is one
// name: who keeps accounts may take them for one.
func (p *planner) defineAlias(a Alias) ([]Fact, error) {
	a = tidy(a)
	if err := check(checkCalled("username", a.Username), p.notFuture("removed", a.Removed), p.mayWrite(a)); err != nil {
		return nil, err
	}
	if _, err := need[Client](p, "client", string(a.Client)); err != nil {
		return nil, err
	}
	if _, err := p.member(a.Member); err != nil {
		return nil, err
	}
	old, _ := stored[Alias](p, a.Key().ID)
	if a.Former = old.Former; old.Username != "" && old.Username != a.Username {
		a.Former = append(slices.Clone(old.Former), old.Username)
	}
	a.Former = set(slices.DeleteFunc(a.Former, func(s string) bool { return s == a.Username }))
	facts := changed(p, a)
	if len(facts) == 0 || !a.Removed.IsZero() && a.Username == old.Username {
		return facts, nil
	}
	if owner, taken := p.d.UsernameTaken(lookAlike(a.Username)); taken && owner != a.Member {
		return nil, conflict("%s is, or was, somebody else's username, or looks like it", a.Username)
	}
	for _, other := range p.d.calledBy(a.Username) {
		if other.Client == a.Client && other.Member != a.Member {
			return nil, conflict("%s is, or was, called %s there already, or something that looks like it", other.Member, a.Username)
		}
	}
	return facts, nil
}

// checkAliased refuses a username by which a client knows, or knew, somebody
// else.
func (p *planner) checkAliased(m MemberID, name string) error {
	for _, a := range p.d.calledBy(name) {
		if a.Member != m {
			return conflict("the username %s is what %s calls, or called, somebody else", name, a.Client)
		}
	}
	return nil
}

// overAlias is the alias of who is erased: the names stay reserved, and cannot
// be read.
func (p *planner) overAlias(a Alias) Alias {
	kept := Alias{Client: a.Client, Member: a.Member, Removed: a.Removed}
	if kept.Removed.IsZero() {
		kept.Removed = p.now
	}
	for _, name := range a.names() {
		if !isKept(name) {
			name = keptAlias(name)
		}
		kept.Former = append(kept.Former, name)
	}
	kept.Former = set(kept.Former)
	return kept
}

// keptAlias is keptName for a name as lookAlike returns it.
func keptAlias(name string) string { return keptName("alias " + name) }
