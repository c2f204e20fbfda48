package web

import (
	"time"

	"lanyard/claims"
)

// StepPath is where somebody who is signed in proves themself with a second
// factor; ?return= says where to go then.
const StepPath = "/login/step"

// Entry is a page that a menu may lead to.
type Entry struct {
	Text  string
	Path  string
	Right claims.Slug // what it takes to be led there; empty: nothing
	Place claims.Path

	Others bool // it takes seeing members beside oneself
	Apps   bool // it takes seeing applications, or adding one

	Waits int // how many wait there for the member's answer
}

// Where somebody may wait for an answer.
const (
	pathBadges   = "/badges"
	pathRequests = "/requests"
)

// Pages is every page that menus lead to, in their order. That an entry is
// left out of a menu is no check: each page asks for itself.
var Pages = []Entry{
	{Text: "Your page", Path: "/"},
	{Text: "Badges", Path: pathBadges},
	{Text: "Requests", Path: pathRequests},
	{Text: "Members", Path: "/admin/members", Others: true},
	{Text: "Applications", Path: "/admin/apps", Apps: true},
	{Text: "Administration", Path: "/admin", Right: "manage", Place: "/admin"},
	{Text: "Signing in", Path: "/security"},
}

// Menu returns the pages a member may go to now (R50), and how many wait there
// for their answer.
func Menu(d *claims.Directory, m claims.MemberID, acr int, now time.Time) []Entry {
	var menu []Entry
	see := claims.See(d, claims.Actor{Kind: claims.ActorMember, ID: string(m), ACR: acr}, now)
	waits := map[string]int{pathBadges: see.SignoffsWaiting(), pathRequests: len(see.Queue())}
	for _, e := range Pages {
		if e.Others && !see.SeesOthers() || e.Apps && !see.SeesClients() {
			continue
		}
		if e.Right != "" {
			dec, err := claims.Decide(d, claims.Ask{Member: m, Right: e.Right, Path: e.Place, At: now, ACR: acr})
			if err != nil || !dec.Allow && dec.Reason != claims.ReasonStepUp { // which they are asked for there
				continue
			}
		}
		e.Waits = waits[e.Path]
		menu = append(menu, e)
	}
	return menu
}
