package oauth

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"lanyard/claims"
)

// head reads a JWT's header.
func head(t *testing.T, token string) (h struct{ Typ, Alg, Kid string }) {
	t.Helper()
	first, _, _ := strings.Cut(token, ".")
	b, err := base64.RawURLEncoding.DecodeString(first)
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestLogoutTokensSayWhoAndWhichAndNothingElse(t *testing.T) {
	w := hearing(t)
	w.makePairwise("files")
	ada, _ := claims.Get[claims.Member](w.dir.Load(), "ada")
	jtis := map[any]bool{}
	for id, alg := range map[string]string{"wiki": "RS256", "files": "ES256", "modern": "EdDSA"} {
		c, _ := claims.Get[claims.Client](w.dir.Load(), id)
		sid := payload(t, w.login("ada", id, "openid").text("id_token"))
		text, err := w.provider.LogoutToken(t.Context(), c, ada, "session-of-ada")
		if err != nil {
			t.Fatal(err)
		}
		if h := head(t, string(text)); h.Typ != "logout+jwt" || h.Alg != alg || h.Kid == "" {
			t.Errorf("%s: header %+v", id, h)
		}
		said := payload(t, string(text))
		if got := slices.Sorted(maps.Keys(said)); !slices.Equal(got, []string{"aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"}) {
			t.Errorf("%s: it says %v", id, got)
		}
		now := float64(w.clock().Unix())
		if said["iss"] != w.server.URL || said["aud"] != id || said["sub"] != sid["sub"] || said["sid"] != sid["sid"] || said["iat"] != now || said["exp"] != now+120 || jtis[said["jti"]] {
			t.Errorf("%s: %v, where the ID token said %v", id, said, sid)
		}
		jtis[said["jti"]] = true
		if e := fmt.Sprint(said["events"]); e != "map[http://schemas.openid.net/event/backchannel-logout:map[]]" {
			t.Errorf("%s: events %s", id, e)
		}
	}
}

func TestALogoutTokenPassesForNothingElse(t *testing.T) {
	w := hearing(t)
	ada, _ := claims.Get[claims.Member](w.dir.Load(), "ada")
	c, _ := claims.Get[claims.Client](w.dir.Load(), "wiki")
	text, err := w.provider.LogoutToken(t.Context(), c, ada, "session-of-ada")
	if err != nil {
		t.Fatal(err)
	}
	if w.active("wiki", string(text)) {
		t.Error("introspection takes it for an access token")
	}
	if r := w.userInfo(string(text)); r.status != 401 {
		t.Errorf("userinfo takes it: %d", r.status)
	}
	r := w.get(PathAuthorize, "ada", request("wiki", "openid", "id_token_hint", string(text)))
	if _, q := r.to(); q.Get("code") != "" {
		t.Error("it is taken as an id_token_hint")
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("said", "token", text)
	if strings.Contains(log.String(), string(text)) {
		t.Error("the log would say it")
	}
}
