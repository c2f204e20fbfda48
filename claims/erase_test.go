package claims

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// personal is what says who Dora is, in the world of the erasure's tests.
var personal = []string{"dora.d", "Dora Delft", "dora@example.org", "+31151234567", "Do-nick", "1990-01-02", "Delft-town", "saw Dora", "blue fob of hers",
	"hash-of-the-card", "sealed-card", "dora.phone", "proof-of-the-pass", "broken arm", "keeps keys", "chair of fun", "her own grant", "Dora's page", "user-77", "form-99", "told by a friend", "Dora's desk"}

func known(t testing.TB) *Directory {
	t.Helper()
	d := built(t,
		AddMember{Member{ID: "m-1", Sub: "sub-1", Username: "dora.d", Former: []string{"dora.old"}, Name: "Dora Delft", Email: "dora@example.org", State: StateActive}},
		EditProfile{Profile{Member: "m-1", Nickname: "Do-nick", Birthdate: "1990-01-02", Phone: "+31151234567", Address: Address{Locality: "Delft-town"}}},
		Affiliate{Affiliation{ID: "f-1", Member: "m-1", Object: "delft", Kind: "member", Title: "chair of fun"}},
		Assign{Assignment{ID: "t-1", Tag: "day-member", TargetID: "m-1"}},
		GiveAward{Award{ID: "a-1", Badge: "laser-1", Member: "m-1", Evidence: "saw Dora"}},
		BindCredential{Credential{ID: "card-1", Member: "m-1", Kind: "uid", Label: "blue fob of hers", Lookup: "hash-of-the-card", Sealed: "sealed-card"}},
		IssuePass{WiFiPass{ID: "w-1", Member: "m-1", Login: "dora.phone", Verifier: "proof-of-the-pass"}},
		Waive{Waiver{ID: "wv-1", Gate: "gate-laser", Member: "m-1", Reason: "broken arm", Expires: noon.AddDate(0, 0, 1)}},
		AddNote{Note{ID: "n-1", Member: "m-1", Text: "keeps keys"}},
		Define{Location{ID: "node-1", Parent: "core-people", Slug: "m-1", Inherit: true, Name: "Dora's page"}},
		Define{Location{ID: "desk-1", Parent: "node-1", Slug: "desk", Inherit: true, Name: "Dora's desk"}},
		AddGrant{Grant{ID: "g-1", At: "door", Subject: must(ParseSubject("user:m-1")), Right: "unlock", Reason: "her own grant"}})
	return d.With(Seq{"e", d.Seq().N + 1}, Identity{VLE: "moodle", Member: "m-1", External: "user-77", Linked: noon},
		Result{ID: "r-1", Member: "m-1", Badge: "laser-1", Requirement: "form", At: noon, Source: "told by a friend", Reference: "form-99"},
		SignoffRequest{ID: "s-1", Member: "m-1", Badge: "bandsaw", Requested: noon, Expires: noon.AddDate(0, 0, 9)})
}

func TestErasureLeavesIdSubAndTombstoneAndNothingPersonal(t *testing.T) {
	d := known(t)
	for _, word := range personal {
		if !tells(About(d, "m-1"), word) {
			t.Errorf("before, nothing tells %q: the test is about less than it seems", word)
		}
	}
	d, planned := grow(t, d, as("boss"), Erase{"m-1", "asked"})
	text, err := json.Marshal([]any{planned.Facts, About(d, "m-1"), planned.What})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range append(personal, "dora") {
		if strings.Contains(string(text), word) {
			t.Errorf("%q is left in %s", word, text)
		}
	}
	m, _ := Get[Member](d, "m-1")
	if m.Sub != "sub-1" || !m.ErasedAt.Equal(noon) || m.State != StateLeft || planned.What != "erase member m-1, asked" {
		t.Errorf("left is %+v, said %q", m, planned.What)
	}
	for _, f := range About(d, "m-1") {
		if again := Emptied(f); f.Key().Entity != EntityMember && !reflect.DeepEqual(f, again) {
			t.Errorf("%v is not empty: %+v", f.Key(), f)
		}
	}
	if _, again := grow(t, d, operator, Erase{"m-1", "asked"}); len(again.Facts) != 0 {
		t.Errorf("erased twice: %v", again.Facts)
	}
}

