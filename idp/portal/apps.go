package portal

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/templates"
)

// allowed lists what the member allowed, by application: by consent, and on
// devices, of which each was asked about by itself.
func (p *Portal) allowed(ctx context.Context, m claims.MemberID) ([]record.Consent, error) {
	list, err := p.Store.ConsentsOf(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("consents: %w", err)
	}
	devices, err := p.Store.DevicesOf(ctx, m, p.Now())
	if err != nil {
		return nil, fmt.Errorf("devices: %w", err)
	}
	for _, g := range devices {
		i := slices.IndexFunc(list, func(c record.Consent) bool { return c.Client == g.Client })
		if i < 0 {
			list = append(list, record.Consent{Member: m, Client: g.Client, Scopes: g.Scopes, At: g.Spent})
			continue
		}
		more := slices.DeleteFunc(slices.Clone(g.Scopes), func(s string) bool { return slices.Contains(list[i].Scopes, s) })
		list[i].Scopes = slices.Concat(list[i].Scopes, more)
	}
	return list, nil
}

// apps lists the applications the member allowed to know them.
func (p *Portal) apps(v *visit) ([]templates.App, error) {
	consents, err := p.allowed(v.r.Context(), v.me.ID)
	if err != nil {
		return nil, err
	}
	var list []templates.App
	for _, c := range consents {
		app := templates.App{Client: string(c.Client), Name: string(c.Client), Sees: templates.ScopeWords(c.Scopes),
			Since: templates.Ago("allowed", c.At, v.now, p.Zone)}
		if client, ok := claims.Get[claims.Client](v.d, string(c.Client)); ok && client.Name != "" {
			app.Name = client.Name
		}
		list = append(list, app)
	}
	return list, nil
}

// PostRevokeApp takes a consent back and ends what came of it, at POST
// /apps/revoke with client.
func (p *Portal) PostRevokeApp(w http.ResponseWriter, r *http.Request) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	client := claims.ClientID(form.Get("client"))
	consents, err := p.allowed(r.Context(), v.me.ID)
	mine := slices.ContainsFunc(consents, func(c record.Consent) bool { return c.Client == client })
	if err == nil && !mine {
		err = claims.ErrNotFound
	}
	if err == nil {
		err = p.revoke(v, client)
	}
	if err != nil {
		p.fail(v, fmt.Errorf("revoke a consent: %w", err))
		return
	}
	p.done(v, "revoked")
}

func (p *Portal) revoke(v *visit, client claims.ClientID) error {
	if err := p.Store.Withdraw(context.WithoutCancel(v.r.Context()), v.me.ID, client, v.now); err != nil {
		return err
	}
	p.audit(v, "revoke consent", "client:"+string(client))
	return nil
}
