package claims

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// Requirements that the reading side answers for, each by a test of its name.

var reqAt = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

func everyone() Subject { return Subject{Kind: SubjectEveryone} }

func holder(badge Slug) Subject { return Subject{Kind: SubjectBadge, ID: string(badge)} }

// workshop is a place with a door, a wiki page and two members, of whom ada
// holds the badge laser-1.
func workshop(more ...Fact) *Directory {
	return NewDirectory(Seq{}).With(Seq{},
		Location{ID: "space", Slug: "space"}, Location{ID: "door", Parent: "space", Slug: "door", Inherit: true},
		Location{ID: "wiki", Slug: "wiki"}, Location{ID: "page", Parent: "wiki", Slug: "page", Inherit: true},
		Right{At: "space", Slug: "unlock"}, Right{At: "wiki", Slug: "edit", NotPhysical: true},
		Badge{Slug: "laser-1", Name: "Laser 1", Earn: "Ask a trainer"},
		Member{ID: "ada", Sub: "sub-ada", Username: "ada", State: StateActive}, Member{ID: "bob", Sub: "sub-bob", Username: "bob", State: StateActive},
		Award{ID: "ada-laser", Badge: "laser-1", Member: "ada"},
	).With(Seq{}, more...)
}

func mayAt(t *testing.T, d *Directory, m MemberID, right Slug, p Path, at time.Time) Decision {
	t.Helper()
	dec, err := Decide(d, Ask{Member: m, Right: right, Path: p, At: at})
	if err != nil {
		t.Fatalf("Decide(%s %s %s): %v", m, right, p, err)
	}
	return dec
}

// hold checks decisions written as "ada unlock /space/door: ok".
func hold(t *testing.T, d *Directory, want ...string) {
	t.Helper()
	for _, w := range want {
		var m, right, p, reason string
		if _, err := fmt.Sscanf(w, "%s %s %s %s", &m, &right, &p, &reason); err != nil {
			t.Fatal(w, err)
		}
		if dec := mayAt(t, d, MemberID(m), Slug(right), Path(p), reqAt); string(dec.Reason) != reason {
			t.Errorf("%s %s %s: %s, want %s", m, right, p, dec.Reason, reason)
		}
	}
}

func TestR3BadgesLinkToAnything(t *testing.T) {
	more := []Fact{
		Location{ID: "invite", Parent: "wiki", Slug: "invite", Inherit: true},
		Grant{ID: "g1", At: "door", Subject: holder("laser-1"), Right: "unlock", Effect: Allow},
		Grant{ID: "g2", At: "page", Subject: holder("laser-1"), Right: "edit", Effect: Allow},
		Grant{ID: "g3", At: "invite", Subject: holder("extra-0999"), Right: "edit", Effect: Allow},
	}
	for i := range 1000 { // and there is no limit to how many there are, or one holds
		slug := Slug(fmt.Sprintf("extra-%04d", i))
		more = append(more, Badge{Slug: slug}, Award{ID: ID(slug), Badge: slug, Member: "ada"})
	}
	hold(t, workshop(more...), "ada unlock /space/door ok", "ada edit /wiki/page ok", "ada edit /wiki/invite ok",
		"bob unlock /space/door no_grant", "bob edit /wiki/page no_grant")
}

func TestR4GroupsCarryDifferingPermissions(t *testing.T) {
	d := workshop(
		Assignment{ID: "t1", Tag: "keeper", Target: TargetMember, TargetID: "ada"}, Assignment{ID: "t2", Tag: "writer", Target: TargetMember, TargetID: "ada"},
		Assignment{ID: "t3", Tag: "writer", Target: TargetMember, TargetID: "bob"},
		Grant{ID: "g1", At: "door", Subject: Subject{Kind: SubjectTag, ID: "keeper"}, Right: "unlock", Effect: Allow},
		Grant{ID: "g2", At: "page", Subject: Subject{Kind: SubjectTag, ID: "writer"}, Right: "edit", Effect: Allow})
	hold(t, d, "ada unlock /space/door ok", "ada edit /wiki/page ok", "bob unlock /space/door no_grant", "bob edit /wiki/page ok")
}

func TestR8ExpiredAwardsCountAsNotHeldAndRenew(t *testing.T) {
	gate := []Fact{Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow}, Gate{ID: "gate", At: "door", Right: "unlock", AnyOf: []Slug{"laser-1"}}}
	expired := Award{ID: "ada-laser", Badge: "laser-1", Member: "ada", Expires: reqAt}
	d := workshop(append(gate, expired)...)
	hold(t, d, "ada unlock /space/door missing_badge")
	hold(t, d.With(Seq{}, Award{ID: "new", Badge: "laser-1", Member: "ada", On: reqAt}), "ada unlock /space/door ok")
}

