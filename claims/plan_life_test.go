package claims

import (
	"testing"
	"time"
)

// TestR17TrainerAwardsTheirBadgeAndNothingElse shows authorisation by badge:
// whoever holds laser-maint gives laser-1, to others, and no other badge.
func TestR17TrainerAwardsTheirBadgeAndNothingElse(t *testing.T) {
	d := built(t)
	give := func(badge Slug, m MemberID) Intent { return GiveAward{Award{ID: "n", Badge: badge, Member: m}} }
	after, _ := grow(t, d, as("tom"), give("laser-1", "ada"))
	if dec := must(Decide(after, Ask{Member: "ada", Right: "operate", Place: "laser", At: noon})); !dec.Allow {
		t.Errorf("after the award, operate laser: %s", dec.Reason)
	}
	refused(t, d, as("tom"), ErrDenied, "award", "/badges/bandsaw", give("bandsaw", "ada"))
	refused(t, d, as("tom"), ErrDenied, "award", "/badges/laser-maint", give("laser-maint", "ada"))
	refused(t, d, as("tom"), ErrDenied, "assign", "/tags/board-member", Assign{Assignment{ID: "n", Tag: "board-member", TargetID: "ada"}})
	refused(t, d, as("ada"), ErrDenied, "award", "/badges/laser-1", give("laser-1", "bo"))
	refused(t, d, as("tom"), ErrDenied, "award", "/badges/no-such", give("no-such", "ada"))
}

func TestNobodyActsOnThemselves(t *testing.T) {
	d := built(t, AddGrant{Grant{ID: "n", At: "space", Subject: must(ParseSubject("user:tom")), Right: "manage"}})
	give := GiveAward{Award{ID: "n", Badge: "laser-1", Member: "tom"}}
	for _, by := range []Actor{as("tom"), {Kind: ActorMember, ID: "tom", ACR: 3}} {
		refused(t, d, by, ErrDenied, "award", "to themselves", give)
	}
	for _, method := range []AwardMethod{MethodManual, MethodSignoff, MethodImport} {
		refused(t, d, as("tom"), ErrDenied, "award", "to themselves", GiveAward{Award{ID: "n", Badge: "laser-1", Member: "tom", Method: method}})
	}
	refused(t, d, as("boss"), ErrDenied, "award", "to themselves", GiveAward{Award{ID: "n", Badge: "bandsaw", Member: "boss"}})
	refused(t, d, as("tom"), ErrDenied, "grant", "for themselves", Waive{Waiver{ID: "n", Gate: "gate-laser", Member: "tom", Expires: noon.AddDate(0, 0, 1)}})
	barred, _ := grow(t, d, operator, Bar{Member: "boss"})
	refused(t, barred, as("boss"), ErrDenied, "manage", "their own bar", Unbar{Member: "boss"})
}

func TestOneLiveAwardPerMemberAndBadge(t *testing.T) {
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	give := func(id ID, on, until time.Time) Intent {
		return GiveAward{Award{ID: id, Badge: "laser-maint", Member: "ada", On: on, Expires: until}}
	}
	d := built(t, give("a1", time.Time{}, day(30)))
	refuseAll(t, d, []refusal{
		{"ends with the live one", ErrConflict, "", "award laser-maint to member ada: conflict: already held until 2025-07-01T12:00:00Z", give("a2", time.Time{}, day(30))},
		{"ends before it", ErrConflict, "", "already held", give("a2", day(1), day(10))},
		{"ends before it starts", ErrInvalid, "expires", "not after", give("a2", day(50), day(40))},
		{"has ended", ErrInvalid, "expires", "has passed", give("a2", day(-9), day(-1))},
		{"an id that is another's", ErrConflict, "", "another's", GiveAward{Award{ID: "a1", Badge: "bandsaw", Member: "ada"}}},
	})
	later, planned := grow(t, d, operator, give("a2", day(20), day(60)))
	if old, _ := Get[Award](later, "a1"); len(planned.Facts) != 2 || old.SupersededBy != "a2" {
		t.Errorf("planned %v; want a2, and a1 superseded by it", planned.Facts)
	}
	refused(t, later, operator, ErrConflict, "", "already held until 2025-07-31", give("a3", day(1), day(60)))
	forever, _ := grow(t, later, operator, give("a3", time.Time{}, time.Time{}))
	refused(t, forever, operator, ErrConflict, "", "without an end", give("a4", time.Time{}, time.Time{}))

	gone, planned := grow(t, later, operator, RevokeAward{Badge: "laser-maint", Member: "ada", Reason: "left the lathe on"})
	if len(planned.Facts) != 2 {
		t.Errorf("revoking plans %v; want the award that counts and the one to come", planned.Facts)
	}
	for _, a := range gone.AwardsOf("ada") {
		if a.Revoked != noon || a.RevokedBy != "operator:root" || a.RevokeReason == "" {
			t.Errorf("%+v is not revoked now, by the operator, with a reason", a)
		}
	}
	grow(t, gone, operator, give("a5", time.Time{}, day(1)))
}

