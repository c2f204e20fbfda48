package login

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// SecurityPath is where a member sees how they sign in, and changes it.
const SecurityPath = "/security"

// recently is how long ago somebody may have proved who they are, to change how
// they do: a browser that was left open is not enough.
const recently = 15 * time.Minute

// owner is a member at the page of how they sign in.
type owner struct {
	session record.Session
	member  claims.Member
	factors []record.Factor
	dir     *claims.Directory
}

// owner returns who sent r, if they proved it lately, and with all they have.
// Not ok: it has answered, and leads them to do so.
func (l *Login) owner(w http.ResponseWriter, r *http.Request) (o owner, ok bool) {
	s, err := l.Find(r)
	if err != nil {
		l.anew(w, r, SecurityPath, err)
		return o, false
	}
	if l.Now().Sub(s.AuthTime) > recently {
		web.SeeOther(w, "/login?again=yes&return="+url.QueryEscape(SecurityPath))
		return o, false
	}
	o.session = s
	o.member, err = l.mayStill(s.Member)
	if err == nil {
		o.dir, err = l.directory()
	}
	if err == nil {
		o.factors, err = l.Store.Factors(r.Context(), s.Member)
	}
	switch {
	case err != nil:
		l.fail(w, r, err)
	case s.ACR < 2 && hasSecond(o.factors):
		web.SeeOther(w, web.StepPath+"?return="+url.QueryEscape(SecurityPath))
	default:
		return o, true
	}
	return o, false
}

// posting is owner for a form of a page of ours.
func (l *Login) posting(w http.ResponseWriter, r *http.Request) (o owner, form url.Values, ok bool) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return o, nil, false
	}
	o, ok = l.owner(w, r)
	return o, form, ok
}

// done is what the page says once something was changed.
var done = map[string]string{
	"password": "Your password is changed, and your other sign-ins are over.",
	"app":      "You are asked for a code of your app from now on.",
	"passkey":  "Your passkey is ready to sign in with.",
	"removed":  "It is removed, and signs nobody in any more. Delete a passkey on your device, too.",
	"recovery": "",
}

// GetSecurity shows how a member signs in, at GET /security.
func (l *Login) GetSecurity(w http.ResponseWriter, r *http.Request) {
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	if o, ok := l.owner(w, r); ok {
		l.securityPage(w, r, o, http.StatusOK, templates.Security{Notice: done[form.Get("done")]})
	}
}

func (l *Login) securityPage(w http.ResponseWriter, r *http.Request, o owner, status int, page templates.Security) {
	now := l.Now()
	page.Offer = l.offersPasskeys(w)
	page.Frame, page.Username, page.Recovery = l.memberFrame(o.dir, o.member, o.session), o.member.Username, unused(o.factors)
	for _, f := range o.factors {
		switch f.Kind {
		case record.FactorTOTP:
			page.App = factorView(f, now)
		case record.FactorPasskey:
			page.Passkeys = append(page.Passkeys, *factorView(f, now))
		}
	}
	if p, err := l.Store.Password(r.Context(), o.member.ID); err == nil {
		page.Password = "Set " + templates.Day(p.Changed, now, time.UTC) + "."
	}
	web.Page(w, r, status, page)
}

func factorView(f record.Factor, now time.Time) *templates.Factor {
	v := &templates.Factor{ID: f.ID, Name: f.Name, Added: templates.On("", f.Created, now, time.UTC)}
	if !f.Used.IsZero() {
		v.Used = templates.Ago("", f.Used, now, time.UTC)
	}
	return v
}

// PostPasswordChange changes a member's password, at POST /security/password
// with password and again. Whoever knew the one before loses what they got by
// it; this browser stays signed in, in a new session.
func (l *Login) PostPasswordChange(w http.ResponseWriter, r *http.Request) {
	o, form, ok := l.posting(w, r)
	if !ok {
		return
	}
	if wrong := l.wrongWithPassword(form, o.member.Username, o.member.Name); len(wrong) > 0 {
		l.securityPage(w, r, o, http.StatusUnprocessableEntity, templates.Security{Fields: wrong})
		return
	}
	if err := l.changePassword(w, r, o, form.Get("password")); err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, SecurityPath+"?done=password")
}

func (l *Login) changePassword(w http.ResponseWriter, r *http.Request, o owner, password string) error {
	var phc string
	if err := l.hashers.do(r.Context(), func() { phc = HashPassword(password) }); err != nil {
		return err
	}
	ctx, now, m := context.WithoutCancel(r.Context()), l.Now(), o.member.ID
	if err := l.Store.SetPassword(ctx, record.Password{Member: m, PHC: phc, Changed: now}); err != nil {
		return fmt.Errorf("change the password of member %s: %w", m, err)
	}
	l.audit(r, m, "change password", "member:"+string(m))
	l.notice(r, m, record.MailPasswordChanged)
	s, err := l.begin(w, r, m, proof{o.session.AMR, o.session.ACR, o.session.AuthTime})
	if err != nil {
		return err
	}
	return l.endBut(ctx, m, s.ID)
}
