package login

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// PostApp begins to set up an app that shows codes, at POST /security/app.
// Nothing is kept until its first code comes back: the page holds the secret,
// and the form has it sealed.
func (l *Login) PostApp(w http.ResponseWriter, r *http.Request) {
	o, _, ok := l.posting(w, r)
	if !ok {
		return
	}
	secret := newTOTP()
	sealed, err := l.Ring.Seal("factor", string(o.member.ID), "new", []byte(secret))
	if err != nil {
		l.fail(w, r, err)
		return
	}
	l.appPage(w, r, o, http.StatusOK, secret, sealed, "")
}

func (l *Login) appPage(w http.ResponseWriter, r *http.Request, o owner, status int, secret, sealed, problem string) {
	frame := l.memberFrame(o.dir, o.member, o.session)
	org := frame.Org
	if org == "" {
		org = "Lanyard"
	}
	picture, err := Picture(totpURI(org, o.member, secret))
	if err != nil {
		l.fail(w, r, err)
		return
	}
	web.Page(w, r, status, templates.AddApp{Frame: frame, Secret: spaced(secret), Picture: picture, Sealed: sealed, Problem: problem})
}

// PostAppConfirm sets an app up, in place of the one before, at POST
// /security/app/confirm with sealed and code. Who has no recovery codes is
// shown some.
func (l *Login) PostAppConfirm(w http.ResponseWriter, r *http.Request) {
	o, form, ok := l.posting(w, r)
	if !ok {
		return
	}
	sealed := form.Get("sealed")
	secret, err := l.Ring.Open("factor", string(o.member.ID), "new", sealed)
	if err != nil {
		web.Note(r.Context(), err)
		web.SeeOther(w, SecurityPath) // another's form, or a made-up one
		return
	}
	step := totpStep(string(secret), strings.ReplaceAll(strings.TrimSpace(form.Get("code")), " ", ""), l.Now())
	if step == 0 {
		l.appPage(w, r, o, http.StatusUnprocessableEntity, string(secret), sealed, "That is not the code the app shows now. If it keeps being wrong, look at the phone's clock.")
		return
	}
	codes, err := l.keepApp(w, r, o, string(secret), step)
	switch {
	case err != nil:
		l.fail(w, r, err)
	case len(codes) > 0:
		web.Page(w, r, http.StatusOK, templates.Recovery{Frame: l.memberFrame(o.dir, o.member, o.session), Codes: codes, First: true})
	default:
		web.SeeOther(w, SecurityPath+"?done=app")
	}
}

// keepApp stores the app, and recovery codes if there are none, which it
// returns. The browser, which proved both, gets a session that says so.
func (l *Login) keepApp(w http.ResponseWriter, r *http.Request, o owner, secret string, step int) (codes []string, err error) {
	ctx, now, m := context.WithoutCancel(r.Context()), l.Now(), o.member.ID
	f := record.Factor{ID: record.Random(16), Member: m, Kind: record.FactorTOTP, Name: "app", Counter: step, Created: now}
	if f.Data, err = l.Ring.Seal("factor", f.ID, "data", []byte(secret)); err != nil {
		return nil, err
	}
	if unused(o.factors) == 0 {
		var kept []record.Factor
		codes, kept = l.newRecoveryCodes(m, now)
		if err := l.Store.ReplaceFactors(ctx, m, record.FactorRecovery, kept, now); err != nil {
			return nil, err
		}
	}
	if err := l.Store.ReplaceFactors(ctx, m, record.FactorTOTP, []record.Factor{f}, now); err != nil {
		return nil, err
	}
	l.audit(r, m, "set up an app for codes", "factor:"+f.ID)
	l.notice(r, m, record.MailAppSetUp)
	return codes, l.raise(w, r, o.session, []string{"otp", "mfa"})
}

// PostFactorRemove ends a factor, at POST /security/factor/remove with factor.
// Recovery codes go with the last one.
func (l *Login) PostFactorRemove(w http.ResponseWriter, r *http.Request) {
	o, form, ok := l.posting(w, r)
	if !ok {
		return
	}
	if err := l.removeFactor(r, o, form.Get("factor")); err != nil {
		l.fail(w, r, err)
		return
	}
	web.SeeOther(w, SecurityPath+"?done=removed")
}

func (l *Login) removeFactor(r *http.Request, o owner, id string) error {
	ctx, now, m := r.Context(), l.Now(), o.member.ID
	if err := l.Store.EndFactor(ctx, m, id, now); err != nil {
		return fmt.Errorf("end a factor of member %s: %w", m, err)
	}
	l.audit(r, m, "end a factor", "factor:"+id)
	l.notice(r, m, ended[o.kind(id)])
	all, err := l.Store.Factors(ctx, m)
	if err != nil || hasSecond(all) {
		return err
	}
	return l.Store.ReplaceFactors(ctx, m, record.FactorRecovery, nil, now)
}

// PostRecovery makes new recovery codes, at POST /security/recovery, and shows
// them once.
func (l *Login) PostRecovery(w http.ResponseWriter, r *http.Request) {
	o, _, ok := l.posting(w, r)
	if !ok {
		return
	}
	if !hasSecond(o.factors) {
		l.fail(w, r, &claims.Invalid{Field: "recovery", Problem: "codes stand in for a phone, and none is set up"})
		return
	}
	codes, kept := l.newRecoveryCodes(o.member.ID, l.Now())
	if err := l.Store.ReplaceFactors(r.Context(), o.member.ID, record.FactorRecovery, kept, l.Now()); err != nil {
		l.fail(w, r, err)
		return
	}
	l.audit(r, o.member.ID, "make recovery codes", "member:"+string(o.member.ID))
	l.notice(r, o.member.ID, record.MailRecoveryMade)
	web.Page(w, r, http.StatusOK, templates.Recovery{Frame: l.memberFrame(o.dir, o.member, o.session), Codes: codes})
}

// Picture makes a code to be read by a phone, with the margin it needs.
func Picture(text string) (templates.QR, error) {
	const margin = 4
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return templates.QR{}, fmt.Errorf("draw a code: %w", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if dark, _, _, _ := code.At(x, y).RGBA(); dark == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+margin, y+margin)
			}
		}
	}
	return templates.QR{Path: path.String(), Size: strconv.Itoa(size + 2*margin)}, nil
}
