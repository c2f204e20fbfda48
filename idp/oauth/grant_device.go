// The device grant, second half: the device asks for its tokens (RFC 8628,
// sections 3.4 and 3.5).
//
//   - the client that began is the client that asks                    3.4
//   - until a member decided: authorization_pending; who asks too       3.5
//     often gets slow_down, and is to wait five seconds more
//   - access_denied when the member said no, expired_token after ten    3.5
//     minutes
//   - a device code works once, of any number that ask at a time. It    3.5; ADR 2
//     never left the device, so a second use is a lost answer rather
//     than a thief, and ends nothing
//   - whether the member may use the client, and what is said of them,  ours
//     is decided when the tokens are made
package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/ory/fosite"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// deniedDevice is why the grant of a device ended whose member said no.
const deniedDevice = "denied"

func (w *work) poll(ctx context.Context, r *http.Request, form url.Values) (*tokenAnswer, error) {
	if form.Get("device_code") == "" {
		return nil, oauthErrorf("invalid_request", "The parameter device_code is missing.")
	}
	t, ok := w.p.texts.parse(form.Get("device_code"))
	if !ok || t.kind != kindDevice {
		return nil, oauthErrorf("invalid_grant", "The device code is not one of ours.")
	}
	w.shown = t
	if err := w.load(ctx); err != nil {
		return nil, err
	}
	if err := w.decided(ctx); err != nil {
		return nil, err
	}
	w.generation = 1
	ar, err := w.p.fosite.NewAccessRequest(ctx, r, &fositeSession{})
	if err != nil {
		return nil, err
	}
	if err := w.tokenScopes("", form); err != nil {
		return nil, err
	}
	if err := w.decide(ctx); err != nil {
		return nil, err
	}
	answer, err := w.issue(ctx, ar)
	if errors.Is(err, claims.ErrReplay) {
		return nil, oauthErrorf("invalid_grant", "The device code was used already.").because(err)
	}
	return answer, err
}

// decided returns nil if a member allowed the device what it asks for, or
// what to tell the device.
func (w *work) decided(ctx context.Context) error {
	g := w.grant
	switch {
	case g.Kind != record.GrantDevice:
		return oauthErrorf("invalid_grant", "The device code is not one of ours.")
	case g.Client != w.client.ID:
		w.p.Log.Warn("device code of another client", web.KeyClient, w.client.ID, web.KeyGrant, g.ID)
		return oauthErrorf("invalid_grant", "The device code was given to another client.")
	case g.EndReason == deniedDevice:
		return oauthErrorf("access_denied", "The member said no.")
	case !g.Ended.IsZero():
		return oauthErrorf("invalid_grant", "The grant is over.").because(claims.ErrExpired)
	case !g.Spent.IsZero():
		return oauthErrorf("invalid_grant", "The device code was used already.").because(claims.ErrReplay)
	case !claims.Live(time.Time{}, g.CodeExpires, w.now):
		return oauthErrorf("expired_token", "Nobody allowed this in time. Begin again.")
	case g.Member != "":
		return nil
	}
	switch err := w.p.Vault.PollDevice(ctx, g.ID, w.now, pollEvery); {
	case errors.Is(err, claims.ErrTooMany):
		return oauthErrorf("slow_down", "Wait five seconds longer between two questions.")
	case err != nil:
		return err
	}
	return oauthErrorf("authorization_pending", "Nobody has decided yet.")
}

// deviceHandler tells fosite, which has no device grant, what comes of one
// that poll has judged.
type deviceHandler struct{}

func (deviceHandler) CanHandleTokenEndpointRequest(context.Context, fosite.AccessRequester) bool {
	return true
}

func (deviceHandler) CanSkipClientAuth(context.Context, fosite.AccessRequester) bool { return false }

func (deviceHandler) HandleTokenEndpointRequest(ctx context.Context, _ fosite.AccessRequester) error {
	workOf(ctx).spend = true
	return nil
}

func (deviceHandler) PopulateTokenEndpointResponse(ctx context.Context, r fosite.AccessRequester, to fosite.AccessResponder) error {
	access, _, err := strategy{}.GenerateAccessToken(ctx, r)
	if err != nil {
		return err
	}
	to.SetAccessToken(access)
	to.SetTokenType("bearer")
	if workOf(ctx).refreshable() {
		refresh, _, err := strategy{}.GenerateRefreshToken(ctx, r)
		if err != nil {
			return err
		}
		to.SetExtra("refresh_token", refresh)
	}
	return nil
}
