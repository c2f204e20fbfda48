// Package portal is a member's own page: where they stand, what they hold,
// which doors, machines and networks are open to them and what is missing for
// the others, where they are signed in, which applications know them; and
// what they can do about it: end, revoke, make a WiFi pass or a door pass.
//
// Everything is asked and done with the member of the session that came with
// the request (R43): what a form names is looked for among that member's own
// things, and is not found elsewhere. Who is signed in is found by login;
// facts are changed by claims.Plan, behind the store.
package portal
