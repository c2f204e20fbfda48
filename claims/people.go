package claims

import (
	"slices"
	"strings"
	"time"
)

// person is a member and what they have, each list in order of ids. What
// decisions read comes first.
type person struct {
	by          *token
	id          MemberID
	uid         uid
	n           int32 // their number
	touched     bool  // it is to settle, or was
	known       bool  // false: something named the member before their own fact arrived
	erased      bool  // as the member says, and the next four
	barred      bool
	state       stateCode
	paid, lapse tick
	changed     uint64
	marks       []mark // of awards, tags and affiliations, each in their order
	tagsFrom    int32  // where those of tags begin
	scopesFrom  int32  // and those of affiliations
	member      packedMember
	held        [heldSorts][]packed
	owns        *owned // nil: nothing
}

// owned is what fewer members have.
type owned struct {
	credentials []Credential
	passes      []WiFiPass
	waivers     []Waiver
}

func (p *person) badges() []mark { return p.marks[:p.tagsFrom] }
func (p *person) tags() []mark   { return p.marks[p.tagsFrom:p.scopesFrom] }
func (p *person) scopes() []mark { return p.marks[p.scopesFrom:] }

// own returns what else p has.
func (p *person) own() *owned {
	if p.owns == nil {
		return &nothing
	}
	return p.owns
}

// nothing is what those own who own nothing.
var nothing owned

// nameOwner says whose a username is or was.
type nameOwner struct {
	member MemberID
	former bool
}

// nobody has nothing.
var nobody = new(person)

// of returns the person named m; one who has nothing if there is none.
func (d *Directory) of(m MemberID) *person {
	if p, ok := d.personOf(m); ok {
		return p
	}
	return nobody
}

// isMember tells whether p has an account.
func (p *person) isMember() bool { return p.known && !p.erased }

// person returns the person named m, as b's own.
func (b builder) person(m MemberID) *person {
	n := b.seat(m)
	p := *b.people.list.at(n)
	if p.by != b.by {
		q := *p
		q.by = b.by
		for i := range q.held {
			q.held[i] = slices.Clone(q.held[i])
		}
		if own := p.owns; own != nil {
			q.owns = &owned{slices.Clone(own.credentials), slices.Clone(own.passes), slices.Clone(own.waivers)}
		}
		p = &q
		*b.people.list.edit(b.by, n) = p
		b.by.touched = append(b.by.touched, p)
	} else if !p.touched {
		b.by.touched = append(b.by.touched, p)
	}
	p.touched = true
	return p
}

func (b builder) putMember(m Member) {
	p := b.person(m.ID)
	if p.known {
		b.forgetNames(b.unpackMember(p.id, &p.member))
	}
	p.known = true
	m.ID = p.id
	p.member = b.packMember(m)
	p.settleMember(m)
	if m.Sub != "" {
		b.bySub.put(b.by, m.Sub, m.ID)
	}
	for _, name := range m.Former {
		b.names.put(b.by, strings.ToLower(name), nameOwner{m.ID, true})
	}
	if m.Username != "" {
		b.names.put(b.by, strings.ToLower(m.Username), nameOwner{m.ID, false})
	}
}

func (b builder) forgetNames(old Member) {
	if id, ok := b.bySub.get(old.Sub); ok && id == old.ID {
		b.bySub.drop(b.by, old.Sub)
	}
	for _, name := range append([]string{old.Username}, old.Former...) {
		name = strings.ToLower(name)
		if o, ok := b.names.get(name); ok && o.member == old.ID {
			b.names.drop(b.by, name)
		}
	}
}

// indexHeld keeps what a member has.
func (b builder) indexHeld(old, f Fact) {
	if old != nil && !slices.Equal(old.Concerns(), f.Concerns()) {
		for _, m := range old.Concerns() {
			b.person(m).drop(old)
		}
	}
	for _, m := range f.Concerns() {
		b.person(m).hold(f)
	}
}

func (p *person) hold(f Fact) {
	if p.owns == nil {
		p.owns = new(owned)
	}
	switch f := f.(type) {
	case Credential:
		p.owns.credentials = with(p.owns.credentials, f)
	case WiFiPass:
		p.owns.passes = with(p.owns.passes, f)
	case Waiver:
		p.owns.waivers = with(p.owns.waivers, f)
	}
}

