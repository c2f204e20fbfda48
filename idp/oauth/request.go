// The parameters of an authorization request (OpenID Connect Core, section
// 3.1.2.1; RFC 6749, section 4.1.1). They are read here, not by fosite.
//
//   - the client and the redirect address first; without them      6749, 4.1.2.1
//     nothing is sent anywhere
//   - response_type code and no other                               RFC 9700, 2.1.2
//   - request, request_uri and registration are refused by name,    Core, 6, 7.2.1
//     but for a request_uri of our own; see par.go
//   - PKCE with S256, unless a confidential client is exempt        RFC 7636, 4.3; 9700, 2.1.1
//   - dpop_jkt binds the code to a key                              RFC 9449, 10
//   - a parameter without a value counts as not sent               6749, 3.1
//   - state may be short or absent                                  6749, 4.1.1
//   - prompt none stands alone; max_age may be 0                    Core, 3.1.2.1
//   - id_token_hint is one of our ID tokens for this client         Core, 3.1.2.1
package oauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// maxRequest is the longest authorization request, in bytes of its query. It
// must come back whole through the sign-in page.
const maxRequest = 7 << 10

// authorization is an authorization request that was read.
type authorization struct {
	form     url.Values // as sent or as pushed, without what is ours
	address  url.Values // what the browser brings: form, or client_id and request_uri of what was pushed
	pushed   string     // record.Pushed.ID; empty: it was not pushed
	client   claims.Client
	redirect string // where the answer goes
	mode     string

	scopes    []string
	audience  []string
	challenge string
	key       string // thumbprint of the key that the code is bound to; "": none
	prompt    []string
	maxAge    time.Duration // negative: none
	subject   string        // who it must be, by id_token_hint or claims; "": anybody
	claims    claimsParameter

	since  time.Time // signing in and consenting count from here on; zero: at any time
	denied bool      // the member said no on the consent page
}

// readRequest reads an authorization request. With a nil authorization there
// is nowhere to send the error; with one, it goes to the client.
func (p *Provider) readRequest(ctx context.Context, d *claims.Directory, form url.Values) (*authorization, error) {
	form = dropEmpty(form)
	a := &authorization{form: form, address: form}
	if strings.HasPrefix(form.Get("request_uri"), requestURI) {
		if err := p.takePushed(ctx, a); err != nil {
			return nil, err
		}
	} else {
		p.takeOurs(a)
	}
	if err := p.readClient(d, a); err != nil {
		return nil, err
	}
	return a, p.readRest(ctx, d, a)
}

// readClient reads who asks, and where the answer goes.
func (p *Provider) readClient(d *claims.Directory, a *authorization) error {
	c, ok := claims.Get[claims.Client](d, a.form.Get("client_id"))
	switch {
	case !ok:
		return oauthErrorf("invalid_request", "The application that sent you here is not known.")
	case disabled(c, p.Now()):
		return oauthErrorf("invalid_request", "%s is switched off at the moment, so nobody can sign in to it.", c.Called()).because(fmt.Errorf("client %s: %w", c.ID, errDisabled))
	}
	a.client = c
	a.redirect, ok = redirectFor(c, a.form.Get("redirect_uri"), contains(strings.Fields(a.form.Get("scope")), scopeOpenID))
	if !ok {
		return oauthErrorf("invalid_request", "The application asked to be answered at an address that is not registered for it.")
	}
	return nil
}

// dropEmpty takes away what was sent without a value, which counts as not sent
// (RFC 6749, section 3.1), and returns form.
func dropEmpty(form url.Values) url.Values {
	for name, values := range form {
		if values = slices.DeleteFunc(values, func(v string) bool { return v == "" }); len(values) == 0 {
			delete(form, name)
		} else {
			form[name] = values
		}
	}
	return form
}

