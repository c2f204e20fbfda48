package apps

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"time"

	"lanyard/claims"
	"lanyard/idp/web"
)

// POST /apps/v1/{application}/who-can: who may do this here, between two
// instants, and exactly when.
//
//   - members by their sub; what they are called only for a client that is
//     registered for the scope profile
//   - in pages, in the order of subs; each page is as of its own moment

const (
	membersMost = 1000           // members on a page
	spanUsual   = 24 * time.Hour // between from and to, if to is left out
)

// WhoCanAsk is the question.
type WhoCanAsk struct {
	Right    string `json:"right"`
	Location string `json:"location"`
	From     string `json:"from,omitempty"` // RFC 3339; default: now
	To       string `json:"to,omitempty"`   // default: a day after from; at most 366
	After    string `json:"after,omitempty"`
	Limit    int    `json:"limit,omitempty"`
}

// WhoCan is a page of those who may.
type WhoCan struct {
	Members []Allowed `json:"members"`
	Next    string    `json:"next,omitempty"` // where the next page goes on (after); empty: this was the last
}

// Allowed is a member and when they may.
type Allowed struct {
	Sub       string            `json:"sub"`
	Username  string            `json:"preferred_username,omitempty"`
	Name      string            `json:"name,omitempty"`
	Intervals []claims.Interval `json:"intervals"`
}

// PostWhoCan answers who may.
func (a *Apps) PostWhoCan(w http.ResponseWriter, r *http.Request) {
	who, err := a.caller(r)
	if err == nil {
		err = a.lists.Take(string(who.client.ID), a.cfg.Now())
	}
	var q WhoCanAsk
	if err == nil {
		err = web.ReadJSON(r, MaxAsk, &q)
	}
	var out WhoCan
	if err == nil {
		out, err = who.whoCan(q, a.cfg.Now())
	}
	reply(w, r, out, err)
}

func (who caller) whoCan(q WhoCanAsk, now time.Time) (WhoCan, error) {
	if q.Limit == 0 {
		q.Limit = membersMost
	}
	if q.Limit < 1 || q.Limit > membersMost {
		return WhoCan{}, at("limit", &claims.Invalid{Problem: fmt.Sprintf("must be a number from 1 to %d", membersMost)})
	}
	ask, to, err := who.span(q, now)
	if err != nil {
		return WhoCan{}, err
	}
	list, err := claims.WhoCan(who.dir, ask, to)
	if err != nil {
		return WhoCan{}, err
	}
	all := make([]Allowed, 0, len(list))
	for _, x := range list {
		m, _ := claims.Get[claims.Member](who.dir, string(x.Member))
		one := Allowed{Sub: who.sub(m), Intervals: x.Intervals}
		if who.namesShown() {
			one.Username, one.Name = m.Username, m.Name
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Allowed) int { return cmp.Compare(a.Sub, b.Sub) })
	from := sort.Search(len(all), func(i int) bool { return all[i].Sub > q.After })
	out := WhoCan{Members: all[from:]}
	if len(out.Members) > q.Limit {
		out.Members = out.Members[:q.Limit]
		out.Next = out.Members[q.Limit-1].Sub
	}
	return out, nil
}

// span reads what is asked about, from when and up to when.
func (who caller) span(q WhoCanAsk, now time.Time) (claims.Ask, time.Time, error) {
	none := claims.Ask{}
	right, err := slug(q.Right)
	if err != nil {
		return none, now, at("right", err)
	}
	path, err := who.path(q.Location)
	if err != nil {
		return none, now, at("location", err)
	}
	from, err := instant(q.From)
	if err != nil {
		return none, now, at("from", err)
	}
	to, err := instant(q.To)
	if err != nil {
		return none, now, at("to", err)
	}
	if from.IsZero() {
		from = now
	}
	if to.IsZero() {
		to = from.Add(spanUsual)
	}
	return claims.Ask{Right: right, Path: path, At: from}, to, nil
}