func TestR10NoRequiredBadgeIsNoBadgeGate(t *testing.T) {
	d := workshop(Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow})
	hold(t, d, "ada unlock /space/door ok", "bob unlock /space/door ok")
	d = d.With(Seq{}, Gate{ID: "gate", At: "door", Right: "unlock", AnyOf: []Slug{"laser-1"}})
	hold(t, d, "ada unlock /space/door ok", "bob unlock /space/door missing_badge")
	d = d.With(Seq{}, Gate{ID: "gate", At: "door", Right: "unlock", AnyOf: []Slug{"laser-1"}, Removed: reqAt})
	hold(t, d, "bob unlock /space/door ok")
}

func TestR12SwipeWithTheBadgeOpens(t *testing.T) {
	d := workshop(Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow}, Gate{ID: "gate", At: "door", AnyOf: []Slug{"laser-1"}},
		Credential{ID: "ada-card", Member: "ada", Status: CredentialActive}, Credential{ID: "bob-card", Member: "bob", Status: CredentialActive},
		Device{ID: "reader", Location: "door", Right: "unlock"})
	for card, want := range map[string]Reason{"ada-card": ReasonOK, "bob-card": ReasonMissingBadge, "": ReasonUnknownMember, "forged": ReasonUnknownCredential} {
		dec, err := Decide(d, Ask{Credential: card, Device: "reader", Right: "unlock", Place: "door", At: reqAt})
		if err != nil || dec.Reason != want {
			t.Errorf("card %q: %v, %v; want %v", card, dec.Reason, err, want)
		}
		if want == ReasonMissingBadge && (len(dec.Missing) != 1 || dec.Missing[0].AnyOf[0].Name != "Laser 1" || dec.Missing[0].AnyOf[0].Earn == "" || dec.Member != "bob") {
			t.Errorf("card %q: it does not say what is missing: %+v", card, dec)
		}
	}
}

func TestR17WhoHoldsABadgeCanBeListed(t *testing.T) {
	d := workshop(Award{ID: "bob-laser", Badge: "laser-1", Member: "bob", Expires: reqAt}, Award{ID: "again", Badge: "laser-1", Member: "ada", On: reqAt.Add(-time.Hour)})
	if got := d.Holders("laser-1", reqAt); !slices.Equal(got, []MemberID{"ada"}) {
		t.Errorf("holders %v, want ada alone, once", got)
	}
	if got := d.Holders("laser-1", reqAt.Add(-time.Second)); !slices.Equal(got, []MemberID{"ada", "bob"}) {
		t.Errorf("holders a second earlier %v, want ada and bob", got)
	}
	// authorised by badge: who holds the trainer's may award
	d = d.With(Seq{}, Right{At: "wiki", Slug: "award", NotPhysical: true}, Grant{ID: "g", At: "page", Subject: holder("laser-1"), Right: "award", Effect: Allow})
	hold(t, d, "ada award /wiki/page ok", "bob award /wiki/page no_grant")
}

func TestR20MembershipFollowsTheBillingCycle(t *testing.T) {
	paid := Member{ID: "ada", Sub: "sub-ada", Username: "ada", State: StateActive, PaidUntil: reqAt}
	d := workshop(paid, Grant{ID: "g", At: "wiki", Subject: everyone(), Right: "edit", Effect: Allow})
	if dec := mayAt(t, d, "ada", "edit", "/wiki/page", reqAt.Add(-time.Second)); !dec.Allow || !dec.Until.Equal(reqAt) {
		t.Errorf("a second before the lapse: %+v", dec)
	}
	if dec := mayAt(t, d, "ada", "edit", "/wiki/page", reqAt); dec.Reason != "member_suspended" {
		t.Errorf("at the lapse: %v", dec.Reason)
	}
	if tok, err := TokenClaims(d, "ada", ClaimFilter{Member: true}, reqAt); err != nil || !slices.Equal(tok.Groups, []string{"member.suspended"}) {
		t.Errorf("her token at the lapse lists %v, %v", tok.Groups, err)
	}
	paid.PaidUntil = reqAt.Add(time.Hour)
	hold(t, d.With(Seq{}, paid), "ada edit /wiki/page ok")
}

func TestR45AChangeOfRulesTakesEffectAtOnce(t *testing.T) {
	g := Grant{ID: "g", At: "page", Subject: Subject{Kind: SubjectTag, ID: "staff"}, Right: "edit", Effect: Allow}
	d := workshop(g, Assignment{ID: "t", Tag: "staff", Target: TargetMember, TargetID: "bob"})
	hold(t, d, "bob edit /wiki/page ok")
	g.Removed = reqAt
	hold(t, d.With(Seq{N: 1}, g), "bob edit /wiki/page no_grant")
	hold(t, d, "bob edit /wiki/page ok") // who still reads the old picture sees the old rules
}

