package claims

// What stands at a location, as decisions read it: words as numbers, instants
// as ticks, each list beside the facts it was made from and in their order.

// whom is a Subject as decisions read it.
type whom struct {
	kind  subjectCode
	root  bool      // of an affiliation: the kind is the root kind
	state stateCode // of state:S
	name  sym       // tag, badge, client; object of aff:OBJECT#
	typ   sym       // of aff:@TYPE#; 0: the object is named
	role  sym       // the kind of an affiliation
	user  int32     // the number of user:ID
}

type subjectCode uint8

const (
	toNobody subjectCode = iota // a subject that nobody can be
	toEveryone
	toPublic
	toSelf
	toState
	toUser
	toTag
	toBadge
	toAff
	toClient
)

var subjectCodes = map[SubjectKind]subjectCode{
	SubjectEveryone: toEveryone, SubjectPublic: toPublic, SubjectSelf: toSelf, SubjectState: toState, SubjectUser: toUser,
	SubjectTag: toTag, SubjectBadge: toBadge, SubjectAff: toAff, SubjectClient: toClient,
}

func (b builder) whom(s Subject) whom {
	w := whom{kind: subjectCodes[s.Kind], user: none}
	switch w.kind {
	case toState:
		w.state = codeOf(State(s.ID))
	case toUser:
		w.user = b.seat(MemberID(s.ID))
	case toTag, toBadge, toClient:
		w.name = symOf(b, s.ID)
	case toAff:
		w.name, w.typ, w.role, w.root = symOf(b, s.Object), symOf(b, s.Type), symOf(b, s.AffKind), s.AffKind == RootKind
	}
	return w
}

// rule is a grant or a deny.
type rule struct {
	whom
	right    sym // or
	duty     sym // the role
	from, to tick
	window   *Window
}

// declared is a right that has not been removed.
type declared struct {
	Right
	name   sym
	states stateSet
}

// gateForm is a gate; its place in the list is that of the Gate.
type gateForm struct {
	right sym // 0: every physical right that is not egress
	until tick
	anyOf []sym
}

// lockForm is a lockdown; its place in the list is that of the Lockdown.
type lockForm struct {
	from, to tick
	exempt   []whom
}

// settleStanding makes what stands at a location ready to be read. Of rights
// and grants that were only added behind those it knows, it looks at these.
func (b builder) settleStanding(s *standing) {
	s.queued = false
	if s.known.rights == 0 {
		s.declared = nil
	}
	for i := s.known.rights; i < len(s.rights); i++ {
		if r := &s.rights[i]; r.Removed.IsZero() {
			s.declared = append(s.declared, b.declared(r))
		}
	}
	if s.known.grants == 0 {
		s.allows, s.denies = nil, nil
	}
	for i := s.known.grants; i < len(s.grants); i++ {
		if g := &s.grants[i]; g.Effect == Deny {
			s.denies = append(s.denies, b.rule(g))
		} else {
			s.allows = append(s.allows, b.rule(g))
		}
	}
	s.known.rights, s.known.grants = len(s.rights), len(s.grants)
	b.settleClosures(s)
}

// rule is a grant as decisions read it.
func (b builder) rule(g *Grant) rule {
	r := rule{b.whom(g.Subject), symOf(b, g.Right), symOf(b, g.Role), startOf(g.Starts), endOf(g.End()), g.Window}
	r.from, r.to = b.within(symOf(b, g.Period), r.from, r.to)
	if g.Role != "" {
		r.right = 0
	}
	return r
}

func (b builder) settleClosures(s *standing) {
	s.doors = make([]gateForm, len(s.gates))
	for i := range s.gates {
		g := &s.gates[i]
		s.doors[i] = gateForm{symOf(b, g.Right), endOf(g.Removed), symsOf(b, g.AnyOf)}
	}
	s.shut = make([]lockForm, len(s.locks))
	for i := range s.locks {
		l := &s.locks[i]
		s.shut[i] = lockForm{from: startOf(l.From), to: endOf(l.Lifted)}
		for _, e := range l.Exempt {
			s.shut[i].exempt = append(s.shut[i].exempt, b.whom(e))
		}
	}
}

func (b builder) declared(r *Right) declared {
	f := declared{Right: *r, name: symOf(b, r.Slug)}
	states := r.States
	if len(states) == 0 {
		states = DefaultStates
	}
	for _, s := range states {
		f.states |= codeOf(s).set()
	}
	return f
}
