// Demonstrating proof of possession (DPoP, RFC 9449): tokens that are worth
// nothing to who lacks the key they are bound to.
//
//   - one DPoP header, one signed JWT; its form is in idp/keys            4.3 (1, 2, 4-7)
//   - jti, htm, htu and iat are there                                     4.3 (3)
//   - htm is the method; htu the address, by the issuer we are, never      4.3 (8, 9)
//     by Host, without query and fragment, however it is spelled
//   - iat is no more than two minutes old, by clocks that differ by half   4.3 (11); 11.1
//     a minute; jti works once for its key in that time: one insert
//   - with an access token, ath is its hash, and the key the token's       4.3 (12); 7.1
//   - a token that is bound is refused as Bearer, one that is not as DPoP  7.1, 7.2
//   - a public client's refresh tokens are bound to the key they were      5
//     given with, and so is each that follows; a confidential client's
//     are bound to the client
//   - a code is bound to dpop_jkt, or to the key of a proof at PAR          10, 10.1
//   - a client may be held to it                                           5.2
//
// The thumbprint is in the token's text or claims, under our MAC or signature:
// there is nothing to store, and a token without one costs nothing more.
package oauth

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/web"
)

// proofLife is how old a proof may be.
const proofLife = 2 * time.Minute

// keyTextLen is the length of a thumbprint as text.
const keyTextLen = 43

// errBound marks refusals that a proof would mend.
var errBound = errors.New("the token is bound to a key")

// proof is a DPoP proof that was judged and is not used up yet. The zero proof
// is none.
type proof struct {
	key string // the thumbprint of the key that made it, base64url
	id  string
}

// proofClaims is what a proof says (RFC 9449, section 4.2).
type proofClaims struct {
	ID        string       `json:"jti"`
	Method    string       `json:"htm"`
	URI       string       `json:"htu"`
	Issued    *numericDate `json:"iat"`
	Expires   *numericDate `json:"exp"`
	NotBefore *numericDate `json:"nbf"`
	TokenHash string       `json:"ath"`
}

// readProof judges the proof that a request brings, if it brings one; access
// is the access token beside it, or "".
func (p *Provider) readProof(r *http.Request, access string) (proof, error) {
	sent := r.Header["Dpop"]
	if len(sent) == 0 {
		return proof{}, nil
	}
	if len(sent) > 1 {
		return proof{}, badProof("there are several")
	}
	var said proofClaims
	key, err := keys.ReadProof(sent[0], &said)
	if err != nil {
		return proof{}, badProof("it is not signed as it should be").because(fmt.Errorf("%v: %w", err, claims.ErrUnknownCaller))
	}
	if why := p.wrongIn(said, r, access); why != "" {
		return proof{}, badProof(why)
	}
	return proof{key: key, id: said.ID}, nil
}

// wrongIn says what is wrong with what a proof says; "" if nothing is.
func (p *Provider) wrongIn(said proofClaims, r *http.Request, access string) string {
	now := p.Now()
	switch {
	case said.ID == "":
		return "jti is missing"
	case said.Method != r.Method:
		return "htm is not the method of the request"
	case !sameAddress(said.URI, p.Issuer+r.URL.EscapedPath()):
		return "htu is not the address of the request"
	case said.Issued == nil:
		return "iat is missing"
	case !said.Issued.past(now, clockSkew), said.NotBefore != nil && !said.NotBefore.past(now, clockSkew):
		return "iat or nbf is in the future"
	case said.Issued.past(now, -proofLife), said.Expires != nil && said.Expires.past(now, 0):
		return "it is too old"
	case access != "" && said.TokenHash != accessHash(access):
		return "ath is not the hash of the access token"
	}
	return ""
}

// useProof uses a proof up. It comes after all else was judged, so that nobody
// fills the database with proofs of nothing.
func (p *Provider) useProof(ctx context.Context, shown proof) error {
	if shown.key == "" {
		return nil
	}
	sum := sha256.Sum256([]byte(shown.id)) // of one length, whatever the client sends
	err := p.Vault.UseJTI(ctx, "dpop/"+shown.key, letters.EncodeToString(sum[:]), p.Now().Add(proofLife+clockSkew))
	if errors.Is(err, claims.ErrReplay) {
		return badProof("it was used before").because(fmt.Errorf("%v: %w", err, claims.ErrUnknownCaller))
	}
	return err
}

// prove reads the proof of a token request.
func (w *work) prove(r *http.Request) (err error) {
	if w.proof, err = w.p.readProof(r, ""); err != nil {
		return err
	}
	if w.client.RequireDPoP && w.proof.key == "" {
		return badProof("there is none, and this client must send one")
	}
	w.key = w.proof.key
	return nil
}

// holdsKey tells whether the proof is by the key that what is presented is
// bound to, if it is bound.
func (w *work) holdsKey() error {
	switch w.shown.key {
	case "", w.proof.key:
		return nil
	}
	if w.proof.key == "" {
		return badProof("there is none, and what is presented is bound to a key")
	}
	return oauthErrorf("invalid_grant", "What is presented is bound to another key.")
}

// refreshKey is what a refresh token that is made now is bound to.
func (w *work) refreshKey() string {
	if w.client.Auth != claims.AuthNone {
		return ""
	}
	return w.key
}

// possessed tells whether a request shows an access token as it must be shown:
// one that is bound by DPoP with a proof, any other as Bearer.
func (p *Provider) possessed(r *http.Request, t token, text string, dpop bool) error {
	switch {
	case t.key == "" && !dpop:
		return nil
	case t.key == "":
		return oauthErrorf("invalid_token", "The access token is not bound to a key.")
	case !dpop:
		return oauthErrorf("invalid_token", "The access token is bound to a key.").because(errBound)
	}
	shown, err := p.readProof(r, text)
	switch {
	case err != nil:
		return err
	case shown.key == "":
		return badProof("there is none")
	case shown.key != t.key:
		return oauthErrorf("invalid_token", "The access token is bound to another key.")
	}
	return p.useProof(r.Context(), shown)
}

func badProof(why string) *oauthError {
	return oauthErrorf("invalid_dpop_proof", "The DPoP proof: %s.", why)
}

// accessHash is what a proof says of an access token (RFC 9449, section 4.2).
func accessHash(access string) string {
	sum := sha256.Sum256([]byte(access))
	return letters.EncodeToString(sum[:])
}

// dpopChallenge is what WWW-Authenticate says of e to who may use DPoP (RFC 9449,
// section 7.1).
func dpopChallenge(e *oauthError) string {
	said := web.ChallengeDPoP()
	if e.text != "" {
		said += fmt.Sprintf(`, error="%s", error_description="%s"`, e.code, printable(e.text))
	}
	return said
}

// byDPoP tells whether a request shows its token by DPoP, or should have.
func byDPoP(r *http.Request, err error) bool {
	_, dpop, _ := web.AccessToken(r)
	return dpop || errors.Is(err, errBound)
}

// boundTo is the cnf claim (RFC 9449, section 6.1).
type boundTo struct {
	Key string `json:"jkt"`
}

func confirm(key string) *boundTo {
	if key == "" {
		return nil
	}
	return &boundTo{key}
}

func isThumbprint(s string) bool { return len(s) == keyTextLen && base64URL(s) }
