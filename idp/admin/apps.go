package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/web"
	"lanyard/templates"
)

// pathApps is where applications are listed; each has a page below it.
const pathApps = "/admin/apps"

func appPath(id claims.ClientID) string { return pathApps + "/" + url.PathEscape(string(id)) }

// GetApps lists the applications that the caller may see, at GET /admin/apps:
// all of them for who manages /admin or /apps, else those they manage, which
// their own are. Who sees none and may add none is told what it takes.
func (a *Admin) GetApps(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visit(w, r, pathApps)
	if !ok {
		return
	}
	list := v.see.Clients()
	own, _ := v.see.Registers()
	if len(list) == 0 && !own {
		a.fail(v, &claims.Refused{Right: "register", At: "/apps", Problem: "You have no application here, and adding one takes the right to register at /apps."})
		return
	}
	page := templates.Applications{Frame: a.frame(v), MayAdd: own}
	for _, c := range list {
		if _, device := v.d.DeviceByClient(c.ID); !device {
			page.List = append(page.List, v.appRow(c))
		}
	}
	slices.SortStableFunc(page.List, func(a, b templates.AppRow) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	web.Page(w, r, http.StatusOK, page)
}

func (v *visit) appRow(c claims.Client) templates.AppRow {
	return templates.AppRow{ID: string(c.ID), Name: c.Called(), Path: appPath(c.ID), Owner: v.actorName(c.Owner), Sees: c.Filter.Sees(), Off: !c.Disabled.IsZero(), Notes: told(
		when(c.FirstParty, "asks no consent"), when(c.Introspect, "introspects any token"), when(c.Auth == claims.AuthNone, "public"),
		when(c.Registration != nil, "registered itself"))}
}

// when returns words if they hold.
func when(holds bool, words string) string {
	if holds {
		return words
	}
	return ""
}

// told returns the texts that are not empty.
func told(texts ...string) []string {
	return slices.DeleteFunc(texts, func(s string) bool { return s == "" })
}

// appVisit is a visit to the page of one application.
type appVisit struct {
	*visit
	client claims.Client // without what it proves itself with
	form   url.Values
}

// whole is the client with what it proves itself with, for what is changed.
func (v *appVisit) whole() claims.Client {
	c, _ := claims.Get[claims.Client](v.d, string(v.client.ID)) // it is there: see found it
	return c
}

// visitApp finds the application that a request names: 404 for one that the
// caller may not see, as for one that is not there. A request that changes
// something comes from a page of ours. ok is false when the answer is given.
func (a *Admin) visitApp(w http.ResponseWriter, r *http.Request, lists ...string) (*appVisit, bool) {
	v, ok := a.visit(w, r, pathApps)
	if !ok {
		return nil, false
	}
	err := web.CrossSite()
	app := &appVisit{visit: v}
	if r.Method != http.MethodPost || web.SameOrigin(r) {
		app.form, err = web.ReadForm(r, web.MaxForm, lists...)
	}
	if err == nil {
		app.client, err = v.see.Client(claims.ClientID(r.PathValue("client")))
	}
	if err != nil {
		a.fail(v, err)
		return nil, false
	}
	return app, true
}

// GetApp shows one application, at GET /admin/apps/{client}.
func (a *Admin) GetApp(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitApp(w, r)
	if !ok {
		return
	}
	page := a.appPage(v)
	page.Notice = map[string]string{"kept": "Saved.", "removed": "It is disabled.", "taken": "It is the organisation's now.", "enabled": "It works again."}[v.form.Get("done")]
	web.Page(w, r, http.StatusOK, page)
}

func (a *Admin) appPage(v *appVisit) templates.Application {
	c := v.client
	_, trusted := v.see.Registers()
	page := templates.Application{Frame: a.frame(v.visit), ID: string(c.ID), Name: c.Called(), Path: appPath(c.ID), Off: !c.Disabled.IsZero(),
		Settings: a.settings(v), Login: v.login(c.ID), Manages: v.see.Manages(c.ID), Rotates: c.Auth.HasSecret(),
		Adopts: trusted && c.Owner != "", Enables: trusted && !c.Disabled.IsZero(), SignsIn: signsIn(c), MayTry: a.Try != nil && signsIn(c) && c.Disabled.IsZero(), Member: v.me.Username}
	if c.Filter.None() && signsIn(c) {
		page.Warnings = append(page.Warnings, "It is told no groups, whatever a member has: nobody has said which it may see.")
	}
	for _, s := range c.Secrets {
		line := templates.Detail{Name: "Made " + a.day(v.visit, s.Created), Text: "Works until somebody makes a new one"}
		if !s.Expires.IsZero() {
			line.Text = "Works " + templates.Until(s.Expires, v.now, a.Zone).Text
		}
		page.Secrets = append(page.Secrets, line)
	}
	return page
}

// signsIn tells whether people sign in to a client.
func signsIn(c claims.Client) bool {
	return slices.Contains(c.GrantTypes, "authorization_code") || slices.Contains(c.GrantTypes, claims.GrantTypeDevice)
}

// login says to whom the right login is given or denied at an application.
func (v *visit) login(id claims.ClientID) []templates.Detail {
	place := claims.ClientPlace(id)
	var list []templates.Detail
	for g := range claims.All[claims.Grant](v.d) {
		if g.At != place || g.Right != "login" || !claims.Live(g.Starts, g.Expires, v.now) || !g.Removed.IsZero() {
			continue
		}
		line := templates.Detail{Name: v.see.Spell(g.Subject.String()), Text: "allowed"}
		if g.Effect == claims.Deny {
			line.Text = "never"
		}
		list = append(list, line)
	}
	for g := range claims.All[claims.Gate](v.d) {
		if g.At == place && g.Right == "login" && g.Removed.IsZero() {
			list = append(list, templates.Detail{Name: "Badge needed", Text: fmt.Sprint("one of ", joined(g.AnyOf))})
		}
	}
	return list
}

func joined[S ~string](list []S) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(s))
	}
	return b.String()
}
