package claims

import (
	"fmt"
	"time"

	"pgregory.net/rapid"
)

// Random small organisations, and questions about them.

var (
	springNight = time.Date(2025, 3, 30, 0, 0, 0, 0, time.UTC)
	propRights  = []Slug{"phys", "soft", "out", "maintain", "supervise"}
	propPlaces  = []LocationID{"r11", "r1", "r", "r12", "r2", "p"}
	propBadges  = []Slug{"b0", "b1", "b2"}
	propMembers = []MemberID{"m0", "m1", "m2"}
)

// drawing draws facts, each with an id of its own.
type drawing struct {
	*rapid.T
	n int
}

func pick[V any](t *drawing, from ...V) V { return rapid.SampledFrom(from).Draw(t.T, "pick") }

func (t *drawing) id() ID { t.n++; return ID(fmt.Sprintf("x%03d", t.n)) }

// chance is true about once in n.
func (t *drawing) chance(n int) bool { return rapid.IntRange(1, n).Draw(t.T, "chance") == 1 }

// hour draws a whole hour, or zero.
func (t *drawing) hour() time.Time {
	if !t.chance(3) {
		return time.Time{}
	}
	return springNight.Add(time.Duration(rapid.IntRange(-72, 72).Draw(t.T, "hour")) * time.Hour)
}

func (t *drawing) subject(kinds ...SubjectKind) Subject {
	s := Subject{Kind: pick(t, kinds...)}
	switch s.Kind {
	case SubjectState:
		s.ID = string(pick(t, StateActive, StateGrace, StateSuspended, StateGuest))
	case SubjectUser:
		s.ID = string(pick(t, propMembers...))
	case SubjectTag:
		s.ID = pick(t, "t0", "t1")
	case SubjectBadge:
		s.ID = string(pick(t, propBadges...))
	case SubjectAff:
		s.AffKind = pick[Slug](t, "default", "member", "board", "lead")
		if s.Object = pick[Slug](t, "", "o0", "o1"); s.Object == "" {
			s.Type = pick[Slug](t, "body", "team")
		}
	}
	return s
}

func (t *drawing) window() *Window {
	if t.chance(3) {
		return nil
	}
	from := rapid.IntRange(0, 23).Draw(t.T, "from")
	w := Window{From: from * 60, To: (from + rapid.IntRange(1, 23).Draw(t.T, "long")) % 24 * 60, Zone: pick(t, "UTC", "Europe/Amsterdam")}
	if t.chance(3) {
		w.Days = []time.Weekday{pick(t, time.Friday, time.Saturday, time.Sunday), time.Monday}
	}
	checked, err := w.Checked()
	if err != nil {
		t.Fatal(err)
	}
	return checked
}

func (t *drawing) grant() Grant {
	return Grant{ID: t.id(), At: pick(t, propPlaces...), Subject: t.subject(SubjectEveryone, SubjectTag, SubjectBadge, SubjectAff, SubjectEveryone, SubjectSelf, SubjectState, SubjectUser,
		SubjectTag, SubjectBadge, SubjectAff), Right: t.right(), Effect: Allow, Window: t.window(), Starts: t.hour(), Expires: t.hour(), Period: t.period()}
}

// period draws one, or none, or seldom one that is not there.
func (t *drawing) period() Slug {
	if !t.chance(4) {
		return ""
	}
	return pick[Slug](t, "y0", "y1", "y0", "y1", "y9")
}

func (t *drawing) periods() []Fact {
	var facts []Fact
	for _, slug := range []Slug{"y0", "y1"} {
		from := springNight.Add(time.Duration(rapid.IntRange(-72, 40).Draw(t.T, "from")) * time.Hour)
		long := time.Duration(rapid.IntRange(1, 100).Draw(t.T, "long")) * time.Hour
		facts = append(facts, Period{Slug: slug, Kind: PeriodYear, Starts: from, Ends: from.Add(long)})
	}
	return facts
}

// right draws one of the two asked about most, as often as not.
func (t *drawing) right() Slug {
	if t.chance(3) {
		return pick(t, propRights...)
	}
	return pick[Slug](t, "phys", "soft")
}

func (t *drawing) deny() Grant {
	g := t.grant()
	g.Effect, g.Subject = Deny, t.subject(SubjectUser, SubjectTag, SubjectState)
	return g
}

func (t *drawing) gate() Gate {
	return Gate{ID: t.id(), At: pick(t, propPlaces...), Right: pick[Slug](t, "", "phys", "soft"), AnyOf: []Slug{pick(t, propBadges...), pick(t, propBadges...)}}
}

func (t *drawing) award(m MemberID) Award {
	return Award{ID: t.id(), Member: m, Badge: pick(t, propBadges...), On: t.hour(), Expires: t.hour(), Period: t.period()}
}

