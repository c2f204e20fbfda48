package claims

import (
	"fmt"
	"slices"
	"time"
)

// Who holds what: by the right to give it, which takes knowing who has it; by
// manage there; for everybody else, as far as they may see the members.

// Holder is a member who has something, as far as a caller may know.
type Holder struct {
	Member   MemberID  `json:"member"`
	Username string    `json:"username"`
	Name     string    `json:"name,omitempty"`
	Kind     Slug      `json:"kind,omitempty"`  // of an affiliation
	Title    string    `json:"title,omitempty"` // of an affiliation
	From     time.Time `json:"from,omitzero"`
	Until    time.Time `json:"until,omitzero"`     // zero: no end
	By       string    `json:"by,omitempty"`       // who gave it, for those who may give it
	Note     string    `json:"evidence,omitempty"` // of an award, for those who may give it
}

// Holders lists who holds a badge now: ErrNotFound if there is no such badge.
func (v *View) Holders(badge Slug) ([]Holder, error) {
	if _, ok := Get[Badge](v.d, string(badge)); !ok {
		return nil, fmt.Errorf("badge: %w", ErrNotFound)
	}
	at := Path("/badges/" + badge)
	return v.holders(v.may(rightAward, at) || v.may(rightManage, at), func(p *person, take func(Holder)) {
		if !v.has(p.badges(), badge) {
			return
		}
		for _, a := range v.d.AwardsOf(p.id) {
			if start, end := v.d.Span(a); a.Badge == badge && Live(start, end, v.at) {
				take(Holder{From: start, Until: end, By: a.AwardedBy, Note: a.Evidence})
			}
		}
	}), nil
}

// Tagged lists the members who have a tag now: ErrNotFound if there is no such
// tag.
func (v *View) Tagged(tag Slug) ([]Holder, error) {
	if _, ok := Get[Tag](v.d, string(tag)); !ok {
		return nil, fmt.Errorf("tag: %w", ErrNotFound)
	}
	at := Path("/tags/" + tag)
	return v.holders(v.may(rightAssign, at) || v.may(rightManage, at), func(p *person, take func(Holder)) {
		if !v.has(p.tags(), tag) {
			return
		}
		for _, a := range v.d.AssignmentsOf(p.id) {
			if start, end := v.d.Span(a); a.Tag == tag && Live(start, end, v.at) {
				take(Holder{From: start, Until: end, By: a.AssignedBy})
			}
		}
	}), nil
}

// Roster lists who is affiliated with an object now: ErrNotFound if there is
// no such object.
func (v *View) Roster(object Slug) ([]Holder, error) {
	if _, ok := Get[Object](v.d, string(object)); !ok {
		return nil, fmt.Errorf("object: %w", ErrNotFound)
	}
	at := (&planner{d: v.d}).objectPath(object)
	return v.holders(v.may(rightAffiliate, at) || v.may(rightManage, at), func(p *person, take func(Holder)) {
		if !v.has(p.scopes(), object) {
			return
		}
		for _, a := range v.d.AffiliationsOf(p.id) {
			if start, end := v.d.Span(a); a.Object == object && Live(start, end, v.at) {
				take(Holder{Kind: a.Kind, Title: a.Title, From: start, Until: end, By: a.GrantedBy})
			}
		}
	}), nil
}

// has tells whether one of these is a live one of what.
func (v *View) has(held []mark, what Slug) bool {
	name, known := v.d.sym(string(what))
	return known && slices.ContainsFunc(held, func(m mark) bool { return m.what == name && live(m.from, m.to, startOf(v.at)) })
}

// holders asks everybody what they hold, in order of their ids; all tells
// whether the caller may know of them all.
func (v *View) holders(all bool, held func(p *person, take func(Holder))) []Holder {
	list := []Holder{}
	for _, id := range v.d.people.keys() {
		p := v.d.of(id)
		if !p.isMember() {
			continue
		}
		held(p, func(h Holder) {
			if !all {
				if v.level(p) == Hidden {
					return
				}
				h.By, h.Note = "", ""
			}
			h.Member, h.Username, h.Name = p.id, p.member.username, p.member.name
			list = append(list, h)
		})
	}
	return list
}

// Clients lists the clients the caller may see, by id, without what they prove
// themselves with: those they manage, as who registered one does; all of them
// for who manages /admin.
func (v *View) Clients() []Client {
	var list []Client
	all := v.may(rightManage, "/admin")
	for c := range All[Client](v.d) {
		if all || v.Manages(c.ID) {
			list = append(list, c.withoutProof())
		}
	}
	return list
}

// Client returns one of Clients, or ErrNotFound.
func (v *View) Client(id ClientID) (Client, error) {
	c, ok := Get[Client](v.d, string(id))
	if !ok || !v.Manages(id) && !v.may(rightManage, "/admin") {
		return Client{}, fmt.Errorf("client: %w", ErrNotFound)
	}
	return c.withoutProof(), nil
}

// Manages tells whether the caller may change a client.
func (v *View) Manages(id ClientID) bool { return v.may(rightManage, Path("/apps/"+clientSlug(id))) }

// Registers tells whether the caller may add clients of their own; trusted,
// whether also those that are nobody's own.
func (v *View) Registers() (own, trusted bool) {
	trusted = v.may(rightManage, "/apps")
	return trusted || v.may(rightRegister, "/apps"), trusted
}

// SeesClients tells whether there is any client to see, or one may be added.
func (v *View) SeesClients() bool {
	if own, _ := v.Registers(); own || v.may(rightManage, "/admin") {
		return true
	}
	for c := range All[Client](v.d) {
		if v.Manages(c.ID) {
			return true
		}
	}
	return false
}

// withoutProof returns a client without what proves it, or who may change it.
func (c Client) withoutProof() Client {
	c.Secrets = slices.Clone(c.Secrets)
	for i := range c.Secrets {
		c.Secrets[i].SHA256 = ""
	}
	if c.Registration != nil {
		r := *c.Registration
		r.Token, c.Registration = "", &r
	}
	return c
}
