package oauth

import (
	"net/http"
	"net/url"
	"strings"
)

// code lets fosite make the authorization code, from a request that holds
// what was checked and nothing else, and writes the row.
func (w *work) code(r *http.Request, a *authorization) (string, error) {
	state := a.form.Get("state")
	if state == "" {
		state = "-" // fosite wants one; the answer is ours and has none
	}
	form := url.Values{
		"client_id": {string(a.client.ID)}, "response_type": {"code"}, "redirect_uri": {a.redirect},
		"scope": {strings.Join(a.scopes, " ")}, "state": {state}, "response_mode": {a.mode},
	}
	if a.challenge != "" {
		form.Set("code_challenge", a.challenge)
		form.Set("code_challenge_method", "S256")
	}
	ctx := w.context(r.Context())
	ar, err := w.p.fosite.NewAuthorizeRequest(ctx, &http.Request{Method: http.MethodGet, URL: r.URL, Header: http.Header{}, Form: form})
	if err != nil {
		return "", err
	}
	for _, s := range a.scopes {
		ar.GrantScope(s)
	}
	resp, err := w.p.fosite.NewAuthorizeResponse(ctx, ar, &fositeSession{})
	if err != nil {
		return "", err
	}
	if err := w.flush(ctx); err != nil {
		return "", err
	}
	return resp.GetCode(), nil
}
