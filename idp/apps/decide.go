package apps

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// POST /apps/v1/{application}/decide: may this member do this here? One ask,
// or a list of at most MaxAsks. POST …/rights: what may this member do here?
//
//   - only at the application's root and below
//   - a refusal is an answer (200), a fault a problem: no such member or
//     place is an answer too
//   - the server's clock decides
//   - what is missing and how to earn it, as the member would read it; of
//     badges that end soon, those the claim filter shows

// The most of what is asked at once.
const (
	MaxAsks = 100
	MaxAsk  = 64 << 10 // octets
)

// Ask is one question.
type Ask struct {
	Member   string `json:"member"` // sub or id; username for a client with the scope profile
	Right    string `json:"right"`
	Location string `json:"location"`
	ACR      int    `json:"acr,omitempty"` // how strongly the member signed in to the application
}

// Asks is one question, or several in its place.
type Asks struct {
	Member   string `json:"member,omitempty"`
	Right    string `json:"right,omitempty"`
	Location string `json:"location,omitempty"`
	ACR      int    `json:"acr,omitempty"`
	Asks     []Ask  `json:"asks,omitempty"`
}

// Answer is what an application is told of a decision.
type Answer struct {
	Allow       bool            `json:"allow"`
	Reason      claims.Reason   `json:"reason"`
	Until       time.Time       `json:"until,omitzero"`    // an allow is sure until then; absent: no end
	RetryAt     time.Time       `json:"retry_at,omitzero"` // a refusal becomes an allow then, if nothing changes
	AskAgain    time.Time       `json:"ask_again,omitzero"`
	Location    claims.Path     `json:"location,omitempty"` // the stored one that was used
	Missing     [][]claims.Slug `json:"missing,omitempty"`  // one badge of each list is enough
	Explanation []string        `json:"explanation"`
	Warnings    []Warning       `json:"warnings,omitempty"`
}

// Warning is a badge the answer leans on that ends within 30 days.
type Warning struct {
	Badge claims.Slug `json:"badge"`
	Ends  time.Time   `json:"ends"`
}

// Answers is what several asks come to, in their order.
type Answers struct {
	Decisions []Answer `json:"decisions"`
}

