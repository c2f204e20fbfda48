package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
	"lanyard/templates"
)

// A forgotten password: a link to set another goes to the address that the
// organisation has of the member, if there is one.
//
//   - the page says the same and takes as long whoever was named: the letter is
//     written after the answer
//   - asking is slowed by address, and a member is sent few letters in an hour
//   - the link sets a password and nothing else: a second factor stays asked for

// ForgottenLife is how long such a link is good.
const ForgottenLife = time.Hour

const (
	forgottenAtOnce = 8 // letters that are written at the same time; more are not
	forgottenWithin = 30 * time.Second
)

// GetForgotten asks whose password is forgotten, at GET /login/forgotten.
func (l *Login) GetForgotten(w http.ResponseWriter, r *http.Request) {
	if l.SendForgotten == nil {
		l.fail(w, r, fmt.Errorf("no letters are sent: %w", claims.ErrNotFound))
		return
	}
	web.Page(w, r, http.StatusOK, templates.Forgotten{Frame: l.frame()})
}

// PostForgotten sends a link, at POST /login/forgotten with who: a username or
// an e-mail address.
func (l *Login) PostForgotten(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err == nil && l.SendForgotten == nil {
		err = fmt.Errorf("no letters are sent: %w", claims.ErrNotFound)
	}
	if err != nil {
		l.fail(w, r, err)
		return
	}
	who := strings.TrimSpace(form.Get("who"))
	page := templates.Forgotten{Frame: l.frame(), Who: who}
	// Each question counts as a wrong one: nobody is told whether it was right.
	if wait := l.brake.begin("forgotten "+hashed(strings.ToLower(who))[:32], web.ClientAddr(r), l.Now()); wait > 0 {
		err := web.RetryAfter(fmt.Errorf("forgotten password: %w", claims.ErrTooMany), wait)
		web.FailHeaders(w, r, err)
		page.Problem = "Too many questions. Wait " + inWords(web.RetryIn(err)) + ", then try again."
		web.Page(w, r, http.StatusTooManyRequests, page)
		return
	}
	if who == "" || len(who) > 254 {
		page.Problem = "Say who you are: your username or your e-mail address."
		web.Page(w, r, http.StatusUnprocessableEntity, page)
		return
	}
	l.sendLater(r, who)
	page.Sent = true
	web.Page(w, r, http.StatusOK, page)
}

// sendLater writes to whoever was named, if that is one member, after r was
// answered.
func (l *Login) sendLater(r *http.Request, who string) {
	select {
	case l.forgotten <- struct{}{}:
	default:
		web.Note(r.Context(), fmt.Errorf("too many letters at once: %w", claims.ErrUnavailable))
		return
	}
	ctx, log := context.WithoutCancel(r.Context()), web.Logger(r.Context())
	go func() {
		defer func() { <-l.forgotten }()
		ctx, stop := context.WithTimeout(ctx, forgottenWithin)
		defer stop()
		m, ok := l.named(who)
		if !ok {
			return
		}
		if err := l.SendForgotten(ctx, m); err != nil && !errors.Is(err, claims.ErrTooMany) {
			log.Warn("a letter to who forgot their password", web.KeyMember, m.ID, web.KeyError, err)
		}
	}()
}

// named is the member with this username, or the one with this address; of
// several who share it, nobody.
func (l *Login) named(who string) (found claims.Member, ok bool) {
	d := l.Directory()
	if d == nil {
		return found, false
	}
	if m, is := d.MemberByUsername(strings.ToLower(who)); is {
		return m, maySignIn(m) && m.Email != ""
	}
	if !strings.Contains(who, "@") {
		return found, false
	}
	n := 0
	for m := range claims.All[claims.Member](d) {
		if strings.EqualFold(m.Email, who) && maySignIn(m) {
			found, n = m, n+1
		}
	}
	return found, n == 1
}
