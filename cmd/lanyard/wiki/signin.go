package wiki

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Sign-in, as a relying party does it (OpenID Connect Core, 3.1):
//
//   - state binds the answer to this browser       RFC 6749, 10.12
//   - nonce binds the ID token to this request     Core, 3.1.3.7
//   - PKCE S256                                    RFC 7636
//   - iss in the answer is the provider's          RFC 9207
const (
	sessionCookie = "wiki_session"
	stateCookie   = "wiki_state"
	pendingFor    = 10 * time.Minute
	sessionFor    = 8 * time.Hour
	most          = 1000 // sessions and pending sign-ins kept
)

func (w *Wiki) signIn(rw http.ResponseWriter, r *http.Request) {
	p := pending{nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), next: localPath(r.FormValue("next")), ends: w.now().Add(pendingFor)}
	state := rand.Text()
	w.mu.Lock()
	w.sweep()
	w.pending[state] = p
	w.mu.Unlock()
	http.SetCookie(rw, &http.Cookie{Name: stateCookie, Value: state, Path: "/callback", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(pendingFor.Seconds())})
	http.Redirect(rw, r, w.oauth.AuthCodeURL(state, oidc.Nonce(p.nonce), oauth2.S256ChallengeOption(p.verifier)), http.StatusSeeOther)
}

func (w *Wiki) callback(rw http.ResponseWriter, r *http.Request) {
	state := r.FormValue("state")
	w.mu.Lock()
	p, ok := w.pending[state]
	delete(w.pending, state)
	w.mu.Unlock()
	cookie, err := r.Cookie(stateCookie)
	if !ok || err != nil || subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(state)) != 1 || w.now().After(p.ends) {
		w.fail(rw, http.StatusBadRequest, "This sign-in was not begun here, or took too long. Please sign in again.")
		return
	}
	if !w.from(r.FormValue("iss")) { // an error, too, is believed from there only
		w.fail(rw, http.StatusBadRequest, "The answer came from another identity provider.")
		return
	}
	if e := r.FormValue("error"); e != "" {
		w.fail(rw, http.StatusForbidden, "The identity provider said no: "+e+". "+r.FormValue("error_description"))
		return
	}
	s, err := w.redeem(r.Context(), r.FormValue("code"), p)
	if err != nil {
		w.fail(rw, http.StatusBadGateway, "Signing you in did not work: "+err.Error())
		return
	}
	id := rand.Text()
	w.mu.Lock()
	w.sessions[id] = s
	w.mu.Unlock()
	http.SetCookie(rw, &http.Cookie{Name: sessionCookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(rw, r, p.next, http.StatusSeeOther)
}

func (w *Wiki) redeem(ctx context.Context, code string, p pending) (session, error) {
	tok, err := w.oauth.Exchange(ctx, code, oauth2.VerifierOption(p.verifier))
	if err != nil {
		return session{}, err
	}
	raw, _ := tok.Extra("id_token").(string)
	idToken, err := w.verifier.Verify(ctx, raw)
	if err != nil {
		return session{}, err
	}
	if subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(p.nonce)) != 1 {
		return session{}, errNonce
	}
	var c identity
	if err := idToken.Claims(&c); err != nil {
		return session{}, err
	}
	return session{name: c.name(), idToken: raw, tokens: w.oauth.TokenSource(context.WithoutCancel(ctx), tok), ends: w.now().Add(sessionFor)}, nil
}

func (w *Wiki) signOut(rw http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		w.mu.Lock()
		delete(w.sessions, c.Value)
		w.mu.Unlock()
	}
	http.SetCookie(rw, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1})
	http.Redirect(rw, r, "/", http.StatusSeeOther)
}

// who returns who is signed in and what the provider says of them now.
func (w *Wiki) who(r *http.Request) (identity, bool) {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return identity{}, false
	}
	w.mu.Lock()
	s, ok := w.sessions[c.Value]
	w.mu.Unlock()
	if !ok || w.now().After(s.ends) {
		return identity{}, false
	}
	info, err := w.provider.UserInfo(r.Context(), s.tokens)
	if err != nil {
		w.mu.Lock()
		delete(w.sessions, c.Value)
		w.mu.Unlock()
		return identity{}, false
	}
	var id identity
	if err := info.Claims(&id); err != nil {
		return identity{}, false
	}
	return id, true
}

// sweep drops what has ended. The caller holds mu.
func (w *Wiki) sweep() {
	now := w.now()
	for k, p := range w.pending {
		if now.After(p.ends) || len(w.pending) > most {
			delete(w.pending, k)
		}
	}
	for k, s := range w.sessions {
		if now.After(s.ends) || len(w.sessions) > most {
			delete(w.sessions, k)
		}
	}
}

// from tells whether an answer is from the provider: it says so itself, and
// must if the provider's answers do (RFC 9207, 2.4).
func (w *Wiki) from(iss string) bool {
	var d struct {
		Issuer string `json:"issuer"`
		Says   bool   `json:"authorization_response_iss_parameter_supported"`
	}
	if err := w.provider.Claims(&d); err != nil {
		return false
	}
	return iss == d.Issuer || iss == "" && !d.Says
}

func localPath(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return s
}
