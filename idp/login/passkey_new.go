package login

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

const maxPasskeyName = 60 // characters

// PostNewPasskeyBegin asks the browser to make a passkey, at POST
// /security/passkey/begin. The answer is JSON (5.4).
func (l *Login) PostNewPasskeyBegin(w http.ResponseWriter, r *http.Request) {
	o, _, ok := l.posting(w, r)
	if !ok {
		return
	}
	holder, err := holderOf(o.member, o.factors)
	switch {
	case err != nil:
		web.Fail(w, r, err)
		return
	case l.party == nil:
		web.Fail(w, r, fmt.Errorf("passkeys: %w", claims.ErrNotFound))
		return
	case len(holder.keys) >= maxPasskeys:
		web.Fail(w, r, &claims.Invalid{Field: "passkey", Problem: fmt.Sprintf("%d are the most; remove one first", maxPasskeys)})
		return
	}
	var have []protocol.CredentialDescriptor
	for _, key := range holder.keys {
		have = append(have, key.Descriptor())
	}
	options, session, err := l.party.BeginRegistration(holder, webauthn.WithExclusions(have),
		webauthn.WithRegistrationRelyingPartyName(cmp.Or(l.frame().Org, "Lanyard")))
	if err != nil {
		web.Fail(w, r, fmt.Errorf("ask for a new passkey: %w", err))
		return
	}
	l.ask(w, r, purposeNewPasskey, o.member.ID, options, session)
}

// PostNewPasskey keeps a passkey that the browser made, at POST
// /security/passkey with answer, its JSON, and name. Who has no recovery codes
// is shown some.
func (l *Login) PostNewPasskey(w http.ResponseWriter, r *http.Request) {
	o, form, ok := l.posting(w, r)
	if !ok {
		return
	}
	page := templates.Security{PasskeyName: strings.TrimSpace(form.Get("name"))}
	if utf8.RuneCountInString(page.PasskeyName) > maxPasskeyName {
		page.Fields = map[string]string{"name": fmt.Sprintf("This is too long. Use at most %d characters.", maxPasskeyName)}
		l.securityPage(w, r, o, http.StatusUnprocessableEntity, page)
		return
	}
	codes, err := l.addPasskey(w, r, o, form)
	switch {
	case err != nil && wrongWithNew(err) == "":
		l.fail(w, r, err)
	case err != nil:
		web.Note(r.Context(), err)
		page.Problem = wrongWithNew(err)
		l.securityPage(w, r, o, http.StatusUnprocessableEntity, page)
	case len(codes) > 0:
		web.Page(w, r, http.StatusOK, templates.Recovery{Frame: l.memberFrame(o.dir, o.member, o.session), Codes: codes, First: true, Passkey: true})
	default:
		web.SeeOther(w, SecurityPath+"?done=passkey")
	}
}

// wrongWithNew says why a new passkey was not kept; "" if that was not its
// fault.
func wrongWithNew(err error) string {
	switch {
	case errors.Is(err, claims.ErrConflict):
		return "This passkey is known here already."
	case errors.Is(err, claims.ErrUnknownCaller):
		return "The new passkey was not accepted, and nothing was kept. Try once more, or with another browser."
	}
	return wrongWithPasskey(err)
}

// madeBy reads the passkey that a browser made for a member, and writes
// nothing.
func (l *Login) madeBy(r *http.Request, m claims.Member, form url.Values) (key *webauthn.Credential, a asked, err error) {
	if l.party == nil {
		return nil, a, errNoPasskey
	}
	if a, err = l.askedFor(r, purposeNewPasskey, m.ID); err != nil {
		return nil, a, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(form.Get("answer")))
	if err == nil {
		key, err = l.party.CreateCredential(keyholder{member: m}, a.Session, parsed)
	}
	if err != nil {
		return nil, a, refusedPasskey(err)
	}
	return key, a, nil
}

// addPasskey stores a passkey, with recovery codes if there are none, which it
// returns. The browser, which proved to have it, gets a session that says so.
func (l *Login) addPasskey(w http.ResponseWriter, r *http.Request, o owner, form url.Values) (codes []string, err error) {
	key, a, err := l.madeBy(r, o.member, form)
	if err != nil {
		return nil, err
	}
	ctx, now, m := context.WithoutCancel(r.Context()), l.Now(), o.member.ID
	f := record.Factor{ID: passkeyID(key.ID), Member: m, Kind: record.FactorPasskey, Counter: int(key.Authenticator.SignCount), Created: now,
		Name: cmp.Or(cut(strings.TrimSpace(form.Get("name"))), web.Browser(r.UserAgent()))}
	if f.Data, err = passkeyData(*key); err != nil {
		return nil, err
	}
	if err := l.spend(ctx, purposeNewPasskey, m, a); err != nil {
		return nil, err
	}
	kept := []record.Factor{f}
	if unused(o.factors) == 0 {
		var recovery []record.Factor
		codes, recovery = l.newRecoveryCodes(m, now)
		kept = append(kept, recovery...)
	}
	if err := l.Store.AddFactors(ctx, kept...); err != nil {
		return nil, fmt.Errorf("keep a passkey of member %s: %w", m, err)
	}
	web.DropCookie(w, passkeyCookie, l.Secure)
	l.audit(r, m, "add a passkey", "factor:"+f.ID)
	l.notice(r, m, record.MailPasskeyAdded)
	if o.session.ACR >= 2 {
		return codes, nil
	}
	return codes, l.raise(w, r, o.session, append(shown{key: *key}.amr(), "mfa"))
}
