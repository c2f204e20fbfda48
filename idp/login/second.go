package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// The second step of a sign-in: whoever has an app that shows codes, or a
// passkey, is asked for it after the password. The same page asks somebody who
// is signed in with one factor, where two are needed.
//
//   - what came of the password is a one-time link in a cookie of its own, good
//     for ten minutes and for this alone
//   - a code works once, also when it is tried twice at once   RFC 6238, 5.2
//   - wrong codes are slowed as wrong passwords are            RFC 4226, 7.3
//   - the session is new afterwards, with what the old one gave

const (
	purposeSecond = "second" // record.Link.Purpose
	secondCookie  = "lanyard_half"
	secondLife    = 10 * time.Minute
)

// proof is how somebody proved who they are.
type proof struct {
	amr []string // RFC 8176
	acr int
	at  time.Time
}

var byPassword = []string{"pwd"}

// halfway sends a browser whose password was right to the second step.
func (l *Login) halfway(w http.ResponseWriter, r *http.Request, m claims.MemberID, back string) error {
	secret, now := record.Random(32), l.Now()
	link := record.Link{ID: hashed(secret), Purpose: purposeSecond, Member: m, Created: now, Expires: now.Add(secondLife)}
	if err := l.Store.CreateLink(r.Context(), link); err != nil {
		return fmt.Errorf("begin the second step: %w", err)
	}
	web.SetCookie(w, secondCookie, secret, int(secondLife/time.Second), l.Secure)
	web.SeeOther(w, "/login/second?return="+url.QueryEscape(back))
	return nil
}

// half is whose password was right, of the browser that sent r.
func (l *Login) half(r *http.Request) (record.Link, claims.Member, error) {
	secret, ok := web.Cookie(r, secondCookie, l.Secure)
	if !ok || len(secret) != tokenLen {
		return record.Link{}, claims.Member{}, fmt.Errorf("no first step: %w", claims.ErrNotFound)
	}
	link, err := l.Store.Link(r.Context(), hashed(secret))
	switch {
	case err != nil:
		return link, claims.Member{}, fmt.Errorf("first step: %w", err)
	case link.Purpose != purposeSecond || !link.Used.IsZero() || !l.Now().Before(link.Expires):
		return link, claims.Member{}, fmt.Errorf("first step: %w", claims.ErrExpired)
	}
	m, err := l.mayStill(link.Member)
	if err != nil {
		return link, m, err
	}
	switch p, err := l.Store.Password(r.Context(), m.ID); {
	case err != nil:
		return link, m, fmt.Errorf("password: %w", err)
	case p.Changed.After(link.Created):
		return link, m, fmt.Errorf("first step with a password that is no more: %w", claims.ErrExpired)
	}
	return link, m, nil
}

// mayStill is a member who may sign in now.
func (l *Login) mayStill(id claims.MemberID) (claims.Member, error) {
	d, err := l.directory()
	if err != nil {
		return claims.Member{}, err
	}
	m, ok := claims.Get[claims.Member](d, string(id))
	if !ok || !maySignIn(m) {
		return m, fmt.Errorf("a member who may not sign in: %w", claims.ErrNotFound)
	}
	return m, nil
}

// GetSecond asks for the second step of a sign-in, at GET
// /login/second?return=…. Without a first step it leads there.
func (l *Login) GetSecond(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	back := web.SafeReturn(form.Get("return"))
	page := templates.Second{Return: back, Action: "/login/second"}
	_, m, err := l.half(r)
	if err == nil {
		err = l.secondWays(r.Context(), &page, m)
	}
	if err != nil {
		l.anew(w, r, back, err)
		return
	}
	l.secondPage(w, r, http.StatusOK, page)
}

// secondWays is ways for what a member has.
func (l *Login) secondWays(ctx context.Context, page *templates.Second, m claims.Member) error {
	all, err := l.Store.Factors(ctx, m.ID)
	l.ways(page, all)
	return err
}

// anew leads to the beginning of a sign-in.
func (l *Login) anew(w http.ResponseWriter, r *http.Request, back string, err error) {
	if errors.Is(err, claims.ErrUnavailable) {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, "/login?return="+url.QueryEscape(back))
}

