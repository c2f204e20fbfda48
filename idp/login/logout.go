package login

// Sign-out, by a member and by an application (OpenID Connect RP-Initiated
// Logout 1.0):
//
//   - GET and POST; a POST from elsewhere carries no cookie and          2
//     re-enters by GET
//   - the member is asked, unless the application shows an ID token      2, 6
//     of theirs that came of this very session
//   - the browser goes on only to an address that is registered, letter  3, 6
//     by letter, with the client that client_id or the ID token names;
//     the two must agree; state comes along
//   - an address that is not gets an error page, and no one signed out

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// leaving is a request to sign out.
type leaving struct {
	client claims.Client // the application that asks; zero: none
	hint   Hint          // the ID token it showed; zero: none
	to     string        // where to go afterwards, found right; empty: our own page
	fields []templates.Field
}

// GetLogout asks whether to sign out, at GET /logout.
func (l *Login) GetLogout(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	l.logout(w, r, form, false)
}

// PostLogout signs out if the form says confirm=yes and came from a page of
// ours, at POST /logout. Other posts re-enter by GET, which has the cookie.
func (l *Login) PostLogout(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	if !web.SameOrigin(r) {
		again := url.Values{}
		for _, name := range leaveParams {
			if v := form.Get(name); v != "" {
				again.Set(name, v)
			}
		}
		web.SeeOther(w, "/logout?"+again.Encode())
		return
	}
	l.logout(w, r, form, form.Get("confirm") == "yes")
}

var leaveParams = []string{"id_token_hint", "client_id", "post_logout_redirect_uri", "state"}

func (l *Login) logout(w http.ResponseWriter, r *http.Request, form url.Values, sure bool) {
	q, err := l.leave(r, form)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	s, err := l.Find(r)
	if err != nil && !errors.Is(err, claims.ErrUnknownCaller) {
		l.fail(w, r, err)
		return
	}
	signedIn := err == nil
	if signedIn && (sure || l.isOf(s, q)) {
		if err := l.end(w, r, s); err != nil {
			l.fail(w, r, err)
			return
		}
		signedIn = false
	}
	switch {
	case signedIn:
		l.askLeave(w, r, q)
	case q.to != "":
		web.SeeOther(w, q.to)
	default:
		web.DropCookie(w, cookieName, l.Secure)
		web.Page(w, r, http.StatusOK, templates.LoggedOut{Frame: l.frame()})
	}
}

func (l *Login) askLeave(w http.ResponseWriter, r *http.Request, q leaving) {
	web.AllowFormAction(w, q.to)
	web.Page(w, r, http.StatusOK, templates.SignOut{Frame: l.frame(), Client: q.client.Called(), Fields: q.fields})
}

// leave reads and checks a request to sign out.
func (l *Login) leave(r *http.Request, form url.Values) (leaving, error) {
	var q leaving
	for _, name := range leaveParams {
		if v := form.Get(name); v != "" {
			q.fields = append(q.fields, templates.Field{Name: name, Value: v})
		}
	}
	id := claims.ClientID(form.Get("client_id"))
	if hint := form.Get("id_token_hint"); hint != "" && l.VerifyHint != nil {
		said, err := l.VerifyHint(r.Context(), hint)
		if err != nil {
			return q, &claims.Invalid{Field: "id_token_hint", Problem: "is no ID token of ours"}
		}
		if id != "" && id != said.Client {
			return q, &claims.Invalid{Field: "client_id", Problem: "is not the one the ID token was made for"}
		}
		id, q.hint = said.Client, said
	}
	to := form.Get("post_logout_redirect_uri")
	if id == "" && to == "" {
		return q, nil
	}
	d, err := l.directory()
	if err != nil {
		return q, err
	}
	c, ok := claims.Get[claims.Client](d, string(id))
	if ok && c.Disabled.IsZero() {
		q.client = c
	}
	if to == "" {
		return q, nil
	}
	if !slices.Contains(q.client.LogoutURIs, to) {
		return q, &claims.Invalid{Field: "post_logout_redirect_uri", Problem: "is not an address this application registered; " +
			"you are still signed in here. To sign out, use the button on your own page"}
	}
	q.to, err = withState(to, form.Get("state"))
	return q, err
}

// isOf tells whether an ID token is of this session and its member.
func (l *Login) isOf(s record.Session, q leaving) bool {
	d := l.Directory()
	if d == nil || q.hint.Subject == "" || q.hint.SID != l.SID(s.ID) {
		return false
	}
	m, ok := claims.Get[claims.Member](d, string(s.Member))
	return ok && q.hint.Subject == l.Subject(q.client, m)
}

func withState(to, state string) (string, error) {
	if state == "" {
		return to, nil
	}
	u, err := url.Parse(to)
	if err != nil {
		return "", &claims.Invalid{Field: "post_logout_redirect_uri", Problem: "is no address"}
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += "state=" + url.QueryEscape(state)
	return u.String(), nil
}
