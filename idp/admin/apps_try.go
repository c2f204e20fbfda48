package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// Told is what an application would be told of a member now.
type Told struct {
	Login    claims.Decision // may the member sign in to it?
	Scopes   []string
	IDToken  json.RawMessage
	Alg      string // what signs it
	Size     int    // bytes of the signed ID token
	UserInfo json.RawMessage

	Introspection json.RawMessage // as the application itself is told
	Groups        []claims.GroupTold
	Warnings      []string // what somebody should do something about
	Long          bool     // the ID token is longer than it should be
}

// PostTry shows what an application would be told of a member, at POST
// /admin/apps/{client}/try with member. All that is told of somebody is for
// themself and for who manages them; it is audited.
func (a *Admin) PostTry(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visitApp(w, r)
	if !ok {
		return
	}
	page := a.appPage(v)
	page.Member = v.form.Get("member")
	tried, err := a.tried(v, page.Member)
	switch {
	case errors.Is(err, claims.ErrNotFound):
		page.Problem = "Nobody whom you may see is called so."
	case err != nil && web.StatusOf(err) >= http.StatusInternalServerError:
		a.fail(v.visit, err)
		return
	case err != nil:
		page.Problem = web.Words(err, appLabels)
	default:
		page.Tried = tried
		web.Page(w, r, http.StatusOK, page)
		return
	}
	web.Note(r.Context(), err)
	web.Page(w, r, web.StatusOf(err), page)
}

func (a *Admin) tried(v *appVisit, username string) (*templates.Tried, error) {
	if !signsIn(v.client) {
		return nil, &claims.Invalid{Field: "client", Problem: "signs nobody in, so it is told of nobody"}
	}
	if a.Try == nil {
		return nil, fmt.Errorf("try an application: %w", claims.ErrNotFound)
	}
	who, err := v.see.Named(username)
	if err != nil {
		return nil, err
	}
	if who.Level < claims.Self {
		return nil, &claims.Refused{Right: right, At: claims.Path("/people/" + who.Member.ID),
			Problem: "An application may be told more of " + who.Member.Username + " than you may see: it takes the right to manage them."}
	}
	c := v.whole()
	got, err := a.Try(v.d, c, who.Member.ID)
	if err == nil {
		err = a.Store.Audit(v.r.Context(), record.Audited{At: v.now, Actor: v.actor().String(), Action: "try client " + string(c.ID),
			Subject: "member:" + string(who.Member.ID), Request: web.RequestID(v.r.Context())})
	}
	if err != nil {
		return nil, fmt.Errorf("try client %s: %w", c.ID, err)
	}
	return a.showTold(v, who, got)
}

func (a *Admin) showTold(v *appVisit, who claims.Record, got Told) (*templates.Tried, error) {
	t := &templates.Tried{Who: who.Member.Username, Allow: got.Login.Allow, Scopes: got.Scopes, Warnings: got.Warnings}
	if v.see.Manages(v.client.ID) {
		t.Change = appPath(v.client.ID) + "/settings#see"
	}
	if !t.Allow {
		t.Lines = claims.Explain(v.d, got.Login)
	}
	for _, part := range []struct {
		title, size string
		body        json.RawMessage
		long, open  bool
	}{
		{"ID token", fmt.Sprintf("%d bytes, signed with %s %d bytes", len(got.IDToken), got.Alg, got.Size), got.IDToken, got.Long, true},
		{"Userinfo", fmt.Sprintf("%d bytes", len(got.UserInfo)), got.UserInfo, false, false},
		{"Introspection, by itself", fmt.Sprintf("%d bytes", len(got.Introspection)), got.Introspection, false, false},
	} {
		var b bytes.Buffer
		if err := json.Indent(&b, part.body, "", "  "); err != nil {
			return nil, fmt.Errorf("show %s: %w", part.title, err)
		}
		t.Parts = append(t.Parts, templates.TriedPart{Title: part.title, Size: part.size, Body: b.String(), Long: part.long, Open: part.open})
	}
	for _, g := range got.Groups {
		row := templates.TriedGroup{Source: g.Source, Told: g.Group, Cause: g.Cause.Words()}
		if g.Cause == claims.CauseFilter {
			row.Add = shows(g.Source)
		}
		if g.Cause != "" {
			row.Told = ""
		}
		if !g.Ends.IsZero() {
			row.Ends = templates.Clock(g.Ends, v.now, a.Zone)
		}
		t.Groups = append(t.Groups, row)
	}
	return t, nil
}

// shows is what a claim filter has to name to show the groups of a source:
// "badge:laser-1" for badge.laser-1, "object:delft" for body.delft.board.
func shows(source string) string {
	what, rest, _ := strings.Cut(source, ".")
	switch what {
	case "tag", "badge":
		return what + ":" + rest
	case "member":
		return what
	}
	object, _, _ := strings.Cut(rest, ".")
	return "object:" + object
}
