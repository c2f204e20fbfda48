package oauth

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

const elsewhere = "https://backend.example.org/"

// chain is a world in which wiki calls api for ada, api calls backend, and
// backend calls last.
func chain(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	service := func(id string, to ...string) claims.Intent {
		return claims.Define{Fact: claims.Client{
			ID: claims.ClientID(id), Name: "Service " + id, Auth: claims.AuthBasic, Secrets: []claims.Secret{{SHA256: sha(secret)}},
			GrantTypes: []string{grantClient, grantExchange}, Scopes: []string{scopeOpenID, scopeGroups, scopeTags, scopeOffline, scopeProfile}, ExchangeTo: to,
			Filter: claims.ClaimFilter{Tags: []claims.Slug{claims.Every}},
		}}
	}
	w.do(service("end"), service("last", "end"), service("backend", "last"), service("api", "backend", elsewhere), service("spy", "backend"))
	for _, id := range []string{"wiki", "files", "third"} {
		w.edit(id, func(c *claims.Client) { c.Resources = append(c.Resources, "api", "backend") })
	}
	return w
}

// subject is an access token of ada's that names api.
func (w *world) subject(client string) string {
	w.t.Helper()
	return w.login("ada", client, "openid profile groups offline_access", "audience", "api").text("access_token")
}

func (w *world) exchange(client, subject string, pairs ...string) reply {
	w.t.Helper()
	return w.post(PathToken, client, with(url.Values{
		"grant_type": {grantExchange}, "subject_token": {subject}, "subject_token_type": {typeAccess}, "audience": {"backend"},
	}, pairs...))
}

func TestRFC8693_2_2_1AnExchangedTokenIsAnATJWTForTheTarget(t *testing.T) {
	for _, client := range []string{"wiki", "files"} {
		w := chain(t)
		r := w.exchange("api", w.subject(client))
		if r.status != 200 || r.text("issued_token_type") != typeAccess || r.text("token_type") != "Bearer" || r.text("scope") != "openid profile groups" ||
			r.json["expires_in"] != 300.0 || r.text("refresh_token") != "" || r.text("id_token") != "" || r.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %d %s", client, r.status, r.body)
		}
		said := payload(t, r.text("access_token"))
		if said["aud"] != "backend" || said["client_id"] != "api" || said["sub"] != "sub-ada" || said["iss"] != w.server.URL || said["scope"] != "openid profile groups" ||
			said["exp"] != float64(start.Add(5*time.Minute).Unix()) || said["authz_version"] == nil || said["name"] != nil {
			t.Errorf("%s: it says %v", client, said)
		}
		if act, _ := json.Marshal(said["act"]); string(act) != `{"sub":"api"}` {
			t.Errorf("%s: act %s", client, act)
		}
	}
}

func TestRFC8693_2_1OnlyTokensThatNameTheClientAreExchanged(t *testing.T) {
	w := chain(t)
	subject := w.subject("wiki")
	other := w.login("ada", "wiki", "openid", "audience", "backend").text("access_token")
	plain := w.login("ada", "wiki", "openid offline_access")
	own := w.post(PathToken, "api", url.Values{"grant_type": {grantClient}}).text("access_token")
	machine := w.post(PathToken, "wiki", url.Values{"grant_type": {grantClient}, "audience": {"api"}}).text("access_token")
	pass, _, err := w.provider.MintPass(t.Context(), "ada", "L-door")
	if err != nil {
		t.Fatal(err)
	}
	for what, token := range map[string]string{
		"for another service": other, "for nobody in particular": plain.text("access_token"), "the client's own": own, "about no member": machine,
		"a refresh token": plain.text("refresh_token"), "an ID token": plain.text("id_token"), "a door pass": pass, "garbage": "x", "one letter off": subject[:40] + "A" + subject[41:],
	} {
		w.is(what, w.exchange("api", token), 400, "invalid_request")
	}
	w.is("by who only got hold of it", w.exchange("spy", subject), 400, "invalid_request")
	if r := w.exchange("api", subject); r.status != 200 {
		t.Errorf("its own: %s", r.body)
	}
}

func TestRFC8693_2_1WhoMayExchange(t *testing.T) {
	w := chain(t)
	subject := w.subject("wiki")
	w.is("a client without the grant type", w.exchange("wiki", subject), 400, "unauthorized_client")
	w.is("a public client", w.exchange("phone", subject), 400, "unauthorized_client")
	r, _ := postAs(w.http, w.server.URL+PathToken, "", url.Values{"grant_type": {grantExchange}, "client_id": {"api"}, "subject_token": {subject}})
	w.is("nobody who proves it", r, 401, "invalid_client")
}

