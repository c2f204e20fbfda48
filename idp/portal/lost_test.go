package portal

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lanyard/claims"
)

// lose posts what was ticked.
func (b *bench) lose(items ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/lost", strings.NewReader(url.Values{"item": items}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", b.site)
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

// carrying is ada with a fob, a WiFi pass, another browser and an application;
// eve has a fob and a pass, too.
func carrying(t *testing.T) *bench {
	b := newBench(t)
	for _, who := range []claims.MemberID{"m-ada", "m-eve"} {
		b.operate(claims.BindCredential{Credential: claims.Credential{ID: claims.ID("fob-" + who), Member: who, Kind: "uid", Label: "blue fob", Lookup: "hash of " + string(who), Sealed: "sealed"}},
			claims.IssuePass{Pass: claims.WiFiPass{ID: claims.ID("wifi-" + who), Member: who, Login: string(who[2:]) + ".tablet", Verifier: "v"}})
	}
	return b
}

func (b *bench) working(id string) (card claims.CredentialStatus, wifi bool) {
	c, _ := claims.Get[claims.Credential](b.dir, "fob-"+id)
	w, _ := claims.Get[claims.WiFiPass](b.dir, "wifi-"+id)
	return c.Status, w.Revoked.IsZero()
}

func TestWhatIsLostOpensNothing(t *testing.T) {
	b := carrying(t)
	page := b.get("/lost").Body.String()
	for _, want := range []string{"blue fob", "ada.tablet", "Firefox on Linux", "203.0.113.9", "Wiki"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	for _, not := range []string{"hash of", "sealed", "eve.tablet", "session:s-ada\"", "session:s-idle"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %q", not)
		}
	}
	w := b.lose("card:fob-m-ada", "wifi:wifi-m-ada", "session:s-ada2", "app:wiki")
	if w.Code != 303 || w.Header().Get("Location") != "/?done=lost" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if card, wifi := b.working("m-ada"); card != claims.CredentialLost || wifi {
		t.Errorf("the fob is %s, and the pass works: %v", card, wifi)
	}
	left, _ := b.SessionsOf(t.Context(), "m-ada")
	for _, s := range left {
		if s.ID == "s-ada2" {
			t.Error("the other browser is still signed in")
		}
	}
	if len(b.ended) != 1 || b.ended[0].Client != "wiki" || b.ended[0].Member != "m-ada" {
		t.Errorf("of applications, %+v ended", b.ended)
	}
	if last := b.audited[len(b.audited)-1]; last.Action != "report lost: card, wifi, session, app" {
		t.Errorf("audited %q", last.Action)
	}
	if w := b.get("/?done=lost"); !strings.Contains(w.Body.String(), "opens nothing any more") {
		t.Error("her page does not say so")
	}
}

func TestNobodyLosesWhatIsAnothers(t *testing.T) {
	b := carrying(t)
	for what, items := range map[string][]string{
		"nothing": nil, "another's fob": {"card:fob-m-eve"}, "another's pass": {"wifi:wifi-m-eve"}, "another's browser": {"session:s-eve"}, "this browser": {"session:s-ada"},
		"an application that is not hers": {"app:forge"}, "what is no thing": {"member:m-eve", "card:", ""},
	} {
		if w := b.lose(items...); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "ick what you have lost") {
			t.Errorf("%s: %d", what, w.Code)
		}
	}
	if card, wifi := b.working("m-eve"); card != claims.CredentialActive || !wifi || len(b.ended) > 0 || len(b.audited) > 0 {
		t.Errorf("eve's fob is %s, her pass works: %v; %v %v", card, wifi, b.ended, b.audited)
	}
	if w := b.lose("card:fob-m-ada", "card:fob-m-eve"); w.Code != 303 {
		t.Errorf("hers and another's: %d", w.Code)
	}
	if card, _ := b.working("m-eve"); card != claims.CredentialActive {
		t.Errorf("eve's fob is %s", card)
	}
	b.site = "cross-site"
	if w := b.lose("wifi:wifi-m-ada"); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", w.Code)
	}
	if _, wifi := b.working("m-ada"); !wifi {
		t.Error("another site ended it")
	}
}
