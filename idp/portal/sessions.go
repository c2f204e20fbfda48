package portal

import (
	"context"
	"fmt"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// signIns lists where the member is signed in.
func (p *Portal) signIns(v *visit) ([]templates.SignedIn, error) {
	live, err := p.liveSessions(v)
	if err != nil {
		return nil, err
	}
	var list []templates.SignedIn
	for _, s := range live {
		list = append(list, templates.SignedIn{ID: s.ID, Browser: web.Browser(s.Agent), Address: s.Address,
			Seen: templates.Ago("seen", s.Seen, v.now, p.Zone), This: s.ID == v.session.ID})
	}
	return list, nil
}

// liveSessions returns the member's sessions that a browser could still use.
func (p *Portal) liveSessions(v *visit) ([]record.Session, error) {
	all, err := p.Store.SessionsOf(v.r.Context(), v.me.ID)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	var live []record.Session
	for _, s := range all {
		if s.Ended.IsZero() && v.now.Before(s.Expires) && v.now.Before(s.Seen.Add(web.SessionIdle)) {
			live = append(live, s)
		}
	}
	return live, nil
}

// PostEndSession ends one of the member's sign-ins, or all but this one, at
// POST /sessions/end with session: an id, or "others".
func (p *Portal) PostEndSession(w http.ResponseWriter, r *http.Request) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	live, err := p.liveSessions(v)
	if err != nil {
		p.fail(v, err)
		return
	}
	which, ended := form.Get("session"), 0
	for _, s := range live {
		if s.ID == which || which == "others" && s.ID != v.session.ID {
			if err := p.end(v, s); err != nil {
				p.fail(v, err)
				return
			}
			ended++
		}
	}
	switch {
	case which == "others":
		p.done(v, "others")
	case ended == 0:
		p.fail(v, fmt.Errorf("session: %w", claims.ErrNotFound))
	default:
		p.done(v, "ended")
	}
}

func (p *Portal) end(v *visit, s record.Session) error {
	if err := p.Store.EndSession(context.WithoutCancel(v.r.Context()), s.ID, v.now); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	p.audit(v, "end session", "session:"+s.ID)
	return nil
}