func TestRFC8693_2_1WhatIsAskedIsNamedOrRefused(t *testing.T) {
	w := chain(t)
	opaque, signed := w.subject("wiki"), w.subject("files")
	for what, c := range map[string]struct {
		token, name, value string
		want               string
	}{
		"no subject_token":        {opaque, "subject_token", "-", "invalid_request"},
		"no subject_token_type":   {opaque, "subject_token_type", "-", "invalid_request"},
		"an ID token's type":      {opaque, "subject_token_type", "urn:ietf:params:oauth:token-type:id_token", "invalid_request"},
		"an opaque one as jwt":    {opaque, "subject_token_type", typeJWT, "invalid_request"},
		"a JWT as jwt":            {signed, "subject_token_type", typeJWT, ""},
		"actor_token":             {opaque, "actor_token", signed, "invalid_request"},
		"actor_token_type alone":  {opaque, "actor_token_type", typeAccess, "invalid_request"},
		"a refresh token wanted":  {opaque, "requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token", "invalid_request"},
		"SAML wanted":             {opaque, "requested_token_type", "urn:ietf:params:oauth:token-type:saml2", "invalid_request"},
		"a jwt wanted":            {opaque, "requested_token_type", typeJWT, ""},
		"no target":               {opaque, "audience", "-", "invalid_request"},
		"a target not listed":     {opaque, "audience", "last", "invalid_target"},
		"the client itself":       {opaque, "audience", "api", "invalid_target"},
		"this program":            {opaque, "audience", w.server.URL, "invalid_target"},
		"an unknown one":          {opaque, "audience", "nobody", "invalid_target"},
		"one that is listed, too": {opaque, "resource", elsewhere, ""},
		"a client as resource":    {opaque, "resource", "backend", "invalid_target"},
		"a foreign resource":      {opaque, "resource", "https://evil.example/", "invalid_target"},
		"more scope":              {opaque, "scope", "openid email", "invalid_scope"},
		"less scope":              {opaque, "scope", "groups", ""},
		"a scope it has not":      {opaque, "scope", "tags", "invalid_scope"},
	} {
		r := w.exchange("api", c.token, c.name, c.value)
		if r.text("error") != c.want || c.want == "" && r.status != 200 {
			t.Errorf("%s: %d %s, want %q", what, r.status, r.body, c.want)
		}
	}
	r := w.exchange("api", opaque, "resource", elsewhere, "requested_token_type", typeJWT, "scope", "groups")
	if aud, _ := json.Marshal(payload(t, r.text("access_token"))["aud"]); string(aud) != `["`+elsewhere+`","backend"]` || r.text("scope") != "groups" || r.text("issued_token_type") != typeJWT {
		t.Errorf("two targets: %s for %s", r.body, aud)
	}
	w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "backend"}})
	w.is("a target that is disabled", w.exchange("api", opaque), 400, "invalid_target")
}

func TestRFC8693_4_1ActorsNestTwiceAtMost(t *testing.T) {
	w := chain(t)
	first := w.exchange("api", w.subject("wiki")).text("access_token")
	w.is("by who made it", w.exchange("api", first), 400, "invalid_request")
	second := w.exchange("backend", first, "audience", "last").text("access_token")
	if act, _ := json.Marshal(payload(t, second)["act"]); string(act) != `{"act":{"sub":"api"},"sub":"backend"}` {
		t.Errorf("act %s", act)
	}
	w.is("a third time", w.exchange("last", second, "audience", "end"), 400, "invalid_request")
}

func TestAnExchangedTokenEndsWithWhatItCameFrom(t *testing.T) {
	live := func(w *world, token string) bool { return w.introspect("backend", token).json["active"] == true }
	for what, end := range map[string]func(w *world, login reply){
		"the subject token is revoked": func(w *world, r reply) {
			w.post(PathRevoke, "wiki", url.Values{"token": {r.text("access_token")}})
		},
		"the member signs out": func(w *world, r reply) { w.vault.signOut("session-of-ada", w.clock()) },
		"the member lapses": func(w *world, r reply) {
			w.do(claims.SetState{Member: "ada", State: claims.StateSuspended, By: "admin"})
		},
		"the member is barred": func(w *world, r reply) { w.do(claims.Bar{Member: "ada", Reason: "test"}) },
		"who holds it is disabled": func(w *world, r reply) {
			w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "api"}})
		},
		"where it began is disabled": func(w *world, r reply) {
			w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "wiki"}})
		},
		"five minutes": func(w *world, r reply) { w.advance(5 * time.Minute) },
	} {
		w := chain(t)
		r := w.login("ada", "wiki", "openid", "audience", "api")
		got := w.exchange("api", r.text("access_token")).text("access_token")
		if !live(w, got) {
			t.Fatalf("before %s: not live", what)
		}
		if end(w, r); live(w, got) {
			t.Errorf("%s, and it lives on", what)
		}
	}
	w := chain(t)
	r := w.login("ada", "wiki", "openid offline_access", "audience", "api")
	got := w.exchange("api", r.text("access_token")).text("access_token")
	w.refresh("wiki", w.refresh("wiki", r.text("refresh_token")).text("refresh_token"))
	if live(w, got) {
		t.Error("its generation is over, and it lives on")
	}
	w.is("and cannot be had anew", w.exchange("api", r.text("access_token")), 400, "invalid_request")
}

