package claims

import (
	"cmp"
	"slices"
	"time"
)

// Cause is why a client is not told of a group. It is part of the API, never
// renamed.
type Cause string

// The causes, the one that is easiest to mend last: of several the first is
// given.
const (
	CauseUndefined   Cause = "undefined"     // the tag, badge or kind is not defined any more
	CauseNotInClaims Cause = "not_in_claims" // the tag or badge is not marked for claims
	CauseFilter      Cause = "filter"        // the client's claim filter does not show it
	CauseExpired     Cause = "expired"       // it has ended
	CauseNotBegun    Cause = "not_begun"     // it has yet to begin
	CauseStanding    Cause = "standing"      // the member is barred, or neither active nor in grace, or will be within a minute
	CauseEndsSoon    Cause = "ends_soon"     // it ends within a minute
	CauseCap         Cause = "cap"           // there are more groups than a token lists
	CauseScope       Cause = "scope"         // the client did not ask for groups, or may not
)

// Words says for people why a group is left out; "" if it is not.
func (c Cause) Words() string { return causeWords[c] }

var causeWords = map[Cause]string{
	CauseUndefined:   "it is not defined any more",
	CauseNotInClaims: "it is not marked for claims",
	CauseFilter:      "the claim filter does not show it",
	CauseExpired:     "it has ended",
	CauseNotBegun:    "it has not begun",
	CauseStanding:    "membership is not active",
	CauseEndsSoon:    "it ends within a minute",
	CauseCap:         "there are more groups than the cap",
	CauseScope:       "the scope groups is not asked for",
}

// GroupTold is one source of groups that a member has or had, and what a
// client is told of it.
type GroupTold struct {
	Source string    `json:"source"`             // its own name: tag.SLUG, badge.SLUG, TYPE.OBJECT.KIND, member.STATE
	Group  string    `json:"group"`              // what this client calls it
	Cause  Cause     `json:"left_out,omitempty"` // empty: it is told
	Ends   time.Time `json:"ends,omitzero"`      // when it ends, or ended
}

// ExplainGroups lists the groups that TokenClaims gives and, of all that a
// member has and had, those it leaves out and why, in order of their sources'
// names. It asks no scope.
func ExplainGroups(d *Directory, m MemberID, f ClaimFilter, at time.Time) ([]GroupTold, error) {
	tok, err := TokenClaims(d, m, f, at)
	if err != nil {
		return nil, err
	}
	x := explainer{w: tokenWriter{q: inquiry{d: d, who: d.of(m)}, f: &f, at: startOf(at), ends: never}, found: map[source]GroupTold{}}
	x.standing = x.w.membership()
	x.member()
	x.tags()
	x.badges()
	x.affiliations()
	list := make([]GroupTold, 0, len(x.found))
	for _, g := range x.found {
		if tok.Overage && g.Cause == "" {
			g.Cause = CauseCap
		}
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b GroupTold) int { return cmp.Compare(a.Source, b.Source) })
	return list, nil
}

type explainer struct {
	w        tokenWriter // to ask; it writes nothing that counts
	standing bool        // the member's facts may be listed
	found    map[source]GroupTold
}

// causes in the order in which one is preferred to another for one source.
var causes = []Cause{"", CauseEndsSoon, CauseStanding, CauseNotBegun, CauseExpired, CauseFilter, CauseNotInClaims, CauseUndefined}

// note takes in a source; of several facts that are one source the best counts.
func (x *explainer) note(s source, cause Cause, end tick) {
	old, there := x.found[s]
	if there && slices.Index(causes, old.Cause) <= slices.Index(causes, cause) {
		return
	}
	name, ok := x.w.f.Rename[s.own()]
	if !ok {
		name = x.w.f.Names.call(s, s.own())
	}
	x.found[s] = GroupTold{Source: s.own(), Group: name, Cause: cause, Ends: end.time()}
}

// judge returns why a fact that may be seen is left out, and its end.
func (x *explainer) judge(from, to, end tick) (Cause, tick) {
	switch {
	case to <= x.w.at:
		return CauseExpired, to
	case from > x.w.at:
		return CauseNotBegun, to
	case !x.standing:
		return CauseStanding, end
	case !x.w.lasts(end):
		return CauseEndsSoon, end
	}
	return "", end
}

func (x *explainer) member() {
	p := x.w.q.who
	code, next := x.w.q.d.stateFrom(p, x.w.at)
	if p.barred {
		code, next = codeSuspended, never
	}
	var cause Cause
	switch {
	case !x.w.f.Member:
		cause = CauseFilter
	case !x.w.lasts(next):
		cause = CauseEndsSoon
	}
	x.note(source{from: fromMember, name: Slug(p.stateOf(code))}, cause, next)
}

func (x *explainer) tags() {
	for _, m := range x.w.q.who.tags() {
		if m.what == 0 {
			continue // its tag or badge was never defined
		}
		slug := Slug(x.w.q.d.spelled(m.what))
		tag, ok := Get[Tag](x.w.q.d, string(slug))
		cause, end := hidden(ok, tag.InClaims, seen(x.w.f.Tags, slug)), m.to
		if cause == "" {
			latest, _ := x.w.q.hasTag(m.what, x.w.at)
			cause, end = x.judge(m.from, m.to, latest)
		}
		x.note(source{from: fromTag, name: slug}, cause, end)
	}
}

func (x *explainer) badges() {
	for _, m := range x.w.q.who.badges() {
		if m.what == 0 {
			continue // its tag or badge was never defined
		}
		slug := Slug(x.w.q.d.spelled(m.what))
		badge, ok := Get[Badge](x.w.q.d, string(slug))
		cause, end := hidden(ok, badge.InClaims, seen(x.w.f.Badges, slug)), m.to
		if cause == "" {
			latest, _ := x.w.q.holdsBadge(m.what, x.w.at)
			cause, end = x.judge(m.from, m.to, latest)
		}
		x.note(source{from: fromBadge, name: slug}, cause, end)
	}
}

// hidden returns why a tag or badge is in no token of this client's.
func hidden(defined, inClaims, shown bool) Cause {
	switch {
	case !defined:
		return CauseUndefined
	case !inClaims:
		return CauseNotInClaims
	case !shown:
		return CauseFilter
	}
	return ""
}

func (x *explainer) affiliations() {
	d, p := x.w.q.d, x.w.q.who
	marks := p.scopes()
	for i := range marks {
		m := &marks[i]
		o := d.object(m.what)
		if o == nil {
			continue // never defined: there is no type to name it by
		}
		typ, kind := Slug(d.spelled(o.typ)), Slug(d.spelled(m.kind))
		above := d.KindsAbove(typ, kind)
		if len(above) == 0 {
			x.note(source{fromAffiliation, typ, o.slug, kind}, CauseUndefined, m.to)
		}
		cause, end := CauseFilter, m.to
		if x.w.seesObject(o) {
			cause, end = x.judge(m.from, m.to, p.affiliatedUntil(m, x.w.at))
		}
		for _, kind := range above {
			if kind != RootKind {
				x.note(source{fromAffiliation, typ, o.slug, kind}, cause, end)
			}
		}
	}
}
