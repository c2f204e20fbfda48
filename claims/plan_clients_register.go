package claims

import (
	"slices"
	"strings"
	"time"
)

// Clients that register themselves (RFC 7591), on behalf of whoever gave them
// the token to do so, and change what they said (RFC 7592).
//
//   - registering takes the register right at /apps, of the one behind it
//   - afterwards the client itself changes its registration, or who
//     manages it; removing it takes the same
//   - what it says of itself never says what it may see or skip: that is
//     left to who manages it, and at first there is none of it

// RegisterClient puts in place what a client says of itself. A new client sees
// nothing of members' facts; of one that is there, all that is not for the
// client to say stays: Owner, Filter, Resources, ExchangeTo, FirstParty, Introspect,
// AlwaysGroups, AccessJWT, PKCEOptional, Secrets while it uses any,
// Registration.At and Token. Registration must be there.
type RegisterClient struct{ Client Client }

// DeregisterClient disables a client that registered itself.
type DeregisterClient struct{ Client ClientID }

func (in RegisterClient) what() string { return "register client " + string(in.Client.ID) }

func (in DeregisterClient) what() string { return "deregister client " + string(in.Client) }

func (in RegisterClient) plan(p *planner) ([]Fact, error) {
	c := tidyClient(in.Client)
	if c.Registration == nil {
		return nil, invalid("registration", "is missing")
	}
	old, exists := stored[Client](p, string(c.ID))
	if err := p.mayRegister(c.ID, old, exists); err != nil {
		return nil, err
	}
	c.Owner, c.Registration.At = p.by.String(), p.now
	if exists {
		c.Owner, c.Registration.At, c.Registration.Token = old.Owner, old.Registration.At, old.Registration.Token
		if c.Auth.HasSecret() && len(old.Secrets) > 0 {
			c.Secrets = old.Secrets // as they are now, whatever the client saw of them
		}
	}
	c.PKCEOptional = old.PKCEOptional && c.Auth != AuthNone
	c.Filter, c.AccessJWT, c.AlwaysGroups = old.Filter, old.AccessJWT, old.AlwaysGroups
	if c.Resources, c.ExchangeTo = old.Resources, nil; slices.Contains(c.GrantTypes, grantExchange) {
		c.ExchangeTo = old.ExchangeTo
	}
	c.FirstParty, c.Introspect, c.Disabled = old.FirstParty, old.Introspect, time.Time{}
	if slices.Contains(c.Scopes, scopeDoor) && !slices.Contains(old.Scopes, scopeDoor) {
		return nil, invalid("scopes", "%s is given to a client, it does not take it", scopeDoor)
	}
	if err := check(checkClient(c), checkRegistration(*c.Registration), p.sameSector(c)); err != nil {
		return nil, err
	}
	return p.putClient(c, !exists)
}

// mayRegister tells whether the actor may register a client, or change one
// that registered itself.
func (p *planner) mayRegister(id ClientID, old Client, exists bool) error {
	switch {
	case !exists:
		return p.mayOn(rightRegister, "/apps")
	case old.Registration == nil:
		return conflict("client %s did not register itself", id)
	case !old.Disabled.IsZero():
		return &Refused{Right: rightManage, At: Path("/apps/" + clientSlug(id)), Problem: "the client is disabled"}
	case p.by == Actor{Kind: ActorClient, ID: string(id)}:
		return nil
	}
	return p.mayWrite(old)
}

func (in DeregisterClient) plan(p *planner) ([]Fact, error) {
	c, err := need[Client](p, "client", string(in.Client))
	if err != nil {
		return nil, err
	}
	if err := p.mayRegister(c.ID, c, true); err != nil {
		return nil, err
	}
	c.Disabled = p.now
	return []Fact{c}, nil
}

func checkRegistration(r Registration) error {
	if !isSHA256(r.Token) {
		return invalid("registration", "keeps the SHA-256 of its token, 64 lower-case hex digits")
	}
	for field, text := range map[string]string{"client_uri": r.URI, "policy_uri": r.PolicyURI, "tos_uri": r.TermsURI} {
		if text == "" {
			continue
		}
		if u, ok := splitURI(text); !ok || u.scheme != "https" || !hostOK(u.host) || u.user {
			return invalid(field, "%q is no page that people could open, such as https://wiki.example.org/about", text)
		}
	}
	if len(r.Contacts) > 10 {
		return invalid("contacts", "are more than 10")
	}
	for _, c := range r.Contacts {
		if err := checkLine("contacts", c, 254); err != nil {
			return err
		}
	}
	return check(checkLine("software_id", r.SoftwareID, 200), checkLine("software_version", r.SoftwareVersion, 200))
}

func isSHA256(s string) bool { return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" }
