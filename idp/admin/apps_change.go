package admin

import (
	"net/http"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// PostAppSecret makes a new secret and shows it this once, at POST
// /admin/apps/{client}/secret with overlap: how long the old ones work on.
func (a *Admin) PostAppSecret(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitApp(w, r)
	if !ok {
		return
	}
	overlap, err := time.ParseDuration(v.form.Get("overlap"))
	c := v.whole()
	switch {
	case err != nil || overlap < 0 || overlap > 30*24*time.Hour:
		a.appFault(v, &claims.Invalid{Field: "overlap", Problem: "is up to 720h, as 24h"})
		return
	case !c.Auth.HasSecret():
		a.appFault(v, &claims.Invalid{Field: "auth", Problem: "is " + string(c.Auth) + ", which has no secret"})
		return
	}
	secret, kept := newSecret(v.now)
	c.Secrets = claims.Succeed(c.Secrets, kept, v.now, v.now.Add(overlap))
	if _, err := a.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), claims.Define{Fact: c}); err != nil {
		a.appFault(v, err)
		return
	}
	a.showSecret(v.visit, c.ID, secret)
}

// newSecret makes a secret, and what is kept of it.
func newSecret(now time.Time) (record.Secret, claims.Secret) {
	secret := record.Secret(record.Random(32))
	return secret, claims.Secret{SHA256: secret.SHA256(), Created: now}
}

// showSecret answers with an application's page as it is now, and its secret.
func (a *Admin) showSecret(v *visit, id claims.ClientID, secret record.Secret) {
	if d := a.Directory(); d != nil {
		v.d, v.see = d, claims.See(d, v.actor(), v.now)
	}
	c, err := v.see.Client(id)
	if err != nil {
		a.fail(v, err)
		return
	}
	page := a.appPage(&appVisit{visit: v, client: c})
	page.Secret = string(secret)
	web.Page(v.w, v.r, http.StatusOK, page)
}

// PostRemoveApp disables an application, at POST /admin/apps/{client}/remove.
func (a *Admin) PostRemoveApp(w http.ResponseWriter, r *http.Request) {
	a.changeApp(w, r, "removed", func(c claims.Client) claims.Intent { return claims.Remove{Key: c.Key()} })
}

// PostTakeOver makes an application the organisation's, at POST
// /admin/apps/{client}/take-over.
func (a *Admin) PostTakeOver(w http.ResponseWriter, r *http.Request) {
	a.changeApp(w, r, "taken", func(c claims.Client) claims.Intent { return claims.TakeOver{Client: c.ID} })
}

// PostEnableApp brings a disabled application back, at POST
// /admin/apps/{client}/enable.
func (a *Admin) PostEnableApp(w http.ResponseWriter, r *http.Request) {
	a.changeApp(w, r, "enabled", func(c claims.Client) claims.Intent {
		c.Disabled = time.Time{}
		return claims.Define{Fact: c}
	})
}

// changeApp does what a button of an application's page is for and says on
// the page that it is done. Who may is for claims.Plan to say.
func (a *Admin) changeApp(w http.ResponseWriter, r *http.Request, done string, intent func(claims.Client) claims.Intent) {
	v, ok := a.visitApp(w, r)
	if !ok {
		return
	}
	if _, err := a.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), intent(v.whole())); err != nil {
		a.appFault(v, err)
		return
	}
	web.SeeOther(w, appPath(v.client.ID)+"?done="+done)
}

// appFault shows an application's page with what was wrong.
func (a *Admin) appFault(v *appVisit, err error) {
	page := a.appPage(v)
	page.Problem = web.Words(err, appLabels)
	web.Note(v.r.Context(), err)
	web.Page(v.w, v.r, web.StatusOf(err), page)
}
