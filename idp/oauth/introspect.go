// Introspection (RFC 7662). No fosite: this is the busiest endpoint.
//
//   - the caller proves who it is, as a client or by a client's own   2.1
//     bearer token; else 401, as the one or the other                 2.3
//   - a client is told of tokens that were given to it or name it,    4; fosite.md, 15
//     or of all if it may introspect
//   - a device is told of door passes and tokens for its own          devices.md
//     location, and of nothing else; a pass is spent by that. It can
//     check no proof, so it is not told of tokens that need one
//   - whatever is not told is {"active":false}, whyever                2.2
//   - live: inactive when the member may not use the client            model.md
//   - a refresh token has its own end and type                         fosite.md, 15
//   - claims pass the caller's filter; a client that must ask for     model.md
//     consent is told what the scopes of its tokens bring: it asked
//     the member for no more
//   - with location and right, or for a device, the answer holds       model.md
//     the decision
package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// Introspect serves the introspection endpoint.
func (p *Provider) Introspect(w http.ResponseWriter, r *http.Request) {
	body, err := p.introspect(r)
	if err != nil {
		if _, _, byToken := web.AccessToken(r); byToken {
			p.bearerFail(w, r, err)
		} else {
			p.fail(w, r, err)
		}
		return
	}
	h := w.Header()
	noStore(h)
	h["Content-Type"] = jsonValue
	w.Write(body) // a client that went away is no fault of ours
}

var (
	jsonValue = []string{"application/json"}
	inactive  = []byte(`{"active":false}`)
)

// inquiry is who asks about what.
type inquiry struct {
	d      *claims.Directory
	caller claims.Client
	device claims.Device // if the caller is one
	asks   bool          // for a decision
	place  claims.Path
	right  claims.Slug
}

func (p *Provider) introspect(r *http.Request) ([]byte, error) {
	form, err := p.post(r, web.MaxForm)
	if err != nil {
		return nil, err
	}
	d, err := p.directory()
	if err != nil {
		return nil, err
	}
	q := inquiry{d: d}
	if q.caller, err = p.introspector(d, r, form); err != nil {
		return nil, err
	}
	if form.Get("token") == "" {
		return nil, oauthErrorf("invalid_request", "The parameter token is missing.")
	}
	told, err := p.readInquiry(&q, form)
	if err != nil || !told {
		return inactive, err
	}
	t, g, err := p.find(r.Context(), form.Get("token"))
	if err == nil {
		return p.describeToken(r.Context(), q, t, g)
	}
	if errors.Is(err, claims.ErrNotFound) || errors.Is(err, claims.ErrExpired) {
		return inactive, nil
	}
	return nil, err
}

// introspector is the caller: a client by its secret, or by a token it got for
// itself.
func (p *Provider) introspector(d *claims.Directory, r *http.Request, form url.Values) (claims.Client, error) {
	if c, ok, err := p.byOwnToken(d, r); ok {
		return c, err
	}
	c, err := p.authenticate(d, r, form)
	if err == nil && c.Auth == claims.AuthNone {
		return c, unknownClient("a public client cannot introspect")
	}
	return c, err
}

// readInquiry reads what decision is asked for. It is false if the caller may
// not ask that.
func (p *Provider) readInquiry(q *inquiry, form url.Values) (bool, error) {
	place, right := form.Get("location"), form.Get("right")
	if dev, ok := q.d.DeviceByClient(q.caller.ID); ok {
		q.device, q.asks, q.place, q.right = dev, true, q.d.PathOf(dev.Location), dev.Right
		return dev.Removed.IsZero() && q.place != "" && (place == "" || place == string(q.place)) && (right == "" || right == string(q.right)), nil
	}
	if place == "" && right == "" {
		return true, nil
	}
	path, err := claims.ParsePath(place)
	if err != nil {
		return false, err
	}
	slug, err := claims.ParseSlug(right)
	if err != nil {
		return false, err
	}
	q.asks, q.place, q.right = true, path, slug
	return q.below(path), nil
}

// below tells whether a path is in an application of the caller's own.
func (q *inquiry) below(path claims.Path) bool {
	for app := range claims.All[claims.Application](q.d) {
		if app.Client == q.caller.ID && app.Client != "" {
			root := q.d.PathOf(app.Root)
			if root != "" && (path == root || strings.HasPrefix(string(path), string(root)+"/")) {
				return true
			}
		}
	}
	return false
}

