package claims

// clientSystem is the subject of the program itself; no client may be named so.
const clientSystem ClientID = "system"

// readPrincipal refuses an Ask that names two callers.
func (q *inquiry) readPrincipal() error {
	a := &q.ask
	if a.Who.id != "" {
		return q.readWho()
	}
	card := a.Credential != "" || a.Pass != nil
	switch {
	case a.Member != "" && a.Client != "", a.System && (a.Member != "" || a.Client != ""):
		return invalid("principal", "is more than one of member, client and system")
	case card && (a.Client != "" || a.System):
		return invalid("credential", "names a member, and the principal is none")
	}
	holder := a.Member
	if c, ok := q.card(); ok {
		if holder != "" && holder != c.Member {
			return invalid("credential", "is another member's")
		}
		holder = c.Member
	}
	if a.Pass != nil {
		if holder != "" && holder != a.Pass.Member {
			return invalid("credential", "is another member's")
		}
		holder = a.Pass.Member
	}
	if holder != "" {
		q.named = q.d.of(holder)
	}
	return nil
}

// readWho is readPrincipal for a member looked up beforehand: no other caller
// may be named, and a card or pass must be that member's own.
func (q *inquiry) readWho() error {
	a := &q.ask
	if a.Member != "" || a.Client != "" || a.System {
		return invalid("principal", "is more than one of member, client and system")
	}
	q.named = q.d.whoIs(&a.Who)
	if c, ok := q.card(); ok && c.Member != a.Who.id || a.Pass != nil && a.Pass.Member != a.Who.id {
		return invalid("credential", "is another member's")
	}
	return nil
}

// card returns the credential used, if one was and it is known.
func (q *inquiry) card() (Credential, bool) {
	if q.ask.Credential == "" {
		return Credential{}, false
	}
	return Get[Credential](q.d, q.ask.Credential)
}

// findPrincipal takes step 3 as far as no passing of time changes it.
func (q *inquiry) findPrincipal() Reason {
	a := &q.ask
	if r := q.useCards(); r != ReasonOK {
		return r
	}
	switch {
	case a.System:
		q.machine, q.system = true, true
		q.client, _ = q.d.sym(string(clientSystem))
	case a.Client != "":
		c, ok := Get[Client](q.d, string(a.Client))
		if !ok || a.Client == clientSystem {
			return ReasonUnknownClient
		}
		if !c.Disabled.IsZero() {
			return ReasonClientDisabled
		}
		q.machine = true
		q.client, _ = q.d.sym(string(a.Client))
	case q.named != nil:
		if !q.named.isMember() {
			return ReasonUnknownMember
		}
		q.who = q.named
	}
	if a.Supervisor != "" {
		if p := q.d.of(a.Supervisor); p != q.who && p.isMember() {
			q.supervisor = p
		}
	}
	return ReasonOK
}

// useCards looks at the credential and the WiFi pass, if any was used.
func (q *inquiry) useCards() Reason {
	q.ends = never
	if q.ask.Credential != "" {
		c, ok := q.card()
		if !ok {
			return ReasonUnknownCredential
		}
		if c.Status != CredentialActive {
			return ReasonCredential + Reason(c.Status)
		}
		q.ends = endOf(c.Expires)
	}
	if q.ask.Pass != nil {
		p, ok := Get[WiFiPass](q.d, string(q.ask.Pass.ID))
		if !ok || p.Member != q.ask.Pass.Member {
			return ReasonUnknownCredential
		}
		if !p.Revoked.IsZero() {
			return ReasonCredential + "revoked"
		}
		q.ends = min(q.ends, endOf(p.Expires))
	}
	return ReasonOK
}

// credentialEnded is the rest of step 3 for a credential.
func (q *inquiry) credentialEnded(t tick, v *verdict) bool {
	if t >= q.ends {
		return v.no(ReasonCredential + "expired")
	}
	v.limit(q.ends)
	return false
}

// unknown is the rest of step 3 for those without an account: only what is
// granted to the public is for them.
func (q *inquiry) unknown(t tick, v *verdict) bool {
	if q.who != nil || q.machine {
		return false
	}
	if _, ok := q.grant(t); ok {
		return false
	}
	return v.no(ReasonUnknownMember)
}

// barred is step 4.
func (q *inquiry) barred(v *verdict) bool {
	return q.who != nil && q.who.barred && v.no(ReasonMemberBarred)
}

// stateRefused is step 5.
func (q *inquiry) stateRefused(t tick, v *verdict) bool {
	if q.who == nil {
		return false
	}
	state, next := q.d.stateFrom(q.who, t)
	if !q.right.allows(state) {
		return v.no(ReasonMember + Reason(q.who.stateOf(state)))
	}
	for next != never {
		until := next
		if state, next = q.d.stateFrom(q.who, until); !q.right.allows(state) {
			v.limit(until)
			break
		}
	}
	return false
}

// allows tells whether a right is for members in this state.
func (r *declared) allows(s stateCode) bool { return r.states&s.set() != 0 }
