package admin

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// pathNewApp is where an application is added.
const pathNewApp = "/admin/new-app"

// appLists are the fields of an application's form that may be there several times.
var appLists = []string{"scope", "grant", "flag", "see"}

// GetNewApp shows the form that adds an application, at GET /admin/new-app;
// filled in from a recipe with recipe, url and source.
func (a *Admin) GetNewApp(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitNew(w, r)
	if !ok {
		return
	}
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		a.fail(v, err)
		return
	}
	c, err := a.cooked(v, form)
	page, status := a.appForm(v, c, true), http.StatusOK
	a.recipes(&page, form)
	if err != nil {
		page.Problem, status = web.Words(err, appLabels), web.StatusOf(err)
		web.Note(r.Context(), err)
	}
	web.Page(w, r, status, page)
}

// visitNew turns away who may add none.
func (a *Admin) visitNew(w http.ResponseWriter, r *http.Request) (*visit, bool) {
	v, ok := a.visit(w, r, pathApps)
	if !ok {
		return nil, false
	}
	if own, _ := v.see.Registers(); !own {
		a.fail(v, &claims.Refused{Right: "register", At: "/apps", Problem: "Adding an application takes the right to register at /apps."})
		return nil, false
	}
	return v, true
}

// PostNewApp adds an application and shows its secret this once, at POST
// /admin/new-app.
func (a *Admin) PostNewApp(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitNew(w, r)
	if !ok {
		return
	}
	err := web.CrossSite()
	var form url.Values
	if web.SameOrigin(r) {
		form, err = web.ReadForm(r, web.MaxForm, appLists...)
	}
	if err != nil {
		a.fail(v, err)
		return
	}
	c := claims.Client{ID: claims.ClientID(form.Get("id"))}
	if _, err = claims.ParseSlug(form.Get("id")); err != nil {
		err = &claims.Invalid{Field: "id", Problem: "takes small letters, digits and hyphens, at most 40"}
	} else if _, there := claims.Get[claims.Client](v.d, form.Get("id")); there {
		err = &claims.Invalid{Field: "id", Problem: "is taken; choose another"}
	}
	if r, ok := a.recipe(form.Get("recipe")); ok && err == nil {
		var cooked claims.Client
		cooked, err = r.Fill(form.Get("url"), form.Get("source"))
		c.Filter.Names = cooked.Filter.Names // which the form does not show
	}
	a.putApp(v, c, form, err)
}

// GetAppForm shows the form that changes an application, at GET
// /admin/apps/{client}/settings.
func (a *Admin) GetAppForm(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitApp(w, r)
	if !ok {
		return
	}
	if !v.see.Manages(v.client.ID) {
		a.fail(v.visit, &claims.Refused{Right: right, At: claims.Path("/apps/" + v.client.ID)})
		return
	}
	web.Page(w, r, http.StatusOK, a.appForm(v.visit, v.client, false))
}

// PostApp changes an application, at POST /admin/apps/{client}/settings.
func (a *Admin) PostApp(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitApp(w, r, appLists...)
	if !ok {
		return
	}
	c := v.whole()
	if !v.see.Manages(c.ID) {
		a.fail(v.visit, &claims.Refused{Right: right, At: claims.Path("/apps/" + v.client.ID)})
		return
	}
	a.putApp(v.visit, c, v.form, nil)
}

// putApp makes an application what the form says, unless something is wrong
// already: then, or if Plan refuses, it shows the form again.
func (a *Admin) putApp(v *visit, c claims.Client, form url.Values, err error) {
	old, there := claims.Get[claims.Client](v.d, string(c.ID))
	readErr := a.readApp(v, &c, form)
	if err == nil {
		err = readErr
	}
	var secret record.Secret
	if c.Auth.HasSecret() && len(c.Secrets) == 0 {
		var kept claims.Secret
		secret, kept = newSecret(v.now)
		c.Secrets = []claims.Secret{kept}
	}
	if err == nil && (!there || c.SectorURI != old.SectorURI || c.SubjectType != old.SubjectType || !slices.Equal(c.RedirectURIs, old.RedirectURIs)) {
		err = a.CheckSector(v.r.Context(), c)
	}
	if err == nil {
		_, err = a.Store.Change(v.r.Context(), v.actor(), web.RequestID(v.r.Context()), claims.Define{Fact: c})
	}
	switch {
	case err != nil:
		page := a.appForm(v, c, v.r.PathValue("client") == "")
		page.Problem, page.See, page.Rename, page.Cap = web.Words(err, appLabels), seen(form), form.Get("rename"), form.Get("cap")
		if page.New {
			a.recipes(&page, form)
		}
		web.Note(v.r.Context(), err)
		web.Page(v.w, v.r, web.StatusOf(err), page)
	case secret != "":
		a.showSecret(v, c.ID, secret)
	default:
		web.SeeOther(v.w, appPath(c.ID)+"?done=kept")
	}
}

