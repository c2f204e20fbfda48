package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/apps"
	"lanyard/idp/record"
)

func appCommand(a *app) *cobra.Command {
	return parent("app", "Applications that keep their permissions here: each a tree with a client of its own", appAdd(a), appList(a), appShow(a), appTree(a), appRegister(a))
}

const appsAre = "lanyard app list shows them"

func appAdd(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "add SLUG", Short: "Add an application with its root and client; the client's secret is shown once", Args: need(1, 1),
		Long: "The client of that name, or of --client, may register the application's rights, roles, places and grants, and ask for\ndecisions there (docs/recipes/applications.md). It grants only to tags, badges and objects that --see shows it. If the\nclient is there already, it becomes the application's, as it is.",
		RunE: a.in(func(h *house, args []string) error {
			slug, err := claims.ParseSlug(args[0])
			if err != nil {
				return err
			}
			intents, secret, err := h.wantedApplication(slug)
			if err != nil {
				return err
			}
			changed, err := h.change(intents...)
			if err != nil {
				return err
			}
			if secret != "" {
				defer h.secret("The secret of its client", secret)
			}
			return h.done(changed, "application %s has its root at %s. Next: lanyard app register FILE", slug, h.applicationRoot(slug))
		}),
	}
	c.Flags().String("name", "", "what people read")
	c.Flags().String("client", "", "the client that owns it, an `ID`; none: the application's own name")
	c.Flags().StringSlice("see", nil, "what a new client may see of members: tag:TAG, badge:BADGE, type:TYPE, object:OBJECT, member")
	c.Flags().StringSlice("scope", nil, "scopes of a new client; with profile it is told what members are called")
	return c
}

// wantedApplication returns what makes an application be there, and the
// secret of its client if that is new.
func (h *house) wantedApplication(slug claims.Slug) ([]claims.Intent, record.Secret, error) {
	want := claims.Application{Slug: slug, Client: claims.ClientID(h.text("client"))}
	have, there := claims.Get[claims.Application](h.dir(), string(slug))
	if want.Client == "" {
		want.Client = have.Client
	}
	if want.Client == "" {
		want.Client = claims.ClientID(slug)
	}
	intents, secret, err := h.wantedOwner(want.Client)
	if err != nil {
		return nil, "", err
	}
	root := claims.Location{Slug: slug, Name: h.text("name")}
	switch l, stored := h.dir().Locate(claims.Path("/" + slug)); {
	case there:
		want.Root = have.Root
	case stored:
		want.Root = l.ID
	default:
		root.ID = claims.LocationID(h.newID())
		want.Root = root.ID
		intents = append(intents, claims.Define{Fact: root})
	}
	return append(intents, claims.Define{Fact: want}), secret, nil
}

// wantedOwner returns what makes a client be there that is to own an application.
func (h *house) wantedOwner(id claims.ClientID) ([]claims.Intent, record.Secret, error) {
	if _, there := claims.Get[claims.Client](h.dir(), string(id)); there {
		if h.given("see") || h.given("scope") {
			return nil, "", fmt.Errorf("client %s is there already: lanyard client add %s --see … changes what it sees", id, id)
		}
		return nil, "", nil
	}
	c := claims.Client{ID: id, Name: string(id), Auth: claims.AuthBasic, GrantTypes: []string{"client_credentials"}, Scopes: h.list("scope")}
	if h.given("name") {
		c.Name = h.text("name")
	}
	if err := h.filter(&c.Filter, func(flag string) bool { return flag == "see" }); err != nil {
		return nil, "", err
	}
	secret := record.Secret(record.Random(32))
	c.Secrets = []claims.Secret{organisation.NewSecret(h.env(), secret)}
	return []claims.Intent{claims.Define{Fact: c}}, secret, nil
}

func (h *house) applicationRoot(slug claims.Slug) string {
	app, _ := claims.Get[claims.Application](h.dir(), string(slug))
	return h.pathName(app.Root)
}

// appView is an application with where it stands and what is there.
type appView struct {
	claims.Application
	Path   string        `json:"path"`
	Rights []claims.Slug `json:"rights"`
	Roles  []claims.Slug `json:"roles"`
}

