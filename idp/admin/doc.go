// Package admin is the organisation at a glance, for whoever holds the right
// manage at /admin: members, devices, networks, who came by, what changed. It
// reads only; changes are made with the command line.
//
// The right is asked at each request, of claims.Decide; no menu or name of a
// role stands in for it (R43, R47).
package admin