// readApp changes an application as the form says, as far as the form is for
// the caller. Its last fault is what it returns; whatever can be read is.
func (a *Admin) readApp(v *visit, c *claims.Client, form url.Values) error {
	c.Name = strings.TrimSpace(form.Get("name"))
	c.RedirectURIs, c.LogoutURIs = lines(form.Get("redirect")), lines(form.Get("logout"))
	if c.BackchannelURI = strings.TrimSpace(form.Get("backchannel")); c.BackchannelURI == "" {
		c.BackchannelSID = false
	}
	c.GrantTypes, c.Scopes = slices.Clone(form["grant"]), slices.Clone(form["scope"])
	c.IDTokenAlg, c.SubjectType, c.SectorURI = form.Get("id_token_alg"), form.Get("subject_type"), strings.TrimSpace(form.Get("sector_uri"))
	c.Auth = claims.AuthMethod(form.Get("auth"))
	if !c.Auth.HasSecret() {
		c.Secrets = nil
	}
	c.JWKS, c.JWKSURI, c.AssertionAlg = "", "", ""
	if c.Auth == claims.AuthPrivateKey {
		c.JWKS, c.JWKSURI, c.AssertionAlg = strings.TrimSpace(form.Get("jwks")), strings.TrimSpace(form.Get("jwks_uri")), form.Get("auth_alg")
	}
	_, trusted := v.see.Registers()
	for _, f := range flags(c, trusted) {
		*f.field = slices.Contains(form["flag"], f.name)
	}
	if trusted {
		c.Resources, c.ExchangeTo = lines(form.Get("resources")), lines(form.Get("exchange"))
	} else if !slices.Contains(c.GrantTypes, claims.GrantTypeExchange) {
		c.ExchangeTo = nil // which goes with it
	}
	return readFilter(&c.Filter, form)
}

func readFilter(f *claims.ClaimFilter, form url.Values) error {
	err := f.See(seen(form))
	f.Cap = 0
	if text := strings.TrimSpace(form.Get("cap")); text != "" {
		n, bad := strconv.Atoi(text)
		if bad != nil {
			err = &claims.Invalid{Field: "cap", Problem: "is a whole number"}
		}
		f.Cap = n
	}
	rename := map[string]string{}
	for _, line := range lines(form.Get("rename")) {
		from, to, ok := strings.Cut(line, " ")
		if !ok {
			err = &claims.Invalid{Field: "rename", Problem: fmt.Sprintf("%q: write what a group comes from, a space, and its name", line)}
		}
		rename[from] = strings.TrimSpace(to)
	}
	f.Rename = rename
	return err
}

// seen is what a form says that an application is told of: in several fields,
// or lines of one.
func seen(form url.Values) []string { return lines(strings.Join(form["see"], "\n")) }

// lines are the lines of a text that are not empty.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func (a *Admin) appForm(v *visit, c claims.Client, isNew bool) templates.ApplicationForm {
	_, trusted := v.see.Registers()
	page := templates.ApplicationForm{
		Frame: a.frame(v), New: isNew, ID: string(c.ID), Name: c.Name, Redirect: strings.Join(c.RedirectURIs, "\n"), Logout: strings.Join(c.LogoutURIs, "\n"),
		Backchannel: c.BackchannelURI, Back: templates.Link{Text: "Back", Path: pathApps}, JWKS: c.JWKS, JWKSURI: c.JWKSURI, SectorURI: c.SectorURI,
		See: c.Filter.Sees(), Suggested: v.suggestions(trusted), Trusted: trusted, Resources: strings.Join(c.Resources, "\n"), Exchange: strings.Join(c.ExchangeTo, "\n"),
		Auth:         options([]string{string(c.Auth)}, string(claims.AuthBasic), "a secret (client_secret_basic)", string(claims.AuthPost), "a secret, in the form (client_secret_post)", string(claims.AuthPrivateKey), "a signature (private_key_jwt)", string(claims.AuthNone), "it cannot keep a secret (none)"),
		AssertionAlg: options([]string{c.AssertionAlg}, append([]string{"", "any of these"}, twice(claims.KnownAssertionAlgs)...)...),
		IDTokenAlg:   options([]string{c.IDTokenAlg}, append([]string{"", "RS256, the default"}, twice(claims.KnownIDTokenAlgs[1:])...)...),
		SubjectType:  options([]string{c.SubjectType}, "", "their own subject", "pairwise", "a subject made for it alone"),
		Scopes:       hinted(options(c.Scopes, twice(v.scopes(c))...), scopeHints),
	}
	if !isNew {
		page.Back.Path = appPath(c.ID)
	}
	if c.Filter.Cap != 0 {
		page.Cap = strconv.Itoa(c.Filter.Cap)
	}
	for _, from := range slices.Sorted(maps.Keys(c.Filter.Rename)) {
		page.Rename += from + " " + c.Filter.Rename[from] + "\n"
	}
	page.Grants, page.RareGrants = apart(options(c.GrantTypes, grantWords()...), claims.GrantTypeExchange, "client_credentials")
	for _, f := range flags(&c, trusted) {
		page.Flags = append(page.Flags, templates.Option{Value: f.name, Text: f.words, Chosen: *f.field})
	}
	page.RareFlags, page.Flags = apart(page.Flags, "first_party")
	return page
}

// noSector stands for a list of sectors that nobody can fetch.
func noSector(_ context.Context, c claims.Client) error {
	if c.SectorURI == "" {
		return nil
	}
	return &claims.Invalid{Field: "sector_identifier_uri", Problem: "cannot be fetched here"}
}
