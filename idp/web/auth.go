package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"lanyard/claims"
)

// AccessToken returns the access token of the Authorization header, and
// whether it comes by DPoP (RFC 9449, section 7.1) rather than as Bearer (RFC
// 6750, section 2.1). Tokens in a query or a body are not looked for.
func AccessToken(r *http.Request) (token string, dpop, ok bool) {
	scheme, token := authorization(r)
	dpop = strings.EqualFold(scheme, "DPoP")
	if !dpop && !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,\t\"") {
		return "", false, false
	}
	return token, dpop, true
}

// Challenge says how a program may prove who it is (RFC 9110, section 11.6.1):
// as a client, or by an access token.
func Challenge(h http.Header) {
	h.Add("WWW-Authenticate", `Basic realm="lanyard"`)
	h.Add("WWW-Authenticate", `Bearer realm="lanyard"`)
	h.Add("WWW-Authenticate", ChallengeDPoP())
}

// FailProgram answers a program with the problem p that err is. One that did
// not prove who it is is told how to: to sign in is nothing it could do.
func FailProgram(w http.ResponseWriter, r *http.Request, err error, p Problem) {
	if errors.Is(err, claims.ErrUnknownCaller) {
		Challenge(w.Header())
		p.Title = "The client did not prove who it is"
		p.Detail = "The client's id or its secret is wrong, or its access token is not good any more, or the client is disabled. " +
			"Send id and secret by HTTP Basic, as curl -u ID:SECRET does, or an access token of the client's own."
	}
	FailAs(w, r, err, p)
}

// ChallengeDPoP is the challenge to show an access token by DPoP, with the
// algorithms that proofs may be signed with.
func ChallengeDPoP() string {
	return `DPoP realm="lanyard", algs="` + strings.Join(claims.KnownAssertionAlgs, " ") + `"`
}

// Basic returns the user name and password of the Authorization header. Both
// are form-decoded, as clients encode them (RFC 6749, section 2.3.1); what
// does not decode is taken as it is.
func Basic(r *http.Request) (user, pass string, ok bool) {
	if scheme, _ := authorization(r); scheme == "" {
		return "", "", false
	}
	user, pass, ok = r.BasicAuth()
	if !ok || !clean(user) || !clean(pass) {
		return "", "", false
	}
	return formDecoded(user), formDecoded(pass), true
}

func formDecoded(s string) string {
	if t, err := url.QueryUnescape(s); err == nil && clean(t) {
		return t
	}
	return s
}

// authorization returns the two halves of the one Authorization header; a
// request with several has none.
func authorization(r *http.Request) (scheme, rest string) {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return "", ""
	}
	scheme, rest, _ = strings.Cut(values[0], " ")
	return scheme, strings.TrimSpace(rest)
}
