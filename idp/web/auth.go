package web

import (
	"net/http"
	"net/url"
	"strings"
)

// Bearer returns the token of the Authorization header (RFC 6750, section
// 2.1). Tokens in a query or a body are not looked for.
func Bearer(r *http.Request) (string, bool) {
	scheme, token := authorization(r)
	if !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " ,\t\"") {
		return "", false
	}
	return token, true
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
