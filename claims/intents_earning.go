package claims

// LinkIdentity says who a member is in a VLE. Of Identity, VLE, Member and
// External are read; another user there that the member was is forgotten. A
// user who is somebody else already is ErrConflict.
type LinkIdentity struct{ Identity Identity }

// UnlinkIdentity undoes LinkIdentity.
type UnlinkIdentity struct {
	VLE    Slug
	Member MemberID
}

// RecordResult records that a member has met a requirement. Of Result, ID,
// Member, Badge, Requirement, At, Expires, Source and Reference are read; a
// zero At is now; a sign-off without Expires lasts as long as the badge does.
// One that says no more than what is recorded already plans nothing.
//
// What follows comes in the same plan: the badge, if its mode is auto and
// nothing else is lacking; a request for the sign-off, if its mode is signoff
// and that is all that lacks; and likewise for badges that ask for that badge.
type RecordResult struct{ Result Result }

// Earn gives a badge whose requirements are all met, perhaps by the passing of
// time alone. The rule gives it, so members may ask it for themselves. ID names
// the award. A badge that is held for as long already plans nothing.
type Earn struct {
	ID     ID
	Member MemberID
	Badge  Slug
}

// RequestSignoff asks for a sign-off: a member for themselves, or whoever may
// award the badge. Of Request, ID, Member and Badge are read. While one is
// open, another plans nothing.
type RequestSignoff struct{ Request SignoffRequest }

// AnswerSignoff approves or refuses an open request. Approval gives the
// badge, with Reason as its evidence; a refusal needs a Reason.
type AnswerSignoff struct {
	Request ID
	Outcome SignoffOutcome
	Reason  string
}
