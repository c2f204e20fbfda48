package oauth

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
)

// Trial tells what clients would be told of members, without issuing or
// storing anything: by the code that tells them. What hangs on a real sign-in
// (nonce, at_hash, sid) is of the usual length and means nothing.
type Trial struct {
	Issuer string
	Ring   *keys.Ring
	Now    time.Time
}

// Told is what one client would be told of one member.
type Told struct {
	Login         claims.Decision // may the member sign in at all? the rest is told only if so
	Scopes        []string
	IDToken       json.RawMessage // the claims
	Alg           string          // what signs them
	Size          int             // bytes of the signed ID token
	UserInfo      json.RawMessage
	Introspection json.RawMessage // as the client itself is told of an access token
	Groups        []claims.GroupTold
	Overage       bool
}

// How long an ID token may be before somebody ought to know: many
// applications keep it in a cookie, which holds 4 KB.
const (
	LongToken    = 1 << 10
	TooLongToken = 4 << 10
)

// Warnings says what somebody should do something about; never nil.
func (t *Told) Warnings(c claims.Client) []string {
	warnings := t.TooMuch()
	if c.Filter.None() {
		warnings = append(warnings, "the client is told no groups: its claim filter shows none. Say which, as badge:* (lanyard client add "+string(c.ID)+" --see 'badge:*')")
	}
	return warnings
}

// TooMuch says whether the ID token, or its groups, are more than many
// applications take; never nil.
func (t *Told) TooMuch() []string {
	warnings := []string{}
	if t.Overage {
		warnings = append(warnings, "there are more groups than the client's cap: the ID token lists none and says groups_overage. Raise the cap, or show it less")
	}
	switch {
	case t.Size >= TooLongToken:
		warnings = append(warnings, "the ID token has more than 4 KB, which fits into no cookie")
	case t.Size >= LongToken:
		warnings = append(warnings, "the ID token has more than 1 KB: a proxy that keeps it in a cookie may need larger header buffers")
	}
	return warnings
}

// Tell works out everything a client is told. Nil scopes are all it may ask
// for. Faults: ErrNotFound for no such member, ErrInvalid for a scope the
// client may not ask for.
func (t Trial) Tell(d *claims.Directory, c claims.Client, m claims.MemberID, scopes []string) (*Told, error) {
	w, dec, err := t.work(d, c, m, scopes)
	if err != nil {
		return nil, err
	}
	told := &Told{Login: dec, Scopes: w.scopes, Alg: idAlg(c), Overage: w.told.Overage}
	if told.IDToken, told.Size, err = t.idToken(w); err != nil {
		return nil, err
	}
	if told.UserInfo, err = t.userInfo(w); err != nil {
		return nil, err
	}
	told.Introspection = t.introspection(w)
	told.Groups, err = claims.ExplainGroups(d, m, c.Filter, t.Now)
	if !contains(w.scopes, scopeGroups) && !c.AlwaysGroups {
		for i := range told.Groups {
			if told.Groups[i].Cause == "" || told.Groups[i].Cause == claims.CauseCap {
				told.Groups[i].Cause = claims.CauseScope
			}
		}
	}
	return told, err
}

// Size returns how many bytes a member's signed ID token for a client has,
// with all scopes the client may ask for, and whether groups were too many;
// ok is false if the member may not sign in to it.
func (t Trial) Size(d *claims.Directory, c claims.Client, m claims.MemberID) (size int, overage, ok bool, err error) {
	w, dec, err := t.work(d, c, m, nil)
	if err != nil || !dec.Allow {
		return 0, false, false, err
	}
	_, size, err = t.idToken(w)
	return size, w.told.Overage, true, err
}

// work is a code that is being redeemed, with nothing behind it.
func (t Trial) work(d *claims.Directory, c claims.Client, m claims.MemberID, scopes []string) (*work, claims.Decision, error) {
	member, ok := claims.Get[claims.Member](d, string(m))
	if !ok {
		return nil, claims.Decision{}, claims.ErrNotFound
	}
	if scopes == nil {
		scopes = slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return s == scopeDoor }) // which comes with a door alone
	}
	known := grantable(c, strings.Join(scopes, " "))
	if len(known) < len(scopes) {
		return nil, claims.Decision{}, &claims.Invalid{Field: "scope", Problem: "the client may ask for " + strings.Join(c.Scopes, ", ") + " only"}
	}
	p := &Provider{Config: Config{Issuer: t.Issuer, Ring: t.Ring, Now: func() time.Time { return t.Now }, Lifetimes: Lifetimes{}.orDefaults()}}
	p.sidKey = t.Ring.Derive("sid")
	w := &work{p: p, now: t.Now, dir: d, client: c, scopes: known, member: member, spend: true,
		grant: record.Grant{Member: m, Client: c.ID, Scopes: known, Session: "trial", AuthTime: t.Now, AMR: []string{"pwd"}, ACR: 1}}
	dec, err := mayLogIn(d, c, m, w.grant.ACR, t.Now)
	if err != nil {
		return nil, dec, err
	}
	w.told, err = claims.TokenClaims(d, m, c.Filter, t.Now)
	w.told.Ends = claims.Earlier(w.told.Ends, dec.Until)
	w.expires = claims.Earlier(t.Now.Add(p.Lifetimes.Access), w.ends()).Truncate(time.Second)
	return w, dec, err
}

func (t Trial) idToken(w *work) (json.RawMessage, int, error) {
	body, err := w.idTokenBody("trial")
	if err != nil {
		return nil, 0, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, 0, err
	}
	size, err := keys.TokenSize(idAlg(w.client), typID, len(text))
	return text, size, err
}

func (t Trial) userInfo(w *work) (json.RawMessage, error) {
	told, err := uncapped(w.dir, w.client, w.member.ID, w.now)
	if err != nil {
		return nil, err
	}
	return json.Marshal(w.p.tellAll(w.dir, w.client, w.member, told, w.scopes, claimsParameter{}))
}

func (t Trial) introspection(w *work) json.RawMessage {
	j := &answerJSON{}
	a := Active{Kind: record.GrantCode, Member: w.member.ID, Client: w.client.ID, Scopes: w.scopes, AuthTime: t.Now, ACR: w.grant.ACR, Issued: t.Now, Expires: w.expires}
	w.p.writeToken(j, token{kind: kindAccess}, a, calledBy(w.dir, w.client, w.member), w.client)
	told := w.told
	(&inquiry{d: w.dir, caller: w.client}).within(a, &told)
	j.claims(told)
	return append(j.b, '}')
}
