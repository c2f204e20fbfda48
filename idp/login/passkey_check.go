package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// Why a passkey is refused. Whoever holds none learns nothing by it: the id of
// one is as hard to guess as its key.
var (
	errNoPasskey     = fmt.Errorf("a passkey that is not known: %w", claims.ErrUnknownCaller)
	errCopiedPasskey = fmt.Errorf("a passkey that was used less often than it was: %w", claims.ErrUnknownCaller)
	errShutOut       = fmt.Errorf("a passkey of a member who may not sign in: %w", claims.ErrDenied)
)

// shutOut is said to who proved to be a member who may not sign in.
const shutOut = "This account cannot sign in any more. If you think it should, ask an organiser."

var passkeyWords = []struct {
	kind error
	text string
}{
	{errShutOut, shutOut},
	{errNoPasskey, "This passkey is not known here, or not any more. Use another one, or another way in."},
	{errCopiedPasskey, "This passkey may have been copied: it was used more often than it says. Use another way in, and remove it at “Signing in”."},
	{claims.ErrTooMany, "Too many wrong tries. Wait a little, then try again."},
	{claims.ErrExpired, "That took too long. Try once more."},
	{claims.ErrReplay, "That was sent already. Try once more."},
	{claims.ErrUnknownCaller, "This passkey was not accepted. Try once more, or use another way in."},
}

// wrongWithPasskey says why a passkey was refused; "" if that was not the
// passkey's fault.
func wrongWithPasskey(err error) string {
	for _, words := range passkeyWords {
		if errors.Is(err, words.kind) {
			return words.text
		}
	}
	return ""
}

// shown is a passkey that was used just now.
type shown struct {
	member   claims.Member
	factor   record.Factor
	key      webauthn.Credential
	verified bool // the device knew its user, by a PIN, a finger or a face
}

// amr says how it proves who somebody is (RFC 8176, section 2): by a key that
// stays in one device, or in several; somebody was there. What the device knew
// them by, it does not say.
func (s shown) amr() []string {
	if s.key.Flags.BackupEligible {
		return []string{"swk", "user"}
	}
	return []string{"hwk", "user"}
}

// checkPasskey takes the answer of a browser that was asked for a passkey, of
// member m if it is not empty, and uses it up. ErrUnknownCaller if it proves
// nothing, ErrTooMany after too many that did not.
func (l *Login) checkPasskey(r *http.Request, purpose string, m claims.MemberID, answer string) (s shown, err error) {
	if l.party == nil {
		return s, errNoPasskey
	}
	a, err := l.askedFor(r, purpose, m)
	if err != nil {
		return s, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer))
	if err != nil {
		return s, refusedPasskey(err)
	}
	account, addr := "passkey "+hashed(string(parsed.RawID))[:32], web.ClientAddr(r)
	if wait := l.brake.begin(account, addr, l.Now()); wait > 0 {
		return s, web.RetryAfter(fmt.Errorf("passkey: %w", claims.ErrTooMany), wait)
	}
	s, err = l.verifyPasskey(r.Context(), a, parsed)
	if errors.Is(err, errCopiedPasskey) {
		l.audit(r, s.factor.Member, "refuse a passkey that may be copied", "factor:"+s.factor.ID)
	}
	if errors.Is(err, claims.ErrUnknownCaller) {
		return s, err
	}
	if err != nil {
		l.brake.undo(account, addr, l.Now())
		return s, err
	}
	l.brake.right(account, addr, l.Now())
	return s, l.usePasskey(r, purpose, m, a, s)
}

func refusedPasskey(err error) error {
	return fmt.Errorf("passkey: %w: %w", err, claims.ErrUnknownCaller)
}

// verifyPasskey tells whose passkey answered, and writes nothing.
func (l *Login) verifyPasskey(ctx context.Context, a asked, parsed *protocol.ParsedCredentialAssertionData) (s shown, err error) {
	s.factor, err = l.Store.Factor(ctx, passkeyID(parsed.RawID))
	switch {
	case errors.Is(err, claims.ErrNotFound) || err == nil && s.factor.Kind != record.FactorPasskey:
		return s, errNoPasskey
	case err != nil:
		return s, fmt.Errorf("passkey: %w", err)
	}
	holder, err := holderOf(claims.Member{ID: s.factor.Member}, []record.Factor{s.factor})
	if err != nil {
		return s, err
	}
	var key *webauthn.Credential
	if len(a.Session.UserID) == 0 {
		whose := func(_, _ []byte) (webauthn.User, error) { return holder, nil } // the library holds the answer's handle against it
		_, key, err = l.party.ValidatePasskeyLogin(whose, a.Session, parsed)
	} else {
		key, err = l.party.ValidateLogin(holder, a.Session, parsed)
	}
	switch {
	case err != nil:
		return s, refusedPasskey(err)
	case key.Authenticator.CloneWarning:
		return s, errCopiedPasskey
	}
	s.key, s.verified = *key, parsed.Response.AuthenticatorData.Flags.HasUserVerified()
	s.member, err = l.mayStill(s.factor.Member)
	if errors.Is(err, claims.ErrNotFound) {
		err = errShutOut
	}
	return s, err
}

// usePasskey stores that a passkey was used, once for each answer.
func (l *Login) usePasskey(r *http.Request, purpose string, m claims.MemberID, a asked, s shown) error {
	ctx, now := context.WithoutCancel(r.Context()), l.Now()
	data, err := passkeyData(s.key)
	if err == nil {
		err = l.spend(ctx, purpose, m, a)
	}
	if count := int(s.key.Authenticator.SignCount); err == nil && count > 0 {
		if err = l.Store.UseFactor(ctx, s.factor.ID, count, now); errors.Is(err, claims.ErrReplay) {
			err = errCopiedPasskey // a later use of it was faster
		}
	}
	if err == nil {
		err = l.Store.KeepFactor(ctx, s.factor.ID, data, now)
	}
	if errors.Is(err, claims.ErrNotFound) {
		err = errNoPasskey // it was removed meanwhile
	}
	return err
}
