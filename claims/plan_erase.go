package claims

import (
	"reflect"
	"slices"
	"strings"
)

// Erasure takes manage at /people; of an administrator also assign at
// /tags/admin, as taking that tag off does, and never of the last one. Nobody
// erases themself: it cannot be undone, so somebody else looks on.

// ErasureReasons are why a member may be erased. They are words of ours, since
// the audit keeps them and would keep a name as well.
var ErasureReasons = []string{"asked", "retention", "mistake"}

func (in Erase) what() string { return "erase member " + string(in.Member) + ", " + in.Reason }

func (in Erase) plan(p *planner) ([]Fact, error) {
	if !slices.Contains(ErasureReasons, in.Reason) {
		return nil, invalid("reason", "must be one of %s: the audit keeps it, so it is no text of your own", strings.Join(ErasureReasons, ", "))
	}
	if err := p.notSelf(in.Member, rightManage, "/people", "nobody erases themself: ask another organiser"); err != nil {
		return nil, err
	}
	if err := p.mayOn(rightManage, "/people"); err != nil {
		return nil, err
	}
	m, err := need[Member](p, "member", string(in.Member))
	if err != nil || !m.ErasedAt.IsZero() {
		return nil, err
	}
	if err := p.checkAdministrator(m); err != nil {
		return nil, err
	}
	var left []Fact
	for _, f := range About(p.d, m.ID) {
		if now := p.over(f); !reflect.DeepEqual(f, now) {
			left = append(left, now)
		}
	}
	return left, nil
}

// checkAdministrator holds that somebody is left who runs the organisation.
func (p *planner) checkAdministrator(m Member) error {
	if !p.administers(m) {
		return nil
	}
	if err := p.mayOn(rightAssign, Path("/tags/"+TagAdmin)); err != nil {
		return err
	}
	for other := range All[Member](p.d) {
		if other.ID != m.ID && p.administers(other) {
			return nil
		}
	}
	return conflict("member %s is the last administrator: make somebody else one first", m.ID)
}

// administers tells whether somebody is an administrator who can act.
func (p *planner) administers(m Member) bool {
	state := p.d.StateAt(m, p.now)
	return m.ErasedAt.IsZero() && m.BarredAt.IsZero() && (state == StateActive || state == StateGrace) &&
		slices.ContainsFunc(p.assignments(TagAdmin, TargetMember, string(m.ID)), func(a Assignment) bool {
			start, end := p.d.Span(a)
			return Live(start, end, p.now)
		})
}

// over returns a fact about somebody who is erased: ended, and emptied.
func (p *planner) over(f Fact) Fact {
	by := p.by.String()
	switch f := f.(type) {
	case Member:
		kept := []string{keptName(f.Username)}
		for _, name := range f.Former {
			kept = append(kept, keptName(name))
		}
		return Member{ID: f.ID, Sub: f.Sub, Former: set(kept), State: StateLeft, SetBy: "admin", ErasedAt: p.now}
	case Award:
		if p.lasting(f.End()) {
			f.Revoked, f.RevokedBy = p.now, by
		}
		return Emptied(f)
	case Assignment:
		if p.lasting(f.End()) {
			f.Removed, f.RemovedBy = p.now, by
		}
		return f
	case Affiliation:
		if p.lasting(f.End()) {
			f.Removed = p.now
		}
		return Emptied(f)
	case Credential:
		f.Status = CredentialRevoked
		return Emptied(f)
	case WiFiPass:
		if f.Revoked.IsZero() {
			f.Revoked = p.now
		}
		return Emptied(f)
	case Alias:
		return p.overAlias(f)
	}
	return Emptied(p.ruleOver(f))
}

// ruleOver is over for what rules say of somebody, and for what they did.
func (p *planner) ruleOver(f Fact) Fact {
	switch f := f.(type) {
	case Note:
		if f.Removed.IsZero() {
			f.Removed, f.RemovedBy = p.now, p.by.String()
		}
		return f
	case Waiver:
		if p.lasting(f.End()) {
			f.Removed = p.now
		}
		return f
	case Grant:
		if p.lasting(f.End()) {
			f.Removed = p.now
		}
		return f
	case Identity:
		if f.Removed.IsZero() {
			f.Removed = p.now
		}
		return f
	case SignoffRequest:
		if f.Open(p.now) {
			f.Expires = p.now
		}
		return f
	case Request:
		if f.Open(p.now) {
			f.Expires = p.now
		}
		return f
	}
	return f
}
