package claims

import (
	"slices"
	"strings"
)

// Members.
//
//   - usernames are unique with the former ones, in any case, and never reused
//   - an e-mail address is unique among the verified
//   - grace is never stored; paying never changes the state (invariant 5)
//   - members change their own names, locale and unverified address; all else
//     takes manage at /people, and nobody lifts their own bar (invariant 3)

func (in AddMember) what() string  { return "add member " + string(in.Member.ID) }
func (in EditMember) what() string { return "edit member " + string(in.Member.ID) }
func (in SetState) what() string {
	return "set state " + string(in.State) + " for member " + string(in.Member)
}
func (in SetPaid) what() string { return "set paid_until for member " + string(in.Member) }
func (in Bar) what() string     { return "bar member " + string(in.Member) }
func (in Unbar) what() string   { return "unbar member " + string(in.Member) }

func (in AddMember) plan(p *planner) ([]Fact, error) {
	m, err := checkMember(in.Member)
	if err != nil {
		return nil, err
	}
	if err := p.mayWrite(m); err != nil {
		return nil, err
	}
	if old, ok := stored[Member](p, string(m.ID)); ok {
		if same(old, m) {
			return nil, nil
		}
		return nil, conflict("there is a member %s already, who differs; edit them instead", m.ID)
	}
	if other, ok := p.d.MemberBySub(m.Sub); ok {
		return nil, conflict("sub is member %s's already, and is never reused", other.ID)
	}
	for _, name := range append([]string{m.Username}, m.Former...) {
		if err := p.checkUsername(m.ID, name); err != nil {
			return nil, err
		}
	}
	if err := p.checkVerified(m); err != nil {
		return nil, err
	}
	return []Fact{m}, nil
}

// checkMember returns a new account as it is stored.
func checkMember(m Member) (Member, error) {
	m = tidy(m)
	if _, err := ParseSlug(string(m.ID)); err != nil {
		return m, invalid("id", "%q cannot be a part of /people/MEMBER: use a UUIDv7 in lower case", m.ID)
	}
	if m.Sub == "" || len(m.Sub) > 255 {
		return m, invalid("sub", "must have 1 to 255 characters; it is the subject in tokens and never changes")
	}
	if !m.BarredAt.IsZero() || m.BarredBy != "" || m.BarReason != "" || !m.ErasedAt.IsZero() {
		return m, invalid("barred_at", "an account is opened first, then barred")
	}
	if m.State == "" {
		m.State = StatePending
	}
	if m.SetBy == "" {
		m.SetBy = "admin"
	}
	for i, name := range m.Former {
		var err error
		if m.Former[i], err = ParseUsername(name); err != nil {
			return m, err
		}
	}
	if err := check(checkLine("sub", m.Sub, 255), checkState(m.State), checkSetBy(m.SetBy)); err != nil {
		return m, err
	}
	if m.PaidUntil.IsZero() && !m.GraceUntil.IsZero() {
		return m, invalid("grace_until", "means nothing without paid_until")
	}
	return checkProfile(m)
}

func checkProfile(m Member) (Member, error) {
	name, err := ParseUsername(m.Username)
	if err != nil {
		return m, err
	}
	m.Username = name
	if m.EmailOK && m.Email == "" {
		return m, invalid("email", "is empty, so it cannot be verified")
	}
	return m, check(checkShown("name", m.Name, 200), checkShown("given_name", m.GivenName, 200),
		checkShown("family_name", m.FamilyName, 200), checkLocale(m.Locale), checkEmail(m.Email))
}

func checkState(s State) error {
	if s == StateGrace || !slices.Contains(States, s) {
		return invalid("state", "%q: a stored state is guest, pending, active, suspended or left; grace comes from the dates", s)
	}
	return nil
}

func checkSetBy(by string) error {
	if !slices.Contains([]string{"billing", "admin", "import", "affiliation"}, by) {
		return invalid("by", "%q: a state is set by billing, admin, import or affiliation", by)
	}
	return nil
}

func (p *planner) checkUsername(m MemberID, name string) error {
	if owner, ok := p.d.UsernameTaken(name); ok && owner != m {
		return conflict("the username %s is, or was, somebody else's: choose another", name)
	}
	if err := p.checkAliased(m, name); err != nil {
		return err
	}
	if pass, ok := p.d.PassByLogin(name); ok && pass.Member != m {
		return conflict("the username %s is the login of somebody else's WiFi pass", name)
	}
	return nil
}

func (p *planner) checkVerified(m Member) error {
	if owner, ok := p.verifiedBy(verified(m)); ok && owner != m.ID {
		return conflict("that e-mail address is verified for somebody else")
	}
	return nil
}

func (in EditMember) plan(p *planner) ([]Fact, error) {
	if err := p.mayEdit(in.Member); err != nil {
		return nil, err
	}
	old, err := p.member(in.Member.ID)
	if err != nil {
		return nil, err
	}
	m := old
	m.Username, m.Name, m.GivenName, m.FamilyName = in.Member.Username, in.Member.Name, in.Member.GivenName, in.Member.FamilyName
	m.Locale, m.Email, m.EmailOK = in.Member.Locale, in.Member.Email, in.Member.EmailOK
	if m, err = checkProfile(m); err != nil {
		return nil, err
	}
	if m.Username != old.Username {
		former := append(slices.Clone(old.Former), old.Username)
		m.Former = set(slices.DeleteFunc(former, func(s string) bool { return s == m.Username }))
	}
	if err := check(p.checkUsername(m.ID, m.Username), p.checkVerified(m)); err != nil {
		return nil, err
	}
	facts := changed(p, m)
	if len(facts) > 0 {
		facts = append(facts, p.touched(m.ID))
	}
	return facts, nil
}

// mayEdit lets members edit themselves, save their username and what they
// have proved.
func (p *planner) mayEdit(m Member) error {
	if p.isSelf(m.ID) {
		old, ok := Get[Member](p.d, string(m.ID))
		proved := m.EmailOK && !(old.EmailOK && strings.EqualFold(old.Email, m.Email))
		if ok && strings.EqualFold(old.Username, m.Username) && !proved && old.BarredAt.IsZero() {
			return nil
		}
	}
	return p.mayOn(rightManage, personPath(m.ID))
}

// member returns a member who has not been erased.
func (p *planner) member(id MemberID) (Member, error) {
	m, err := need[Member](p, "member", string(id))
	if err == nil && !m.ErasedAt.IsZero() {
		return m, conflict("member %s was erased", id)
	}
	return m, err
}
