// Package login is how a person proves who they are to a browser's session,
// and what they are asked on the way: the sign-in page, the consent page, the
// sign-out page, and the two one-time links that make an account usable
// without a default password.
//
// The authorization endpoint sends a browser here and gets it back at the
// address it came from (Current then finds the session); the pages of portal
// and admin ask Current, too. Tokens, clients' rights and what a member may do
// are left to others.
//
// What it holds against an attacker:
//
//   - an unknown username, a wrong password and a member without one read the
//     same and cost the same: one query, one hash
//   - guesses are slowed per account and address, per address and per
//     account; a wait ends by itself, and no one is shut out by another's guesses for good
//   - hashing runs on a bounded number of workers with a bounded queue, so a
//     flood costs the flooded page and nothing else
//   - a session's cookie is made new at every sign-in and is stored only as its hash
//   - passkeys answer for this host and origin, once each, and count for two
//     factors only if their device knew who used it
//   - codes of an app and recovery codes work once each, and wrong ones are slowed
//   - how somebody signs in is changed only by who proved it lately, with all
//     they have
//   - one-time links are looked at without being used up, and used up before
//     anything is changed
//   - returns stay here; a post-logout address is one a client registered
package login