func TestErasureEndsWhatTheMemberHeld(t *testing.T) {
	d := known(t)
	before := Ask{Member: "m-1", Right: "unlock", Place: "door", At: noon}
	if dec, err := Decide(d, before); err != nil || !dec.Allow {
		t.Fatalf("before: %+v, %v", dec, err)
	}
	d, _ = grow(t, d, operator, Erase{"m-1", "retention"})
	for _, a := range []Ask{before, {Credential: "card-1", Right: "unlock", Place: "door", At: noon}} {
		if dec, err := Decide(d, a); err != nil || dec.Allow {
			t.Errorf("%+v: %+v, %v", a, dec, err)
		}
	}
	if _, err := TokenClaims(d, "m-1", ClaimFilter{}, noon); err == nil {
		t.Error("tokens are made for who is erased")
	}
	for _, f := range About(d, "m-1") {
		ended := true
		switch f := f.(type) {
		case Award:
			ended = !f.Revoked.IsZero() && f.RevokedBy == operator.String()
		case Assignment:
			ended = !f.Removed.IsZero()
		case Affiliation:
			ended = !f.Removed.IsZero()
		case Credential:
			ended = f.Status == CredentialRevoked
		case WiFiPass:
			ended = !f.Revoked.IsZero()
		case Waiver:
			ended = !f.Removed.IsZero()
		case Note:
			ended = !f.Removed.IsZero()
		case Grant:
			ended = !f.Removed.IsZero()
		case Identity:
			ended = !f.Removed.IsZero()
		case SignoffRequest:
			ended = !f.Open(noon)
		}
		if !ended {
			t.Errorf("%v goes on: %+v", f.Key(), f)
		}
	}
}

func TestUsernamesOfTheErasedStayTaken(t *testing.T) {
	d, _ := grow(t, known(t), operator, Erase{"m-1", "asked"})
	for _, name := range []string{"dora.d", "DORA.D", "dora.old"} {
		refused(t, d, operator, ErrConflict, "", "somebody else's", AddMember{Member{ID: "n", Sub: "sub-n", Username: name}})
	}
	if _, ok := d.MemberByUsername("dora.d"); ok {
		t.Error("the name still finds somebody")
	}
	if _, taken := d.UsernameTaken("dora.e"); taken {
		t.Error("another name is taken")
	}
	grow(t, d, operator, BindCredential{Credential{ID: "card-2", Member: "ada", Kind: "uid", Lookup: "hash-of-the-card", Sealed: "s"}})
	grow(t, d, operator, AddMember{Member{ID: "n", Sub: "sub-n", Username: "new", Email: "dora@example.org", EmailOK: true}})
}

func TestWhoMayEraseWhom(t *testing.T) {
	manager := AddGrant{Grant{ID: "g-people", At: "core-people", Subject: must(ParseSubject("user:tom")), Right: "manage"}}
	d := built(t, manager)
	refuseAll(t, d, []refusal{
		{"no reason", ErrInvalid, "reason", "asked", Erase{Member: "ada"}},
		{"a reason of one's own", ErrInvalid, "reason", "no text of your own", Erase{"ada", "Ada wrote to us"}},
		{"nobody", ErrNotFound, "", "member", Erase{"ghost", "asked"}},
		{"the last administrator", ErrConflict, "", "last administrator", Erase{"boss", "asked"}},
	})
	refused(t, d, as("bo"), ErrDenied, "manage", "/people", Erase{"ada", "asked"})
	refused(t, d, as("tom"), ErrDenied, "manage", "themself", Erase{"tom", "asked"})
	grow(t, d, as("tom"), Erase{"ada", "asked"})
	second := Assign{Assignment{ID: "t-2", Tag: "admin", TargetID: "bo"}}
	two := built(t, manager, second)
	refused(t, two, as("tom"), ErrDenied, "assign", "/tags/admin", Erase{"boss", "asked"})
	grow(t, two, as("bo"), Erase{"boss", "asked"})
	for name, idle := range map[string]Intent{
		"suspended": SetState{Member: "bo", State: StateSuspended}, "barred": Bar{Member: "bo", Reason: "x"},
	} {
		_, err := Plan(built(t, second, idle), operator, noon, Erase{"boss", "asked"})
		if err == nil || !strings.Contains(fmt.Sprint(err), "last administrator") {
			t.Errorf("the other administrator is %s: %v", name, err)
		}
	}
}