// member draws a member and what they have.
func (t *drawing) member(m MemberID) []Fact {
	facts := []Fact{Member{ID: m, Sub: string(m), Username: string(m), State: pick(t, StateActive, StateActive, StateActive, StateActive, StateActive, StateActive, StateActive, StateGuest),
		GraceUntil: t.hour()}}
	if t.chance(6) {
		m := facts[0].(Member)
		m.PaidUntil = t.hour()
		facts[0] = m
	}
	for range rapid.IntRange(2, 7).Draw(t.T, "facts") {
		switch rapid.IntRange(0, 2).Draw(t.T, "fact") {
		case 0:
			facts = append(facts, t.award(m))
		case 1:
			facts = append(facts, Assignment{ID: t.id(), Tag: pick[Slug](t, "t0", "t1"), Target: TargetMember, TargetID: string(m), Starts: t.hour(), Expires: t.hour(), Period: t.period()})
		case 2:
			facts = append(facts, Affiliation{ID: t.id(), Member: m, Object: pick[Slug](t, "o0", "o1"), Kind: pick[Slug](t, "default", "member", "board", "lead"),
				Starts: t.hour(), Ends: t.hour(), Period: t.period()})
		}
	}
	return facts
}

// organisation draws a small one.
func (t *drawing) organisation() []Fact {
	facts := []Fact{
		ObjectType{Slug: "body"}, ObjectType{Slug: "team", Extends: "body"}, Object{Slug: "o0", Type: "body"}, Object{Slug: "o1", Type: "team"},
		Kind{Type: "body", Slug: "default"}, Kind{Type: "body", Slug: "member", Parent: "default"},
		Kind{Type: "body", Slug: "board", Parent: "member"}, Kind{Type: "team", Slug: "lead", Parent: "member"},
		Location{ID: "r", Slug: "r"}, Location{ID: "r1", Parent: "r", Slug: "a", Inherit: !t.chance(8), Object: "o0"},
		Location{ID: "r2", Parent: "r", Slug: "b", Inherit: !t.chance(4), Open: true}, Location{ID: "r11", Parent: "r1", Slug: "c", Inherit: !t.chance(4), Object: "o1"},
		Location{ID: "r12", Parent: "r1", Slug: "d", Inherit: !t.chance(4)}, Location{ID: "p", Slug: "people", Open: true},
		Right{At: "r", Slug: "phys"}, Right{At: "r", Slug: "soft", NotPhysical: true}, Right{At: "r", Slug: "out", Egress: true, States: States},
		Right{At: "r1", Slug: "maintain"}, Right{At: "r", Slug: "supervise", NotPhysical: true}, Right{At: "p", Slug: "soft", NotPhysical: true},
		Device{ID: "d", Maintenance: t.chance(2), TwoPerson: t.chance(2)},
		Credential{ID: "card", Member: "m0", Status: CredentialActive, Expires: t.hour()},
	}
	if t.chance(8) {
		facts = append(facts, Settings{MembershipFrom: MembershipFrom{Type: "body", Kind: "member"}})
	}
	if t.chance(3) {
		facts = append(facts, Override{Object: pick[Slug](t, "o0", "o1"), Kind: pick[Slug](t, "member", "board"), Rights: []Slug{"soft"}})
	}
	facts = append(facts, t.periods()...)
	for _, m := range propMembers {
		facts = append(facts, t.member(m)...)
	}
	for range rapid.IntRange(6, 14).Draw(t.T, "grants") {
		facts = append(facts, t.grant())
	}
	for _, at := range []LocationID{"r", "r1"} {
		g := t.grant()
		g.At, g.Subject, g.Right = at, t.subject(SubjectEveryone, SubjectState), t.right()
		facts = append(facts, g)
	}
	for range rapid.IntRange(0, 1).Draw(t.T, "denies") {
		facts = append(facts, t.deny())
	}
	for range rapid.IntRange(0, 2).Draw(t.T, "gates") {
		g := t.gate()
		facts = append(facts, g)
		if t.chance(2) {
			facts = append(facts, Waiver{ID: t.id(), Gate: g.ID, Member: "m0", Starts: t.hour(), Expires: springNight.Add(30 * time.Hour)})
		}
	}
	if t.chance(4) {
		facts = append(facts, Lockdown{ID: t.id(), At: pick(t, propPlaces...), From: t.hour(), Exempt: []Subject{t.subject(SubjectTag, SubjectBadge, SubjectState)}})
	}
	return facts
}

// ask draws a question by m0.
func (t *drawing) ask() Ask {
	a := Ask{Member: "m0", Right: t.right(), Place: pick(t, propPlaces...), At: springNight.Add(time.Duration(rapid.IntRange(-60, 60).Draw(t.T, "at")) * time.Hour)}
	switch rapid.IntRange(0, 11).Draw(t.T, "with") {
	case 3:
		a.Device, a.Supervisor = "d", "m1"
	case 4:
		a.Credential = "card"
	case 5:
		a.Place, a.Path = "", pick[Path](t, "/people/m0", "/people/m1", "/r/b/unstored")
	}
	return a
}
