package claims

import "time"

// Inspection is a decision with everything it was made from: the third level
// of explanation, beside ShortText for a device and Explain for the member. It
// names other members' facts and rules, so it is for administrators only.
type Inspection struct {
	Decision   Decision   `json:"decision"`
	Place      Path       `json:"place,omitempty"` // the stored location used
	Rest       string     `json:"rest,omitempty"`  // what of the path is not stored
	DeclaredAt Path       `json:"declared_at,omitempty"`
	Stop       Path       `json:"stop,omitempty"` // how far up grants are looked for
	State      State      `json:"state,omitempty"`
	StateEnds  time.Time  `json:"state_ends,omitzero"`
	Rules      []RuleSeen `json:"rules"` // lockdowns, denies, gates, grants; each from the place upward
}

// Outcome is what became of a rule that was looked at.
type Outcome string

// What may become of a rule.
const (
	OutcomeCounts   Outcome = "counts"    // the grant that the answer rests on
	OutcomeMatches  Outcome = "matches"   // a grant that would do as well, or a deny or lockdown that refuses
	OutcomeMet      Outcome = "met"       // a gate
	OutcomeWaived   Outcome = "waived"    // a gate
	OutcomeMissing  Outcome = "missing"   // a gate
	OutcomeExempt   Outcome = "exempt"    // from a lockdown
	OutcomeOther    Outcome = "other"     // it is about another right, or a role without this one
	OutcomeNobody   Outcome = "not_them"  // its subject is not whoever asks, at that instant
	OutcomeSilenced Outcome = "silenced"  // by a kind override
	OutcomeClosed   Outcome = "closed"    // outside its hours
	OutcomeNotYet   Outcome = "not_yet"   // it has not begun
	OutcomeEnded    Outcome = "ended"     // it is over
	OutcomeAbove    Outcome = "above"     // it stands above a location that does not inherit
	OutcomeNoMember Outcome = "no_member" // gates concern members only
)

// RuleSeen is a rule on the chain and what became of it.
type RuleSeen struct {
	What    string    `json:"what"` // lockdown, deny, gate, grant or override
	ID      ID        `json:"id,omitempty"`
	At      Path      `json:"at"`
	Subject string    `json:"subject,omitempty"` // of a gate: its badges
	About   string    `json:"about,omitempty"`   // a right, or role:NAME; empty: any that it can hold
	Outcome Outcome   `json:"outcome"`
	By      Slug      `json:"by,omitempty"`   // the badge that meets a gate
	Until   time.Time `json:"until,omitzero"` // of what matches; zero: no end
}

// Inspect decides an Ask as Decide does and tells of every rule on the chain.
// Lockdowns and denies that are lifted or removed are left out.
func Inspect(d *Directory, a Ask) (Inspection, error) {
	dec, err := Decide(d, a)
	if err != nil {
		return Inspection{}, err
	}
	in := inspector{q: inquiry{d: d, ask: a}, out: Inspection{Decision: dec, Rules: []RuleSeen{}}}
	q := &in.q
	if err := q.read(); err != nil {
		return Inspection{}, err
	}
	reason := q.settle()
	if q.place.n == 0 {
		return in.out, nil
	}
	in.out.Place, in.out.Rest = d.PathOf(d.placeID(d.nodes.at(q.number))), q.rest
	in.out.Stop = in.path(q.place.stop)
	if q.who != nil {
		state, next := d.stateFrom(q.who, q.at)
		in.out.State, in.out.StateEnds = q.who.stateOf(state), next.time()
	}
	if q.right == nil || reason != ReasonOK && reason != ReasonLocationArchived {
		return in.out, nil
	}
	in.out.DeclaredAt = in.path(q.declared)
	in.look()
	return in.out, nil
}

type inspector struct {
	q   inquiry
	out Inspection
}

func (in *inspector) path(up int) Path { return in.q.d.PathOf(in.q.d.placeID(in.q.place.at[up])) }

// look takes in what stands on the chain, sort by sort.
func (in *inspector) look() {
	for _, sort := range []func(s *standing, up int){in.locks, in.denies, in.gates, in.grants} {
		for _, up := range in.q.place.standing() {
			sort(in.q.place.at[up].stands, int(up))
		}
	}
	in.choose()
}

func (in *inspector) saw(r RuleSeen, up int) {
	r.At = in.path(up)
	in.out.Rules = append(in.out.Rules, r)
}

func (in *inspector) locks(s *standing, up int) {
	q := &in.q
	for i := range s.shut {
		l := &s.shut[i]
		if l.to <= q.at || !q.right.held() {
			continue
		}
		r := RuleSeen{What: "lockdown", ID: s.locks[i].ID, Outcome: OutcomeMatches, Until: l.to.time()}
		if end, ok := q.exempt(l, q.at); l.from > q.at {
			r.Outcome = OutcomeNotYet
		} else if ok {
			r.Outcome, r.Until = OutcomeExempt, end.time()
		}
		in.saw(r, up)
	}
}

