// What clients were told of members, and when it no longer holds (Back-Channel
// Logout 1.0; model.md, "What tokens say").
//
//   - kept for clients that name a backchannel_logout_uri, per browser      ours
//     session, before the tokens go out
//   - a new sign-in at the client replaces it; a refresh and userinfo add   ours
//     to it, since most clients look at claims when somebody signs in only
//   - lost is what was given and is held no more; what is gained, and what   ours
//     is not about rights (a name, the end of a membership), is not looked at
package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"math"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Why a client is told that somebody's sign-in is over, beside the reasons of
// decisions and of ended sessions.
const lostClaim = "claim_lost"

// markLen is how long what stands for one claim in a digest is.
const markLen = 8

// mark stands for a claim: 48 bits tell a thousand of them apart.
func mark(kind string, parts ...string) string {
	sum := sha256.Sum256([]byte(kind + " " + strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:markLen*6/8])
}

// marks are the claims about rights that a client is told, of all there are.
func marks(told claims.Token, tells func(name string) bool) []string {
	var all []string
	if tells("groups") {
		for _, g := range told.Groups {
			all = append(all, mark("group", g))
		}
	}
	if tells("tags") {
		for _, t := range told.Tags {
			all = append(all, mark("tag", string(t)))
		}
	}
	if tells("badges") {
		for _, b := range told.Badges {
			all = append(all, mark("badge", string(b.ID)))
		}
	}
	if tells("affiliations") {
		for _, a := range told.Affiliations {
			all = append(all, mark("affiliation", string(a.Type), string(a.ID), string(a.Kind)))
		}
	}
	if m := told.Membership; m != nil && tells("membership") {
		all = append(all, mark("state", string(m.State)))
	}
	return all
}

// digest is marks in order, each once, as one text.
func digest(all []string) string {
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "")
}

// marksIn is the inverse of digest.
func marksIn(text string) []string {
	var all []string
	for ; len(text) >= markLen; text = text[markLen:] {
		all = append(all, text[:markLen])
	}
	return all
}

// addMarks puts what was told now to what was told before.
func addMarks(old, more string) string { return digest(append(marksIn(old), marksIn(more)...)) }

// uncapped is what tokens say of a member where the list of groups is no
// matter of length.
func uncapped(d *claims.Directory, c claims.Client, m claims.MemberID, now time.Time) (claims.Token, error) {
	filter := c.Filter
	filter.Cap = math.MaxInt
	return claims.TokenClaims(d, m, filter, now)
}

// hears tells whether a client is to hear when what it was told of this grant
// no longer holds: one that signs members in, in a browser.
func hears(c claims.Client, g record.Grant, scopes []string) bool {
	return c.BackchannelURI != "" && g.Member != "" && g.Session != "" && contains(scopes, scopeOpenID)
}

// note writes down what the client is about to be told, if it wants to hear
// when that ends.
func (w *work) note(ctx context.Context) error {
	g := w.grant
	if !hears(w.client, g, w.scopes) {
		return nil
	}
	asked, err := parseClaims(g.Claims)
	if err != nil {
		return err
	}
	told := w.told
	if told.Overage { // userinfo has the whole list
		if told, err = uncapped(w.dir, w.client, g.Member, w.now); err != nil {
			return err
		}
	}
	return w.p.Vault.Tell(ctx, w.p.telling(g, w.client, told, w.scopes, asked, w.now), w.spend, addMarks)
}

func (p *Provider) telling(g record.Grant, c claims.Client, told claims.Token, scopes []string, asked claimsParameter, now time.Time) record.Told {
	all := marks(told, func(name string) bool {
		named := asked.names(inIDToken, name) || asked.names(inUserInfo, name)
		return contains(scopes, scopeFor(name)) || named && contains(c.Scopes, scopeFor(name)) || name == "groups" && c.AlwaysGroups
	})
	return record.Told{Session: g.Session, Client: c.ID, Named: g.Session, Member: g.Member, ACR: g.ACR, Digest: digest(all), At: now}
}

// noteInfo is note for userinfo, which is asked again and again: it writes
// what is more than this process wrote of the grant before.
func (p *Provider) noteInfo(ctx context.Context, g record.Grant, c claims.Client, told claims.Token, scopes []string, asked claimsParameter) error {
	if !hears(c, g, scopes) {
		return nil
	}
	t := p.telling(g, c, told, scopes, asked, p.Now())
	if p.noted.is(g.ID, t.Digest) {
		return nil
	}
	if err := p.Vault.Tell(ctx, t, false, addMarks); err != nil {
		return err
	}
	p.noted.put(g.ID, t.Digest)
	return nil
}

// Loss tells whether a client is to hear that what it was told of a member no
// longer holds, and why. One that hears nothing now may again, and is judged
// then. d is the picture to judge by.
func (p *Provider) Loss(d *claims.Directory, t record.Told) (record.Loss, bool, error) {
	now := p.Now()
	c, ok := claims.Get[claims.Client](d, string(t.Client))
	m, known := claims.Get[claims.Member](d, string(t.Member))
	if !ok || !known || disabled(c, now) || c.BackchannelURI == "" {
		return record.Loss{}, false, nil
	}
	dec, err := mayLogIn(d, c, m.ID, t.ACR, now)
	if err != nil {
		return record.Loss{}, false, err
	}
	if !dec.Allow {
		return record.Loss{Told: t, Reason: string(dec.Reason), Revoke: true}, true, nil
	}
	told, err := uncapped(d, c, m.ID, now)
	if err != nil {
		return record.Loss{}, false, err
	}
	have := marks(told, func(string) bool { return true })
	slices.Sort(have)
	for _, given := range marksIn(t.Digest) {
		if _, held := slices.BinarySearch(have, given); !held {
			return record.Loss{Told: t, Reason: lostClaim}, true, nil
		}
	}
	return record.Loss{}, false, nil
}
