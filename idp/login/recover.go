package login

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// The way back in for somebody who has lost what they sign in with: a link that
// an organiser makes at the desk (claims.View.MayRecover says who may), good
// for RecoverLife and once. Whoever opens it chooses a password; everything
// else the account was opened with is over, here and at applications, and so
// are the WiFi passes of the phone that is gone, unless they are to stay.

// RecoverLife is how long such a link is good.
const RecoverLife = 15 * time.Minute

// GetRecover shows the form, at GET /recover/{link}. The link stays good.
func (l *Login) GetRecover(w http.ResponseWriter, r *http.Request) {
	_, m, err := l.lookMember(r, PurposeRecover)
	if err != nil {
		l.badLink(w, r, err)
		return
	}
	web.Page(w, r, http.StatusOK, templates.Recover{Frame: l.frame(), Username: m.Username, Passes: len(l.passes(m.ID))})
}

// PostRecover lets somebody back in, at POST /recover/{link} with password,
// again and passes: keep, or anything else to end them.
func (l *Login) PostRecover(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	link, m, err := l.lookMember(r, PurposeRecover)
	if err != nil {
		l.badLink(w, r, err)
		return
	}
	if wrong := l.wrongWithPassword(form, m.Username, m.Name); len(wrong) > 0 {
		web.Page(w, r, http.StatusUnprocessableEntity, templates.Recover{Frame: l.frame(), Username: m.Username, Passes: len(l.passes(m.ID)), Fields: wrong})
		return
	}
	if err := l.setByLink(r, link, m, form.Get("password")); err != nil {
		l.badLink(w, r, err)
		return
	}
	if err := l.endAllOf(r, m, form.Get("passes") == "keep"); err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, "/login?done=recover")
}

// endAllOf ends what somebody signed in with beside the password.
func (l *Login) endAllOf(r *http.Request, m claims.Member, keepPasses bool) error {
	ctx, now := context.WithoutCancel(r.Context()), l.Now()
	for _, kind := range []record.FactorKind{record.FactorPasskey, record.FactorTOTP, record.FactorRecovery} {
		if err := l.Store.ReplaceFactors(ctx, m.ID, kind, nil, now); err != nil {
			return fmt.Errorf("end the factors of member %s: %w", m.ID, err)
		}
	}
	l.audit(r, m.ID, "come back in by a link from the desk", "member:"+string(m.ID))
	l.notice(r, m.ID, record.MailCameBack)
	if keepPasses {
		return nil
	}
	var ends []claims.Intent
	for _, pass := range l.passes(m.ID) {
		ends = append(ends, claims.RevokePass{Pass: pass.ID})
	}
	if len(ends) == 0 {
		return nil
	}
	by := claims.Actor{Kind: claims.ActorMember, ID: string(m.ID), ACR: 1}
	if _, err := l.Store.Change(ctx, by, web.RequestID(ctx), ends...); err != nil {
		return fmt.Errorf("end the WiFi passes of member %s: %w", m.ID, err)
	}
	return nil
}

// passes are a member's WiFi passes that work.
func (l *Login) passes(m claims.MemberID) (live []claims.WiFiPass) {
	d := l.Directory()
	if d == nil {
		return nil
	}
	for _, p := range d.PassesOf(m) {
		if p.Revoked.IsZero() {
			live = append(live, p)
		}
	}
	return live
}
