package admin

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// mostReason is how long the reason for a way back in may be, in letters.
const mostReason = 200

// PostRecover makes a way back in for a member who stands at the desk, at POST
// /admin/members/{member}/recover with reason, and shows it once.
func (a *Admin) PostRecover(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visit(w, r, pathMembers)
	if !ok {
		return
	}
	id := claims.MemberID(r.PathValue("member"))
	page, err := a.recover(v, id)
	if err == nil {
		web.Page(w, r, http.StatusOK, page)
		return
	}
	shown, hidden := a.memberPage(v, id)
	if hidden != nil {
		a.fail(v, hidden)
		return
	}
	shown.Problem = web.Words(err, map[string]string{"reason": "The reason"})
	web.FailHeaders(w, r, err)
	web.Page(w, r, web.StatusOf(err), shown)
}

func (a *Admin) recover(v *visit, id claims.MemberID) (templates.RecoverLink, error) {
	var page templates.RecoverLink
	if !web.SameOrigin(v.r) {
		return page, web.CrossSite()
	}
	form, err := web.ReadForm(v.r, web.MaxForm)
	if err != nil {
		return page, err
	}
	if a.Recover == nil {
		return page, claims.ErrNotFound
	}
	if err := v.see.MayRecover(id); err != nil {
		return page, err
	}
	reason, err := reasonOf(form)
	if err != nil {
		return page, err
	}
	// Whoever is told nothing of it by others finds it in the audit: before the
	// link exists.
	line := record.Audited{At: v.now, Actor: v.actor().String(), Action: "give a way back in: " + reason, Subject: "member:" + string(id), Request: web.RequestID(v.r.Context())}
	if err := a.Store.Audit(v.r.Context(), line); err != nil {
		return page, err
	}
	address, picture, until, err := a.Recover(v.r.Context(), id)
	return templates.RecoverLink{Frame: a.frame(v), ID: string(id), Name: v.see.Call(id), Address: address, Picture: picture, Until: templates.Clock(until, v.now, a.Zone)}, err
}

func reasonOf(form url.Values) (string, error) {
	reason := strings.Join(strings.Fields(form.Get("reason")), " ")
	if reason == "" || utf8.RuneCountInString(reason) > mostReason {
		return "", &claims.Invalid{Field: "reason", Problem: "must be there, in at most 200 letters"}
	}
	return reason, nil
}
