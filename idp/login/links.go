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

// What a one-time link is for.
const (
	PurposeAdmin    = "admin"    // /setup/SECRET makes the first administrator
	PurposePassword = "password" // /password/SECRET sets a member's password
	PurposeRecover  = "recover"  // /recover/SECRET does, and ends all else they signed in with
)

// NewLink makes a one-time link: the path to hand out, and what to store. The
// secret in it is nowhere else.
func NewLink(purpose string, m claims.MemberID, now time.Time, life time.Duration) (path string, link record.Link) {
	secret := record.Random(32)
	path = "/password/" + secret
	switch purpose {
	case PurposeAdmin:
		path = "/setup/" + secret
	case PurposeRecover:
		path = "/recover/" + secret
	}
	return path, record.Link{ID: hashed(secret), Purpose: purpose, Member: m, Created: now, Expires: now.Add(life)}
}

// GetSetup shows the form for the first administrator, at GET /setup/{link}.
// The link stays good.
func (l *Login) GetSetup(w http.ResponseWriter, r *http.Request) {
	if _, err := l.look(r, PurposeAdmin); err != nil {
		l.badLink(w, r, err)
		return
	}
	web.Page(w, r, http.StatusOK, templates.Setup{Frame: l.frame()})
}

// PostSetup makes the first administrator and signs them in, at POST
// /setup/{link} with username, name, password and again.
func (l *Login) PostSetup(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	link, err := l.look(r, PurposeAdmin)
	if err != nil {
		l.badLink(w, r, err)
		return
	}
	page := templates.Setup{Frame: l.frame(), Username: strings.TrimSpace(form.Get("username")), Name: strings.TrimSpace(form.Get("name"))}
	if page.Fields = l.wrongWithSetup(page, form); len(page.Fields) > 0 {
		web.Page(w, r, http.StatusUnprocessableEntity, page)
		return
	}
	id, err := l.makeAdmin(r, link, page, form.Get("password"))
	if err != nil {
		l.badLink(w, r, err)
		return
	}
	if _, err := l.begin(w, r, id, proof{byPassword, 1, l.Now()}); err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, "/")
}

func (l *Login) wrongWithSetup(p templates.Setup, form url.Values) map[string]string {
	wrong := l.wrongWithPassword(form, p.Username, p.Name)
	d := l.Directory()
	if name, err := claims.ParseUsername(p.Username); err != nil {
		wrong["username"] = "Use 1 to 63 of a-z, 0-9, dot, underscore and hyphen, starting with a letter or digit."
	} else if d == nil {
		wrong["username"] = "It cannot be checked right now. Try again in a few seconds."
	} else if _, taken := d.UsernameTaken(name); taken {
		wrong["username"] = "This name is taken. Choose another."
	}
	if p.Name == "" || len(p.Name) > 200 {
		wrong["name"] = "Say what others should call you, in at most 200 characters."
	}
	return wrong
}

// bySetup is who makes administrators by a link.
var bySetup = claims.Actor{Kind: claims.ActorOperator, ID: "setup"}

// overtaken tells whether a link made an administrator since this one was
// made. A program that is started anew writes another into its log each time
// until there is one; those are not to make more.
func (l *Login) overtaken(link record.Link) bool {
	d := l.Directory()
	if d == nil {
		return false
	}
	for a := range claims.All[claims.Assignment](d) {
		if a.Tag == claims.TagAdmin && a.AssignedBy == bySetup.String() && a.AssignedAt.After(link.Created) {
			return true
		}
	}
	return false
}

// makeAdmin uses the link up, then makes the member, the password with it. If
// it stops halfway, the operator makes another link; the member, if made, has
// no password and opens nothing.
func (l *Login) makeAdmin(r *http.Request, link record.Link, p templates.Setup, password string) (claims.MemberID, error) {
	ctx, now := r.Context(), l.Now()
	var phc string
	if err := l.hashers.do(ctx, func() { phc = HashPassword(password) }); err != nil {
		return "", err
	}
	if _, err := l.Store.UseLink(ctx, link.ID, now); err != nil {
		return "", fmt.Errorf("use the link: %w", err)
	}
	ctx = context.WithoutCancel(ctx)
	username, _ := claims.ParseUsername(p.Username) // checked before
	m := claims.Member{ID: claims.MemberID(record.NewID(now)), Sub: record.NewID(now), Username: username, Name: p.Name,
		State: claims.StateActive, SetBy: "admin", Since: now}
	tag := claims.Assignment{ID: claims.ID(record.NewID(now)), Tag: claims.TagAdmin, Target: claims.TargetMember, TargetID: string(m.ID)}
	if _, err := l.Store.Change(ctx, bySetup, web.RequestID(ctx), claims.AddMember{Member: m}, claims.Assign{Assignment: tag}); err != nil {
		return "", fmt.Errorf("make the first administrator: %w", err)
	}
	if err := l.Store.SetPassword(ctx, record.Password{Member: m.ID, PHC: phc, Changed: now}); err != nil {
		return "", fmt.Errorf("set the first administrator's password: %w", err)
	}
	return m.ID, nil
}

