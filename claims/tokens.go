package claims

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Token is what a member's tokens say to one client at an instant (domain: what tokens say).
type Token struct {
	Groups       []string    `json:"groups"` // sorted, never nil
	Overage      bool        `json:"groups_overage,omitempty"`
	Tags         []Slug      `json:"tags"`
	Badges       []HeldBadge `json:"badges"`
	Affiliations []HeldKind  `json:"affiliations"`
	Membership   *Membership `json:"membership,omitempty"`
	Version      uint64      `json:"authz_version"`
	Ends         time.Time   `json:"-"` // the earliest end of anything listed; zero: none
}

// HeldBadge is a badge as tokens list it.
type HeldBadge struct {
	ID  Slug  `json:"id"`
	On  int64 `json:"on"`            // seconds since 1970
	Exp int64 `json:"exp,omitempty"` // seconds since 1970
}

// HeldKind is an affiliation as tokens list it.
type HeldKind struct {
	Type    Slug   `json:"type"`
	ID      Slug   `json:"id"`
	Kind    Slug   `json:"kind"`
	Implies []Slug `json:"implies"`
}

// Membership is the membership claim.
type Membership struct {
	State State  `json:"state"`
	Since string `json:"since,omitempty"` // a date
	Until string `json:"until,omitempty"` // a date: the lapse
}

const (
	tooShort  = time.Minute // a fact that ends within this is left out of tokens
	maxGroups = 64          // in a token, unless the client's filter says otherwise
)

// TokenClaims returns what a token for a client with this filter says of a
// member at an instant: ErrNotFound if there is no such member. Tags, badges
// and affiliations are there only while the member is active or in grace and
// not barred. More groups than the filter's cap are left to whoever asks with
// a higher one: none are listed, and Overage says so.
func TokenClaims(d *Directory, m MemberID, f ClaimFilter, at time.Time) (Token, error) {
	p := d.of(m)
	if !p.known || !p.member.ErasedAt.IsZero() {
		return Token{}, fmt.Errorf("member %s: %w", m, ErrNotFound)
	}
	w := tokenWriter{q: inquiry{d: d, who: p}, f: &f, at: at,
		t: Token{Groups: make([]string, 0, len(p.tags)+len(p.badges)+2*len(p.scopes)+1), Tags: make([]Slug, 0, len(p.tags)),
			Badges: make([]HeldBadge, 0, len(p.badges)), Affiliations: make([]HeldKind, 0, len(p.scopes))}}
	w.t.Version = max(p.changed, d.rulesChanged)
	if w.membership() {
		w.tags()
		w.badges()
		w.affiliations()
	}
	w.finish()
	return w.t, nil
}

// tokenWriter fills in a Token.
type tokenWriter struct {
	q  inquiry
	f  *ClaimFilter
	at time.Time
	t  Token
}

// membership writes the membership claim, if the filter lets it be seen, and
// tells whether the member's facts may be listed.
func (w *tokenWriter) membership() bool {
	m := &w.q.who.member
	state, next := w.q.d.stateFrom(m, w.q.who.affiliations, w.at)
	if !m.BarredAt.IsZero() {
		state, next = StateSuspended, time.Time{} // no more is anybody's business
	}
	lapse, good := w.goodUntil(state, next)
	if w.f.Member {
		w.t.Membership = &Membership{State: state, Since: date(m.Since), Until: date(lapse)}
		if w.lasts(next) {
			w.list("member."+string(state), next)
		}
	}
	if good && w.lasts(lapse) {
		w.t.Ends = Earlier(w.t.Ends, lapse)
		return true
	}
	return false
}

// goodUntil tells whether a state lets facts be listed, and when a later one
// will not; zero: never.
func (w *tokenWriter) goodUntil(state State, next time.Time) (time.Time, bool) {
	good := false
	for state == StateActive || state == StateGrace {
		if good = true; next.IsZero() {
			return next, true
		}
		at := next
		if state, next = w.q.d.stateFrom(&w.q.who.member, w.q.who.affiliations, at); state != StateActive && state != StateGrace {
			return at, true
		}
	}
	return time.Time{}, good
}

// date writes an instant's day; nothing for the zero one.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// lasts tells whether what ends then may be listed at all.
func (w *tokenWriter) lasts(end time.Time) bool { return endsAfter(end, w.at.Add(tooShort)) }

