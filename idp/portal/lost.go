package portal

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// thing is something of a member's that opens something, and how it ends.
type thing struct {
	templates.Option
	card    claims.ID // a card or fob
	pass    claims.ID // a WiFi pass
	session string
	app     claims.ClientID
}

// things lists all that a member has, but the browser that asks: cards and
// fobs, WiFi passes, sign-ins, applications that know them.
func (p *Portal) things(v *visit) (cards, passes, sessions, apps []thing, err error) {
	for _, c := range v.mine.Cards {
		if c.Status == claims.CredentialActive {
			cards = append(cards, thing{Option: templates.Option{Value: "card:" + string(c.ID), Text: cmp.Or(c.Label, "A card or fob")}, card: c.ID})
		}
	}
	for _, w := range v.livePasses() {
		passes = append(passes, thing{Option: templates.Option{Value: "wifi:" + string(w.ID), Text: w.Login}, pass: w.ID})
	}
	live, err := p.liveSessions(v)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	for _, s := range live {
		if s.ID != v.session.ID {
			sessions = append(sessions, thing{Option: templates.Option{Value: "session:" + s.ID, Text: web.Browser(s.Agent), Hint: s.Address + ", " + templates.Ago("seen", s.Seen, v.now, p.Zone).Text}, session: s.ID})
		}
	}
	known, err := p.apps(v)
	for _, a := range known {
		apps = append(apps, thing{Option: templates.Option{Value: "app:" + a.Client, Text: a.Name, Hint: a.Since.Text}, app: claims.ClientID(a.Client)})
	}
	return cards, passes, sessions, apps, err
}

// GetLost lists what a member may have lost, at GET /lost.
func (p *Portal) GetLost(w http.ResponseWriter, r *http.Request) {
	v, ok := p.visit(w, r)
	if !ok {
		return
	}
	cards, passes, sessions, apps, err := p.things(v)
	if err != nil {
		p.fail(v, err)
		return
	}
	page := templates.Lost{Frame: p.frame(v, "")}
	for _, g := range []struct {
		title string
		list  []thing
	}{{"Cards and fobs", cards}, {"WiFi passes", passes}, {"Sign-ins", sessions}, {"Applications that know you", apps}} {
		group := templates.LostGroup{Title: g.title}
		for _, t := range g.list {
			group.Things = append(group.Things, t.Option)
		}
		if len(group.Things) > 0 {
			page.Groups = append(page.Groups, group)
		}
	}
	web.Page(w, r, http.StatusOK, page)
}

// PostLost ends everything that was ticked, at POST /lost with item, several
// times. What is not the member's, or has ended, is passed over: it opens
// nothing of theirs.
func (p *Portal) PostLost(w http.ResponseWriter, r *http.Request) {
	v, form, ok := p.posted(w, r, "item")
	if !ok {
		return
	}
	cards, passes, sessions, apps, err := p.things(v)
	ticked := map[string]bool{}
	for _, item := range form["item"] {
		ticked[item] = true
	}
	var lost []thing
	for _, list := range [][]thing{cards, passes, sessions, apps} {
		for _, t := range list {
			if ticked[t.Value] {
				lost = append(lost, t)
			}
		}
	}
	if err == nil && len(lost) == 0 {
		err = &claims.Invalid{Field: "item", Problem: "tick what you have lost"}
	}
	if err == nil {
		err = p.endThings(v, lost)
	}
	if err != nil {
		p.fail(v, err)
		return
	}
	p.done(v, "lost")
}

// endThings ends them: cards and passes, which open doors, at once and first.
func (p *Portal) endThings(v *visit, lost []thing) error {
	var intents []claims.Intent
	var names []string
	for _, t := range lost {
		switch {
		case t.card != "":
			intents = append(intents, claims.SetCredential{Credential: t.card, Status: claims.CredentialLost})
		case t.pass != "":
			intents = append(intents, claims.RevokePass{Pass: t.pass})
		}
		kind, _, _ := strings.Cut(t.Value, ":")
		names = append(names, kind)
	}
	ctx := context.WithoutCancel(v.r.Context())
	if len(intents) > 0 {
		if _, err := p.Store.Change(ctx, v.actor(), web.RequestID(ctx), intents...); err != nil {
			return fmt.Errorf("end what was lost: %w", err)
		}
	}
	for _, t := range lost {
		var err error
		switch {
		case t.session != "":
			err = p.end(v, record.Session{ID: t.session})
		case t.app != "":
			err = p.revoke(v, t.app)
		}
		if err != nil {
			return err
		}
	}
	p.audit(v, "report lost: "+strings.Join(names, ", "), "member:"+string(v.me.ID))
	return nil
}
