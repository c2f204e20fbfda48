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
	State   State  `json:"state"`
	Since   string `json:"since,omitempty"`   // a date
	Until   string `json:"until,omitempty"`   // a date: the lapse
	Periods []Slug `json:"periods,omitempty"` // the current ones
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
	if !p.known || p.erased {
		return Token{}, fmt.Errorf("member %s: %w", m, ErrNotFound)
	}
	w := tokenWriter{q: inquiry{d: d, who: p}, f: &f, at: startOf(at), ends: never,
		t: Token{Groups: make([]string, 0, len(p.tags())+len(p.badges())+2*len(p.scopes())+1), Tags: make([]Slug, 0, len(p.tags())),
			Badges: make([]HeldBadge, 0, len(p.badges())), Affiliations: make([]HeldKind, 0, len(p.scopes()))}}
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
	q    inquiry
	f    *ClaimFilter
	at   tick
	ends tick // the earliest end of anything listed
	t    Token
}

// membership writes the membership claim, if the filter lets it be seen, and
// tells whether the member's facts may be listed.
func (w *tokenWriter) membership() bool {
	p := w.q.who
	code, next := w.q.d.stateFrom(p, w.at)
	if p.barred {
		code, next = codeSuspended, never // no more is anybody's business
	}
	lapse, good := w.goodUntil(code, next)
	if w.f.Member {
		state := p.stateOf(code)
		w.t.Membership = &Membership{State: state, Since: date(p.member.since.time()), Until: date(lapse.time()), Periods: w.q.d.current}
		if w.lasts(next) {
			s := source{from: fromMember, name: Slug(state)}
			w.list(s.own(), s, next)
		}
	}
	if good && w.lasts(lapse) {
		w.ends = min(w.ends, lapse)
		return true
	}
	return false
}

// goodUntil tells whether a state lets facts be listed, and when a later one
// will not.
func (w *tokenWriter) goodUntil(state stateCode, next tick) (tick, bool) {
	good := false
	for state.set()&memberStates != 0 {
		if good = true; next == never {
			return never, true
		}
		at := next
		if state, next = w.q.d.stateFrom(w.q.who, at); state.set()&memberStates == 0 {
			return at, true
		}
	}
	return never, good
}

// date writes an instant's day; nothing for the zero one.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// lasts tells whether what ends then may be listed at all.
func (w *tokenWriter) lasts(end tick) bool { return end > w.at+tick(tooShort/time.Microsecond) }

// list adds the group of a source that ends then; group is the source's own
// name for it.
func (w *tokenWriter) list(group string, s source, end tick) {
	if other, ok := w.f.Rename[group]; ok {
		group = other
	} else if w.f.Names != nil {
		group = w.f.Names.call(s, group)
	}
	w.t.Groups = append(w.t.Groups, group)
	w.ends = min(w.ends, end)
}

func (w *tokenWriter) tags() {
	for i := range w.q.who.tags() {
		name := w.q.who.tags()[i].what
		if name == 0 {
			continue
		}
		word := w.q.d.word(name)
		slug := Slug(word.text)
		if word.tag == "" || !seen(w.f.Tags, slug) || slices.Contains(w.t.Tags, slug) {
			continue
		}
		if end, held := w.q.hasTag(name, w.at); held && w.lasts(end) {
			w.t.Tags = append(w.t.Tags, slug)
			w.list(word.tag, source{from: fromTag, name: slug}, end)
		}
	}
}

func (w *tokenWriter) badges() {
	for i := range w.q.who.badges() {
		a := &w.q.who.badges()[i]
		if a.what == 0 {
			continue
		}
		word := w.q.d.word(a.what)
		slug := Slug(word.text)
		if word.badge == "" || !seen(w.f.Badges, slug) || !live(a.from, a.to, w.at) ||
			slices.ContainsFunc(w.t.Badges, func(h HeldBadge) bool { return h.ID == slug }) {
			continue
		}
		end, _ := w.q.holdsBadge(a.what, w.at)
		if !w.lasts(end) {
			continue
		}
		w.t.Badges = append(w.t.Badges, HeldBadge{ID: slug, On: unix(a.from), Exp: unix(end)})
		w.list(word.badge, source{from: fromBadge, name: slug}, end)
	}
}

// unix writes an instant in seconds since 1970; 0 for always and never.
func unix(t tick) int64 {
	if t == always || t == never {
		return 0
	}
	return t.time().Unix()
}

func (w *tokenWriter) affiliations() {
	for i := range w.q.who.scopes() {
		a := &w.q.who.scopes()[i]
		o := w.q.d.object(a.what)
		if o == nil || !w.seesObject(o) || !live(a.from, a.to, w.at) {
			continue
		}
		end := w.q.who.affiliatedUntil(a, w.at)
		typ, kind := Slug(w.q.d.spelled(o.typ)), Slug(w.q.d.spelled(a.kind))
		above := w.q.d.lineage[kindSym{o.typ, a.kind}].names
		again := slices.ContainsFunc(w.t.Affiliations, func(h HeldKind) bool { return h.ID == o.slug && h.Kind == kind })
		if !w.lasts(end) || len(above) == 0 || again {
			continue
		}
		w.t.Affiliations = append(w.t.Affiliations, HeldKind{Type: typ, ID: o.slug, Kind: kind, Implies: above[1:]})
		w.ends = min(w.ends, end)
		for _, kind := range above {
			if kind != RootKind {
				s := source{fromAffiliation, typ, o.slug, kind}
				w.list(s.own(), s, end)
			}
		}
	}
}

// affiliatedUntil is the latest end among a member's affiliations that are
// live at t and of the same kind in the same object as a.
func (p *person) affiliatedUntil(a *mark, t tick) tick {
	end := a.to
	for i := range p.scopes() {
		b := &p.scopes()[i]
		if b.what == a.what && b.kind == a.kind && live(b.from, b.to, t) {
			end = max(end, b.to)
		}
	}
	return end
}

// seesObject tells whether the filter shows affiliations in an object.
func (w *tokenWriter) seesObject(o *objectForm) bool {
	if slices.Contains(w.f.Objects, o.slug) || slices.Contains(w.f.Objects, Every) {
		return true
	}
	return slices.ContainsFunc(w.f.Types, func(t Slug) bool {
		want, known := w.q.d.sym(string(t))
		return t == Every || known && w.q.d.extends(o.typ, want)
	})
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
	t.Ends = w.ends.time()
}
