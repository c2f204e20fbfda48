package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// wrongPair is said of an unknown username, a wrong password and a member
// without a password alike.
const wrongPair = "That username and password do not go together. Check both; capitals matter in the password."

// GetLogin shows the sign-in page, at GET /login?return=…. Whoever is signed
// in already and was not sent here by an application goes on at once.
func (l *Login) GetLogin(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	back := web.SafeReturn(form.Get("return"))
	page := templates.SignIn{Return: back}
	if s, ok := l.Current(r); ok {
		if !isAuthorize(back) && form.Get("again") == "" {
			web.SeeOther(w, back)
			return
		}
		page.Username = l.username(s.Member) // asked to prove it once more
	}
	if hint := loginHint(back); page.Username == "" {
		page.Username = hint
	}
	switch form.Get("done") {
	case "password":
		page.Notice = "Your password is set. Sign in with it."
	case "recover":
		page.Notice = "Your password is set, and everything else you signed in with is over. Sign in, then set up your phone anew under Signing in."
	}
	l.signInPage(w, r, http.StatusOK, page)
}

// PostLogin signs in, at POST /login with username, password and return.
func (l *Login) PostLogin(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	page := templates.SignIn{Return: web.SafeReturn(form.Get("return")), Username: strings.TrimSpace(form.Get("username"))}
	m, err := l.authenticate(r, page.Username, form.Get("password"))
	switch {
	case err == nil && !maySignIn(m):
		page.Problem = shutOut
		l.signInPage(w, r, http.StatusForbidden, page)
	case errors.Is(err, claims.ErrUnknownCaller):
		web.Note(r.Context(), err)
		page.Problem = wrongPair
		l.signInPage(w, r, http.StatusUnauthorized, page)
	case errors.Is(err, claims.ErrTooMany):
		web.FailHeaders(w, r, err)
		page.Problem = "Too many wrong tries. Wait " + inWords(web.RetryIn(err)) + ", then try again."
		l.signInPage(w, r, http.StatusTooManyRequests, page)
	case err != nil:
		l.fail(w, r, err)
	default:
		l.passwordRight(w, r, m, page.Return)
	}
}

// passwordRight goes on after a right password: to the second step, or in.
func (l *Login) passwordRight(w http.ResponseWriter, r *http.Request, m claims.Member, back string) {
	all, err := l.Store.Factors(r.Context(), m.ID)
	if err == nil && hasSecond(all) {
		err = l.halfway(w, r, m.ID, back)
	} else if err == nil {
		if _, err = l.begin(w, r, m.ID, proof{byPassword, 1, l.Now()}); err == nil {
			web.SeeOther(w, back)
		}
	}
	if err != nil {
		l.fail(w, r, err)
	}
}

// posted reads the form of a page of ours, sent from a page of ours.
func (l *Login) posted(r *http.Request) (url.Values, error) {
	if !web.SameOrigin(r) {
		return nil, web.CrossSite()
	}
	return web.ReadForm(r, web.MaxForm)
}

func (l *Login) signInPage(w http.ResponseWriter, r *http.Request, status int, page templates.SignIn) {
	page.Frame, page.Passkeys = l.frame(), l.offersPasskeys(w)
	page.Letters = l.SendForgotten != nil
	if l.Details != nil && isAuthorize(page.Return) {
		if c, _, redirect, err := l.Details(page.Return); err == nil {
			page.To = c.Called()
			web.AllowFormAction(w, redirect) // the sign-in may end there, by redirects
		}
	}
	web.Page(w, r, status, page)
}

// authenticate returns the member with this username and password, or
// ErrUnknownCaller, ErrTooMany, ErrUnavailable. What it does and how long it
// takes does not tell which members there are.
func (l *Login) authenticate(r *http.Request, username, password string) (claims.Member, error) {
	d, err := l.directory()
	if err != nil {
		return claims.Member{}, err
	}
	account, addr := strings.ToLower(username), web.ClientAddr(r)
	if wait := l.brake.begin(account, addr, l.Now()); wait > 0 {
		return claims.Member{}, web.RetryAfter(fmt.Errorf("sign in: %w", claims.ErrTooMany), wait)
	}
	m, known := d.MemberByUsername(account)
	ok, err := l.verify(r.Context(), m.ID, known, password)
	if err != nil {
		l.brake.undo(account, addr, l.Now())
		return claims.Member{}, err
	}
	if !ok {
		return claims.Member{}, fmt.Errorf("wrong username or password: %w", claims.ErrUnknownCaller)
	}
	l.brake.right(account, addr, l.Now())
	return m, nil
}

// verify checks a password, in the same steps whether there is such a member
// or not: one query, one hash.
func (l *Login) verify(ctx context.Context, m claims.MemberID, known bool, password string) (bool, error) {
	if !known {
		m = "00000000-0000-7000-8000-000000000000" // nobody's
	}
	stored, err := l.Store.Password(ctx, m)
	if errors.Is(err, claims.ErrNotFound) || err == nil && !known {
		stored.PHC, known = nobody, false
	} else if err != nil {
		return false, fmt.Errorf("password: %w", err)
	}
	if len(password) > maxPassword {
		stored.PHC, password, known = nobody, "", false
	}
	var ok, stale bool
	var bad error
	if err := l.hashers.do(ctx, func() { ok, stale, bad = checkPassword(stored.PHC, password) }); err != nil {
		return false, err
	}
	if bad != nil {
		return false, fmt.Errorf("stored password of member %s: %w", m, bad)
	}
	if ok && known && stale {
		l.rehash(ctx, stored, password)
	}
	return ok && known, nil
}

// rehash stores the password at today's cost. It may wait for another time.
func (l *Login) rehash(ctx context.Context, stored record.Password, password string) {
	err := l.hashers.do(ctx, func() { stored.PHC = HashPassword(password) })
	if err == nil {
		err = l.Store.SetPassword(ctx, stored)
	}
	if err != nil {
		web.Note(ctx, fmt.Errorf("hash the password anew: %w", err))
	}
}

func (l *Login) username(id claims.MemberID) string {
	d := l.Directory()
	if d == nil {
		return ""
	}
	m, _ := claims.Get[claims.Member](d, string(id))
	return m.Username
}

// isAuthorize tells whether a return address is an authorization request.
func isAuthorize(back string) bool {
	path, _, _ := strings.Cut(back, "?")
	return path == "/authorize"
}

// loginHint returns the username an authorization request hints at (OpenID
// Connect Core, section 3.1.2.1).
func loginHint(back string) string {
	u, err := url.Parse(back)
	if err != nil || !isAuthorize(back) {
		return ""
	}
	hint := u.Query().Get("login_hint")
	if _, err := claims.ParseUsername(hint); err != nil {
		return ""
	}
	return hint
}

// inWords says how long d is.
func inWords(d time.Duration) string {
	switch s := int(d / time.Second); {
	case s <= 1:
		return "a second"
	case s < 90:
		return fmt.Sprintf("%d seconds", s)
	default:
		return fmt.Sprintf("%d minutes", (s+59)/60)
	}
}
