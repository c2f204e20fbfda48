package main

import (
	"slices"
	"strings"
	"time"

	"lanyard/claims"
)

// memberView is a member with what they hold now.
type memberView struct {
	claims.Member
	Profile claims.Profile `json:"profile"`
	Now     claims.State   `json:"state_now"`
	Badges  []held         `json:"badges"`
	Tags    []held         `json:"tags"`
	Roles   []held         `json:"affiliations"`
	Cards   []held         `json:"cards"`
	Passes  []held         `json:"wifi_passes"`
}

// held is one thing a member holds now.
type held struct {
	Name  string    `json:"name"`
	Until time.Time `json:"until,omitzero"`
	Note  string    `json:"note,omitempty"`
}

func (l held) String() string {
	s := l.Name
	if l.Note != "" {
		s += ", " + l.Note
	}
	if !l.Until.IsZero() {
		s += ", until " + stamp(l.Until, "")
	}
	return s
}

func lines(list []held) string {
	var out []string
	for _, l := range list {
		out = append(out, l.String())
	}
	return strings.Join(out, "\n")
}

func (v memberView) names(list []held) []string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = l.Name
	}
	return out
}

// stands is the state now, for people.
func (v memberView) stands() string {
	s := string(v.Now)
	if v.Now != v.State {
		s += " (stored: " + string(v.State) + ")"
	}
	if !v.BarredAt.IsZero() {
		s = "barred, " + s
	}
	return s
}

func (h *house) viewMember(m claims.Member) memberView {
	return memberView{
		Member: m, Profile: h.dir().ProfileOf(m.ID), Now: h.dir().StateAt(m, h.at), Badges: h.badgesOf(m.ID), Tags: h.tagsOf(m.ID), Roles: h.rolesOf(m.ID),
		Cards: h.cardsOf(m.ID), Passes: h.passesOf(m.ID),
	}
}

func (h *house) badgesOf(id claims.MemberID) []held {
	list := []held{}
	for _, a := range h.dir().AwardsOf(id) {
		if h.liveAward(a) {
			list = append(list, held{Name: string(a.Badge), Until: a.Expires})
		}
	}
	return byName(list)
}

func byName(list []held) []held {
	slices.SortStableFunc(list, func(a, b held) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// liveAward tells whether an award counts now: a later one takes over at its start.
func (h *house) liveAward(a claims.Award) bool {
	if next, ok := claims.Get[claims.Award](h.dir(), string(a.SupersededBy)); ok && !h.at.Before(next.On) {
		return false
	}
	return claims.Live(a.On, a.End(), h.at)
}

func (h *house) tagsOf(id claims.MemberID) []held {
	list := []held{}
	for _, a := range h.dir().AssignmentsOf(id) {
		if claims.Live(a.Starts, a.End(), h.at) {
			list = append(list, held{Name: string(a.Tag), Until: a.Expires})
		}
	}
	return byName(list)
}

func (h *house) rolesOf(id claims.MemberID) []held {
	list := []held{}
	for _, a := range h.dir().AffiliationsOf(id) {
		if claims.Live(a.Starts, a.End(), h.at) {
			list = append(list, held{Name: string(a.Object + "#" + a.Kind), Until: a.Ends, Note: a.Title})
		}
	}
	return byName(list)
}

func (h *house) cardsOf(id claims.MemberID) []held {
	list := []held{}
	for _, c := range h.dir().CredentialsOf(id) {
		list = append(list, held{Name: words(string(c.ID), c.Label), Until: c.Expires, Note: string(c.Status)})
	}
	return list
}

func (h *house) passesOf(id claims.MemberID) []held {
	list := []held{}
	for _, p := range h.dir().PassesOf(id) {
		if claims.Live(time.Time{}, claims.Earlier(p.Expires, p.Revoked), h.at) {
			list = append(list, held{Name: p.Login, Until: p.Expires})
		}
	}
	return list
}