func (in *inspector) gates(s *standing, up int) {
	q := &in.q
	for i := range s.doors {
		if !q.guards(&s.doors[i], up, q.at) {
			continue
		}
		g := &s.gates[i]
		r := RuleSeen{What: "gate", ID: g.ID, Subject: joined(g.AnyOf), About: string(g.Right), Outcome: OutcomeNoMember}
		if q.who != nil {
			badge, end, met := q.meets(s, i, q.at)
			switch {
			case !met:
				r.Outcome = OutcomeMissing
			case badge == 0:
				r.Outcome, r.Until = OutcomeWaived, end.time()
			default:
				r.Outcome, r.By, r.Until = OutcomeMet, Slug(q.d.spelled(badge)), end.time()
			}
		}
		in.saw(r, up)
	}
}

func joined(badges []Slug) string {
	text := ""
	for i, b := range badges {
		if i > 0 {
			text += " or "
		}
		text += string(b)
	}
	return text
}

func (in *inspector) denies(s *standing, up int) { in.rules(s, up, Deny) }

func (in *inspector) grants(s *standing, up int) {
	in.rules(s, up, Allow)
	if s.object == 0 {
		return
	}
	q := &in.q
	o := q.d.word(s.object).override
	if o == nil || up > q.declared || up > q.place.stop {
		return
	}
	w := whom{kind: toAff, name: s.object, role: o.kind, root: Slug(q.d.spelled(o.kind)) == RootKind}
	r := RuleSeen{What: "override", Subject: "aff:" + q.d.spelled(s.object) + "#" + q.d.spelled(o.kind), Outcome: OutcomeOther}
	for _, right := range o.rights {
		if right == q.right.name {
			r.About, r.Outcome = string(q.right.Slug), OutcomeNobody
			if end, ok := q.holds(&w, q.at); ok {
				r.Outcome, r.Until = OutcomeMatches, end.time()
			}
		}
	}
	in.saw(r, up)
}

// rules takes in the grants or the denies of one location. Their forms stand
// in the order of the facts, those of each effect in a list of their own.
func (in *inspector) rules(s *standing, up int, effect Effect) {
	forms := s.allows
	if effect == Deny {
		forms = s.denies
	}
	n := 0
	for i := range s.grants {
		g := &s.grants[i]
		if (g.Effect == Deny) != (effect == Deny) {
			continue
		}
		form := &forms[n]
		n++
		r := RuleSeen{What: "grant", ID: g.ID, Subject: g.Subject.String(), About: string(g.Right)}
		if g.Role != "" {
			r.About = "role:" + string(g.Role)
		}
		if effect == Deny {
			if r.What = "deny"; !g.Removed.IsZero() {
				continue
			}
		}
		r.Outcome, r.Until = in.outcome(form, up, effect)
		in.saw(r, up)
	}
}

// outcome tells what becomes of a grant or deny, and until when it matches.
func (in *inspector) outcome(g *rule, up int, effect Effect) (Outcome, time.Time) {
	q := &in.q
	switch {
	case !q.concerns(g, up):
		return OutcomeOther, time.Time{}
	case g.to <= q.at:
		return OutcomeEnded, time.Time{}
	case g.from > q.at:
		return OutcomeNotYet, time.Time{}
	case effect != Deny && up > q.place.stop:
		return OutcomeAbove, time.Time{}
	}
	end, ok := q.holds(&g.whom, q.at)
	if !ok {
		if o := q.nearest(g.typ); g.kind == toAff && g.typ != 0 && q.about == nil && o != nil && q.d.silenced(o.name, g.role) {
			return OutcomeSilenced, time.Time{}
		}
		return OutcomeNobody, time.Time{}
	}
	if g.window != nil && (effect != Deny || q.d.zones[g.window.Zone] != nil) {
		shut, open := q.open(g.window, q.at)
		if !open {
			return OutcomeClosed, time.Time{}
		}
		end = min(end, shut)
	}
	return OutcomeMatches, min(end, g.to).time()
}

// choose marks the grant that counts: the one that lasts longest, and of those
// that last alike the nearest, as they are listed.
func (in *inspector) choose() {
	if !in.out.Decision.Allow {
		return
	}
	best := -1
	for i, r := range in.out.Rules {
		if r.Outcome == OutcomeMatches && (r.What == "grant" || r.What == "override") &&
			(best < 0 || endOf(r.Until) > endOf(in.out.Rules[best].Until)) {
			best = i
		}
	}
	if best >= 0 {
		in.out.Rules[best].Outcome = OutcomeCounts
	}
}