// TestR8ExpiredAwardIsRenewed shows that an award that has run out is no
// obstacle to the next, and that a badge's usual length is given.
func TestR8ExpiredAwardIsRenewed(t *testing.T) {
	d := built(t, GiveAward{Award{ID: "a1", Badge: "laser-1", Member: "ada", On: noon.AddDate(-2, 0, 0), Expires: noon.AddDate(-1, 0, 0), Method: MethodImport}})
	d, planned := grow(t, d, operator, GiveAward{Award{ID: "a2", Badge: "laser-1", Member: "ada"}})
	if len(planned.Facts) != 1 {
		t.Errorf("planned %v; want the new award only", planned.Facts)
	}
	a, _ := Get[Award](d, "a2")
	if a.On != noon || a.Expires != noon.Add(365*24*time.Hour) || a.AwardedBy != "operator:root" || a.Method != MethodManual {
		t.Errorf("the renewal is %+v; want from now, for a year, by the operator, manual", a)
	}
}

func TestAwardsAreHeldToTheirForm(t *testing.T) {
	d := built(t)
	give := func(change func(*Award)) Intent {
		a := Award{ID: "n", Badge: "laser-1", Member: "ada"}
		change(&a)
		return GiveAward{a}
	}
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", give(func(a *Award) { a.ID = "" })},
		{"no such badge", ErrNotFound, "", "badge", give(func(a *Award) { a.Badge = "x" })},
		{"no slug", ErrInvalid, "badge", "only a-z", give(func(a *Award) { a.Badge = "../x" })},
		{"no such member", ErrNotFound, "", "member", give(func(a *Award) { a.Member = "x" })},
		{"a retired badge", ErrConflict, "", "retired", give(func(a *Award) { a.Badge = "old" })},
		{"by magic", ErrInvalid, "method", "none of", give(func(a *Award) { a.Method = "magic" })},
		{"by fob", ErrInvalid, "method", "fob is not how", give(func(a *Award) { a.Method = MethodFob })},
		{"revoke no badge", ErrNotFound, "", "badge", RevokeAward{Badge: "x", Member: "ada"}},
		{"revoke from nobody", ErrNotFound, "", "member", RevokeAward{Badge: "laser-1", Member: "x"}},
	})
	refused(t, d, as("tom"), ErrInvalid, "method", "auto is not how", give(func(a *Award) { a.Method = MethodAuto }))
}

// TestR24TagsArePredefined shows that a tag goes on a member or device only
// after an administrator has defined it, for that sort of thing.
func TestR24TagsArePredefined(t *testing.T) {
	client := Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	d := built(t, Define{client}, Define{Device{ID: "d", Kind: "door", Location: "door", Right: "unlock", Client: "door-1"}})
	assign := func(tag Slug, target Target, id string) Intent {
		return Assign{Assignment{ID: "n", Tag: tag, Target: target, TargetID: id}}
	}
	refuseAll(t, d, []refusal{
		{"a tag there isn't", ErrNotFound, "", `tag "new"`, assign("new", TargetMember, "ada")},
		{"not for devices", ErrInvalid, "target", "does not go on a device", assign("board-member", TargetDevice, "d")},
		{"no such member", ErrNotFound, "", "member", assign("day-member", TargetMember, "x")},
		{"no such device", ErrNotFound, "", "device", assign("day-member", TargetDevice, "x")},
		{"a place", ErrInvalid, "target", "does not go on a location", assign("day-member", TargetLocation, "door")},
		{"that has ended", ErrInvalid, "expires", "has passed", Assign{Assignment{ID: "n", Tag: "day-member", TargetID: "ada", Expires: noon}}},
		{"that ends before it starts", ErrInvalid, "expires", "not after starts", Assign{Assignment{ID: "n", Tag: "day-member", TargetID: "ada", Starts: noon.AddDate(0, 0, 2), Expires: noon.AddDate(0, 0, 1)}}},
		{"taken off, and not there", ErrNotFound, "", "tag", Unassign{Tag: "new", TargetID: "ada"}},
		{"removed", ErrInvalid, "entity", "a tag stays defined: unassign admin (1 have it) and remove the grants that name it (", Remove{Key: Key{EntityTag, "admin"}}},
	})
	d, _ = grow(t, d, operator, assign("day-member", TargetDevice, "d"))
	if _, planned := grow(t, d, operator, Unassign{Tag: "day-member", Target: TargetDevice, TargetID: "d"}); len(planned.Facts) != 1 {
		t.Errorf("taking it off plans %v", planned.Facts)
	}
}

