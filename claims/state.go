package claims

import "time"

// stateCode is a State as decisions compare it: its place in States, or
// oddState for a text that is none of them.
type stateCode uint8

const (
	codeGuest stateCode = iota
	codePending
	codeActive
	codeGrace
	codeSuspended
	codeLeft
	oddState
)

// stateSet holds states.
type stateSet uint8

func codeOf(s State) stateCode {
	for i, known := range States {
		if s == known {
			return stateCode(i)
		}
	}
	return oddState
}

// set returns the set of c alone; an odd state is in none.
func (c stateCode) set() stateSet {
	if c == oddState {
		return 0
	}
	return 1 << c
}

// membersStates are those in which a member's tags, badges and affiliations
// are listed in tokens.
const memberStates = stateSet(1<<codeActive | 1<<codeGrace)

// is tells whether state:want matches c.
func (c stateCode) is(want stateCode) bool {
	return c == want && c != oddState || want == codeActive && c == codeGrace
}

// stateOf returns what a code stands for in p.
func (p *person) stateOf(c stateCode) State {
	if c == oddState && p.member.rest != nil {
		return p.member.rest.State
	}
	if c == oddState {
		return ""
	}
	return States[c]
}

// StateAt returns the member's derived state at an instant (step 5 of
// Decide): the stored one, unless that is active and the membership has run
// out or is in its days of grace.
func (d *Directory) StateAt(m Member, at time.Time) State {
	p := *d.of(m.ID)
	p.settleMember(m)
	p.member.rest = &m
	c, _ := d.stateFrom(&p, startOf(at))
	return p.stateOf(c)
}

// settleMember makes m ready to be read.
func (p *person) settleMember(m Member) {
	p.erased, p.barred = !m.ErasedAt.IsZero(), !m.BarredAt.IsZero()
	p.state, p.paid = codeOf(m.State), endOf(m.PaidUntil)
	p.lapse = p.paid
	if p.paid != never && m.GraceUntil.After(m.PaidUntil) {
		p.lapse = endOf(m.GraceUntil)
	}
}

// stateFrom returns a member's derived state at an instant and when the next
// one follows.
func (d *Directory) stateFrom(p *person, t tick) (stateCode, tick) {
	switch {
	case p.state != codeActive:
		return p.state, never
	case d.membershipType != 0:
		return d.stateByAffiliation(p, t)
	case t < p.paid:
		return codeActive, p.paid
	case t < p.lapse:
		return codeGrace, p.lapse
	}
	return codeSuspended, never
}

// stateByAffiliation derives the state from what is held, for organisations
// whose membership is an affiliation.
func (d *Directory) stateByAffiliation(p *person, t tick) (stateCode, tick) {
	state, next := codeSuspended, never
	for i := range p.scopes() {
		m := &p.scopes()[i]
		if !d.makesMember(m) {
			continue
		}
		switch {
		case !live(m.from, m.to, t):
			if state == codeSuspended && m.from > t && m.to > m.from {
				next = min(next, m.from)
			}
		case state == codeSuspended:
			state, next = codeActive, m.to
		default:
			next = max(next, m.to)
		}
	}
	return state, next
}

// makesMember tells whether an affiliation, while live, makes its holder an
// active member.
func (d *Directory) makesMember(m *mark) bool {
	o := d.object(m.what)
	return o != nil && d.extends(o.typ, d.membershipType) && d.implies(o.typ, m.kind, d.membershipKind)
}

// extends tells whether typ is want or extends it.
func (d *Directory) extends(typ, want sym) bool {
	for range maxExtends {
		if typ == want || typ == 0 {
			return typ == want
		}
		typ = d.word(typ).extends
	}
	return false
}

// implies tells whether holding kind held in an object of type typ is holding
// kind want there too.
func (d *Directory) implies(typ, held, want sym) bool {
	for _, kind := range d.lineage[kindSym{typ, held}].up {
		if kind == want {
			return true
		}
	}
	return false
}

// lineage is a kind and those it implies, nearest first.
type lineage struct {
	up    []sym
	names []Slug
}

// kindSym names a kind in a type by numbers.
type kindSym struct{ typ, kind sym }

// settleKinds works out, for every kind that objects of a type know, the kinds
// it implies, itself first.
func (b builder) settleKinds() {
	b.lineage = map[kindSym]lineage{}
	for typ := range b.types {
		name := symOf(b, typ)
		if name != 0 {
			b.editWord(name).extends = symOf(b, b.types[typ].Extends)
		}
	}
	for key := range b.kinds {
		for typ := range b.types {
			b.settleKind(typ, key.Slug)
		}
		b.settleKind(key.Type, key.Slug) // of a type that is not there yet
	}
}

func (b builder) settleKind(typ, kind Slug) {
	if k, ok := b.kind(typ, kind); ok {
		names := b.KindsAbove(typ, k.Slug)
		b.lineage[kindSym{symOf(b, typ), symOf(b, kind)}] = lineage{symsOf(b, names), names}
	}
}

// endsAfter tells whether an end, zero for never, comes after t.
func endsAfter(end, t time.Time) bool { return end.IsZero() || end.After(t) }