// told tells whether the caller may know of a token.
func (q *inquiry) told(t token, a Active) bool {
	switch {
	case q.device.ID != "":
		return t.kind != kindRefresh && t.key == "" && contains(a.Audience, string(q.place))
	case t.kind == kindPass:
		return false
	}
	return q.caller.Introspect || a.Client == q.caller.ID || contains(a.Audience, string(q.caller.ID))
}

// within leaves what the member of a token consented to tell the caller: all
// that passes the filter, if the caller need not ask.
func (q *inquiry) within(a Active, told *claims.Token) {
	if q.caller.FirstParty || q.caller.Introspect || q.device.ID != "" {
		return
	}
	if !contains(a.Scopes, scopeGroups) && !q.caller.AlwaysGroups {
		told.Groups, told.Overage = nil, false
	}
	if !contains(a.Scopes, scopeTags) {
		told.Tags = nil
	}
	if !contains(a.Scopes, scopeBadges) {
		told.Badges = nil
	}
	if !contains(a.Scopes, scopeAffiliations) {
		told.Affiliations = nil
	}
	if !contains(a.Scopes, scopeMembership) {
		told.Membership = nil
	}
}

// describeToken answers about a live token.
func (p *Provider) describeToken(ctx context.Context, q inquiry, t token, g record.Grant) ([]byte, error) {
	a := p.active(t, g)
	if !q.told(t, a) {
		return inactive, nil
	}
	m, ok, err := p.mayBeShown(ctx, q, a)
	if err != nil || !ok {
		return inactive, err
	}
	if t.kind == kindPass {
		err := p.Vault.SpendGrant(ctx, g.ID, g.IdleUntil, p.Now())
		if errors.Is(err, claims.ErrReplay) || errors.Is(err, claims.ErrExpired) {
			return inactive, nil
		}
		if err != nil {
			return nil, err
		}
	}
	j := &answerJSON{b: make([]byte, 0, 768)}
	p.writeToken(j, t, a, calledBy(q.d, q.caller, m), q.caller)
	if a.Member != "" {
		told, err := claims.TokenClaims(q.d, a.Member, q.caller.Filter, p.Now())
		if err != nil {
			return nil, err
		}
		q.within(a, &told)
		j.claims(told)
	}
	if q.asks {
		if err := p.writeDecision(ctx, j, q, a); err != nil {
			return nil, err
		}
	}
	return append(j.b, '}'), nil
}

// mayBeShown decides whether a token's bearer may still use what it is for. A
// door pass is of no client; its bearer is refused here only for good, so that
// the door can say what else is wrong.
func (p *Provider) mayBeShown(ctx context.Context, q inquiry, a Active) (claims.Member, bool, error) {
	if a.Member == "" {
		c, ok := claims.Get[claims.Client](q.d, string(a.Client))
		return claims.Member{}, ok && !disabled(c, p.Now()), nil
	}
	if a.Kind == record.GrantPass {
		m, ok := claims.Get[claims.Member](q.d, string(a.Member))
		return m, ok && m.ErasedAt.IsZero() && m.BarredAt.IsZero() && m.State != claims.StateLeft, nil
	}
	m, _, ok, err := p.standing(ctx, q.d, a)
	return m, ok, err
}

// writeDecision asks the engine and writes what it says.
func (p *Provider) writeDecision(ctx context.Context, j *answerJSON, q inquiry, a Active) error {
	now := p.Now()
	ask := claims.Ask{Member: a.Member, Right: q.right, Path: q.place, At: now, Device: q.device.ID, ACR: a.ACR}
	if a.Member == "" {
		ask.Client = a.Client
	}
	dec, err := claims.Decide(q.d, ask)
	if err != nil {
		return err
	}
	j.decision(q.d, dec)
	if p.Event != nil && q.device.ID != "" {
		p.Event(ctx, record.Event{
			At: now, Front: "introspect", Device: q.device.ID, Member: a.Member, Right: q.right,
			Location: q.device.Location, Allow: dec.Allow, Reason: dec.Reason,
		})
	}
	return nil
}