func TestR46OneQuestionForEveryFront(t *testing.T) {
	d := workshop(Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow}, Credential{ID: "card", Member: "ada", Status: CredentialActive},
		WiFiPass{ID: "pass", Member: "ada", Login: "ada.phone"})
	for front, a := range map[string]Ask{
		"page":  {Member: "ada"},
		"door":  {Credential: "card"},
		"wifi":  {Pass: &WiFiPass{ID: "pass", Member: "ada"}},
		"token": {Member: "ada", ACR: 1},
	} {
		a.Right, a.Place, a.At = "unlock", "door", reqAt
		if dec, err := Decide(d, a); err != nil || !dec.Allow || dec.Member != "ada" {
			t.Errorf("%s: %+v, %v", front, dec, err)
		}
	}
}

func TestR47RenamingARoleLabelChangesNothing(t *testing.T) {
	role := Role{Slug: "editor", App: "wiki", Label: "Editor", Rights: []Slug{"edit"}}
	d := workshop(role, Grant{ID: "g", At: "page", Subject: everyone(), Role: "editor", Effect: Allow})
	before := mayAt(t, d, "bob", "edit", "/wiki/page", reqAt)
	role.Label, role.Metadata = "admin", map[string]string{"colour": "red"}
	after := mayAt(t, d.With(Seq{N: 1}, role, Role{Slug: "admin", App: "wiki"}), "bob", "edit", "/wiki/page", reqAt)
	if !before.Allow || !after.Allow || before.Reason != after.Reason {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestR57WalksToParentsUntilAStop(t *testing.T) {
	d := workshop(Location{ID: "deep", Parent: "page", Slug: "deep", Inherit: true}, Location{ID: "stop", Parent: "page", Slug: "stop"},
		Grant{ID: "g", At: "wiki", Subject: everyone(), Right: "edit", Effect: Allow})
	hold(t, d, "bob edit /wiki ok", "bob edit /wiki/page ok", "bob edit /wiki/page/deep ok", "bob edit /wiki/page/stop no_grant")
	d = d.With(Seq{}, Grant{ID: "h", At: "stop", Subject: everyone(), Right: "edit", Effect: Allow})
	hold(t, d, "bob edit /wiki/page/stop ok") // the stop's own grants count
}

func TestR58InheritStopCannotBeCircumvented(t *testing.T) {
	d := workshop(Location{ID: "stop", Parent: "page", Slug: "stop", Open: true}, Location{ID: "in", Parent: "stop", Slug: "in", Inherit: true},
		Grant{ID: "g", At: "wiki", Subject: everyone(), Right: "edit", Effect: Allow}, Role{Slug: "all", App: "wiki", AllBut: true},
		Grant{ID: "h", At: "wiki", Subject: Subject{Kind: SubjectUser, ID: "bob"}, Role: "all", Effect: Allow})
	// neither from below, nor by an unstored path, nor with a role that has everything
	hold(t, d, "bob edit /wiki/page/stop no_grant", "bob edit /wiki/page/stop/in no_grant", "bob edit /wiki/page/stop/unstored no_grant")
	for _, p := range []Path{"/wiki/page/stop/../../page", "/wiki/page//stop", "/wiki/page/stop/", "/wiki/page/%73top", "wiki/page", ""} {
		if dec, err := Decide(d, Ask{Member: "bob", Right: "edit", Path: p, At: reqAt}); !errors.Is(err, ErrInvalid) {
			t.Errorf("path %q: %+v, %v; want ErrInvalid", p, dec, err)
		}
	}
	// restrictions flow past it
	hold(t, d.With(Seq{}, Grant{ID: "i", At: "in", Subject: everyone(), Right: "edit", Effect: Allow}), "bob edit /wiki/page/stop/in ok")
	hold(t, d.With(Seq{}, Grant{ID: "i", At: "in", Subject: everyone(), Right: "edit", Effect: Allow},
		Grant{ID: "j", At: "wiki", Subject: Subject{Kind: SubjectUser, ID: "bob"}, Right: "edit", Effect: Deny}), "bob edit /wiki/page/stop/in explicit_deny")
	hold(t, d.With(Seq{}, Grant{ID: "i", At: "in", Subject: everyone(), Right: "edit", Effect: Allow},
		Gate{ID: "k", At: "wiki", Right: "edit", AnyOf: []Slug{"laser-1"}}), "bob edit /wiki/page/stop/in missing_badge")
}
