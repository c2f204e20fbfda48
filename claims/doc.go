// Package claims is the vocabulary and the rules of Lanyard: members, tags,
// badges, scoped affiliations, locations, rights, and the one decision that
// every front asks for.
//
// It is pure. It reads no clock, opens no socket, draws no random number and
// keeps no variable that changes: whoever calls it brings the instant, the
// identifiers and the facts. The fronts (idp/* over HTTP, radius over UDP)
// ask Decide; whoever changes a fact asks Plan and hands the outcome to the
// store; both read a Directory, an immutable picture of the organisation.
//
// What it leaves to others: where facts are kept (idp/store), how a person
// proves who they are (idp/login), what a refusal looks like on the wire (each
// front's table of faults).
package claims