func (p *person) drop(f Fact) {
	switch f := f.(type) {
	case Credential:
		p.owns.credentials = without(p.owns.credentials, f)
	case WiFiPass:
		p.owns.passes = without(p.owns.passes, f)
	case Waiver:
		p.owns.waivers = without(p.owns.waivers, f)
	}
}

// MemberByUsername returns the member with that username (not a former one), any case.
func (d *Directory) MemberByUsername(name string) (Member, bool) {
	if o, ok := d.names.get(strings.ToLower(name)); ok && !o.former {
		return Get[Member](d, string(o.member))
	}
	return Member{}, false
}

// MemberBySub returns the member with that OpenID subject.
func (d *Directory) MemberBySub(sub string) (Member, bool) {
	if id, ok := d.bySub.get(sub); ok {
		return Get[Member](d, string(id))
	}
	return Member{}, false
}

// UsernameTaken tells whether name is, or was, somebody's, and whose; also of
// those who are erased.
func (d *Directory) UsernameTaken(name string) (MemberID, bool) {
	o, ok := d.names.get(strings.ToLower(name))
	if !ok {
		o, ok = d.names.get(keptName(name))
	}
	return o.member, ok
}

// AwardsOf returns a member's awards, ended ones too, by id. The list is made
// for the caller.
func (d *Directory) AwardsOf(m MemberID) []Award { return listHeld(d.of(m), heldAwards, d.unpackAward) }

// AssignmentsOf returns the tags put on a member, ended ones too, by id.
func (d *Directory) AssignmentsOf(m MemberID) []Assignment {
	return listHeld(d.of(m), heldTags, d.unpackAssignment)
}

// AffiliationsOf returns a member's affiliations, ended ones too, by id.
func (d *Directory) AffiliationsOf(m MemberID) []Affiliation {
	return listHeld(d.of(m), heldKinds, d.unpackAffiliation)
}

// CredentialsOf returns a member's cards, lost and revoked ones too, by id.
// Callers do not change the slice, nor those of the next two.
func (d *Directory) CredentialsOf(m MemberID) []Credential { return d.of(m).own().credentials }

// PassesOf returns a member's WiFi passes, ended ones too, by id.
func (d *Directory) PassesOf(m MemberID) []WiFiPass { return d.of(m).own().passes }

// WaiversOf returns a member's waivers, ended ones too, by id.
func (d *Directory) WaiversOf(m MemberID) []Waiver { return d.of(m).own().waivers }

// CredentialByLookup returns the card with that keyed hash; the live one if
// several had it.
func (d *Directory) CredentialByLookup(lookup string) (Credential, bool) {
	return first(d, d.byLookup.get(lookup), func(c Credential) bool { return c.Status == CredentialActive })
}

// DeviceByClient returns the device that this client is; one that is not
// removed if several were.
func (d *Directory) DeviceByClient(c ClientID) (Device, bool) {
	return first(d, d.byClient.get(string(c)), func(d Device) bool { return d.Removed.IsZero() })
}

// PassByLogin returns the WiFi pass with that login name, lower case; one
// that is not revoked if several had it.
func (d *Directory) PassByLogin(login string) (WiFiPass, bool) {
	return first(d, d.byLogin.get(login), func(p WiFiPass) bool { return p.Revoked.IsZero() })
}

// first returns the newest of these facts that is good, else the newest.
func first[T Fact](d *Directory, ids []string, good func(T) bool) (T, bool) {
	var best T
	found := false
	for _, id := range slices.Backward(ids) {
		f, ok := Get[T](d, id)
		if ok && good(f) {
			return f, true
		}
		if ok && !found {
			best, found = f, true
		}
	}
	return best, found
}

// Holders lists the members who hold a badge at an instant, whatever their
// state, in order of their ids.
func (d *Directory) Holders(badge Slug, at time.Time) []MemberID {
	name, _ := d.sym(string(badge))
	if name == 0 {
		return nil
	}
	var list []MemberID
	for _, id := range d.people.keys() {
		if slices.ContainsFunc(d.of(id).badges(), func(m mark) bool { return m.what == name && live(m.from, m.to, startOf(at)) }) {
			list = append(list, id)
		}
	}
	return list
}
