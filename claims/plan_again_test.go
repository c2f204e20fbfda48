package claims

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestPlanningTheSameAgainPlansNothing(t *testing.T) {
	more := []Intent{
		Define{wiki(nil)}, Define{AccessPoint{ID: "ap", Prefix: "::1", Secret: "s"}}, Define{Network{Slug: "n", Location: "core-wifi"}},
		Define{Settings{Name: "Space"}}, Define{Override{Object: "netcom", Kind: "board", Rights: []Slug{"manage", "edit", "edit"}}},
		Define{Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64, Created: noon.Local().Add(1)}}, GrantTypes: []string{grantClient}}},
		Define{Device{ID: "d", Kind: "door", Location: "door", Right: "unlock", Client: "door-1"}},
		AddGrant{Grant{ID: "w", At: "workshop", Subject: must(ParseSubject("tag:day-member")), Role: "keeper", Window: must(ParseWindow("09:00-17:00 mon,tue"))}},
		AddGrant{Grant{ID: "dn", At: "workshop", Subject: must(ParseSubject("user:bo")), Right: "operate", Effect: Deny, Expires: noon.AddDate(0, 1, 0)}},
		Waive{Waiver{ID: "w", Gate: "gate-laser", Member: "ada", Expires: noon.AddDate(0, 0, 1)}},
		Lock{Lockdown{ID: "l", At: "door", Exempt: []Subject{must(ParseSubject("tag:admin"))}}},
		BindCredential{Credential{ID: "c", Member: "ada", Kind: "uid", Lookup: "h", Sealed: "s"}},
		IssuePass{WiFiPass{ID: "p", Member: "ada", Login: "ada.phone", Verifier: "v"}},
		Assign{Assignment{ID: "as", Tag: "day-member", TargetID: "ada", Expires: noon.AddDate(0, 1, 0)}},
		Define{VLE{Slug: "m", Kind: VLEMoodle, BaseURL: "https://m.example.org/"}}, Define{Course{ID: "c", VLE: "m", External: "7"}},
		Define{Requirement{Badge: "bandsaw", Slug: "course", Kind: AskCourse, Course: "c"}}, Define{Badge{Slug: "bandsaw", Name: "Band saw", Mode: BadgeSignoff}},
		LinkIdentity{Identity{VLE: "m", Member: "ada", External: "u7"}}, met("ada", "bandsaw", "course"),
		RequestSignoff{SignoffRequest{ID: "q", Member: "ada", Badge: "bandsaw"}},
		SetState{Member: "ada", State: StateSuspended}, SetPaid{Member: "ada", PaidUntil: noon}, Bar{Member: "bo"}, EditMember{Member{ID: "tom", Username: "thomas"}},
	}
	d := built(t, more...)
	for _, in := range append(organisation(), more...) {
		planned, err := Plan(d, operator, noon.Add(time.Minute), in)
		_, added := in.(AddMember)
		if changed := added && errors.Is(err, ErrConflict); changed {
			continue // edited since
		}
		if b, ok := in.(Define); ok && b.Fact == (Fact)(Badge{Slug: "bandsaw", Name: "Band saw"}) {
			continue // defined otherwise since
		}
		if err != nil || len(planned.Facts) > 0 || planned.What != "" {
			t.Errorf("%s again: %v, %v (%q)", in.what(), planned.Facts, err, planned.What)
		}
	}
	// Under other ids, as a file that is applied again makes them.
	for _, in := range []Intent{
		AddGrant{Grant{ID: "w2", At: "workshop", Subject: must(ParseSubject("tag:day-member")), Role: "keeper", Window: must(ParseWindow("09:00-17:00 tue,mon UTC")), Reason: "again"}},
		AddGate{Gate{ID: "g2", At: "laser", Right: "operate", AnyOf: []Slug{"laser-1"}}},
		Assign{Assignment{ID: "as2", Tag: "day-member", TargetID: "ada", Expires: noon.AddDate(0, 0, 9)}},
		Affiliate{Affiliation{ID: "f2", Member: "bo", Object: "delft", Kind: "board"}},
		Waive{Waiver{ID: "w2", Gate: "gate-laser", Member: "ada", Expires: noon.Add(time.Hour)}},
		Lock{Lockdown{ID: "l2", At: "door", Exempt: []Subject{must(ParseSubject("tag:admin"))}}},
		BindCredential{Credential{ID: "c2", Member: "ada", Kind: "uid", Lookup: "h", Sealed: "s2"}},
	} {
		if planned, err := Plan(d, operator, noon, in); err != nil || len(planned.Facts) > 0 {
			t.Errorf("%s again, with another id: %v, %v", in.what(), planned.Facts, err)
		}
	}
	longer := Assign{Assignment{ID: "as3", Tag: "day-member", TargetID: "ada"}}
	if planned, err := Plan(d, operator, noon, longer); err != nil || len(planned.Facts) != 1 {
		t.Errorf("a longer assignment: %v, %v; want it planned", planned.Facts, err)
	}
}