// readRest reads what a client can be told about.
func (p *Provider) readRest(ctx context.Context, d *claims.Directory, a *authorization) error {
	form := a.form
	a.mode, a.maxAge = modeQuery, -1
	switch mode := form.Get("response_mode"); mode {
	case "":
	case modeQuery, modeFragment, modeFormPost:
		a.mode = mode
	default:
		return oauthErrorf("invalid_request", "This response_mode is not offered.")
	}
	for _, name := range []string{"request", "request_uri", "registration"} {
		if form.Has(name) {
			return oauthErrorf(name+"_not_supported", "The parameter %s is not supported.", name)
		}
	}
	if a.client.RequirePushed && a.pushed == "" {
		return oauthErrorf("invalid_request", "This client must push its requests (RFC 9126).")
	}
	switch form.Get("response_type") {
	case "code":
	case "":
		return oauthErrorf("invalid_request", "The parameter response_type is missing.")
	default:
		return oauthErrorf("unsupported_response_type", "The only response_type is code.")
	}
	if !mayUse(a.client, grantCode) {
		return oauthErrorf("unauthorized_client", "The client is not registered for authorization codes.")
	}
	if err := a.readChallenge(); err != nil {
		return err
	}
	if a.key = form.Get("dpop_jkt"); a.key != "" && !isThumbprint(a.key) {
		return oauthErrorf("invalid_request", "dpop_jkt is not the base64url of a SHA-256.")
	}
	a.scopes = grantable(a.client, form.Get("scope"))
	var err error
	if a.audience, err = p.resources(d, a.client, form, a.scopes); err != nil {
		return err
	}
	if !slices.ContainsFunc(a.audience, isLocation) { // no door was named
		a.scopes = slices.DeleteFunc(a.scopes, func(s string) bool { return s == scopeDoor })
	}
	return p.readPrompt(ctx, a)
}

func (a *authorization) readChallenge() error {
	a.challenge = a.form.Get("code_challenge")
	method := a.form.Get("code_challenge_method")
	switch {
	case a.challenge == "" && method == "":
		if a.client.Auth == claims.AuthNone || !a.client.PKCEOptional {
			return oauthErrorf("invalid_request", "The parameter code_challenge is missing: this client must use PKCE.")
		}
	case method != "S256":
		return oauthErrorf("invalid_request", "The only code_challenge_method is S256.")
	case len(a.challenge) != 43 || !base64URL(a.challenge):
		return oauthErrorf("invalid_request", "The code_challenge is not the base64url of a SHA-256.")
	}
	return nil
}

func base64URL(s string) bool {
	_, err := letters.DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

// readPrompt reads what says how the member is to be met.
func (p *Provider) readPrompt(ctx context.Context, a *authorization) error {
	a.prompt = strings.Fields(a.form.Get("prompt"))
	for _, v := range a.prompt {
		if !contains([]string{"none", "login", "consent", "select_account"}, v) {
			return oauthErrorf("invalid_request", "This prompt is not offered.")
		}
	}
	if contains(a.prompt, "none") && len(a.prompt) > 1 {
		return oauthErrorf("invalid_request", "The prompt none stands alone.")
	}
	if text := a.form.Get("max_age"); text != "" {
		seconds, err := strconv.ParseUint(text, 10, 31)
		if err != nil {
			return oauthErrorf("invalid_request", "max_age is a number of seconds.")
		}
		a.maxAge = time.Duration(seconds) * time.Second
	}
	var err error
	if a.claims, err = parseClaims(a.form.Get("claims")); err != nil {
		return err
	}
	a.subject = a.claims.subject()
	if hint := a.form.Get("id_token_hint"); hint != "" {
		return p.readHint(ctx, a, hint)
	}
	return nil
}

// readHint reads an ID token that says who is expected. It may have expired.
func (p *Provider) readHint(ctx context.Context, a *authorization, hint string) error {
	var body struct {
		Issuer   string   `json:"iss"`
		Subject  string   `json:"sub"`
		Audience audience `json:"aud"`
	}
	err := p.Signer.VerifyHint(ctx, hint, typID, &body)
	if err != nil || body.Issuer != p.Issuer || !contains(body.Audience, string(a.client.ID)) {
		return oauthErrorf("invalid_request", "The id_token_hint is not one of our ID tokens for this client.").because(err)
	}
	if a.subject != "" && a.subject != body.Subject {
		return oauthErrorf("invalid_request", "The id_token_hint and the claims parameter name two subjects.")
	}
	a.subject = body.Subject
	return nil
}

// reenter answers an authorization request by POST, which comes without the
// session's cookie (SameSite=Lax), by sending the browser in again by GET.
func (p *Provider) reenter(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm, "resource", "audience")
	query := ""
	if err == nil {
		query = form.Encode()
		if len(query) > maxRequest {
			err = oauthErrorf("invalid_request", "The request is too long.")
		}
	}
	if err != nil {
		p.page(w, r, err)
		return
	}
	web.SeeOther(w, r.URL.Path+"?"+query)
}
