package claims

import (
	"slices"
	"time"
)

// Record is what a caller may see of a member (View says what that is): what
// they may not see is zero. Lists are in order of ids.
type Record struct {
	d            *Directory
	Level        Level         `json:"seen_as"`
	Member       Member        `json:"member"`
	Profile      Profile       `json:"profile"`
	State        State         `json:"state_now"` // as far as the caller may know it
	Barred       bool          `json:"barred,omitempty"`
	Awards       []Award       `json:"badges,omitempty"`
	Assignments  []Assignment  `json:"tags,omitempty"`
	Affiliations []Affiliation `json:"affiliations,omitempty"`
	Cards        []Credential  `json:"cards,omitempty"`       // without Lookup and Sealed
	Passes       []WiFiPass    `json:"wifi_passes,omitempty"` // without Verifier
	Waivers      []Waiver      `json:"waivers,omitempty"`

	Requests   []Request        `json:"requests,omitempty"` // what they asked for
	Results    []Result         `json:"results,omitempty"`
	Signoffs   []SignoffRequest `json:"signoff_requests,omitempty"`
	Identities []Identity       `json:"vle_identities,omitempty"`
}

func (v *View) record(p *person, level Level) Record {
	if level == Seen {
		return v.glance(p)
	}
	m := v.d.unpackMember(p.id, &p.member)
	r := Record{
		d:     v.d,
		Level: level, Member: m, Profile: v.d.ProfileOf(p.id), State: v.d.StateAt(m, v.at), Barred: p.barred,
		Awards: v.d.AwardsOf(p.id), Assignments: v.d.AssignmentsOf(p.id), Affiliations: v.d.AffiliationsOf(p.id),
		Cards: slices.Clone(v.d.CredentialsOf(p.id)), Passes: slices.Clone(v.d.PassesOf(p.id)), Waivers: slices.Clone(v.d.WaiversOf(p.id)),
		Requests: v.d.RequestsOf(p.id), Results: v.d.ResultsOf(p.id), Signoffs: v.d.SignoffsOf(p.id), Identities: v.d.IdentitiesOf(p.id),
	}
	for i := range r.Cards {
		r.Cards[i].Lookup, r.Cards[i].Sealed = "", ""
	}
	for i := range r.Passes {
		r.Passes[i].Verifier = ""
	}
	if level == Self {
		r.Member.BarredAt, r.Member.BarredBy, r.Member.BarReason = time.Time{}, "", ""
		for i := range r.Waivers {
			r.Waivers[i].Reason = ""
		}
	}
	return r
}

// glance is the record of a member for who may view them and no more.
func (v *View) glance(p *person) Record {
	m, t := v.d.unpackMember(p.id, &p.member), v.d.ProfileOf(p.id)
	r := Record{
		d: v.d, Level: Seen, State: v.d.StateAt(m, v.at),
		Member: Member{ID: m.ID, Username: m.Username, Name: m.Name, GivenName: m.GivenName, FamilyName: m.FamilyName,
			Locale: m.Locale, Email: m.Email, EmailOK: m.EmailOK},
		Profile: Profile{Member: m.ID, MiddleName: t.MiddleName, Nickname: t.Nickname, Page: t.Page, Picture: t.Picture,
			Website: t.Website, Zoneinfo: t.Zoneinfo, Phone: t.Phone, PhoneOK: t.PhoneOK},
	}
	switch {
	case p.barred:
		r.State = StateSuspended
	case r.State == StateGrace:
		r.State = StateActive
	}
	r.Member.State = r.State
	for _, a := range v.d.AwardsOf(p.id) {
		if start, end := v.d.Span(a); Live(start, end, v.at) {
			r.Awards = append(r.Awards, Award{ID: a.ID, Badge: a.Badge, Member: a.Member, On: start, Expires: end})
		}
	}
	for _, a := range v.d.AssignmentsOf(p.id) {
		if start, end := v.d.Span(a); Live(start, end, v.at) {
			r.Assignments = append(r.Assignments, Assignment{ID: a.ID, Tag: a.Tag, Target: a.Target, TargetID: a.TargetID, Starts: start, Expires: end})
		}
	}
	for _, a := range v.d.AffiliationsOf(p.id) {
		if start, end := v.d.Span(a); Live(start, end, v.at) {
			r.Affiliations = append(r.Affiliations, Affiliation{ID: a.ID, Member: a.Member, Object: a.Object, Kind: a.Kind, Title: a.Title, Starts: start, Ends: end})
		}
	}
	return r
}

// Span returns when a fact of a Record counts; see Directory.Span.
func (r Record) Span(f Fact) (start, end time.Time) { return r.d.Span(f) }

// LiveAt tells whether a fact of a Record counts at an instant.
func (r Record) LiveAt(f Fact, at time.Time) bool { return r.d.LiveAt(f, at) }