// PostDecide answers one ask or several.
func (a *Apps) PostDecide(w http.ResponseWriter, r *http.Request) {
	who, err := a.caller(r)
	var q Asks
	if err == nil {
		err = web.ReadJSON(r, MaxAsk, &q)
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	now := a.cfg.Now()
	one := Ask{q.Member, q.Right, q.Location, q.ACR}
	if q.Asks == nil {
		answer, err := who.decide("", one, now)
		reply(w, r, answer, err)
		return
	}
	all, err := who.decideAll(one, q.Asks, now)
	reply(w, r, all, err)
}

func (who caller) decideAll(one Ask, asks []Ask, now time.Time) (Answers, error) {
	if one != (Ask{}) {
		return Answers{}, at("asks", &claims.Invalid{Problem: "is given beside an ask of its own"})
	}
	if len(asks) == 0 || len(asks) > MaxAsks {
		return Answers{}, at("asks", &claims.Invalid{Problem: fmt.Sprintf("must hold 1 to %d asks", MaxAsks)})
	}
	all := Answers{make([]Answer, len(asks))}
	for i, q := range asks {
		var err error
		if all.Decisions[i], err = who.decide(fmt.Sprintf("asks[%d].", i), q, now); err != nil {
			return Answers{}, err
		}
	}
	return all, nil
}

// reply sends an answer, or the problem that there is none.
func reply(w http.ResponseWriter, r *http.Request, answer any, err error) {
	if err != nil {
		fail(w, r, err)
		return
	}
	web.JSON(w, http.StatusOK, answer)
}

// decide answers one ask; in is where it stands in the request.
func (who caller) decide(in string, q Ask, now time.Time) (Answer, error) {
	ask, err := who.ask(in, q, now)
	if err != nil {
		return Answer{}, err
	}
	if ask.Right, err = slug(q.Right); err != nil {
		return Answer{}, at(in+"right", err)
	}
	dec, err := claims.Decide(who.dir, ask)
	if err != nil {
		return Answer{}, err
	}
	return who.answer(dec), nil
}

// ask reads who, where and when.
func (who caller) ask(in string, q Ask, now time.Time) (claims.Ask, error) {
	m, err := who.member(q.Member)
	if err != nil {
		return claims.Ask{}, at(in+"member", err)
	}
	path, err := who.path(q.Location)
	if err != nil {
		return claims.Ask{}, at(in+"location", err)
	}
	if q.ACR < 0 {
		return claims.Ask{}, at(in+"acr", &claims.Invalid{Problem: "is negative; 0 is none"})
	}
	return claims.Ask{Member: m, Path: path, At: now, ACR: q.ACR}, nil
}

// answer is a decision as the member could be told of it.
func (who caller) answer(dec claims.Decision) Answer {
	dec.Warnings = slices.DeleteFunc(slices.Clone(dec.Warnings), func(w claims.Warning) bool { return !who.seesBadge(w.Badge) })
	dec.Missing = who.blind(dec.Missing)
	a := Answer{
		Allow: dec.Allow, Reason: dec.Reason, Until: dec.Until, RetryAt: dec.RetryAt, AskAgain: dec.NoCache,
		Location: who.dir.PathOf(dec.Place), Explanation: claims.Explain(who.dir, dec),
	}
	for _, m := range dec.Missing {
		any := make([]claims.Slug, len(m.AnyOf))
		for i, b := range m.AnyOf {
			any[i] = b.Slug
		}
		a.Missing = append(a.Missing, any)
	}
	for _, w := range dec.Warnings {
		a.Warnings = append(a.Warnings, Warning{w.Badge, w.Ends.UTC()})
	}
	return a
}

func (who caller) seesBadge(badge claims.Slug) bool {
	return who.client.Filter.Shows(who.dir, claims.Subject{Kind: claims.SubjectBadge, ID: string(badge)})
}

// blind returns what is missing without how far the member has come with
// badges that the caller does not see.
func (who caller) blind(all []claims.Missing) []claims.Missing {
	all = slices.Clone(all)
	for i := range all {
		all[i].AnyOf = slices.Clone(all[i].AnyOf)
		for j, b := range all[i].AnyOf {
			if !who.seesBadge(b.Slug) {
				all[i].AnyOf[j] = claims.MissingBadge{Slug: b.Slug, Name: b.Name, Earn: b.Earn, EarnURL: b.EarnURL}
			}
		}
	}
	return all
}

// RightsAsk is the question what a member may do somewhere.
type RightsAsk struct {
	Member   string `json:"member"`
	Location string `json:"location"`
	ACR      int    `json:"acr,omitempty"`
}

// Rights is what a menu is made of.
type Rights struct {
	Location claims.Path   `json:"location"`
	Rights   []claims.Held `json:"rights"`
}

// PostRights answers what a member may do somewhere.
func (a *Apps) PostRights(w http.ResponseWriter, r *http.Request) {
	who, err := a.caller(r)
	var q RightsAsk
	if err == nil {
		err = web.ReadJSON(r, MaxAsk, &q)
	}
	var out Rights
	if err == nil {
		out, err = who.rights(q, a.cfg.Now())
	}
	reply(w, r, out, err)
}

func (who caller) rights(q RightsAsk, now time.Time) (Rights, error) {
	ask, err := who.ask("", Ask{Member: q.Member, Location: q.Location, ACR: q.ACR}, now)
	if err != nil {
		return Rights{}, err
	}
	held, err := claims.RightsOf(who.dir, ask)
	if err != nil {
		return Rights{}, at("location", err)
	}
	if held == nil {
		held = []claims.Held{}
	}
	return Rights{ask.Path, held}, nil
}
