package login

import (
	"net/http"
	"net/url"
	"slices"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// GetStep asks somebody who is signed in with one factor for a second, at GET
// /login/step?return=….
func (l *Login) GetStep(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	if page, _, _, ok := l.step(w, r, form); ok {
		l.secondPage(w, r, http.StatusOK, page)
	}
}

// PostStep takes the second factor, at POST /login/step with code, or the
// answer of a passkey, and return.
func (l *Login) PostStep(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	page, s, m, ok := l.step(w, r, form)
	if !ok {
		return
	}
	amr, err := l.secondProof(r, m, stepPurpose(s), form)
	if err != nil {
		l.wrongSecond(w, r, page, form, err)
		return
	}
	if err := l.raise(w, r, s, amr); err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, page.Return)
}

// step is what both begin with. Not ok: it has answered.
func (l *Login) step(w http.ResponseWriter, r *http.Request, form url.Values) (page templates.Second, s record.Session, m claims.Member, ok bool) {
	page = templates.Second{Return: web.SafeReturn(form.Get("return")), Action: web.StepPath, Step: true}
	s, err := l.Find(r)
	if err == nil {
		m, err = l.mayStill(s.Member)
	}
	if err != nil {
		l.anew(w, r, page.Return, err)
		return page, s, m, false
	}
	all, err := l.Store.Factors(r.Context(), m.ID)
	switch {
	case err != nil:
		l.fail(w, r, err)
	case s.ACR >= 2:
		web.SeeOther(w, page.Return)
	case !hasSecond(all):
		web.Page(w, r, http.StatusForbidden, templates.Error{Frame: l.frame(), Status: http.StatusForbidden, Title: "This needs a second step",
			Text:      "It is open to those who sign in with more than a password. Set up a passkey or an app that shows codes, then come back.",
			RequestID: web.RequestID(r.Context()), Back: templates.Link{Text: "Set it up", Path: SecurityPath}})
	default:
		page.Again = stepPurpose(s) == purposeVerifiedPasskey
		l.ways(&page, all)
		return page, s, m, true
	}
	return page, s, m, false
}

// raise gives the browser a new session in place of s, which counts for two
// factors.
func (l *Login) raise(w http.ResponseWriter, r *http.Request, s record.Session, amr []string) error {
	all := slices.Clone(s.AMR)
	for _, how := range amr {
		if !slices.Contains(all, how) {
			all = append(all, how)
		}
	}
	_, err := l.begin(w, r, s.Member, proof{amr: all, acr: 2, at: s.AuthTime})
	return err
}