// TestR13BoardMemberTagIsIndependentOfPaying shows that a tag given by hand
// neither changes what was paid nor goes with it.
func TestR13BoardMemberTagIsIndependentOfPaying(t *testing.T) {
	d := built(t, Assign{Assignment{ID: "n", Tag: "board-member", TargetID: "ada"}})
	before, _ := Get[Member](d, "ada")
	d, planned := grow(t, d, operator, SetPaid{Member: "ada", PaidUntil: noon.AddDate(0, 1, 0)})
	if len(planned.Facts) != 1 || planned.Facts[0].Key().Entity != EntityMember {
		t.Errorf("paying plans %v; want the member only", planned.Facts)
	}
	after, _ := Get[Member](d, "ada")
	if after.State != before.State {
		t.Errorf("paying turned the state from %s to %s", before.State, after.State)
	}
	d, planned = grow(t, d, operator, Unassign{Tag: "board-member", TargetID: "ada"})
	if a, _ := Get[Assignment](d, "n"); len(planned.Facts) != 1 || a.Removed != noon || a.RemovedBy != "operator:root" {
		t.Errorf("taken off: %+v", a)
	}
}

// TestR36ObjectsRelateByPlaceAndAffiliationOnly shows the two relations there
// are: an object stands in the tree once, and members are affiliated with it.
func TestR36ObjectsRelateByPlaceAndAffiliationOnly(t *testing.T) {
	d := built(t)
	affiliate := func(change func(*Affiliation)) Intent {
		a := Affiliation{ID: "n", Member: "ada", Object: "delft", Kind: "member"}
		change(&a)
		return Affiliate{a}
	}
	refuseAll(t, d, []refusal{
		{"no such object", ErrNotFound, "", "object", affiliate(func(a *Affiliation) { a.Object = "x" })},
		{"no such kind", ErrInvalid, "kind", "no kind", affiliate(func(a *Affiliation) { a.Kind = "x" })},
		{"no such member", ErrNotFound, "", "member", affiliate(func(a *Affiliation) { a.Member = "x" })},
		{"an archived object", ErrConflict, "", "takes nothing new", affiliate(func(a *Affiliation) { a.Object = "gone" })},
		{"that has ended", ErrInvalid, "ends", "has passed", affiliate(func(a *Affiliation) { a.Ends = noon.AddDate(0, 0, -1) })},
		{"an id that is another's", ErrConflict, "", "another's", affiliate(func(a *Affiliation) { a.ID = "f-bo" })},
		{"a second place", ErrConflict, "", "one location names an object", Define{Location{ID: "x", Parent: "space", Slug: "x", Object: "delft"}}},
	})
	d, _ = grow(t, d, operator, affiliate(func(a *Affiliation) { a.Title = "new" }))
	d, planned := grow(t, d, operator, affiliate(func(a *Affiliation) { a.ID, a.Title = "n2", "treasurer" }))
	if a, _ := Get[Affiliation](d, "n"); len(planned.Facts) != 1 || a.Title != "treasurer" {
		t.Errorf("a new title plans %v", planned.Facts)
	}
	d, _ = grow(t, d, operator, EndAffiliation{Member: "ada", Object: "delft", Kind: "member"})
	if a, _ := Get[Affiliation](d, "n"); a.Removed != noon {
		t.Errorf("ended: %+v", a)
	}
	moved, _ := grow(t, d, operator, define(
		Location{ID: "delft", Parent: "bodies", Slug: "delft", Inherit: true},
		Location{ID: "x", Parent: "space", Slug: "x", Inherit: true, Object: "delft"})...)
	if l, ok := moved.ObjectPlace("delft"); !ok || l.ID != "x" {
		t.Errorf("delft stands at %v", l)
	}
}