func TestAPastDecisionIsTheSameOverEmptiedFacts(t *testing.T) {
	d := known(t)
	var empty []Fact
	for _, f := range About(d, "m-1") {
		empty = append(empty, Emptied(f))
	}
	replayed := d.With(Seq{"e", 99}, empty...)
	for _, a := range []Ask{
		{Member: "m-1", Right: "unlock", Place: "door"}, {Member: "m-1", Right: "operate", Place: "laser"}, {Member: "m-1", Right: "operate", Place: "workshop"},
		{Credential: "card-1", Right: "unlock", Place: "door"}, {Member: "bo", Right: "view", Path: "/people/m-1"},
	} {
		a.At = noon
		was, err := Decide(d, a)
		if err != nil {
			t.Fatal(err)
		}
		now, err := Decide(replayed, a)
		if err != nil || was.Allow != now.Allow || was.Reason != now.Reason || !was.Until.Equal(now.Until) {
			t.Errorf("%+v: was %+v, over emptied facts %+v, %v", a, was, now, err)
		}
	}
}

func TestNothingNewIsAboutWhoWasErased(t *testing.T) {
	d := known(t)
	d, _ = grow(t, d, operator, Erase{"m-1", "asked"})
	her := must(ParseSubject("user:m-1"))
	page, _ := Get[Location](d, "node-1")
	page.Name = "Dora's page"
	desk, _ := Get[Location](d, "desk-1")
	desk.External = "dora's"
	refuseAll(t, d, []refusal{
		{"a grant", ErrInvalid, "subject", "was erased", AddGrant{Grant{ID: "n", At: "door", Subject: her, Right: "unlock"}}},
		{"a deny", ErrInvalid, "subject", "was erased", AddGrant{Grant{ID: "n", At: "door", Subject: her, Right: "unlock", Effect: Deny}}},
		{"a lockdown", ErrInvalid, "exempt", "was erased", Lock{Lockdown{ID: "n", At: "space", Exempt: []Subject{her}}}},
		{"a name for her page", ErrConflict, "", "was erased", Define{page}},
		{"one for what is below", ErrConflict, "", "was erased", Define{desk}},
		{"a new place below", ErrConflict, "", "was erased", Define{Location{ID: "n", Parent: "node-1", Slug: "n", Inherit: true}}},
		{"a place moved there", ErrConflict, "", "was erased", Define{Location{ID: "laser", Parent: "node-1", Slug: "laser", Inherit: true}}},
		{"a note", ErrConflict, "", "was erased", AddNote{Note{ID: "n", Member: "m-1", Text: "x"}}},
	})
	grow(t, d, operator, Remove{Key: page.Key()})
	bare := built(t, AddMember{Member{ID: "m-2", Sub: "sub-2", Username: "eve", State: StateActive}})
	bare, _ = grow(t, bare, operator, Erase{"m-2", "asked"})
	refused(t, bare, operator, ErrConflict, "", "was erased", Define{Location{ID: "n", Parent: "core-people", Slug: "m-2", Inherit: true, Name: "Eve"}})
}
