package login

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// Passkeys (Web Authentication, Level 3). Signatures, origins and the host
// they are made for are the library's to check; what is kept, who a passkey is
// of and what it counts for is ours.
//
//   - a challenge is of 256 random bits, good for five minutes, for what it   13.4.3
//     was made for and for whom: the browser holds it sealed
//   - an answer is taken once: what is left of it is a link that was used
//   - a passkey names its member by an id that says nothing else              14.6.1
//   - one that says it was used less often than it was is refused             6.1.1, 7.2
//   - what makers say of their devices is neither asked for nor kept          13.4.4
//   - somebody at the device is always needed; who they are, for two factors

const (
	purposeNewPasskey      = "passkey-new"      // to add one
	purposePasskey         = "passkey"          // to sign in, whoever it is
	purposeSecondPasskey   = "passkey-second"   // after a password
	purposeVerifiedPasskey = "passkey-verified" // after no password
)

const (
	passkeyCookie = "lanyard_passkey"
	passkeyLife   = 5 * time.Minute
	maxPasskeys   = 20
)

// newParty returns what passkeys are for: the issuer's host. Nil if there can
// be none, since it is an address (5.1.3, step 8: an effective domain).
func newParty(issuer string) *webauthn.WebAuthn {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" {
		return nil
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Lanyard", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationPreferred},
		// We ask for no extensions, and some browsers answer them all the same.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil
	}
	return party
}

// keyholder is a member as the library sees one.
type keyholder struct {
	member claims.Member
	keys   []webauthn.Credential
}

func (k keyholder) WebAuthnID() []byte                         { return []byte(k.member.ID) }
func (k keyholder) WebAuthnName() string                       { return k.member.Username }
func (k keyholder) WebAuthnDisplayName() string                { return called(k.member) }
func (k keyholder) WebAuthnCredentials() []webauthn.Credential { return k.keys }

// holderOf is a member with the passkeys among what they have.
func holderOf(m claims.Member, all []record.Factor) (keyholder, error) {
	k := keyholder{member: m}
	for _, f := range all {
		if f.Kind != record.FactorPasskey {
			continue
		}
		key, err := credentialOf(f)
		if err != nil {
			return k, err
		}
		k.keys = append(k.keys, key)
	}
	return k, nil
}

// passkeyID is what a passkey is kept under.
func passkeyID(credential []byte) string { return base64.RawURLEncoding.EncodeToString(credential) }

func credentialOf(f record.Factor) (c webauthn.Credential, err error) {
	if err = json.Unmarshal([]byte(f.Data), &c); err != nil {
		return c, fmt.Errorf("passkey of member %s: %w", f.Member, err)
	}
	c.Authenticator.SignCount = uint32(f.Counter)
	return c, nil
}

// passkeyData is what is kept of a passkey beside its counter. How its making
// was attested is not: nothing is asked of it.
func passkeyData(c webauthn.Credential) (string, error) {
	c.Attestation, c.Authenticator.SignCount, c.Authenticator.CloneWarning = webauthn.CredentialAttestation{}, 0, false
	text, err := json.Marshal(c)
	return string(text), err
}

// asked is what a browser was asked for.
type asked struct {
	Session webauthn.SessionData `json:"session"`
	Expires time.Time            `json:"expires"`
}

// ask answers with the options that the browser is to make or use a passkey
// by, and lets it hold what they were, sealed for this purpose and member.
func (l *Login) ask(w http.ResponseWriter, r *http.Request, purpose string, m claims.MemberID, options any, s *webauthn.SessionData) {
	s.AllowedCredentialIDs = nil // what they have is looked up when they answer
	plain, err := json.Marshal(asked{*s, l.Now().Add(passkeyLife)})
	var sealed string
	if err == nil {
		sealed, err = l.Ring.Seal("passkey", purpose+"/"+string(m), "challenge", plain)
	}
	if err != nil {
		web.Fail(w, r, fmt.Errorf("ask for a passkey: %w", err))
		return
	}
	web.SetCookie(w, passkeyCookie, sealed, int(passkeyLife/time.Second), l.Secure)
	web.JSON(w, http.StatusOK, options)
}

// askedFor is what the browser that sent r was asked for; ErrExpired if it was
// not, or not for this, or too long ago.
func (l *Login) askedFor(r *http.Request, purpose string, m claims.MemberID) (a asked, err error) {
	sealed, ok := web.Cookie(r, passkeyCookie, l.Secure)
	if !ok {
		return a, fmt.Errorf("an answer to nothing: %w", claims.ErrExpired)
	}
	plain, err := l.Ring.Open("passkey", purpose+"/"+string(m), "challenge", sealed)
	if err != nil || json.Unmarshal(plain, &a) != nil {
		return a, fmt.Errorf("an answer to another question: %w", claims.ErrExpired)
	}
	if !l.Now().Before(a.Expires) {
		return a, fmt.Errorf("an answer that took too long: %w", claims.ErrExpired)
	}
	return a, nil
}

// spend uses up what was asked for, of many who answer for one; the others get
// ErrReplay.
func (l *Login) spend(ctx context.Context, purpose string, m claims.MemberID, a asked) error {
	now := l.Now()
	err := l.Store.CreateLink(ctx, record.Link{ID: hashed(a.Session.Challenge), Purpose: purpose, Member: m, Created: now, Expires: a.Expires, Used: now})
	if errors.Is(err, claims.ErrConflict) {
		return fmt.Errorf("an answer that was taken already: %w", claims.ErrReplay)
	}
	return err
}

// offersPasskeys lets a page of this answer ask for passkeys, if there are any
// here.
func (l *Login) offersPasskeys(w http.ResponseWriter) bool {
	if l.party == nil {
		return false
	}
	web.AllowFetch(w)
	return true
}
