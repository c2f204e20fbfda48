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
	Level   claims.Level   `json:"seen_as"`
	Profile claims.Profile `json:"profile"`
	Now     claims.State   `json:"state_now"`
	Barred  bool           `json:"barred,omitempty"`
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
	if v.Barred {
		s = "barred, " + s
	}
	return s
}

// viewRecord is a record as it is printed.
func (h *house) viewRecord(r claims.Record) memberView {
	v := memberView{Member: r.Member, Level: r.Level, Profile: r.Profile, Now: r.State, Barred: r.Barred,
		Badges: []held{}, Tags: []held{}, Roles: []held{}, Cards: []held{}, Passes: []held{}}
	for _, a := range r.Awards {
		if r.LiveAt(a, h.at) {
			v.Badges = append(v.Badges, held{Name: string(a.Badge), Until: a.Expires})
		}
	}
	for _, a := range r.Assignments {
		if h.dir().LiveAt(a, h.at) {
			v.Tags = append(v.Tags, held{Name: string(a.Tag), Until: a.Expires})
		}
	}
	for _, a := range r.Affiliations {
		if h.dir().LiveAt(a, h.at) {
			v.Roles = append(v.Roles, held{Name: string(a.Object + "#" + a.Kind), Until: a.Ends, Note: a.Title})
		}
	}
	for _, c := range r.Cards {
		v.Cards = append(v.Cards, held{Name: words(string(c.ID), c.Label), Until: c.Expires, Note: string(c.Status)})
	}
	for _, p := range r.Passes {
		if claims.Live(time.Time{}, claims.Earlier(p.Expires, p.Revoked), h.at) {
			v.Passes = append(v.Passes, held{Name: p.Login, Until: p.Expires})
		}
	}
	for _, list := range [][]held{v.Badges, v.Tags, v.Roles} {
		slices.SortStableFunc(list, func(a, b held) int { return strings.Compare(a.Name, b.Name) })
	}
	return v
}

// has tells whether one of these is called name; any will do if that is empty.
func has(list []held, name string) bool {
	return name == "" || slices.ContainsFunc(list, func(l held) bool { return l.Name == name })
}

// liveAward tells whether an award counts now: a later one takes over at its start.
func (h *house) liveAward(a claims.Award) bool {
	if next, ok := claims.Get[claims.Award](h.dir(), string(a.SupersededBy)); ok && !h.at.Before(next.On) {
		return false
	}
	return h.dir().LiveAt(a, h.at)
}
