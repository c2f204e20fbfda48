package oauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"reflect"
	"strings"
	"testing"

	"lanyard/claims"
)

// TestATrialTellsWhatASignInTells compares what a trial says with a real
// sign-in, at clients of every sort.
func TestATrialTellsWhatASignInTells(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"wiki", "files", "modern", "narrow"} {
		c, _ := claims.Get[claims.Client](w.dir.Load(), id)
		told, err := w.trial().Tell(w.dir.Load(), c, "ada", nil)
		if err != nil {
			t.Fatal(err)
		}
		r := w.login("ada", id, strings.Join(c.Scopes, " "), "nonce", "n-1")
		for what, pair := range map[string][2]map[string]any{
			"ID token":      {object(t, told.IDToken), payload(t, r.text("id_token"))},
			"userinfo":      {object(t, told.UserInfo), w.userInfo(r.text("access_token")).json},
			"introspection": {object(t, told.Introspection), w.introspect(id, r.text("access_token")).json},
		} {
			for _, m := range pair { // what hangs on this one sign-in
				maps.DeleteFunc(m, func(name string, _ any) bool {
					return name == "nonce" || name == "at_hash" || name == "sid" || name == "jti" || name == "exp" || name == "aud" && what == "introspection"
				})
			}
			if !reflect.DeepEqual(pair[0], pair[1]) {
				t.Errorf("%s, %s: tried %v, signed in %v", id, what, pair[0], pair[1])
			}
		}
		if real := len(r.text("id_token")); told.Size > real || told.Size < real-40 { // a nonce is the client's to choose
			t.Errorf("%s: a trial says %d bytes, an ID token with a nonce has %d", id, told.Size, real)
		}
		size, _, ok, err := w.trial().Size(w.dir.Load(), c, "ada")
		if size != told.Size || !ok || err != nil {
			t.Errorf("%s: Size = %d, %v, %v, Tell said %d", id, size, ok, err, told.Size)
		}
	}
}

func (w *world) trial() Trial {
	return Trial{Issuer: w.provider.Issuer, Ring: w.provider.Ring, Now: w.clock()}
}

func object(t *testing.T, text json.RawMessage) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestATrialSaysWhoMayNotSignInAndWhatIsNotAsked(t *testing.T) {
	w := newWorld(t)
	d := w.dir.Load()
	wiki, _ := claims.Get[claims.Client](d, "wiki")
	if told, err := w.trial().Tell(d, wiki, "sue", nil); err != nil || told.Login.Allow || told.Login.Reason != "member_suspended" {
		t.Errorf("of sue, who is suspended: %+v, %v", told, err)
	}
	if _, _, ok, err := w.trial().Size(d, wiki, "sue"); ok || err != nil {
		t.Errorf("the size of sue's token: %v, %v", ok, err)
	}
	told, err := w.trial().Tell(d, wiki, "ada", []string{"openid"})
	if err != nil || len(told.Groups) == 0 {
		t.Fatal(told, err)
	}
	for _, g := range told.Groups {
		if g.Cause == "" {
			t.Errorf("without the scope groups %+v is told", g)
		}
	}
	off := wiki
	off.Disabled = w.clock()
	if told, err := w.trial().Tell(d, off, "ada", nil); err != nil || told.Login.Allow || told.Login.Reason != claims.ReasonClientDisabled {
		t.Errorf("of a client that is disabled: %+v, %v", told, err)
	}
	if _, _, ok, err := w.trial().Size(d, off, "ada"); ok || err != nil {
		t.Errorf("the size of a disabled client's token: %v, %v", ok, err)
	}
	narrow, _ := claims.Get[claims.Client](d, "narrow")
	if _, err := w.trial().Tell(d, narrow, "ada", []string{"openid", "email"}); !errors.Is(err, claims.ErrInvalid) {
		t.Errorf("a scope the client may not ask for: %v, want ErrInvalid", err)
	}
	if _, err := w.trial().Tell(d, wiki, "nobody", nil); !errors.Is(err, claims.ErrNotFound) {
		t.Errorf("nobody: %v, want ErrNotFound", err)
	}
}

func TestGroupsOverTheCapAreAnErrorInTheLogOnce(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.provider.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.edit("wiki", func(c *claims.Client) { c.Filter.Cap = 1 })
	first := w.login("ada", "wiki", "openid groups offline_access")
	w.login("ada", "wiki", "openid groups")
	w.refresh("wiki", first.text("refresh_token"))
	if n := strings.Count(log.String(), "more groups than the client's cap"); n != 1 || !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "client=wiki") {
		t.Errorf("said %d times:\n%s", n, log.String())
	}
	if got := payload(t, first.text("id_token")); got["groups_overage"] != true || len(got["groups"].([]any)) != 0 {
		t.Errorf("the ID token says %v", got)
	}
	if got := w.userInfo(first.text("access_token")).json; len(got["groups"].([]any)) < 2 {
		t.Errorf("userinfo says %v, want every group", got)
	}
}
