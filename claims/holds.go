package claims

import "time"

// Holds tells whether a member is this subject at an instant, and until when
// with no write (zero: no end in sight): the member holds the tag, the badge
// or the affiliation live, is in the state, or is the user named. Everyone
// matches every member. It asks about no place, so self, public, client and
// aff:@TYPE#KIND match nobody.
//
// It decides nothing; it picks among things for somebody Decide has allowed,
// such as the VLAN of a network.
func Holds(d *Directory, m MemberID, s Subject, at time.Time) (bool, time.Time) {
	p := d.of(m)
	if !p.known || s.Kind == SubjectAff && s.Type != "" {
		return false, time.Time{}
	}
	q := inquiry{d: d, who: p, right: new(Right)}
	end, ok := q.holds(&s, at)
	return ok, end
}
