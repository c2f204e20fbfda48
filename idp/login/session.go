package login

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

const (
	cookieName = "lanyard"
	tokenLen   = 43          // 32 bytes in base64url
	touch      = time.Minute // how exactly Seen is kept
	maxAgent   = 200         // characters
)

// hashed is how the secret of a cookie or a link is stored.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Current returns the session of the browser that sent r, if there is one
// that is good now. Whether the store was out of reach is told by Find.
func (l *Login) Current(r *http.Request) (record.Session, bool) {
	s, err := l.Find(r)
	if err != nil && !errors.Is(err, claims.ErrUnknownCaller) {
		web.Note(r.Context(), err)
	}
	return s, err == nil
}

// Find returns the session of the browser that sent r: one that was not ended
// and has not run out, of a member who may still sign in. ErrUnknownCaller if
// there is none, ErrUnavailable if it cannot be told.
func (l *Login) Find(r *http.Request) (record.Session, error) {
	secret, ok := web.Cookie(r, cookieName, l.Secure)
	if !ok || len(secret) != tokenLen {
		return record.Session{}, fmt.Errorf("no session cookie: %w", claims.ErrUnknownCaller)
	}
	s, err := l.Store.Session(r.Context(), hashed(secret))
	if errors.Is(err, claims.ErrNotFound) || errors.Is(err, claims.ErrExpired) {
		return record.Session{}, fmt.Errorf("session: %w", claims.ErrUnknownCaller)
	}
	if err != nil {
		return record.Session{}, fmt.Errorf("session: %w", err)
	}
	now := l.Now()
	if !s.Ended.IsZero() || !now.Before(s.Expires) || !now.Before(s.Seen.Add(web.SessionIdle)) {
		return record.Session{}, fmt.Errorf("session has ended: %w", claims.ErrUnknownCaller)
	}
	d, err := l.directory()
	if err != nil {
		return record.Session{}, err
	}
	m, ok := claims.Get[claims.Member](d, string(s.Member))
	if ok && !maySignIn(m) { // it does not come back with them
		if err := l.Store.EndSession(r.Context(), s.ID, now); err != nil {
			web.Note(r.Context(), fmt.Errorf("end the session: %w", err))
		}
	}
	if !ok || !maySignIn(m) {
		return record.Session{}, fmt.Errorf("session of a member who may not sign in: %w", claims.ErrUnknownCaller)
	}
	if now.Sub(s.Seen) >= touch {
		if err := l.Store.TouchSession(r.Context(), s.ID, now); err != nil {
			web.Note(r.Context(), fmt.Errorf("touch session: %w", err))
		}
		s.Seen = now
	}
	return s, nil
}

// begin gives the browser a new session. Whatever session it came with ends:
// a value that somebody planted before the sign-in is worth nothing after it.
func (l *Login) begin(w http.ResponseWriter, r *http.Request, m claims.MemberID, by proof) (record.Session, error) {
	now := l.Now()
	secret := record.Random(32)
	s := record.Session{
		ID: hashed(secret), Member: m, AuthTime: by.at, AMR: by.amr, ACR: by.acr,
		Created: now, Seen: now, Expires: now.Add(web.SessionLife),
		Agent: cut(r.UserAgent()), Address: web.ClientAddr(r).String(),
	}
	unseen := l.unseen(r, m)
	if err := l.Store.CreateSession(r.Context(), s); err != nil {
		return s, fmt.Errorf("begin a session: %w", err)
	}
	l.replace(r, s)
	web.SetCookie(w, cookieName, secret, 0, l.Secure)
	l.audit(r, m, "sign in", "session:"+s.ID)
	if unseen {
		l.notice(r, m, record.MailNewBrowser)
	}
	return s, nil
}

// replace ends the session that the browser had until now, for next. If it was
// the same member's, next first takes over what it gave, so that nothing of it
// ends now and signing out ends it all.
func (l *Login) replace(r *http.Request, next record.Session) {
	old, ok := web.Cookie(r, cookieName, l.Secure)
	if !ok {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	s, err := l.Store.Session(ctx, hashed(old))
	if err == nil && s.Member == next.Member {
		err = l.Store.HandOver(ctx, s.ID, next.ID)
	}
	if err == nil {
		err = l.Store.EndSession(ctx, s.ID, l.Now())
	}
	if err != nil && !errors.Is(err, claims.ErrNotFound) && !errors.Is(err, claims.ErrExpired) {
		web.Note(ctx, fmt.Errorf("end the session before: %w", err))
	}
}

// end ends a session and what hangs on it, and makes the browser forget it.
func (l *Login) end(w http.ResponseWriter, r *http.Request, s record.Session) error {
	if err := l.Store.EndSession(context.WithoutCancel(r.Context()), s.ID, l.Now()); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	web.DropCookie(w, cookieName, l.Secure)
	l.audit(r, s.Member, "sign out", "session:"+s.ID)
	return nil
}

// cut makes what a browser calls itself, or somebody calls a thing of theirs, fit
// to be kept and shown.
func cut(agent string) string {
	agent = strings.ToValidUTF8(agent, "")
	agent = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return -1
		}
		return c
	}, agent)
	for utf8.RuneCountInString(agent) > maxAgent {
		agent = string([]rune(agent)[:maxAgent])
	}
	return agent
}
