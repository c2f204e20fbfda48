package oauth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// MintPass makes a door pass: a text that a member's phone shows at one
// location within 60 s, good for one use. Whether the door opens is decided
// when it is used. ErrNotFound: there is no such member or location.
func (p *Provider) MintPass(ctx context.Context, member claims.MemberID, location claims.LocationID) (text string, expires time.Time, err error) {
	d, err := p.directory()
	if err != nil {
		return "", time.Time{}, err
	}
	path := d.PathOf(location)
	if path == "" {
		return "", time.Time{}, fmt.Errorf("location %s: %w", location, claims.ErrNotFound)
	}
	if m, ok := claims.Get[claims.Member](d, string(member)); !ok || !m.ErasedAt.IsZero() {
		return "", time.Time{}, fmt.Errorf("member %s: %w", member, claims.ErrNotFound)
	}
	now := p.Now()
	end := now.Add(p.Lifetimes.Pass)
	g := record.Grant{
		ID: record.Random(grantLen), Kind: record.GrantPass, Member: member, Scopes: []string{scopeDoor},
		Audience: []string{string(path)}, Created: now, CodeExpires: end, Expires: end,
	}
	if err := p.Vault.CreateGrant(ctx, g); err != nil {
		return "", time.Time{}, fmt.Errorf("make a door pass: %w", err)
	}
	return p.texts.text(token{kind: kindPass, grant: g.ID}), end, nil
}

// UsePass spends a door pass at a location; of any number of callers one gets
// it. ErrNotFound: it is no door pass, or one for elsewhere, which is not
// spent; ErrExpired or ErrReplay: it is over, or used.
func (p *Provider) UsePass(ctx context.Context, text string, location claims.LocationID) (Active, error) {
	d, err := p.directory()
	if err != nil {
		return Active{}, err
	}
	t, g, err := p.find(ctx, text)
	if errors.Is(err, claims.ErrExpired) && t.kind == kindPass && !g.Spent.IsZero() {
		err = fmt.Errorf("door pass: %w", claims.ErrReplay) // over because it was used, which is worth telling
	}
	if err != nil {
		return Active{}, err
	}
	if t.kind != kindPass || !contains(g.Audience, string(d.PathOf(location))) {
		return Active{}, fmt.Errorf("no pass for this location: %w", claims.ErrNotFound)
	}
	if err := p.Vault.SpendGrant(ctx, g.ID, time.Time{}, p.Now()); err != nil {
		return Active{}, err
	}
	return p.active(t, g), nil
}