func TestAnExchangedTokenOutlivesNothing(t *testing.T) {
	w := chain(t)
	subject := w.subject("wiki")
	w.advance(58 * time.Minute)
	r := w.exchange("api", subject)
	if said := payload(t, r.text("access_token")); said["exp"] != float64(start.Add(time.Hour).Unix()) || r.json["expires_in"] != 120.0 {
		t.Errorf("past the subject token: %v", said)
	}
	w = chain(t)
	w.do(claims.SetPaid{Member: "ada", PaidUntil: start.Add(2 * time.Minute)})
	if said := payload(t, w.exchange("api", w.subject("wiki")).text("access_token")); said["exp"].(float64) > float64(start.Add(2*time.Minute).Unix()) {
		t.Errorf("past the membership: %v", said)
	}
}

func TestAnExchangedTokenIsShownToItsTargetAndHolder(t *testing.T) {
	w := chain(t)
	got := w.exchange("api", w.subject("wiki")).text("access_token")
	told := w.introspect("backend", got)
	if told.json["active"] != true || told.text("client_id") != "api" || !strings.Contains(told.body, `"act":{"sub":"api"}`) || told.text("sub") != "sub-ada" ||
		!strings.Contains(told.body, `"aud":["backend"]`) || !strings.Contains(told.body, `"groups":["tag.board"]`) {
		t.Errorf("the target is told %s", told.body)
	}
	if !w.active("api", got) || w.active("wiki", got) || w.active("last", got) || w.active("door-1", got) {
		t.Error("its holder is told; where it began, and strangers, are not")
	}
	w.is("at userinfo", w.userInfo(got), 401, "invalid_token")
	w.is("revoked by its holder", w.post(PathRevoke, "api", url.Values{"token": {got}}), 400, "unsupported_token_type")
	w.is("revoked by another", w.post(PathRevoke, "wiki", url.Values{"token": {got}}), 400, "unauthorized_client")
	if !w.active("backend", got) {
		t.Error("the attempts ended it")
	}
	if _, err := w.provider.UsePass(t.Context(), got, "L-door"); err == nil {
		t.Error("it opened a door")
	}
}

func TestAnExchangedTokenBringsTheHoldersViewAlone(t *testing.T) {
	w := chain(t)
	w.edit("api", func(c *claims.Client) { c.ExchangeTo = append(c.ExchangeTo, w.server.URL) })
	subject := w.login("ada", "wiki", "openid", "audience", "api", "claims", `{"userinfo":{"name":null}}`).text("access_token")
	info := w.userInfo(w.exchange("api", subject, "audience", w.server.URL).text("access_token"))
	if info.status != 200 || info.text("sub") != "sub-ada" || info.json["name"] != nil {
		t.Errorf("userinfo, where it may be a target: %s", info.body)
	}
	w.edit("api", func(c *claims.Client) { c.ExchangeTo = append(c.ExchangeTo, w.server.URL+"/at/space/front-door") })
	w.is("a door is no target", w.exchange("api", subject, "audience", w.server.URL+"/at/space/front-door"), 400, "invalid_target")
}

func TestExchangeWritesNoRow(t *testing.T) {
	w := chain(t)
	subject := w.subject("wiki")
	writes := w.vault.writes
	if r := w.exchange("api", subject); r.status != 200 || w.vault.writes != writes {
		t.Errorf("%d, %d writes", r.status, w.vault.writes-writes)
	}
	w.vault.down = claims.ErrUnavailable
	w.is("no database", w.exchange("api", subject), 503, "temporarily_unavailable")
}

func TestRFC8693_2_1AudienceMayNameAClient(t *testing.T) {
	w := chain(t)
	lands(t, "by audience", w.get(PathAuthorize, "ada", request("wiki", "openid", "audience", "api")), "code")
	lands(t, "by resource, which is a URI", w.get(PathAuthorize, "ada", request("wiki", "openid", "resource", "api")), "invalid_target")
	lands(t, "not registered", w.get(PathAuthorize, "ada", request("wiki", "openid", "audience", "last")), "invalid_target")
	if !w.active("api", w.subject("wiki")) {
		t.Error("the audience is not told")
	}
	w.do(claims.Remove{Key: claims.Key{Entity: claims.EntityClient, ID: "api"}})
	lands(t, "disabled", w.get(PathAuthorize, "ada", request("wiki", "openid", "audience", "api")), "invalid_target")
}