// TestR60EveryWriteIsGuarded shows that no intent of any kind passes for a
// member who holds nothing: the guard is where facts are written.
func TestR60EveryWriteIsGuarded(t *testing.T) {
	d := built(t, Lock{Lockdown{ID: "shut", At: "door"}}, Bar{Member: "out"})
	tomorrow := noon.AddDate(0, 0, 1)
	for _, in := range join(define(
		Settings{}, Tag{Slug: "n"}, Badge{Slug: "n"}, ObjectType{Slug: "n"}, Kind{Type: "body", Slug: "n", Parent: "default"},
		Object{Slug: "n", Type: "body"}, Override{Object: "delft", Kind: "board"}, Application{Slug: "space", Root: "space"},
		Location{ID: "door", Parent: "space", Slug: "door", Inherit: true}, Right{At: "space", Slug: "unlock"},
		Role{Slug: "keeper", App: "space", Rights: []Slug{"operate"}}, wiki(nil), Device{ID: "n", Kind: "door", Location: "door"},
		AccessPoint{ID: "n", Prefix: "::1", Secret: "s"}, Network{Slug: "n", Location: "core-wifi"},
		Requirement{Badge: "laser-1", Slug: "n", Kind: AskSignoff}, VLE{Slug: "n", Kind: VLEMoodle, BaseURL: "https://n.example"}, Course{ID: "n", VLE: "n", External: "1"}),
		[]Intent{
			LinkIdentity{Identity{VLE: "n", Member: "ada", External: "1"}}, met("ada", "laser-1", "n"), met("bo", "laser-1", "n"), Earn{"n", "bo", "laser-1"},
			RequestSignoff{SignoffRequest{ID: "n", Member: "bo", Badge: "laser-1"}}, Remove{Key: Key{EntityRequirement, "laser-1.n"}},
			member("n"), EditMember{Member{ID: "bo", Username: "bo"}}, EditMember{Member{ID: "nobody", Username: "n"}},
			SetState{Member: "ada", State: StateActive}, SetPaid{Member: "ada", PaidUntil: tomorrow}, Bar{Member: "bo"}, Unbar{Member: "out"},
			GiveAward{Award{ID: "n", Badge: "laser-1", Member: "bo"}}, RevokeAward{Badge: "laser-1", Member: "ada"},
			Assign{Assignment{ID: "n", Tag: "board-member", TargetID: "ada"}}, Unassign{Tag: "board-member", TargetID: "ada"},
			Affiliate{Affiliation{ID: "n", Member: "ada", Object: "delft", Kind: "member"}}, EndAffiliation{Member: "bo", Object: "delft", Kind: "board"},
			AddGrant{Grant{ID: "n", At: "laser", Subject: Subject{Kind: SubjectEveryone}, Right: "operate"}},
			AddGate{Gate{ID: "n", At: "laser", AnyOf: []Slug{"laser-1"}}}, Waive{Waiver{ID: "n", Gate: "gate-laser", Member: "bo", Expires: tomorrow}},
			Lock{Lockdown{ID: "n", At: "space"}}, Lift{"shut"},
			BindCredential{Credential{ID: "n", Member: "ada", Kind: "uid", Lookup: "l", Sealed: "s"}},
			IssuePass{WiFiPass{ID: "n", Member: "bo", Login: "bo.phone", Verifier: "v"}},
			Remove{Key: Key{EntityGate, "gate-laser"}}, Remove{Key: Key{EntityAward, "a-tom"}}, Remove{Key: Key{EntityGrant, "g-award"}},
			Remove{Key: Key{EntityAssignment, "t-boss"}}, Remove{Key: Key{EntityAffiliation, "f-bo"}}, Remove{Key: Key{EntityBadge, "laser-1"}},
			Remove{Key: Key{EntityRight, "space/unlock"}},
		}) {
		for _, by := range []Actor{as("ada"), as("out"), {Kind: ActorSystem, ID: "job"}, {Kind: ActorClient, ID: "x"}} {
			if planned, err := Plan(d, by, noon, in); err == nil {
				t.Errorf("%s may %s: %v", by, in.what(), planned.Facts)
			}
		}
	}
}
