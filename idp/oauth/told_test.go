package oauth

import (
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

const byeURI = "https://wiki.example.org/bye"

// unboard takes from ada the tag she has.
var unboard = claims.Unassign{Tag: "board", Target: claims.TargetMember, TargetID: "ada"}

// hearing is a world whose wiki wants to hear when a sign-in is over.
func hearing(t *testing.T) *world {
	w := newWorld(t)
	w.edit("wiki", func(c *claims.Client) { c.BackchannelURI = byeURI })
	return w
}

// told is what was noted of ada at wiki.
func (w *world) told() record.Told {
	w.t.Helper()
	t, ok := w.vault.told[[2]string{"session-of-ada", "wiki"}]
	if !ok {
		w.t.Fatal("nothing was noted")
	}
	return t
}

// loss is what comes of what was noted of ada at wiki, by the picture as it is.
func (w *world) loss() (record.Loss, bool) {
	w.t.Helper()
	l, lost, err := w.provider.Loss(w.dir.Load(), w.told())
	if err != nil {
		w.t.Fatal(err)
	}
	return l, lost
}

// lost holds that the client is to hear of a loss, for this reason; "": of none.
func (w *world) lost(what, reason string) {
	w.t.Helper()
	l, lost := w.loss()
	if lost != (reason != "") || l.Reason != reason {
		w.t.Errorf("%s: lost %v for %q, want %q", what, lost, l.Reason, reason)
	}
}

func TestOnlyClientsThatWantToHearAreNoted(t *testing.T) {
	w := hearing(t)
	w.login("ada", "strict", "openid groups")
	w.login("ada", "wiki", "groups offline_access") // no OpenID, no sign-in
	if len(w.vault.told) != 0 {
		t.Fatalf("noted: %v", w.vault.told)
	}
	w.login("ada", "wiki", "openid groups")
	got := w.told()
	if got.Session != "session-of-ada" || got.Named != got.Session || got.Member != "ada" || got.ACR != 1 || !got.At.Equal(w.clock()) {
		t.Errorf("noted %+v", got)
	}
	for _, plain := range []string{"board", "laser", "ada"} {
		if strings.Contains(got.Digest, plain) {
			t.Errorf("the digest says %s: %s", plain, got.Digest)
		}
	}
	w.lost("nothing has changed", "")
}

func TestAGivenClaimLostIsHeardOfAndAGainedOneIsNot(t *testing.T) {
	w := hearing(t)
	w.login("ada", "wiki", "openid groups")
	w.do(claims.Define{Fact: claims.Badge{Slug: "saw", Name: "Saw", Mode: claims.BadgeManual, InClaims: true}})
	w.do(claims.GiveAward{Award: claims.Award{ID: "aw-2", Badge: "saw", Member: "ada", On: start, Method: claims.MethodManual}})
	w.do(claims.SetState{Member: "bob", State: claims.StateSuspended})
	w.lost("gained one, and another member lost all", "")
	w.do(unboard)
	w.lost("a tag is gone", lostClaim)
	if l, _ := w.loss(); l.Revoke {
		t.Error("a lost claim ends the family")
	}
	w.login("ada", "wiki", "openid groups")
	w.lost("signed in anew", "")
}

func TestWhatTheClientWasNotToldIsNotLost(t *testing.T) {
	w := hearing(t)
	w.login("ada", "wiki", "openid profile")
	w.do(unboard)
	w.lost("no groups were asked for", "")
	w.login("ada", "wiki", "openid", "claims", `{"userinfo":{"badges":null}}`)
	w.do(claims.RevokeAward{Badge: "laser-1", Member: "ada"})
	w.lost("a claim that userinfo tells", lostClaim)
}

func TestWhatIsFilteredOrRenamedNowIsLost(t *testing.T) {
	for what, change := range map[string]func(*claims.Client){
		"hidden":  func(c *claims.Client) { c.Filter.Badges = nil },
		"renamed": func(c *claims.Client) { c.Filter.Rename = map[string]string{"tag.board": "admins"} },
	} {
		w := hearing(t)
		w.login("ada", "wiki", "openid groups")
		w.edit("wiki", change)
		w.lost(what, lostClaim)
	}
}

func TestLoginLostEndsTheFamilyWithItsReason(t *testing.T) {
	w := hearing(t)
	w.login("ada", "wiki", "openid groups offline_access")
	w.do(claims.SetState{Member: "ada", State: claims.StateSuspended})
	l, lost := w.loss()
	if !lost || !l.Revoke || l.Reason != "member_suspended" {
		t.Errorf("suspended: %+v", l)
	}
}

func TestWhoDoesNotWantToHearIsJudgedWhenTheyDo(t *testing.T) {
	for what, change := range map[string]func(*claims.Client){
		"no address": func(c *claims.Client) { c.BackchannelURI = "" },
		"disabled":   func(c *claims.Client) { c.Disabled = start },
	} {
		w := hearing(t)
		w.login("ada", "wiki", "openid groups")
		w.do(unboard)
		w.edit("wiki", change)
		w.lost(what, "")
		w.edit("wiki", func(c *claims.Client) { c.BackchannelURI, c.Disabled = byeURI, time.Time{} })
		w.lost(what+", and again as it was", lostClaim)
	}
}

func TestAClaimsEndIsALossWithoutAWrite(t *testing.T) {
	w := hearing(t)
	w.do(claims.GiveAward{Award: claims.Award{ID: "aw-2", Badge: "laser-1", Member: "bob", On: start, Expires: start.Add(30 * time.Minute), Method: claims.MethodManual}})
	w.login("bob", "wiki", "openid groups")
	bobs := w.vault.told[[2]string{"session-of-bob", "wiki"}]
	for _, c := range []struct {
		after time.Duration
		lost  bool
	}{{28 * time.Minute, false}, {2 * time.Minute, true}} {
		w.advance(c.after)
		if _, lost, err := w.provider.Loss(w.dir.Load(), bobs); lost != c.lost || err != nil {
			t.Errorf("at %v: lost %v, %v", w.clock(), lost, err)
		}
	}
}

// Clients look at groups when somebody signs in: what a refreshed token leaves
// out, they still believe.
func TestARefreshForgetsNothingThatWasGiven(t *testing.T) {
	w := hearing(t)
	r := w.login("ada", "wiki", "openid groups offline_access")
	w.do(unboard)
	if r = w.refresh("wiki", r.text("refresh_token")); r.status != 200 {
		t.Fatal(r.body)
	}
	w.lost("the refresh came before anybody looked", lostClaim)
}

func TestWhatUserInfoToldSinceIsGiven(t *testing.T) {
	w := hearing(t)
	w.do(unboard)
	r := w.login("ada", "wiki", "openid groups")
	w.do(claims.Assign{Assignment: claims.Assignment{ID: "as-2", Tag: "board", Target: claims.TargetMember, TargetID: "ada"}})
	before := w.vault.tells
	for range 3 {
		w.userInfo(r.text("access_token"))
	}
	if n := w.vault.tells - before; n != 1 {
		t.Errorf("three looks at userinfo are %d writes, want 1", n)
	}
	w.do(unboard)
	w.lost("userinfo told of it", lostClaim)
}

func TestOverTheCapTheWholeListCounts(t *testing.T) {
	w := hearing(t)
	w.edit("wiki", func(c *claims.Client) { c.Filter.Cap = 1 })
	if r := w.login("ada", "wiki", "openid groups"); payload(t, r.text("id_token"))["groups_overage"] != true {
		t.Fatal("the token is not over the cap")
	}
	w.lost("nothing has changed", "")
	w.do(unboard)
	w.lost("one of those that userinfo lists is gone", lostClaim)
}

func TestNoTokensWhileItCannotBeNoted(t *testing.T) {
	w := hearing(t)
	code := w.code("ada", request("wiki", "openid groups"))
	w.vault.noTell = claims.ErrUnavailable
	if r := w.redeem("wiki", code); r.status != 503 || r.text("id_token") != "" {
		t.Errorf("redeemed: %d %s", r.status, r.body)
	}
	w.vault.noTell = nil
	if r := w.redeem("wiki", code); r.status != 200 {
		t.Errorf("the code was spent by it: %d %s", r.status, r.body)
	}
}

func TestDigestsAddUpAndKeepTheirOrder(t *testing.T) {
	a, b := digest([]string{mark("group", "x"), mark("group", "y")}), digest([]string{mark("group", "y"), mark("tag", "x")})
	if got := addMarks(a, b); len(got) != 3*markLen || got != addMarks(b, a) || addMarks(got, a) != got {
		t.Errorf("together: %q", got)
	}
	if addMarks("", "") != "" || mark("affiliation", "a", "b", "c") == mark("affiliation", "a", "b.c") {
		t.Error("marks mix up")
	}
}
