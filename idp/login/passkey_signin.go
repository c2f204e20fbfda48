package login

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// Signing in with a passkey. Alone it counts for two factors if the device
// knew its user: something they have, and something they know or are. Else it
// counts for one, and beside a password for the second.

// PostPasskeyBegin asks the browser for any passkey, at POST
// /login/passkey/begin. The answer is JSON (5.5).
func (l *Login) PostPasskeyBegin(w http.ResponseWriter, r *http.Request) {
	_, err := l.posted(r)
	if err == nil && l.party == nil {
		err = fmt.Errorf("passkeys: %w", claims.ErrNotFound)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	options, session, err := l.party.BeginDiscoverableLogin()
	if err != nil {
		web.Fail(w, r, fmt.Errorf("ask for a passkey: %w", err))
		return
	}
	l.ask(w, r, purposePasskey, "", options, session)
}

// PostPasskey signs in with a passkey, whosever it is, at POST /login/passkey
// with answer, the browser's JSON, and return.
func (l *Login) PostPasskey(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	page := templates.SignIn{Return: web.SafeReturn(form.Get("return"))}
	s, err := l.checkPasskey(r, purposePasskey, "", form.Get("answer"))
	if page.Problem = wrongWithPasskey(err); page.Problem != "" {
		page.Refused = true // else a browser that answers by itself would do so without end
		l.noteTries(w, r, err)
		l.signInPage(w, r, web.StatusOf(err), page)
		return
	}
	by := proof{amr: s.amr(), acr: 1, at: l.Now()}
	if s.verified {
		by.amr, by.acr = append(by.amr, "mfa"), 2
	}
	if err == nil {
		web.DropCookie(w, passkeyCookie, l.Secure)
		_, err = l.begin(w, r, s.member.ID, by)
	}
	if err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, page.Return)
}

// noteTries notes why somebody was refused, and says when to try again.
func (l *Login) noteTries(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, claims.ErrTooMany) {
		web.FailHeaders(w, r, err)
		return
	}
	web.Note(r.Context(), err)
}

// PostSecondBegin asks the browser for a passkey of whoever gave a password,
// at POST /login/second/passkey/begin.
func (l *Login) PostSecondBegin(w http.ResponseWriter, r *http.Request) {
	_, err := l.posted(r)
	var m claims.Member
	if err == nil {
		_, m, err = l.half(r)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	l.askOf(w, r, purposeSecondPasskey, m)
}

// PostStepBegin asks the browser for a passkey of whoever is signed in, at POST
// /login/step/passkey/begin.
func (l *Login) PostStepBegin(w http.ResponseWriter, r *http.Request) {
	_, err := l.posted(r)
	var s record.Session
	var m claims.Member
	if err == nil {
		s, err = l.Find(r)
	}
	if err == nil {
		m, err = l.mayStill(s.Member)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	l.askOf(w, r, stepPurpose(s), m)
}

// stepPurpose is what a passkey has to prove, for a session to count for two
// factors: after a password, that it is there; after a passkey, more than that.
func stepPurpose(s record.Session) string {
	if slices.Contains(s.AMR, "pwd") {
		return purposeSecondPasskey
	}
	return purposeVerifiedPasskey
}

// askOf asks for a passkey of one member's.
func (l *Login) askOf(w http.ResponseWriter, r *http.Request, purpose string, m claims.Member) {
	all, err := l.Store.Factors(r.Context(), m.ID)
	var holder keyholder
	if err == nil {
		holder, err = holderOf(m, all)
	}
	if err == nil && (l.party == nil || len(holder.keys) == 0) {
		err = fmt.Errorf("passkeys of member %s: %w", m.ID, claims.ErrNotFound)
	}
	var options *protocol.CredentialAssertion
	var session *webauthn.SessionData
	if err == nil {
		verify := protocol.VerificationPreferred
		if purpose == purposeVerifiedPasskey {
			verify = protocol.VerificationRequired
		}
		options, session, err = l.party.BeginLogin(holder, webauthn.WithUserVerification(verify))
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	l.ask(w, r, purpose, m.ID, options, session)
}

// secondProof tells how a form proves who somebody is beside what they proved
// before: by a passkey, or else by a code.
func (l *Login) secondProof(r *http.Request, m claims.Member, purpose string, form url.Values) (amr []string, err error) {
	answer := form.Get("answer")
	if answer == "" {
		return l.checkCode(r, m, form.Get("code"))
	}
	s, err := l.checkPasskey(r, purpose, m.ID, answer)
	return append(s.amr(), "mfa"), err
}

// ways says on the page of the second step what there is to prove oneself with.
func (l *Login) ways(page *templates.Second, all []record.Factor) {
	for _, f := range all {
		page.App = page.App || f.Kind == record.FactorTOTP
		page.Passkey = page.Passkey || f.Kind == record.FactorPasskey && l.party != nil
	}
}