func (h *house) viewApplication(app claims.Application) appView {
	v := appView{Application: app, Path: h.pathName(app.Root), Rights: []claims.Slug{}, Roles: []claims.Slug{}}
	for _, r := range sorted(h, func(r claims.Right) bool { return r.Removed.IsZero() && !claims.ReservedRight(r.Slug) }) {
		if h.dir().PathOf(r.At).Within(claims.Path(v.Path)) {
			v.Rights = append(v.Rights, r.Slug)
		}
	}
	for _, r := range sorted(h, func(r claims.Role) bool { return r.App == app.Root }) {
		v.Roles = append(v.Roles, r.Slug)
	}
	return v
}

func appList(a *app) *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "List applications, their roots and the clients that own them", Args: none, RunE: a.in(func(h *house, _ []string) error {
		views := []appView{}
		for _, app := range sorted[claims.Application](h, nil) {
			if v := h.viewApplication(app); h.on("core") || !organisation.Reserved(claims.Path(v.Path)) {
				views = append(views, v)
			}
		}
		return table[appView]{
			empty: "There are no applications of your own. lanyard app add SLUG adds one; --core shows the built-in ones.",
			head:  []string{"application", "root", "client", "rights"},
			row: func(v appView) []string {
				return []string{string(v.Slug), v.Path, string(v.Client), join(v.Rights, ", ")}
			},
		}.print(h, views)
	})}
	c.Flags().Bool("core", false, "with the built-in ones")
	return c
}

func appShow(a *app) *cobra.Command {
	return &cobra.Command{Use: "show SLUG", Short: "Show an application", Args: need(1, 1), RunE: a.in(func(h *house, args []string) error {
		app, err := named[claims.Application](h, "application", args[0], appsAre)
		if err != nil {
			return err
		}
		v := h.viewApplication(app)
		client, _ := claims.Get[claims.Client](h.dir(), string(app.Client))
		return h.show(v, "application", string(v.Slug), "root", v.Path, "client", string(v.Client), "client sees", sees(client.Filter),
			"client is", yes(!client.Disabled.IsZero(), "disabled"), "rights", join(v.Rights, ", "), "roles", join(v.Roles, ", "))
	})}
}

func appTree(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "tree SLUG", Short: "Show an application's tree with its rules; --json prints it as a document", Args: need(1, 1),
		RunE: a.in(func(h *house, args []string) error {
			app, err := named[claims.Application](h, "application", args[0], appsAre)
			if err != nil {
				return err
			}
			page := apps.Export(h.dir(), h.origin(app), "", math.MaxInt)
			if h.json {
				return h.printJSON(page.Document)
			}
			return h.printTree(page)
		}),
	}
}

// printTree writes a page of a tree as a table: a line for each place, and one
// for each rule beside it.
func (h *house) printTree(page apps.Page) error {
	rules := map[string][]string{}
	for _, r := range page.Rights {
		rules[r.At] = append(rules[r.At], "declares "+r.Right)
	}
	for _, g := range page.Grants {
		does, what := "allows", g.Right
		if g.Deny {
			does = "denies"
		}
		if g.Role != "" {
			what = "role " + g.Role
		}
		rules[g.At] = append(rules[g.At], words(fmt.Sprintf("%s %s to %s", does, what, h.subjectOf(g.To)), g.Window, yes(g.Period != "", "within "+g.Period), yes(g.Expires != "", "until "+g.Expires)))
	}
	rows := []string{"LOCATION\tNAME\tNOTES\tRULES"}
	for _, l := range page.Locations {
		depth := strings.Count(l.Path, "/") - 1
		notes := words(yes(l.Inherit != nil, "permissions stop here"), yes(l.Open, "open"), yes(l.Object != "", "object "+l.Object), yes(l.External != "", "external "+l.External))
		first, rest := "", rules[l.Path]
		if len(rest) > 0 {
			first, rest = rest[0], rest[1:]
		}
		rows = append(rows, strings.Join(clean([]string{strings.Repeat("  ", depth) + "/" + string(claims.Path(l.Path).Base()), l.Name, notes, first}), "\t"))
		for _, rule := range clean(rest) {
			rows = append(rows, "\t\t\t"+rule)
		}
	}
	return h.columns(rows)
}

// subjectOf writes a document's subject for people: a member by username.
func (h *house) subjectOf(text string) string {
	if sub, ok := strings.CutPrefix(text, "user:"); ok {
		if m, ok := h.dir().MemberBySub(sub); ok {
			return "user:" + m.Username
		}
	}
	return text
}