func TestABatchIsAllOrNothing(t *testing.T) {
	d := built(t)
	refused(t, d, operator, ErrNotFound, "", "award bandsaw to member nobody",
		GiveAward{Award{ID: "n", Badge: "bandsaw", Member: "ada"}},
		GiveAward{Award{ID: "m", Badge: "bandsaw", Member: "nobody"}})
	refused(t, d, operator, ErrInvalid, "intent", "number 2 is nil", Define{Tag{Slug: "n"}}, nil)
	if _, ok := Get[Award](d, "n"); ok {
		t.Error("planning changed the picture")
	}
	_, planned := grow(t, d, operator, Define{Tag{Slug: "new"}}, Define{Tag{Slug: "new"}}, Assign{Assignment{ID: "n", Tag: "new", TargetID: "ada"}})
	if len(planned.Facts) != 2 || planned.What != "define tag new; assign new to member ada" {
		t.Errorf("planned %v (%s)", planned.Facts, planned.What)
	}
	if planned.On != d.Seq() || planned.At != noon || planned.Actor != operator {
		t.Errorf("planned on %v at %v by %v", planned.On, planned.At, planned.Actor)
	}
	var many []Intent
	for i := range 15 {
		many = append(many, Define{Tag{Slug: Slug(fmt.Sprintf("t%d", i))}})
	}
	if _, planned := grow(t, d, operator, many...); !strings.HasSuffix(planned.What, "; and 5 more") {
		t.Errorf("the audit says %q", planned.What)
	}
	if _, err := Plan(d, operator, time.Time{}, many...); !errors.Is(err, ErrInvalid) {
		t.Errorf("without an instant: %v", err)
	}
}

