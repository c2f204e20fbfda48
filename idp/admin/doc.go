// Package admin is the pages of those who look after something: the members
// they may see, the applications they manage, and, for whoever holds the right
// manage at /admin, the organisation at a glance.
//
// Each page shows what claims.See hands out to its caller, and what it changes
// goes through claims.Plan, which holds who may. A right is asked at each
// request; no menu or name of a role stands in for it (R43, R47).
package admin
