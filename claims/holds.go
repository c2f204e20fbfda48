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
	w, named := d.whom(s)
	if !named {
		return false, time.Time{}
	}
	q := inquiry{d: d, who: p, right: new(declared)}
	end, ok := q.holds(&w, startOf(at))
	if !ok {
		return false, time.Time{}
	}
	return true, end.time()
}

// whom reads a subject by the words there are; false if it names one that no
// fact has, and so nobody.
func (d *Directory) whom(s Subject) (w whom, named bool) {
	w = whom{kind: subjectCodes[s.Kind], user: none}
	var ok [3]bool
	ok[0], ok[1], ok[2] = true, true, true
	switch w.kind {
	case toState:
		w.state = codeOf(State(s.ID))
	case toUser:
		w.user, ok[0] = d.seatOf(MemberID(s.ID))
	case toTag, toBadge, toClient:
		w.name, ok[0] = d.sym(s.ID)
	case toAff:
		w.name, ok[0] = d.sym(string(s.Object))
		w.typ, ok[1] = d.sym(string(s.Type))
		w.role, ok[2] = d.sym(string(s.AffKind))
		w.root = s.AffKind == RootKind
	}
	return w, ok[0] && ok[1] && ok[2]
}