// GetPassword shows the form to choose a password, at GET /password/{link}.
func (l *Login) GetPassword(w http.ResponseWriter, r *http.Request) {
	_, m, err := l.lookMember(r, PurposePassword)
	if err != nil {
		l.badLink(w, r, err)
		return
	}
	web.Page(w, r, http.StatusOK, templates.SetPassword{Frame: l.frame(), Username: m.Username})
}

// PostPassword sets a member's password, at POST /password/{link} with
// password and again. Whoever knew the password before loses what they got by
// it: sessions, applications' tokens, and links made before this.
func (l *Login) PostPassword(w http.ResponseWriter, r *http.Request) {
	form, err := l.posted(r)
	if err != nil {
		l.fail(w, r, err)
		return
	}
	link, m, err := l.lookMember(r, PurposePassword)
	if err != nil {
		l.badLink(w, r, err)
		return
	}
	if wrong := l.wrongWithPassword(form, m.Username, m.Name); len(wrong) > 0 {
		web.Page(w, r, http.StatusUnprocessableEntity, templates.SetPassword{Frame: l.frame(), Username: m.Username, Fields: wrong})
		return
	}
	if err := l.setByLink(r, link, m, form.Get("password")); err != nil {
		l.badLink(w, r, err)
		return
	}
	web.SeeOther(w, "/login?done=password")
}

func (l *Login) setByLink(r *http.Request, link record.Link, m claims.Member, password string) error {
	ctx, now := r.Context(), l.Now()
	var phc string
	if err := l.hashers.do(ctx, func() { phc = HashPassword(password) }); err != nil {
		return err
	}
	if _, err := l.Store.UseLink(ctx, link.ID, now); err != nil {
		return fmt.Errorf("use the link: %w", err)
	}
	ctx = context.WithoutCancel(ctx)
	if err := l.Store.SetPassword(ctx, record.Password{Member: m.ID, PHC: phc, Changed: now}); err != nil {
		return fmt.Errorf("set the password of member %s: %w", m.ID, err)
	}
	l.audit(r, m.ID, "set password by link", "member:"+string(m.ID))
	l.notice(r, m.ID, record.MailPasswordSet)
	return l.endBut(ctx, m.ID, "")
}

// endBut ends what a member's password gave so far: sessions but one, and
// applications' tokens.
func (l *Login) endBut(ctx context.Context, m claims.MemberID, session string) error {
	if err := l.Store.EndSessions(ctx, m, session, l.Now()); err != nil {
		return fmt.Errorf("end the sessions of member %s: %w", m, err)
	}
	if _, err := l.Store.EndGrants(ctx, record.GrantFilter{Member: m}, "password_set", l.Now()); err != nil {
		return fmt.Errorf("end the grants of member %s: %w", m, err)
	}
	return nil
}

func (l *Login) wrongWithPassword(form url.Values, context ...string) map[string]string {
	wrong := map[string]string{}
	if d := l.Directory(); d != nil {
		context = append(context, d.Settings().Name)
	}
	if text := WrongWithPassword(form.Get("password"), context...); text != "" {
		wrong["password"] = text
	} else if form.Get("again") != form.Get("password") {
		wrong["again"] = "This is not the same as above. Type both once more."
	}
	return wrong
}

// look returns the link a request's path names, without using it up.
func (l *Login) look(r *http.Request, purpose string) (record.Link, error) {
	secret := r.PathValue("link")
	if len(secret) != tokenLen {
		return record.Link{}, fmt.Errorf("link: %w", claims.ErrNotFound)
	}
	link, err := l.Store.Link(r.Context(), hashed(secret))
	switch {
	case err != nil:
		return link, fmt.Errorf("link: %w", err)
	case link.Purpose != purpose:
		return link, fmt.Errorf("link for another purpose: %w", claims.ErrNotFound)
	case !link.Used.IsZero():
		return link, fmt.Errorf("link: %w", claims.ErrReplay)
	case !l.Now().Before(link.Expires), purpose == PurposeAdmin && l.overtaken(link):
		return link, fmt.Errorf("link: %w", claims.ErrExpired)
	}
	return link, nil
}

func (l *Login) lookMember(r *http.Request, purpose string) (record.Link, claims.Member, error) {
	link, err := l.look(r, purpose)
	if err != nil {
		return link, claims.Member{}, err
	}
	d, err := l.directory()
	if err != nil {
		return link, claims.Member{}, err
	}
	m, ok := claims.Get[claims.Member](d, string(link.Member))
	if !ok || !maySignIn(m) {
		return link, m, fmt.Errorf("member of the link: %w", claims.ErrNotFound)
	}
	p, err := l.Store.Password(r.Context(), m.ID)
	switch {
	case errors.Is(err, claims.ErrNotFound):
	case err != nil:
		return link, m, fmt.Errorf("password: %w", err)
	case p.Changed.After(link.Created):
		return link, m, fmt.Errorf("link from before the password was set: %w", claims.ErrExpired)
	}
	return link, m, nil
}
