package claims

import "fmt"

// Cards and WiFi passes.
//
//   - one card is live for one member at a time
//   - members report their own cards lost or end them; binding a card and
//     taking a found one back takes manage at /people/MEMBER
//   - a pass has a login of its own: in the alphabet of usernames, and nobody
//     else's name or login

func (in BindCredential) what() string {
	return fmt.Sprintf("bind card %s to member %s", in.Credential.ID, in.Credential.Member)
}

func (in SetCredential) what() string {
	return fmt.Sprintf("set card %s %s", in.Credential, in.Status)
}

func (in IssuePass) what() string {
	return fmt.Sprintf("issue WiFi pass %s to member %s", in.Pass.ID, in.Pass.Member)
}

func (in RevokePass) what() string { return "revoke WiFi pass " + string(in.Pass) }

func (in BindCredential) plan(p *planner) ([]Fact, error) {
	c := tidy(in.Credential)
	c.Added = p.now
	if c.Status == "" {
		c.Status = CredentialActive
	}
	if err := check(checkID("id", string(c.ID)), checkLine("label", c.Label, 200)); err != nil {
		return nil, err
	}
	if c.Kind != "uid" && c.Kind != "pin" {
		return nil, invalid("kind", "%q: a credential is a uid or a pin", c.Kind)
	}
	if c.Lookup == "" || c.Sealed == "" {
		return nil, invalid("lookup", "a card comes with the keyed hash of its text and with the text sealed")
	}
	if c.Status != CredentialActive {
		return nil, invalid("status", "%q: a card is bound active, then reported", c.Status)
	}
	if err := p.mayWrite(c); err != nil {
		return nil, err
	}
	if _, err := p.member(c.Member); err != nil {
		return nil, err
	}
	if err := p.checkSpan("added", p.now, "expires", c.Expires); err != nil {
		return nil, err
	}
	return p.bind(c)
}

func (p *planner) bind(c Credential) ([]Fact, error) {
	old, bound := p.d.CredentialByLookup(c.Lookup)
	if bound && p.opens(old) {
		if old.Member != c.Member {
			return nil, conflict("that card is somebody else's")
		}
		return nil, nil
	}
	if _, ok := Get[Credential](p.d, string(c.ID)); ok {
		return nil, conflict("credential %s is another", c.ID)
	}
	return []Fact{c}, nil
}

// opens tells whether a card may still open something.
func (p *planner) opens(c Credential) bool {
	return c.Status == CredentialActive && p.lasting(c.Expires)
}

func (in SetCredential) plan(p *planner) ([]Fact, error) {
	if in.Status != CredentialActive && in.Status != CredentialLost && in.Status != CredentialRevoked {
		return nil, invalid("status", "%q is none of active, lost, revoked", in.Status)
	}
	c, err := need[Credential](p, "card", string(in.Credential))
	if err != nil {
		return nil, err
	}
	if !p.isSelf(c.Member) || in.Status == CredentialActive {
		if err := p.mayWrite(c); err != nil {
			return nil, err
		}
	}
	if c.Status == in.Status {
		return nil, nil
	}
	if in.Status == CredentialActive {
		if other, ok := p.d.CredentialByLookup(c.Lookup); ok && other.ID != c.ID && p.opens(other) {
			return nil, conflict("that card was bound again since, as %s", other.ID)
		}
	}
	if c.Status == CredentialRevoked {
		return nil, conflict("the card was revoked, which is for good; bind it again")
	}
	c.Status = in.Status
	return []Fact{c}, nil
}

func (in IssuePass) plan(p *planner) ([]Fact, error) {
	w := tidy(in.Pass)
	w.Created = p.now
	if err := checkID("id", string(w.ID)); err != nil {
		return nil, err
	}
	login, err := ParseUsername(w.Login)
	if err != nil {
		return nil, invalid("login", "%q: only a-z, 0-9, dot, underscore and hyphen, as alice.phone", w.Login)
	}
	w.Login = login
	if w.Verifier == "" {
		return nil, invalid("verifier", "is empty: a pass comes with what proves it")
	}
	if !w.Revoked.IsZero() {
		return nil, invalid("revoked", "a new pass is not revoked")
	}
	if err := p.mayWrite(w); err != nil {
		return nil, err
	}
	if _, err := p.member(w.Member); err != nil {
		return nil, err
	}
	if err := p.checkSpan("created", p.now, "expires", w.Expires); err != nil {
		return nil, err
	}
	if old, ok := Get[WiFiPass](p.d, string(w.ID)); ok && old.Member == w.Member && old.Login == w.Login && old.Verifier == w.Verifier {
		return nil, nil
	}
	return []Fact{w}, p.checkLogin(w)
}

func (p *planner) checkLogin(w WiFiPass) error {
	if _, ok := Get[WiFiPass](p.d, string(w.ID)); ok {
		return conflict("WiFi pass %s is there already", w.ID)
	}
	if owner, ok := p.d.UsernameTaken(w.Login); ok && owner != w.Member {
		return conflict("the login %s is, or was, somebody else's username", w.Login)
	}
	old, ok := p.d.PassByLogin(w.Login)
	if !ok {
		return nil
	}
	if old.Member != w.Member {
		return conflict("the login %s is somebody else's", w.Login)
	}
	if p.lasting(Earlier(old.Expires, old.Revoked)) {
		return conflict("there is a pass with the login %s already; revoke it or choose another", w.Login)
	}
	return nil
}

func (in RevokePass) plan(p *planner) ([]Fact, error) {
	w, err := need[WiFiPass](p, "WiFi pass", string(in.Pass))
	if err != nil {
		return nil, err
	}
	if err := p.mayWrite(w); err != nil || !w.Revoked.IsZero() {
		return nil, err
	}
	w.Revoked = p.now
	return []Fact{w}, nil
}
