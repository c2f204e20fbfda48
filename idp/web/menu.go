package web

import (
	"time"

	"lanyard/claims"
)

// Entry is a page that a menu may lead to.
type Entry struct {
	Text  string
	Path  string
	Right claims.Slug // what it takes to be led there; empty: nothing
	Place claims.Path

	Others bool // it takes seeing members beside oneself
	Apps   bool // it takes seeing applications, or adding one
}

// Pages is every page that menus lead to, in their order. That an entry is
// left out of a menu is no check: each page asks for itself.
var Pages = []Entry{
	{Text: "Your page", Path: "/"},
	{Text: "Badges", Path: "/badges"},
	{Text: "Requests", Path: "/requests"},
	{Text: "Members", Path: "/admin/members", Others: true},
	{Text: "Applications", Path: "/admin/apps", Apps: true},
	{Text: "Administration", Path: "/admin", Right: "manage", Place: "/admin"},
}

// Menu returns the pages a member may go to now (R50).
func Menu(d *claims.Directory, m claims.MemberID, acr int, now time.Time) []Entry {
	var menu []Entry
	see := claims.See(d, claims.Actor{Kind: claims.ActorMember, ID: string(m), ACR: acr}, now)
	for _, e := range Pages {
		if e.Others && !see.SeesOthers() || e.Apps && !see.SeesClients() {
			continue
		}
		if e.Right != "" {
			dec, err := claims.Decide(d, claims.Ask{Member: m, Right: e.Right, Path: e.Place, At: now, ACR: acr})
			if err != nil || !dec.Allow {
				continue
			}
		}
		menu = append(menu, e)
	}
	return menu
}
