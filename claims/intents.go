package claims

import "time"

// Define puts a definition in place, whole: a Settings, Tag, Badge,
// Requirement, VLE, Course, ObjectType, Kind, Object, Override, Application,
// Location, Right, Role, Client, Device, AccessPoint or Network. Defining what is there already, the
// same, plans nothing; so a declarative file can be applied again and again.
//
// An Application brings its root with it: Root names the LocationID, and the
// location must be defined in the same plan before it or exist. The rights of
// every root and their grants to the administrators come with it, and manage
// there for the client that owns it. An ObjectType that extends none brings
// its root kind. A Client brings its place (ClientPlace), at first with a
// grant of login to state:active, unless it is a device; its Owner and
// Registration are Plan's to keep.
//
// Where a definition keeps its end (Retired, Archived, Removed, Disabled) it
// is taken as written, never from the future: zero brings it back.
type Define struct{ Fact Fact }

// Remove ends a definition: it archives, retires, disables or removes what
// Key names, whichever word that entity has. Removing what has ended plans
// nothing.
type Remove struct {
	Key    Key
	Reason string
}

// AddMember opens an account. Member.ID and Sub come with it; a State left out
// is pending.
type AddMember struct{ Member Member }

// EditMember changes the profile and the username of a member; every other
// field of Member is left as it stands.
type EditMember struct{ Member Member }

// EditProfile puts what a member tells of themself, whole; Profile.Updated is
// Plan's to set.
type EditProfile struct{ Profile Profile }

// AddNote keeps a note about a member. Of Note, ID, Member and Text are read.
type AddNote struct{ Note Note }

// RemoveNote takes a note away.
type RemoveNote struct{ Note ID }

// AskFor has a member ask for something that is open to be asked for. Of
// Request, ID, Member, Thing and Text are read.
type AskFor struct{ Request Request }

// AnswerRequest approves or refuses a request; approving gives what was asked
// for, as a new fact with the id Gift, until Ends (zero: as long as it lasts).
type AnswerRequest struct {
	Request ID
	Outcome RequestOutcome // RequestApproved or RequestRefused
	Answer  string
	Gift    ID
	Ends    time.Time
}

// WithdrawRequest takes a member's own request back.
type WithdrawRequest struct{ Request ID }

// SetState sets the stored state.
type SetState struct {
	Member MemberID
	State  State
	By     string // billing, admin, import
}

// SetPaid sets until when a member has paid. It never touches the state (invariant 5).
type SetPaid struct {
	Member     MemberID
	PaidUntil  time.Time
	GraceUntil time.Time
}

// Bar shuts a member out of everything, whatever they paid; Unbar lets them back.
type Bar struct {
	Member MemberID
	Reason string
}

// Unbar undoes Bar.
type Unbar struct{ Member MemberID }

// Erase empties a member's row for good and ends what they hold; Sub and the
// id stay, and the usernames stay taken. Reason is one of ErasureReasons. Of
// one who is erased already it plans nothing.
type Erase struct {
	Member MemberID
	Reason string
}

// GiveAward gives a badge. Of Award, ID, Badge, Member, On, Expires,
// Evidence and Method are read; a zero On is now, a zero Expires is the
// badge's ValidFor from On. What the badge asks for must be met as far as it is
// not the giver's to judge (an *Unmet says what is not); an open request for a
// sign-off is answered by it.
type GiveAward struct{ Award Award }

// RevokeAward ends every live award of Badge that Member holds.
type RevokeAward struct {
	Badge  Slug
	Member MemberID
	Reason string
}

// Assign puts a tag on something. Of Assignment, ID, Tag, Target, TargetID,
// Starts and Expires are read.
type Assign struct{ Assignment Assignment }

// Unassign takes a tag off.
type Unassign struct {
	Tag      Slug
	Target   Target
	TargetID string
}

// Affiliate gives a member a kind in an object. Of Affiliation, ID, Member,
// Object, Kind, Title, Starts and Ends are read.
type Affiliate struct{ Affiliation Affiliation }

// EndAffiliation ends every live affiliation of Member with (Object, Kind).
type EndAffiliation struct {
	Member MemberID
	Object Slug
	Kind   Slug
}

// AddGrant adds a grant or deny. One that is there already, live and alike
// but for its ID, plans nothing.
type AddGrant struct{ Grant Grant }

// AddGate adds a gate. One that is there already, alike but for its ID, plans
// nothing.
type AddGate struct{ Gate Gate }

// Waive lets a member past a gate until Waiver.Expires. One that is covered by
// a live waiver plans nothing.
type Waive struct{ Waiver Waiver }

// Lock starts a lockdown, now. One that is on at that place with the same
// exempt plans nothing. Lift ends it.
type Lock struct{ Lockdown Lockdown }

// Lift ends a lockdown.
type Lift struct{ Lockdown ID }

// BindCredential gives a member a card. A card (by Lookup) that is live for
// somebody else is ErrConflict; one that is live for this member plans nothing.
type BindCredential struct{ Credential Credential }

// SetCredential reports a card lost or revokes it, or makes a found one active.
type SetCredential struct {
	Credential ID
	Status     CredentialStatus
}

// IssuePass gives a member a WiFi pass; RevokePass ends it.
type IssuePass struct{ Pass WiFiPass }

// RevokePass ends a WiFi pass.
type RevokePass struct{ Pass ID }
