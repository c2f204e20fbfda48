package oauth

import (
	"net/http"
	"strings"
	"testing"

	"lanyard/claims"
)

// A gate at an application holds wherever a member comes in, since one
// decision is behind all of them; where a person looks on, a page says what
// is missing.
func TestOneGateHoldsAtEveryWayIntoAnApplication(t *testing.T) {
	w := newWorld(t)
	before, unspent := w.login("bob", "wiki", "openid offline_access"), w.code("bob", request("wiki", "openid"))
	begun, allowed := w.begin("wiki", "openid"), w.begin("wiki", "openid")
	w.allow("bob", allowed)
	w.do(claims.AddGate{Gate: claims.Gate{ID: "gate-wiki", At: "app-wiki", Right: "login", AnyOf: []claims.Slug{"laser-1"}}})

	for way, r := range map[string]reply{
		"authorize":       w.get(PathAuthorize, "bob", request("wiki", "openid")),
		"device":          w.get(PathDevicePage, "bob", typed(begun.text("user_code"))),
		"device approval": w.onPage("bob", "user_code", begun.text("user_code"), "decision", "allow"),
	} {
		if r.status != http.StatusForbidden || !strings.Contains(r.header.Get("Content-Type"), "text/html") ||
			!strings.Contains(r.body, "You can&#39;t use The wiki now") || !strings.Contains(r.body, "Laser 1") || !strings.Contains(r.body, "Take the course") {
			t.Errorf("%s: %d, and the page does not say what is missing:\n%s", way, r.status, r.body)
		}
	}
	w.is("the code", w.redeem("wiki", unspent), 400, "invalid_grant")
	w.is("the device that was allowed before", w.poll("wiki", allowed), 400, "invalid_grant")
	w.is("refresh", w.refresh("wiki", before.text("refresh_token")), 400, "invalid_grant")
	if w.active("wiki", before.text("access_token")) {
		t.Error("the access token is active still")
	}

	w.do(claims.GiveAward{Award: claims.Award{ID: "bobs", Badge: "laser-1", Member: "bob"}})
	if r := w.refresh("wiki", before.text("refresh_token")); r.status != http.StatusOK {
		t.Errorf("with the badge: %d %s", r.status, r.body)
	}
	w.allow("bob", begun)
}
