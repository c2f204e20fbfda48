package portal

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

func TestHomeSaysWhatIAmAndWhatIsOpenToMe(t *testing.T) {
	b := newBench(t)
	w := b.get("/")
	if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	page := html.UnescapeString(w.Body.String())
	for _, want := range []string{
		"active member", "Bandsaw", "until 13 May (in 12 days)", "Key holder", "board of Delft (treasurer)", "<code>body.delft.board</code>", "tag.key-holder",
		"Front door", "Space › Laser corner", "WiFi Makerspace", "Firefox on Linux", "this one", "Those of your groups",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	for _, bad := range []string{"<script", "<b>"} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("a text became markup: %s", bad)
		}
	}
	if strings.Contains(page, "198.51.100.1") || strings.Contains(page, "s-eve") || strings.Contains(page, "eve.phone") {
		t.Error("an idle sign-in, or somebody else's things, are listed")
	}
}

func TestHomeSaysWhichBadgeIsMissingWhereAndHowToEarnIt(t *testing.T) {
	page := html.UnescapeString(newBench(t).get("/").Body.String())
	laser := regexp.MustCompile(`(?s)Laser cutter.*?</li>`).FindString(page)
	for _, want := range []string{"closed", "Laser level 1", "Take the <b>course</b>", `href="https://lms.example/laser"`} {
		if !strings.Contains(laser, want) {
			t.Errorf("the laser's entry lacks %q:\n%s", want, laser)
		}
	}
	if strings.Contains(laser, "Door pass") {
		t.Error("a pass is offered for what is closed")
	}
}

func TestSuspendedMembersSeeWhatToDo(t *testing.T) {
	b := newBench(t)
	b.as("m-sus")
	page := b.get("/").Body.String()
	if !strings.Contains(page, "Speak to an organiser") || strings.Contains(page, "open for you") {
		t.Errorf("%s", page)
	}
	if w := b.post("/door-pass", "device", "d-door"); w.Code != 403 || len(b.minted) != 0 {
		t.Errorf("a door pass: %d, minted %v", w.Code, b.minted)
	}
}

func TestLapseIsSaidWithItsDay(t *testing.T) {
	b := newBench(t)
	m, _ := claims.Get[claims.Member](b.dir, "m-ada")
	m.PaidUntil = b.now.AddDate(0, 0, -2)
	for grace, want := range map[time.Time]string{
		b.now.AddDate(0, 0, 5): "paid until 29 April. Pay again before 6 May", {}: "paid until 29 April. Pay it",
	} {
		m.GraceUntil = grace
		b.dir = b.dir.With(claims.Seq{N: b.dir.Seq().N + 1}, m)
		if page := b.get("/").Body.String(); !strings.Contains(page, want) {
			t.Errorf("grace until %v: page lacks %q", grace, want)
		}
	}
}

func TestDoorPassOnlyForWhatIsOpenToMe(t *testing.T) {
	b := newBench(t)
	w := b.post("/door-pass", "device", "d-door")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "lp_q7Zk2mT9xW4vB8nR3cY6") || !strings.Contains(w.Body.String(), "60 seconds") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if len(b.minted) != 1 || b.minted[0] != "m-ada at door" || len(b.audited) != 1 || strings.Contains(fmt.Sprint(b.audited), "lp_q7") {
		t.Errorf("minted %v, audited %v", b.minted, b.audited)
	}
	w = b.post("/door-pass", "device", "d-laser")
	if w.Code != 403 || !strings.Contains(w.Body.String(), "Laser level 1") || len(b.minted) != 1 {
		t.Errorf("closed: %d %s, minted %v", w.Code, w.Body, b.minted)
	}
	if w := b.post("/door-pass", "device", "nosuch"); w.Code != 404 {
		t.Errorf("unknown: %d", w.Code)
	}
}

