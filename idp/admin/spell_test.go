package admin

import (
	"strings"
	"testing"

	"lanyard/claims"
)

func TestLogsCallThingsByTheirNamesAsFarAsTheReaderKnowsThem(t *testing.T) {
	const pass, card, award, other = "01a212fc-88d7-7d92-8374-452da39c9c06", "01a212fc-88d7-7d92-8374-452da39c9c07", "01a212fc-88d7-7d92-8374-452da39c9c08", "01a212fc-88d7-7d92-8374-452da39c9c09"
	s := newSite(t)
	s.plan(claims.IssuePass{Pass: claims.WiFiPass{ID: pass, Member: "m-dora", Login: "dora.phone", Verifier: "v"}},
		claims.BindCredential{Credential: claims.Credential{ID: card, Member: "m-dora", Kind: "uid", Label: "green fob", Lookup: "hash", Sealed: "sealed"}},
		claims.GiveAward{Award: claims.Award{ID: award, Badge: "laser-1", Member: "m-dora", Method: claims.MethodManual}})
	by := func(m string) *visit {
		return &visit{d: s.dir, now: now, see: claims.See(s.dir, claims.Actor{Kind: claims.ActorMember, ID: m, ACR: 1}, now)}
	}
	boss, ada := by("m-boss"), by("m-ada")
	for _, c := range []struct{ got, want string }{
		{boss.spell("issue WiFi pass " + pass + " to member m-dora"), "issue WiFi pass dora.phone to member dora"},
		{boss.spell("bind card " + card + " to member m-dora"), "bind card “green fob” to member dora"},
		{boss.spell("remove grant " + other), "remove grant …a39c9c09"},
		{ada.spell("revoke WiFi pass " + pass), "revoke WiFi pass …a39c9c06"},
		{ada.spell("bind card " + card), "bind card …a39c9c07"},
		{boss.subject("member:m-dora"), "dora"},
		{boss.subject("badge_award:" + award), "laser-1 of dora"},
		{ada.subject("badge_award:" + award), "badge award …a39c9c08"},
		{boss.subject("tag_assignment:t1"), "admin of boss"},
		{boss.subject("affiliation:f2"), "delft of dora"},
		{boss.subject("wifi_pass:" + pass), "WiFi pass dora.phone"},
		{boss.subject("credential:" + card), "credential “green fob”"},
		{boss.subject("grant:" + other), "grant …a39c9c09"},
		{boss.subject("client:wiki"), "client wiki"},
		{boss.subject("session:16455687aaaa"), "session 16455687"},
		{boss.who(other), "…a39c9c09"},
	} {
		if c.got != c.want {
			t.Errorf("it reads %q, want %q", c.got, c.want)
		}
	}
	if html := s.get("m-boss", "/admin/members/m-dora").Body.String(); !strings.Contains(html, "added 1 May, id …a39c9c07") || strings.Contains(html, card) {
		t.Errorf("dora's cards:\n%s", html)
	}
}
