package claims

import (
	"errors"
	"testing"
	"time"
)

// What nobody may get by asking oddly.

func TestAskThatMakesNoSenseIsInvalid(t *testing.T) {
	d := workshop(Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow},
		Credential{ID: "card", Member: "ada", Status: CredentialActive}, Device{ID: "gone", Removed: reqAt})
	good := Ask{Member: "ada", Right: "unlock", Place: "door", At: reqAt}
	if dec, err := Decide(d, good); err != nil || !dec.Allow {
		t.Fatalf("%+v, %v", dec, err)
	}
	for name, change := range map[string]func(*Ask){
		"no place":                 func(a *Ask) { a.Place = "" },
		"two places":               func(a *Ask) { a.Path = "/space/door" },
		"no right":                 func(a *Ask) { a.Right = "" },
		"no instant":               func(a *Ask) { a.At = time.Time{} },
		"member and client":        func(a *Ask) { a.Client = "x" },
		"member and system":        func(a *Ask) { a.System = true },
		"another's card":           func(a *Ask) { a.Member, a.Credential = "bob", "card" },
		"another's pass":           func(a *Ask) { a.Pass = &WiFiPass{ID: "p", Member: "bob"} },
		"card and pass of two":     func(a *Ask) { a.Member, a.Credential, a.Pass = "", "card", &WiFiPass{ID: "p", Member: "bob"} },
		"a card for the system":    func(a *Ask) { a.Member, a.System, a.Credential = "", true, "card" },
		"a device nobody knows":    func(a *Ask) { a.Device = "none" },
		"a device that is removed": func(a *Ask) { a.Device = "gone" },
	} {
		a := good
		change(&a)
		if dec, err := Decide(d, a); !errors.Is(err, ErrInvalid) || dec.Allow {
			t.Errorf("%s: %+v, %v; want ErrInvalid", name, dec, err)
		}
	}
}

func TestMissingIdNeverAllows(t *testing.T) {
	d := workshop(Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow},
		Grant{ID: "h", At: "space", Subject: Subject{Kind: SubjectUser}, Right: "unlock", Effect: Allow},
		Grant{ID: "i", At: "space", Subject: Subject{Kind: SubjectClient}, Right: "unlock", Effect: Allow},
		Grant{ID: "j", At: "space", Subject: Subject{}, Right: "unlock", Effect: Allow},
		Grant{ID: "k", At: "", Subject: everyone(), Right: "unlock", Effect: Allow},
		Award{ID: "of-nobody", Badge: "laser-1"},
		Member{ID: "erased", State: StateActive, ErasedAt: reqAt},
		Location{ID: "orphan", Parent: "nowhere", Slug: "orphan", Inherit: true},
		Location{ID: "loop-a", Parent: "loop-b", Slug: "a", Inherit: true}, Location{ID: "loop-b", Parent: "loop-a", Slug: "b", Inherit: true})
	for name, a := range map[string]Ask{
		string(ReasonUnknownMember) + " nobody":       {Place: "door"},
		string(ReasonUnknownMember) + " ghost":        {Member: "ghost", Place: "door"},
		string(ReasonUnknownMember) + " erased":       {Member: "erased", Place: "door"},
		string(ReasonUnknownClient) + " ghost":        {Client: "ghost", Place: "door"},
		string(ReasonNoGrant) + " system":             {System: true, Place: "door"},
		string(ReasonUnknownLocation) + " ghost":      {Member: "ada", Place: "ghost"},
		string(ReasonUnknownLocation) + " by path":    {Member: "ada", Path: "/ghost"},
		string(ReasonUnknownLocation) + " as a path":  {Member: "ada", Place: "/space/door"},
		string(ReasonUnknownLocation) + " orphan":     {Member: "ada", Place: "orphan"},
		string(ReasonUnknownLocation) + " loop":       {Member: "ada", Place: "loop-a"},
		string(ReasonUnknownCredential) + " card":     {Credential: "ghost", Place: "door"},
		string(ReasonUnknownCredential) + " own card": {Member: "ada", Credential: "ghost", Place: "door"},
		string(ReasonUnknownCredential) + " pass":     {Pass: &WiFiPass{ID: "ghost", Member: "ada"}, Place: "door"},
	} {
		a.Right, a.At = "unlock", reqAt
		dec, err := Decide(d, a)
		if err != nil || dec.Allow || len(name) < len(dec.Reason) || name[:len(dec.Reason)] != string(dec.Reason) {
			t.Errorf("%s: %+v, %v", name, dec, err)
		}
	}
}