func TestPlannedTimesAreAsTheStoreKeepsThem(t *testing.T) {
	at := time.Date(2025, 6, 1, 14, 0, 0, 123456789, time.FixedZone("x", 7200))
	planned, err := Plan(built(t), operator, at, GiveAward{Award{ID: "n", Badge: "laser-1", Member: "ada", Expires: at.Add(time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	a := planned.Facts[0].(Award)
	want := time.Date(2025, 6, 1, 12, 0, 0, 123456000, time.UTC)
	if a.On != want || a.Expires != want.Add(time.Hour) || planned.At != want {
		t.Errorf("on %v until %v at %v; want UTC and whole microseconds", a.On, a.Expires, planned.At)
	}
}

func TestWhatHoldsNoSecrets(t *testing.T) {
	for _, in := range []Intent{
		Define{wiki(nil)}, Bar{Member: "ada", Reason: "SECRET"}, Define{AccessPoint{ID: "ap", Secret: "SECRET"}},
		BindCredential{Credential{ID: "c", Lookup: "SECRET", Sealed: "SECRET"}}, IssuePass{WiFiPass{ID: "p", Verifier: "SECRET"}},
		Define{VLE{Slug: "m", Secret: "SECRET"}}, LinkIdentity{Identity{VLE: "m", Member: "ada", External: "SECRET"}},
		RecordResult{Result{Member: "ada", Reference: "SECRET"}}, AnswerSignoff{"q", SignoffRefused, "SECRET"},
		AddMember{Member{ID: "m", Email: "SECRET", Name: "SECRET"}}, RevokeAward{Badge: "b", Reason: "SECRET"},
	} {
		if what := in.what(); what == "" || strings.Contains(what, "SECRET") || strings.Contains(what, hex64) {
			t.Errorf("the audit would say %q", what)
		}
	}
}

// facts is everything in a picture, by key.
func facts(d *Directory) map[Key]Fact {
	all := map[Key]Fact{}
	collect[Settings](d, all)
	collect[Member](d, all)
	collect[Tag](d, all)
	collect[Assignment](d, all)
	collect[Badge](d, all)
	collect[Award](d, all)
	collect[Requirement](d, all)
	collect[Result](d, all)
	collect[SignoffRequest](d, all)
	collect[Identity](d, all)
	collect[VLE](d, all)
	collect[Course](d, all)
	collect[ObjectType](d, all)
	collect[Kind](d, all)
	collect[Object](d, all)
	collect[Affiliation](d, all)
	collect[Application](d, all)
	collect[Location](d, all)
	collect[Right](d, all)
	collect[Role](d, all)
	collect[Grant](d, all)
	collect[Gate](d, all)
	return all
}

func collect[T Fact](d *Directory, into map[Key]Fact) {
	for f := range All[T](d) {
		into[f.Key()] = f
	}
}

// TestPlansFold plans random intents one by one and then those that were
// taken in one batch: both give the same picture, an intent planned again
// plans nothing, and the invariants hold at the end.
func TestPlansFold(t *testing.T) {
	start := built(t)
	rapid.Check(t, func(rt *rapid.T) {
		one, taken := start, []Intent(nil)
		for i, in := range rapid.SliceOfN(randomIntent(), 1, 40).Draw(rt, "intents") {
			in = named(in, i)
			planned, err := Plan(one, operator, noon, in)
			if err != nil {
				continue
			}
			one, taken = one.With(one.Seq(), planned.Facts...), append(taken, in)
			if again, err := Plan(one, operator, noon, in); err != nil || len(again.Facts) > 0 {
				rt.Fatalf("%s again: %v, %v", in.what(), again.Facts, err)
			}
		}
		planned, err := Plan(start, operator, noon, taken...)
		if err != nil {
			rt.Fatalf("the batch: %v", err)
		}
		if batch := start.With(start.Seq(), planned.Facts...); !reflect.DeepEqual(facts(batch), facts(one)) {
			rt.Fatalf("the batch and its steps differ after %v", taken)
		}
		checkInvariants(rt, one)
	})
}

func checkInvariants(rt *rapid.T, d *Directory) {
	live := map[string]ID{}
	for a := range All[Award](d) {
		held := string(a.Badge) + " " + string(a.Member)
		if a.SupersededBy != "" || !Live(time.Time{}, a.End(), noon) {
			continue
		}
		if live[held] != "" {
			rt.Fatalf("%s is awarded twice: %s and %s", held, live[held], a.ID)
		}
		live[held] = a.ID
	}
	p := &planner{d: d, now: noon}
	for r := range All[Right](d) {
		for _, above := range p.chain(r.At)[1:] {
			if up, ok := d.RightAt(above.ID, r.Slug); ok && r.Removed.IsZero() {
				rt.Fatalf("%s is declared at %s and %s", r.Slug, d.PathOf(r.At), d.PathOf(up.At))
			}
		}
	}
	homes := map[Slug]LocationID{}
	for l := range All[Location](d) {
		if path := d.PathOf(l.ID); path == "" || len(path.Parts()) > MaxDepth {
			rt.Fatalf("location %s stands at %q", l.ID, path)
		}
		if other := homes[l.Object]; l.Object != "" && other != "" {
			rt.Fatalf("%s stands at %s and %s", l.Object, other, l.ID)
		}
		homes[l.Object] = l.ID
	}
}

// named gives what is new an id that no other intent has.
func named(in Intent, i int) Intent {
	id := ID(fmt.Sprintf("r%03d", i))
	switch in := in.(type) {
	case GiveAward:
		in.Award.ID = id
		return in
	case Assign:
		in.Assignment.ID = id
		return in
	case Affiliate:
		in.Affiliation.ID = id
		return in
	case AddGrant:
		in.Grant.ID = id
		return in
	case AddGate:
		in.Gate.ID = id
		return in
	}
	return in
}

// randomIntent draws from so few names that intents meet.
func randomIntent() *rapid.Generator[Intent] {
	who := rapid.SampledFrom([]MemberID{"ada", "tom", "bo", "m1", "m2"})
	place := rapid.SampledFrom([]LocationID{"space", "workshop", "laser", "bodies", "delft", "l1", "l2", "l3", ""})
	badge := rapid.SampledFrom([]Slug{"laser-1", "bandsaw", "b1", "old"})
	right := rapid.SampledFrom([]Slug{"operate", "unlock", "edit", "r1"})
	object := rapid.SampledFrom([]Slug{"delft", "netcom", "o1", ""})
	kind := rapid.SampledFrom([]Slug{"default", "member", "board", "k1", "k2"})
	subject := rapid.SampledFrom([]string{"everyone", "state:active", "user:ada", "tag:admin", "badge:b1", "aff:@body#k1", "aff:o1#member"})
	days := rapid.IntRange(-2, 5)
	return rapid.Custom(func(rt *rapid.T) Intent {
		end := time.Time{}
		if n := days.Draw(rt, "days"); n != 0 {
			end = noon.AddDate(0, 0, n)
		}
		m, at, b, r, k := who.Draw(rt, "who"), place.Draw(rt, "place"), badge.Draw(rt, "badge"), right.Draw(rt, "right"), kind.Draw(rt, "kind")
		switch rapid.IntRange(0, 13).Draw(rt, "what") {
		case 0:
			return Define{Location{ID: place.Draw(rt, "id"), Parent: at, Slug: Slug("s" + string(r)), Inherit: rapid.Bool().Draw(rt, "inherit"), Object: object.Draw(rt, "object")}}
		case 1:
			return Define{Right{At: at, Slug: r, NotPhysical: rapid.Bool().Draw(rt, "physical"), Egress: rapid.Bool().Draw(rt, "egress")}}
		case 2:
			return Define{Badge{Slug: b}}
		case 3:
			return Define{Kind{Type: "body", Slug: k, Parent: kind.Draw(rt, "parent")}}
		case 4:
			return Define{Object{Slug: object.Draw(rt, "object"), Type: "body"}}
		case 5:
			return AddMember{Member{ID: m, Sub: "sub-" + string(m), Username: string(m)}}
		case 6:
			return GiveAward{Award{Badge: b, Member: m, Expires: end, On: noon.AddDate(0, 0, rapid.IntRange(-1, 2).Draw(rt, "on"))}}
		case 7:
			return RevokeAward{Badge: b, Member: m}
		case 8:
			return Affiliate{Affiliation{Member: m, Object: object.Draw(rt, "object"), Kind: k, Ends: end}}
		case 9:
			return AddGrant{Grant{At: at, Subject: must(ParseSubject(subject.Draw(rt, "subject"))), Right: r, Expires: end}}
		case 10:
			return AddGate{Gate{At: at, Right: r, AnyOf: []Slug{b}}}
		case 11:
			return Remove{Key: rapid.SampledFrom([]Key{{EntityLocation, string(at)}, {EntityRight, string(at) + "/" + string(r)}, {EntityBadge, string(b)}}).Draw(rt, "key")}
		case 12:
			return EndAffiliation{Member: m, Object: object.Draw(rt, "object"), Kind: k}
		}
		return EditMember{Member{ID: m, Username: string(who.Draw(rt, "name"))}}
	})
}