func TestWiFiPassIsShownOnceAndStoredAsItsVerifier(t *testing.T) {
	b := newBench(t)
	w := b.post("/wifi", "name", " Phone ")
	shown := regexp.MustCompile(`value="([0-9a-z-]{24})"`).FindStringSubmatch(w.Body.String())
	if w.Code != 200 || shown == nil || !strings.Contains(w.Body.String(), `value="ada.phone"`) || !strings.Contains(w.Body.String(), "Makerspace") {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	pass, ok := b.dir.PassByLogin("ada.phone")
	if !ok || pass.Member != "m-ada" || pass.Verifier != "verifier of "+shown[1] {
		t.Errorf("stored %+v", pass)
	}
	if strings.Contains(b.get("/").Body.String(), shown[1]) {
		t.Error("shown a second time")
	}
	if w := b.post("/wifi", "name", "phone"); w.Code != 400 || !strings.Contains(w.Body.String(), "ada.phone is in use") {
		t.Errorf("the same name again: %d", w.Code)
	}
	if w := b.post("/wifi/revoke", "pass", string(pass.ID)); w.Code != 303 || w.Header().Get("Location") != "/?done=wifi" {
		t.Errorf("revoke: %d", w.Code)
	}
	if pass, _ := claims.Get[claims.WiFiPass](b.dir, string(pass.ID)); pass.Revoked.IsZero() {
		t.Error("not revoked")
	}
	for _, bad := range []string{"", "my phone", "../x", "-x", strings.Repeat("a", 21), "é", "a.b"} {
		if w := b.post("/wifi", "name", bad); w.Code != 400 {
			t.Errorf("name %q: %d", bad, w.Code)
		}
	}
}

func TestWiFiPassesHave100BitsAndAnEnd(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		p := newPass()
		if bare := strings.ReplaceAll(p, "-", ""); len(bare) != 20 || strings.Trim(bare, passLetters) != "" || seen[p] {
			t.Fatalf("pass %q", p)
		}
		seen[p] = true
	}
	if len(passLetters) != 32 {
		t.Fatalf("%d letters: %d & 31 would favour some", len(passLetters), 255)
	}
	b := newBench(t)
	for i := range mostPasses {
		if w := b.post("/wifi", "name", fmt.Sprint("d", i)); w.Code != 200 {
			t.Fatalf("pass %d: %d", i, w.Code)
		}
	}
	if w := b.post("/wifi", "name", "onemore"); w.Code != 400 {
		t.Errorf("beyond the limit: %d", w.Code)
	}
}

func TestR43OnlyMyOwnThingsCanBeEnded(t *testing.T) {
	b := newBench(t)
	for target, form := range map[string][]string{
		"/sessions/end": {"session", "s-eve"}, "/wifi/revoke": {"pass", "p-eve"}, "/apps/revoke": {"client", "nosuch"},
	} {
		if w := b.post(target, form...); w.Code != 404 {
			t.Errorf("%s %v: %d, want 404", target, form, w.Code)
		}
	}
	if p, _ := claims.Get[claims.WiFiPass](b.dir, "p-eve"); !p.Revoked.IsZero() {
		t.Error("somebody else's WiFi pass is revoked")
	}
	b.post("/sessions/end", "session", "others")
	b.post("/apps/revoke", "client", "wiki")
	for _, s := range b.sessions {
		if ended := !s.Ended.IsZero(); ended != (s.ID == "s-ada2") {
			t.Errorf("session %s: ended %v", s.ID, ended)
		}
	}
	if len(b.consents) != 1 || b.consents[0].Member != "m-eve" {
		t.Errorf("consents %v", b.consents)
	}
	if len(b.ended) != 1 || b.ended[0].Member != "m-ada" || b.ended[0].Client != "wiki" {
		t.Errorf("grants ended: %v", b.ended)
	}
}

func TestOtherSitesCannotActForMe(t *testing.T) {
	b := newBench(t)
	b.site = "cross-site"
	for target, form := range map[string][]string{
		"/door-pass": {"device", "d-door"}, "/wifi": {"name", "x"}, "/sessions/end": {"session", "others"}, "/apps/revoke": {"client", "wiki"},
	} {
		if w := b.post(target, form...); w.Code != 403 || !strings.Contains(w.Body.String(), "another site") {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	if len(b.minted)+len(b.audited) != 0 || len(b.consents) != 2 {
		t.Error("something was done")
	}
}

func TestWhoIsNotSignedInIsSentToSignIn(t *testing.T) {
	b := newBench(t)
	b.findErr = fmt.Errorf("no cookie: %w", claims.ErrUnknownCaller)
	if w := b.get("/"); w.Code != 303 || w.Header().Get("Location") != "/login?return=%2F" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := b.post("/door-pass", "device", "d-door"); w.Code != 303 || len(b.minted) != 0 {
		t.Errorf("%d", w.Code)
	}
	b.findErr = claims.ErrUnavailable
	if w := b.get("/"); w.Code != 503 || !strings.Contains(w.Body.String(), "<html") {
		t.Errorf("no store: %d", w.Code)
	}
	b.findErr, b.dir = nil, nil
	if w := b.get("/"); w.Code != 503 {
		t.Errorf("no picture: %d", w.Code)
	}
}

func TestNoticesAreOursAlone(t *testing.T) {
	b := newBench(t)
	if page := b.get("/?done=Send+your+password+to+evil.example").Body.String(); strings.Contains(page, "evil.example") {
		t.Error("an address can put words on the page")
	}
	if w := b.get("/?done=ended&done=ended"); w.Code != 400 {
		t.Errorf("a repeated parameter: %d", w.Code)
	}
}
