package login

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// asking is what a consent page is about.
type asking struct {
	session  record.Session
	member   claims.Member
	client   claims.Client
	scopes   []string
	redirect string
	back     string
}

// GetConsent asks a member whether an application may know them, at GET
// /consent?return=….
func (l *Login) GetConsent(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	q, d, err := l.asked(r, form)
	if l.elsewhere(w, r, form, err) {
		return
	}
	page := templates.Consent{
		Frame: l.memberFrame(d, q.member, q.session), Client: q.client.Called(), Site: site(q.redirect),
		As: q.member.Username, Scopes: templates.ScopeWords(q.scopes), Return: q.back,
		Own: q.client.Owner != "", Itself: q.client.Registration != nil, About: about(q.client),
	}
	if q.client.AlwaysGroups || slices.Contains(q.scopes, "groups") {
		if t, err := claims.TokenClaims(d, q.member.ID, q.client.Filter, l.Now()); err == nil {
			page.Groups = t.Groups
		}
	}
	web.AllowFormAction(w, q.redirect)
	web.Page(w, r, http.StatusOK, page)
}

// about is what an application that registered itself says of itself.
func about(c claims.Client) (links []templates.Link) {
	if c.Registration == nil {
		return nil
	}
	for _, l := range []templates.Link{{Text: "About it", Path: c.Registration.URI}, {Text: "What it does with your data", Path: c.Registration.PolicyURI}, {Text: "Its terms", Path: c.Registration.TermsURI}} {
		if l.Path != "" {
			links = append(links, l)
		}
	}
	return links
}

// PostConsent keeps the member's answer, at POST /consent with return, as and
// decision: allow or deny.
func (l *Login) PostConsent(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	q, _, err := l.asked(r, form)
	if l.elsewhere(w, r, form, err) {
		return
	}
	switch decision := form.Get("decision"); {
	case form.Get("as") != q.member.Username:
		err = &claims.Refused{Problem: "Meanwhile somebody else signed in with this browser. Go back to the application and start again."}
	case decision == "deny" && l.DenyURL != nil:
		l.audit(r, q.member.ID, "deny consent", "client:"+string(q.client.ID))
		web.SeeOther(w, l.DenyURL(q.back))
		return
	case decision != "allow":
		err = &claims.Invalid{Field: "decision", Problem: "must be allow or deny"}
	default:
		err = l.consent(r, q)
	}
	if err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, q.back)
}

// consent adds what is asked for to what the member allowed the client before.
func (l *Login) consent(r *http.Request, q asking) error {
	given, err := l.Store.Consent(r.Context(), q.member.ID, q.client.ID)
	if err != nil && !errors.Is(err, claims.ErrNotFound) {
		return fmt.Errorf("consent: %w", err)
	}
	scopes := slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(given.Scopes), q.scopes...))))
	err = l.Store.SetConsent(r.Context(), record.Consent{Member: q.member.ID, Client: q.client.ID, Scopes: scopes, At: l.Now()})
	if err != nil {
		return fmt.Errorf("consent: %w", err)
	}
	l.audit(r, q.member.ID, "consent", "client:"+string(q.client.ID))
	return nil
}

// asked reads the authorization request in the return address.
func (l *Login) asked(r *http.Request, form url.Values) (asking, *claims.Directory, error) {
	q := asking{back: web.SafeReturn(form.Get("return"))}
	if !isAuthorize(q.back) || l.Details == nil {
		return q, nil, &claims.Invalid{Field: "return", Problem: "holds no request of an application; start again from there"}
	}
	var err error
	if q.session, err = l.Find(r); err != nil {
		return q, nil, err
	}
	d, err := l.directory()
	if err != nil {
		return q, nil, err
	}
	q.member, _ = claims.Get[claims.Member](d, string(q.session.Member))
	q.client, q.scopes, q.redirect, err = l.Details(q.back)
	return q, d, err
}

// elsewhere answers a request that cannot be shown a consent page: by the
// sign-in page if that is what it lacks. It tells whether it did.
func (l *Login) elsewhere(w http.ResponseWriter, r *http.Request, form url.Values, err error) bool {
	switch {
	case err == nil:
		return false
	case errors.Is(err, claims.ErrUnknownCaller):
		web.SeeOther(w, "/login?return="+url.QueryEscape(web.SafeReturn(form.Get("return"))))
	default:
		l.fail(w, r, err)
	}
	return true
}

// site is where a redirect URI leads, for people: its host, or its scheme.
func site(redirect string) string {
	u, err := url.Parse(redirect)
	if err != nil {
		return ""
	}
	if u.Host == "" {
		return u.Scheme
	}
	return u.Host
}
