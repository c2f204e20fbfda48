package portal

import (
	"net/http"
	"net/url"
	"slices"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// mostAsked is how many of each the page lists.
const mostAsked = 200

// GetRequests shows what the member may ask for, what became of what they
// asked for, and what waits for their answer, at GET /requests.
func (p *Portal) GetRequests(w http.ResponseWriter, r *http.Request) {
	v, ok := p.visit(w, r)
	if !ok {
		return
	}
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		p.fail(v, err)
		return
	}
	page := p.requestsPage(v)
	page.Notice = map[string]string{"asked": "Asked. Somebody who may give it will answer.", "withdrawn": "You do not ask for it any more.",
		"approved": "Given. It counts from now on.", "refused": "Refused."}[form.Get("done")]
	web.Page(w, r, http.StatusOK, page)
}

// PostRequest asks for something, at POST /requests with thing and text.
func (p *Portal) PostRequest(w http.ResponseWriter, r *http.Request) {
	p.changeRequest(w, r, func(v *visit, form url.Values) (claims.Intent, string, error) {
		thing, err := claims.ParseSubject(form.Get("thing"))
		if err != nil {
			return nil, "", &claims.Invalid{Field: "thing", Problem: "choose what you ask for"}
		}
		return claims.AskFor{Request: claims.Request{ID: claims.ID(record.NewID(v.now)), Member: v.me.ID, Thing: thing, Text: form.Get("text")}}, "asked", nil
	})
}

// PostWithdraw takes a request back, at POST /requests/withdraw with request.
func (p *Portal) PostWithdraw(w http.ResponseWriter, r *http.Request) {
	p.changeRequest(w, r, func(_ *visit, form url.Values) (claims.Intent, string, error) {
		return claims.WithdrawRequest{Request: claims.ID(form.Get("request"))}, "withdrawn", nil
	})
}

// PostRequestAnswer approves or refuses a request, at POST /requests/answer with
// request, outcome and answer. Who may is for claims.Plan to say; who may not
// is not told what the request is.
func (p *Portal) PostRequestAnswer(w http.ResponseWriter, r *http.Request) {
	p.changeRequest(w, r, func(v *visit, form url.Values) (claims.Intent, string, error) {
		id, outcome := claims.ID(form.Get("request")), claims.RequestOutcome(form.Get("outcome"))
		if !slices.ContainsFunc(v.see.Queue(), func(q claims.Queued) bool { return q.ID == id }) {
			return nil, "", claims.ErrNotFound
		}
		return claims.AnswerRequest{Request: id, Outcome: outcome, Answer: form.Get("answer"), Gift: claims.ID(record.NewID(v.now))}, string(outcome), nil
	})
}

// changeRequest is what the forms have in common: the change, and the page
// again with what was wrong.
func (p *Portal) changeRequest(w http.ResponseWriter, r *http.Request, intent func(*visit, url.Values) (claims.Intent, string, error)) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	in, done, err := intent(v, form)
	if err == nil {
		_, err = p.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), in)
	}
	if err == nil {
		web.SeeOther(w, "/requests?done="+done)
		return
	}
	page := p.requestsPage(v)
	page.Problem, page.Thing, page.Text = web.Words(err, fieldLabels), form.Get("thing"), form.Get("text")
	web.FailHeaders(w, r, err)
	web.Page(w, r, web.StatusOf(err), page)
}

func (p *Portal) requestsPage(v *visit) templates.Requests {
	page := templates.Requests{Frame: p.frame(v, "/requests")}
	askable := v.see.Askable()
	for _, a := range askable[:min(len(askable), mostAsked)] {
		page.Askable = append(page.Askable, templates.Askable{Thing: a.Thing.String(), Name: a.Name, Text: a.Text})
	}
	mine := v.mine.Requests
	for _, r := range slices.Backward(mine[max(0, len(mine)-mostAsked):]) {
		page.Mine = append(page.Mine, templates.Asked{ID: string(r.ID), Name: v.d.ThingName(r.Thing), Text: r.Text, Standing: r.Standing(v.now),
			Open: r.Open(v.now), Asked: templates.Ago("asked", r.Asked, v.now, p.Zone), Answer: r.Answer})
	}
	queue := v.see.Queue()
	for _, q := range queue[:min(len(queue), mostAsked)] {
		name := q.Name
		if name == "" {
			name = q.Username
		}
		page.Queue = append(page.Queue, templates.Waiting{ID: string(q.ID), Who: name, Username: q.Username, Name: v.d.ThingName(q.Thing), Text: q.Text,
			Asked: templates.Ago("asked", q.Asked, v.now, p.Zone)})
	}
	return page
}
