package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

// pathMembers is where members are listed; each has a page below it.
const pathMembers = "/admin/members"

// GetMembers lists the members that the caller may see, at GET /admin/members;
// with q, those whose name, e-mail address or telephone number holds it.
// Whoever sees nobody else sees themself.
func (a *Admin) GetMembers(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visit(w, r, pathMembers)
	if !ok {
		return
	}
	form, err := web.ReadForm(r, web.MaxForm)
	if err != nil {
		a.fail(v, err)
		return
	}
	page := templates.Members{Frame: a.frame(v), Search: form.Get("q")}
	found, all := v.see.Find(page.Search, mostMembers)
	for _, m := range found {
		page.List = append(page.List, v.row(m))
	}
	page.More = all - len(found)
	web.Page(w, r, http.StatusOK, page)
}

// GetMember shows what the caller may see of one member, at GET
// /admin/members/{member}: 404 for one they may not, as for one who is not
// there. A username leads on to the page, whose address stays when the
// username does not.
func (a *Admin) GetMember(w http.ResponseWriter, r *http.Request) {
	v, ok := a.visit(w, r, pathMembers)
	if !ok {
		return
	}
	form, err := web.ReadForm(r, web.MaxForm)
	var page templates.Member
	if err == nil {
		page, err = a.memberPage(v, claims.MemberID(r.PathValue("member")))
	}
	if named, unknown := v.see.Named(r.PathValue("member")); err != nil && unknown == nil {
		web.SeeOther(w, pathMembers+"/"+string(named.Member.ID))
		return
	}
	if err != nil {
		a.fail(v, err)
		return
	}
	page.Notice = map[string]string{"noted": "Noted.", "removed": "The note is gone."}[form.Get("done")]
	web.Page(w, r, http.StatusOK, page)
}

// PostNote keeps a note, at POST /admin/members/{member}/notes with text.
func (a *Admin) PostNote(w http.ResponseWriter, r *http.Request) {
	a.changeNotes(w, r, "noted", func(v *visit, m claims.MemberID, form url.Values) claims.Intent {
		return claims.AddNote{Note: claims.Note{ID: claims.ID(record.NewID(v.now)), Member: m, Text: form.Get("text")}}
	})
}

// PostRemoveNote takes a note away, at POST
// /admin/members/{member}/notes/remove with note.
func (a *Admin) PostRemoveNote(w http.ResponseWriter, r *http.Request) {
	a.changeNotes(w, r, "removed", func(_ *visit, _ claims.MemberID, form url.Values) claims.Intent {
		return claims.RemoveNote{Note: claims.ID(form.Get("note"))}
	})
}

// changeNotes is what keeping and removing have in common. Who may is for
// claims.Plan to say; who may not even see the member is told so first.
func (a *Admin) changeNotes(w http.ResponseWriter, r *http.Request, done string, intent func(*visit, claims.MemberID, url.Values) claims.Intent) {
	v, ok := a.visit(w, r, pathMembers)
	if !ok {
		return
	}
	err := web.CrossSite()
	var form url.Values
	if web.SameOrigin(r) {
		form, err = web.ReadForm(r, web.MaxForm)
	}
	id := claims.MemberID(r.PathValue("member"))
	if err == nil {
		_, err = v.see.Member(id)
	}
	if err != nil {
		a.fail(v, err)
		return
	}
	_, err = a.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), intent(v, id, form))
	if err == nil {
		web.SeeOther(w, pathMembers+"/"+string(id)+"?done="+done)
		return
	}
	page, hidden := a.memberPage(v, id)
	if hidden != nil {
		a.fail(v, hidden)
		return
	}
	page.Problem, page.Text = web.Words(err, map[string]string{"text": "The note"}), form.Get("text")
	web.Note(r.Context(), err)
	web.Page(w, r, web.StatusOf(err), page)
}

func (a *Admin) memberPage(v *visit, id claims.MemberID) (templates.Member, error) {
	r, err := v.see.Member(id)
	if err != nil {
		return templates.Member{}, err
	}
	m := r.Member
	page := templates.Member{Frame: a.frame(v), ID: string(m.ID), Username: m.Username, Name: m.Name, State: string(r.State), Tone: templates.ToneOf(string(r.State)),
		Barred: r.Barred, Facts: a.facts(v, r), Badges: a.awards(v, r), Tags: a.tags(v, r), Roles: a.roles(v, r), Cards: a.cards(v, r), Passes: a.passes(v, r)}
	if page.Name == "" {
		page.Name = m.Username
	}
	notes, err := v.see.Notes(id)
	page.MayNote = err == nil
	page.MayRecover = a.Recover != nil && v.see.MayRecover(id) == nil
	for _, n := range notes {
		page.Notes = append(page.Notes, templates.Note{ID: string(n.ID), Text: n.Text, By: v.actorName(n.By), At: templates.Clock(n.At, v.now, a.Zone)})
	}
	return page, nil
}

// facts lists what a record says of somebody; what is empty, or hidden from
// the caller, is left out.
func (a *Admin) facts(v *visit, r claims.Record) []templates.Detail {
	m, p := r.Member, r.Profile
	verified := func(text string, ok bool) string {
		if ok {
			text += " (verified)"
		}
		return text
	}
	var list []templates.Detail
	for _, d := range []templates.Detail{
		{Name: "Id", Text: string(m.ID)}, {Name: "Subject in tokens", Text: m.Sub}, {Name: "Once called", Text: strings.Join(m.Former, ", ")},
		{Name: "Given name", Text: m.GivenName}, {Name: "Middle name", Text: p.MiddleName}, {Name: "Family name", Text: m.FamilyName}, {Name: "Nickname", Text: p.Nickname},
		{Name: "E-mail", Text: verified(m.Email, m.EmailOK)}, {Name: "Telephone", Text: verified(p.Phone, p.PhoneOK)}, {Name: "Address", Text: address(p.Address)},
		{Name: "Birthday", Text: p.Birthdate}, {Name: "Gender", Text: p.Gender}, {Name: "Page", Text: p.Page}, {Name: "Website", Text: p.Website},
		{Name: "Language", Text: m.Locale}, {Name: "Time zone", Text: p.Zoneinfo},
		{Name: "Member since", Text: a.day(v, m.Since)}, {Name: "State set by", Text: m.SetBy}, {Name: "Paid until", Text: a.day(v, m.PaidUntil)},
		{Name: "Days of grace until", Text: a.day(v, m.GraceUntil)}, {Name: "Barred", Text: a.day(v, m.BarredAt)}, {Name: "Barred by", Text: v.actorName(m.BarredBy)},
		{Name: "Why barred", Text: m.BarReason},
	} {
		if d.Text != "" {
			list = append(list, d)
		}
	}
	return list
}

func address(a claims.Address) string {
	var parts []string
	for _, part := range []string{a.Formatted, a.Street, a.PostalCode, a.Locality, a.Region, a.Country} {
		if part != "" {
			parts = append(parts, strings.ReplaceAll(part, "\n", ", "))
		}
	}
	return strings.Join(parts, ", ")
}

// said is an actor as one who did something: "by tom".
func (v *visit) said(verb, actor string) string {
	if actor == "" {
		return ""
	}
	return fmt.Sprintf("%s %s", verb, v.actorName(actor))
}
