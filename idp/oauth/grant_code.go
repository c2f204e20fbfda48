// The authorization code grant, second half (RFC 6749, section 4.1.3).
//
//   - a code works once, of any number at a time; a second use      4.1.2
//     ends everything that came of it
//   - the client that asked for the code redeems it                 4.1.3
//   - the redirect address is the one it was asked with             4.1.3
//   - a code that was asked for with a challenge needs its           RFC 7636, 4.6
//     verifier, whatever the client; one without takes none          RFC 9700, 2.1.1
//   - a code that is bound to a key needs its proof                 RFC 9449, 10
//   - a wrong client, address, verifier or key spends the code:           fosite.md, 21
//     there is no second guess
package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

func (w *work) redeem(ctx context.Context, r *http.Request, form url.Values) (*tokenAnswer, error) {
	if form.Get("code") == "" {
		return nil, oauthErrorf("invalid_request", "The parameter code is missing.")
	}
	t, ok := w.p.texts.parse(form.Get("code"))
	if !ok || t.kind != kindCode {
		return nil, oauthErrorf("invalid_grant", "The code is not one of ours.")
	}
	w.shown = t
	if err := w.load(ctx); err != nil {
		return nil, err
	}
	if w.grant.Client != w.client.ID {
		return nil, w.misuse(ctx, oauthErrorf("invalid_grant", "The code was given to another client."))
	}
	if err := w.holdsKey(); err != nil {
		return nil, w.misuse(ctx, err)
	}
	w.generation = 1
	ar, err := w.p.fosite.NewAccessRequest(ctx, r, &fositeSession{})
	if w.failed != nil {
		return nil, w.failed
	}
	if err != nil {
		return nil, w.misuse(ctx, w.refused(err))
	}
	if err := w.tokenScopes("", form); err != nil {
		return nil, err
	}
	if err := w.decide(ctx); err != nil {
		return nil, err
	}
	answer, err := w.issue(ctx, ar)
	if errors.Is(err, claims.ErrReplay) { // somebody else redeemed it between our look and our write
		if e := w.p.end(ctx, w.grant.ID, "reuse"); e != nil {
			return nil, e
		}
		return nil, oauthErrorf("invalid_grant", "The code was used already.").because(err)
	}
	return answer, err
}

// misuse spends a code that was presented wrongly, so that it is not tried
// again with a better guess, and returns why it was wrong. A code that is
// spent or over has nothing left to lose but to a replay, which fosite saw.
func (w *work) misuse(ctx context.Context, why error) error {
	live := w.grant.Spent.IsZero() && w.grant.Ended.IsZero() && claims.Live(time.Time{}, w.grant.CodeExpires, w.now)
	if !live || tell(why).code != "invalid_grant" {
		return why
	}
	w.p.Log.Warn("code misused", web.KeyClient, w.client.ID, web.KeyGrant, w.grant.ID, web.KeyError, why)
	if err := w.p.end(ctx, w.grant.ID, "code_misused"); err != nil {
		return err
	}
	return why
}