// list adds a group that ends then.
func (w *tokenWriter) list(group string, end time.Time) {
	if other, ok := w.f.Rename[group]; ok {
		group = other
	}
	w.t.Groups = append(w.t.Groups, group)
	w.t.Ends = Earlier(w.t.Ends, end)
}

func (w *tokenWriter) tags() {
	for i := range w.q.who.tags {
		slug := w.q.who.tags[i].what
		tag, ok := Get[Tag](w.q.d, string(slug))
		if !ok || !tag.InClaims || !seen(w.f.Tags, slug) || slices.Contains(w.t.Tags, slug) {
			continue
		}
		s := Subject{Kind: SubjectTag, ID: string(slug)}
		if end, held := w.q.holds(&s, w.at); held && w.lasts(end) {
			w.t.Tags = append(w.t.Tags, slug)
			w.list("tag."+string(slug), end)
		}
	}
}

func (w *tokenWriter) badges() {
	for i := range w.q.who.badges {
		a := &w.q.who.badges[i]
		badge, ok := Get[Badge](w.q.d, string(a.what))
		if !ok || !badge.InClaims || !seen(w.f.Badges, a.what) || !Live(a.from, a.to, w.at) ||
			slices.ContainsFunc(w.t.Badges, func(h HeldBadge) bool { return h.ID == a.what }) {
			continue
		}
		end, _ := w.q.holdsBadge(a.what, w.at)
		if !w.lasts(end) {
			continue
		}
		w.t.Badges = append(w.t.Badges, HeldBadge{ID: a.what, On: unix(a.from), Exp: unix(end)})
		w.list("badge."+string(a.what), end)
	}
}

// unix writes an instant in seconds since 1970; 0 for the zero one.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func (w *tokenWriter) affiliations() {
	for i := range w.q.who.scopes {
		a := &w.q.who.scopes[i]
		o, ok := w.q.d.objects.get(a.what)
		if !ok || !w.seesObject(o) || !Live(a.from, a.to, w.at) {
			continue
		}
		end := w.q.who.affiliatedUntil(a, w.at)
		above := w.q.d.KindsAbove(o.Type, a.kind)
		again := slices.ContainsFunc(w.t.Affiliations, func(h HeldKind) bool { return h.ID == a.what && h.Kind == a.kind })
		if !w.lasts(end) || len(above) == 0 || again {
			continue
		}
		w.t.Affiliations = append(w.t.Affiliations, HeldKind{Type: o.Type, ID: o.Slug, Kind: a.kind, Implies: above[1:]})
		w.t.Ends = Earlier(w.t.Ends, end)
		for _, kind := range above {
			if kind != RootKind {
				w.list(string(o.Type)+"."+string(o.Slug)+"."+string(kind), end)
			}
		}
	}
}

// affiliatedUntil is the latest end among a member's affiliations that are
// live at t and of the same kind in the same object as a.
func (p *person) affiliatedUntil(a *mark, t time.Time) time.Time {
	end := a.to
	for i := range p.scopes {
		b := &p.scopes[i]
		if b.what == a.what && b.kind == a.kind && Live(b.from, b.to, t) && outlasts(b.to, end) {
			end = b.to
		}
	}
	return end
}

// seesObject tells whether the filter shows affiliations in an object.
func (w *tokenWriter) seesObject(o *Object) bool {
	if slices.Contains(w.f.Objects, o.Slug) || slices.Contains(w.f.Objects, Every) {
		return true
	}
	return slices.ContainsFunc(w.f.Types, func(t Slug) bool { return t == Every || w.q.d.extends(o.Type, t) })
}

// seen tells whether a filter's list shows a name.
func seen(list []Slug, name Slug) bool {
	return slices.Contains(list, name) || slices.Contains(list, Every)
}

// finish puts everything in order and holds the groups to their cap.
func (w *tokenWriter) finish() {
	t := &w.t
	slices.Sort(t.Groups)
	t.Groups = slices.Compact(t.Groups)
	limit := w.f.Cap
	if limit <= 0 {
		limit = maxGroups
	}
	if len(t.Groups) > limit {
		t.Groups, t.Overage = []string{}, true
	}
	slices.Sort(t.Tags)
	slices.SortFunc(t.Badges, func(a, b HeldBadge) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(t.Affiliations, func(a, b HeldKind) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Kind, b.Kind))
	})
	if !t.Ends.IsZero() {
		t.Ends = t.Ends.UTC()
	}
}