func TestWiFiPassIsACredential(t *testing.T) {
	pass := func(p WiFiPass) *Directory {
		p.ID, p.Member = "p", "ada"
		return workshop(p, Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow})
	}
	for want, d := range map[Reason]*Directory{
		ReasonOK:             pass(WiFiPass{Expires: reqAt.Add(time.Hour)}),
		"credential_expired": pass(WiFiPass{Expires: reqAt}),
		"credential_revoked": pass(WiFiPass{Expires: reqAt, Revoked: reqAt}),
	} {
		dec, err := Decide(d, Ask{Pass: &WiFiPass{ID: "p", Member: "ada"}, Right: "unlock", Place: "door", At: reqAt})
		if err != nil || dec.Reason != want || dec.Member != "ada" {
			t.Errorf("%+v, %v; want %v", dec, err, want)
		}
		if want == ReasonOK && !dec.Until.Equal(reqAt.Add(time.Hour)) {
			t.Errorf("until %v, want the pass's end", dec.Until)
		}
	}
}

func TestGrantThatWasMovedAwayFromItsRightHasNoEffect(t *testing.T) {
	d := workshop(Location{ID: "door", Parent: "wiki", Slug: "door", Inherit: true},
		Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow})
	hold(t, d, "ada unlock /wiki/door right_not_defined_here")
	// a grant above the place that declares a right is about nothing either
	d = workshop(Right{At: "door", Slug: "ring"}, Grant{ID: "g", At: "space", Subject: everyone(), Right: "ring", Effect: Allow})
	hold(t, d, "ada ring /space/door no_grant")
	// a right taken back is no right
	d = workshop(Right{At: "space", Slug: "unlock", Removed: reqAt}, Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow})
	hold(t, d, "ada unlock /space/door right_not_defined_here")
}

func TestDenyInAZoneNobodyKnowsHoldsAtAllHours(t *testing.T) {
	nowhere := &Window{From: 0, To: 60, Zone: "Nowhere/Here"}
	d := workshop(Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow},
		Grant{ID: "h", At: "space", Subject: Subject{Kind: SubjectUser, ID: "ada"}, Right: "unlock", Effect: Deny, Window: nowhere})
	hold(t, d, "ada unlock /space/door explicit_deny")
	d = workshop(Grant{ID: "g", At: "space", Subject: everyone(), Right: "unlock", Effect: Allow, Window: nowhere})
	hold(t, d, "ada unlock /space/door no_grant")
}

func TestSupersededAwardCountsUntilItsSuccessorBegins(t *testing.T) {
	d := workshop(Gate{ID: "gate", At: "door", AnyOf: []Slug{"laser-1"}}, Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow},
		Award{ID: "ada-laser", Badge: "laser-1", Member: "ada", SupersededBy: "next", Expires: reqAt.Add(9 * aDay)},
		Award{ID: "next", Badge: "laser-1", Member: "ada", On: reqAt.Add(aDay), Expires: reqAt.Add(20 * aDay)})
	if dec := mayAt(t, d, "ada", "unlock", "/space/door", reqAt); !dec.Until.Equal(reqAt.Add(20 * aDay)) {
		t.Errorf("until %v, want the later award's end: the two are one", dec.Until)
	}
	// the successor revoked: the old one does not come back
	d = d.With(Seq{}, Award{ID: "next", Badge: "laser-1", Member: "ada", On: reqAt.Add(aDay), Revoked: reqAt.Add(2 * aDay)})
	if dec := mayAt(t, d, "ada", "unlock", "/space/door", reqAt.Add(3*aDay)); dec.Allow {
		t.Error("an award that was superseded counts again")
	}
}

func TestDenialIsAskedAgainAtTheNextEdge(t *testing.T) {
	soonest := reqAt.Add(2 * time.Second)
	d := workshop(Award{ID: "x", Badge: "other", Member: "ada", On: soonest})
	if dec := mayAt(t, d, "ada", "unlock", "/space/door", reqAt); !dec.NoCache.Equal(soonest) {
		t.Errorf("kept until %v, want %v", dec.NoCache, soonest)
	}
	if dec := mayAt(t, d, "bob", "unlock", "/space/door", reqAt); !dec.NoCache.Equal(reqAt.Add(5 * time.Second)) {
		t.Errorf("kept until %v, want 5 s", dec.NoCache)
	}
}