// PostSecond ends a sign-in in two steps, at POST /login/second with code, or
// the answer of a passkey, and return.
func (l *Login) PostSecond(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	page := templates.Second{Return: web.SafeReturn(form.Get("return")), Action: "/login/second"}
	link, m, err := l.half(r)
	if err == nil {
		err = l.secondWays(r.Context(), &page, m)
	}
	if err != nil {
		l.anew(w, r, page.Return, err)
		return
	}
	amr, err := l.secondProof(r, m, purposeSecondPasskey, form)
	if err != nil {
		l.wrongSecond(w, r, page, form, err)
		return
	}
	if _, err := l.Store.UseLink(r.Context(), link.ID, l.Now()); err != nil {
		l.anew(w, r, page.Return, err)
		return
	}
	web.DropCookie(w, secondCookie, l.Secure)
	if _, err := l.begin(w, r, m.ID, proof{amr: append(slices.Clone(byPassword), amr...), acr: 2, at: l.Now()}); err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, page.Return)
}

// checkCode tells how a code proves who somebody is: ErrUnknownCaller if it
// does not, ErrTooMany after too many that did not.
func (l *Login) checkCode(r *http.Request, m claims.Member, code string) (amr []string, err error) {
	account, addr := "second "+string(m.ID), web.ClientAddr(r)
	if wait := l.brake.begin(account, addr, l.Now()); wait > 0 {
		return nil, web.RetryAfter(fmt.Errorf("second step: %w", claims.ErrTooMany), wait)
	}
	all, err := l.Store.Factors(r.Context(), m.ID)
	if err == nil {
		err = l.useCode(r, m, all, strings.TrimSpace(code))
	}
	switch {
	case errors.Is(err, claims.ErrUnknownCaller):
		return nil, err
	case err != nil:
		l.brake.undo(account, addr, l.Now())
		return nil, err
	}
	l.brake.right(account, addr, l.Now())
	return []string{"otp", "mfa"}, nil
}

// useCode uses a code up: of an app, or a recovery code.
func (l *Login) useCode(r *http.Request, m claims.Member, all []record.Factor, code string) error {
	ctx, wrong := r.Context(), fmt.Errorf("wrong code: %w", claims.ErrUnknownCaller)
	digits := strings.ReplaceAll(code, " ", "")
	for _, f := range all {
		if f.Kind != record.FactorTOTP || len(digits) != totpOptions.Digits.Length() {
			continue
		}
		secret, err := l.Ring.Open("factor", f.ID, "data", f.Data)
		if err != nil {
			return fmt.Errorf("the secret of an app: %w", err)
		}
		if step := totpStep(string(secret), digits, l.Now()); step > 0 {
			return l.use(ctx, f.ID, step, wrong)
		}
	}
	if text := asRecoveryCode(code); len(text) == recoveryLen {
		err := l.use(ctx, l.Ring.RecoveryID(string(m.ID), text), 1, wrong)
		if err == nil {
			l.notice(r, m.ID, record.MailRecoveryUsed)
		}
		return err
	}
	return wrong
}

func (l *Login) use(ctx context.Context, id string, counter int, wrong error) error {
	err := l.Store.UseFactor(ctx, id, counter, l.Now())
	if errors.Is(err, claims.ErrReplay) {
		return wrong
	}
	return err
}

// wrongSecond shows the page again, and says why.
func (l *Login) wrongSecond(w http.ResponseWriter, r *http.Request, page templates.Second, form url.Values, err error) {
	status := web.StatusOf(err)
	switch words := wrongWithPasskey(err); {
	case form.Get("answer") != "" && words != "":
		l.noteTries(w, r, err)
		page.Problem = words
	case errors.Is(err, claims.ErrUnknownCaller):
		web.Note(r.Context(), err)
		page.Problem = "That code is not right, or was used already. An app shows a new one every 30 seconds; its clock must be right."
	case errors.Is(err, claims.ErrTooMany):
		web.FailHeaders(w, r, err)
		page.Problem = "Too many wrong codes. Wait " + inWords(web.RetryIn(err)) + ", then try again."
	default:
		l.fail(w, r, err)
		return
	}
	l.secondPage(w, r, status, page)
}

func (l *Login) secondPage(w http.ResponseWriter, r *http.Request, status int, page templates.Second) {
	page.Frame = l.frame()
	if page.Passkey {
		l.offersPasskeys(w)
	}
	if l.Details != nil && isAuthorize(page.Return) {
		if _, _, redirect, err := l.Details(page.Return); err == nil {
			web.AllowFormAction(w, redirect)
		}
	}
	web.Page(w, r, status, page)
}
