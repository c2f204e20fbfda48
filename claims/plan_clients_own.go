package claims

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Clients that are somebody's own: added by who holds register at /apps, or
// by themselves on somebody's behalf (RFC 7591).
//
//   - they ask for consent, always, and are told of no tokens but their own,
//     and of groups without the scope only if who manages /apps says so
//   - audiences and doors are given to them by who manages /apps, since
//     whoever is an audience is believed there
//   - they go by no name that members take for something else, and by no
//     id that a member has as subject                                      RFC 9700, 4.15
//   - who manages /apps may take one over, which ends all that its owner, or
//     the client itself, could do to it; nobody gives one away

// maxOwn is how many clients that are not disabled somebody owns at most.
const maxOwn = 100

// TakeOver makes a client that is somebody's own theirs who manage /apps: its
// owner, and the client itself, change it no more.
type TakeOver struct{ Client ClientID }

func (in TakeOver) what() string { return "take over client " + string(in.Client) }

func (in TakeOver) plan(p *planner) ([]Fact, error) {
	c, err := need[Client](p, "client", string(in.Client))
	if err == nil {
		err = p.mayOn(rightManage, "/apps")
	}
	if err != nil || c.Owner == "" {
		return nil, err
	}
	c.Owner, c.Registration = "", nil
	facts := []Fact{c}
	if g, ok := stored[Grant](p, string(ownerGrantID(c.ID))); ok && g.Removed.IsZero() {
		g.Removed = p.now
		facts = append(facts, g)
	}
	return facts, nil
}

// mayClient tells whether the actor may write the client, and whether it is
// by registering a new one, which is their own then. Whose own it is, and what
// it registered itself, stay as they are.
func (p *planner) mayClient(c *Client) (registered bool, err error) {
	old, exists := stored[Client](p, string(c.ID))
	c.Owner, c.Registration = old.Owner, old.Registration
	err = p.mayWrite(*c)
	if err != nil && !exists && p.mayOn(rightRegister, "/apps") == nil {
		registered, err = true, nil
		c.Owner = p.by.String()
	}
	if err != nil {
		return false, err
	}
	return registered, p.mayBeyond(*c, old)
}

// mayBeyond asks for manage at /apps for what an owner does not decide.
func (p *planner) mayBeyond(c, old Client) error {
	enabled := !old.Disabled.IsZero() && c.Disabled.IsZero()
	more := func(now, was []string) bool {
		return slices.ContainsFunc(now, func(r string) bool { return !slices.Contains(was, r) })
	}
	added := more(c.Resources, old.Resources) || more(c.ExchangeTo, old.ExchangeTo)
	door := slices.Contains(c.Scopes, scopeDoor) && !slices.Contains(old.Scopes, scopeDoor)
	unasked := c.AlwaysGroups && !old.AlwaysGroups // also of members who said yes to less
	if !(c.FirstParty && !old.FirstParty || c.Introspect && !old.Introspect || unasked || enabled || added || door) {
		return nil
	}
	if err := p.mayOn(rightManage, "/apps"); err != nil {
		return fmt.Errorf("first_party, introspect, always_groups, resources, exchange_targets, the scope door and enabling again are for who runs all applications: %w", err)
	}
	return nil
}

// checkOwn holds what a client that is somebody's own may not be.
func (p *planner) checkOwn(c Client) error {
	if c.Owner == "" {
		return nil
	}
	if c.Trusted() {
		return invalid("first_party", "and introspect are for no application that is somebody's own: take %s over first", c.ID)
	}
	if c.Pairwise() && slices.Contains(c.GrantTypes, grantDevice) {
		return invalid("grant_types", "%s is for no pairwise application that is somebody's own: no answer goes to the sector, so nothing shows that it is theirs", grantDevice)
	}
	old, exists := Get[Client](p.d, string(c.ID))
	if !exists {
		if err := p.checkOwnID(c); err != nil {
			return err
		}
	}
	if exists && old.Name == c.Name {
		return nil
	}
	return p.checkOwnName(c)
}

func (p *planner) checkOwnID(c Client) error {
	_, taken := Get[Application](p.d, string(c.ID))
	_, somebody := p.d.MemberBySub(string(c.ID)) // its own tokens would say that it is they
	if taken || somebody || c.ID == "lanyard" {
		return invalid("id", "%s is reserved; choose another name", c.ID)
	}
	own := 0
	for other := range All[Client](p.d) {
		if other.Owner == c.Owner && other.Registration == nil && other.Disabled.IsZero() {
			own++
		}
	}
	if own >= maxOwn && c.Registration == nil {
		return conflict("you have %d applications, which is the most there may be: remove one first", own)
	}
	return nil
}

// checkOwnName refuses what would pass for the organisation, for this program,
// or for a client of somebody else's.
func (p *planner) checkOwnName(c Client) error {
	if strings.ContainsFunc(c.Name, func(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp) }) {
		return invalid("name", "holds a character that cannot be seen")
	}
	if passesForOther(c.Name) {
		return invalid("name", "%q holds letters that pass for those of another alphabet", c.Name)
	}
	name := plainName(c.Called())
	taken := func(other string) bool { return other != "" && plainName(other) == name }
	if name == "" {
		return invalid("name", "has no letter or digit")
	}
	if taken("lanyard") || taken(p.d.Settings().Name) {
		return invalid("name", "%q is reserved; choose one that is the application's own", c.Name)
	}
	for other := range All[Client](p.d) {
		// What registered itself on somebody's behalf is not by that the same
		// people's as what they added themselves.
		theirs := other.Owner == c.Owner && (c.Registration == nil) == (other.Registration == nil)
		if other.ID != c.ID && !theirs && other.Disabled.IsZero() && (taken(other.Name) || taken(string(other.ID))) {
			return invalid("name", "%q is what another application is called; choose one that is the application's own", c.Name)
		}
	}
	return nil
}

// alphabets are those of which some letters look the same.
var alphabets = []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Armenian, unicode.Cherokee}

// passesForOther tells whether a word of a name mixes such alphabets, or has
// letters that are another's in another width or face.
func passesForOther(name string) bool {
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		of := 0
		for _, a := range alphabets {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(a, r) }) {
				of++
			}
		}
		shaped := func(r rune) bool { return r >= 0xff21 && r <= 0xff5a || r >= 0x1d400 && r <= 0x1d7cb } // full width; mathematical
		if of > 1 || strings.ContainsFunc(word, shaped) {
			return true
		}
	}
	return false
}

// plainName is a name as one hears it: letters and digits alone, in lower case.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func ownerGrantID(c ClientID) ID { return ID(string(ClientPlace(c)) + "-owner") }

// registrantGrant makes a client its registrant's own.
func (p *planner) registrantGrant(c Client) Grant {
	id := ClientPlace(c.ID)
	who := Subject{Kind: SubjectUser, ID: p.by.ID}
	switch p.by.Kind {
	case ActorClient:
		who.Kind = SubjectClient
	case ActorDevice:
		d, _ := Get[Device](p.d, p.by.ID)
		who = Subject{Kind: SubjectClient, ID: string(d.Client)}
	case ActorSystem:
		who = Subject{Kind: SubjectClient, ID: string(clientSystem)}
	}
	return Grant{
		ID: ownerGrantID(c.ID), At: id, Subject: who, Right: rightManage, Effect: Allow,
		CreatedBy: p.by.String(), CreatedAt: p.now, Reason: "registered it",
	}
}
