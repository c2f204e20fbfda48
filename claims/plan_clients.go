package claims

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Clients. Each has a place at /apps/CLIENT, where the right login says who
// may sign in to it; a new one's is open to active members. Who holds
// register at /apps may add clients, which are their own then, and gets manage
// at them; what such a client may not be is in plan_clients_own.go.

// ClientPlace returns the id of the location where login to a client is
// asked: "app-" and the client's id, or, for an id that is no slug, a digest.
func ClientPlace(c ClientID) LocationID { return LocationID("app-" + clientSlug(c)) }

// clientSlug returns the last part of a client's place.
func clientSlug(c ClientID) Slug {
	if s, err := ParseSlug(string(c)); err == nil {
		return s
	}
	sum := sha256.Sum256([]byte(c))
	return Slug("x-" + hex.EncodeToString(sum[:16]))
}

func (p *planner) defineClient(c Client) ([]Fact, error) {
	c = tidyClient(c)
	if err := check(checkClient(c), p.notFuture("disabled", c.Disabled)); err != nil {
		return nil, err
	}
	if err := p.sameSector(c); err != nil {
		return nil, err
	}
	registered, err := p.mayClient(&c)
	if err != nil {
		return nil, err
	}
	return p.putClient(c, registered)
}

// putClient returns a client with what comes with it. Whether the actor may
// write it is settled.
func (p *planner) putClient(c Client, registered bool) ([]Fact, error) {
	if err := p.checkOwn(c); err != nil {
		return nil, err
	}
	facts := changed(p, c)
	if len(facts) > 0 {
		if err := check(p.checkAudiences(c), p.checkFilter(c.Filter)); err != nil {
			return nil, err
		}
	}
	place, err := p.clientPlace(c)
	if err != nil {
		return nil, err
	}
	if registered && len(place) == 0 {
		// Somebody made it for a purpose; managing it is not for whoever comes first.
		return nil, conflict("/apps/%s is there already: only who manages it may add its client", clientSlug(c.ID))
	}
	facts = append(facts, place...)
	if registered && p.by.Kind != ActorOperator {
		facts = append(facts, p.registrantGrant(c))
	}
	return facts, nil
}

// tidyClient puts into order what is a set; redirect URIs stay as written.
func tidyClient(c Client) Client {
	c = tidy(c)
	c.JWKS = compactJSON(c.JWKS)
	if c.SubjectType == subjectPublic {
		c.SubjectType = ""
	}
	c.GrantTypes, c.Scopes, c.ExchangeTo = set(c.GrantTypes), set(c.Scopes), set(c.ExchangeTo)
	f := &c.Filter
	f.Tags, f.Badges, f.Types, f.Objects = set(f.Tags), set(f.Badges), set(f.Types), set(f.Objects)
	return c
}

// clientPlace returns the location of a client and its login grant, unless
// the location is there. A device or a service signs nobody in.
func (p *planner) clientPlace(c Client) ([]Fact, error) {
	id, apps := ClientPlace(c.ID), coreID("apps")
	if l, ok := Get[Location](p.d, string(id)); ok {
		if l.Parent != apps {
			return nil, conflict("location %s is taken and stands at %s; it is the place of client %s", id, p.d.PathOf(id), c.ID)
		}
		return nil, p.checkAlone(c)
	}
	if _, ok := Get[Location](p.d, string(apps)); !ok {
		return nil, fmt.Errorf("location /apps, of the core: %w", ErrNotFound)
	}
	at := Path("/apps/" + clientSlug(c.ID))
	if other, ok := p.d.Locate(at); ok {
		return nil, conflict("%s is there already, with id %s", at, other.ID)
	}
	facts := []Fact{Location{ID: id, Parent: apps, Slug: clientSlug(c.ID), Name: c.Name, Inherit: true}}
	if !slices.Contains(c.GrantTypes, grantCode) && !slices.Contains(c.GrantTypes, grantDevice) {
		return facts, nil
	}
	return append(facts, Grant{
		ID: ID(string(id) + "-login"), At: id, Right: rightLogin, Effect: Allow,
		Subject:   Subject{Kind: SubjectState, ID: string(StateActive)},
		CreatedBy: p.by.String(), CreatedAt: p.now, Reason: "comes with the client",
	}), nil
}

// checkAlone refuses a new client whose place is another's: the digest of an
// id is a slug that somebody could choose as an id.
func (p *planner) checkAlone(c Client) error {
	if _, exists := Get[Client](p.d, string(c.ID)); exists {
		return nil
	}
	for other := range All[Client](p.d) {
		if clientSlug(other.ID) == clientSlug(c.ID) {
			return conflict("/apps/%s is the place of client %s", clientSlug(c.ID), other.ID)
		}
	}
	return nil
}
