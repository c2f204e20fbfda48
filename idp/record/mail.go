package record

import (
	"time"

	"lanyard/claims"
)

// MailKind is what a letter is about.
type MailKind string

// The kinds of letters. All but the last tell a member what happened to their
// account.
const (
	MailNewBrowser      MailKind = "new_browser"      // a sign-in from a browser not seen before
	MailPasswordChanged MailKind = "password_changed" // by whoever knew the one before
	MailPasswordSet     MailKind = "password_set"     // by a one-time link
	MailAppSetUp        MailKind = "app_set_up"
	MailAppEnded        MailKind = "app_ended"
	MailPasskeyAdded    MailKind = "passkey_added"
	MailPasskeyEnded    MailKind = "passkey_ended"
	MailRecoveryMade    MailKind = "recovery_made"
	MailRecoveryUsed    MailKind = "recovery_used"
	MailFactorsEnded    MailKind = "factors_ended"   // by the operator
	MailSignedOut       MailKind = "signed_out"      // by the operator
	MailWayBack         MailKind = "way_back"        // the desk made a link
	MailCameBack        MailKind = "came_back"       // by that link
	MailAddressChanged  MailKind = "address_changed" // to the address before
	MailPasswordLink    MailKind = "password_link"   // brings a one-time link to set a password
	MailForgotLink      MailKind = "forgot_link"     // the same, asked for at the sign-in page
)

// Mail is a letter to a member, and what came of it.
type Mail struct {
	ID       string
	Kind     MailKind
	Member   claims.MemberID
	Address  string // where it goes
	Sealed   string // what else it says, sealed with table mail_message, row ID, column sealed; empty once it is Done
	Created  time.Time
	Due      time.Time // when it is tried next
	Attempts int
	Done     time.Time // zero: not yet
	Outcome  string    // OutcomeDelivered and the like; empty while it waits
	Answer   string    // to the last attempt, in a few words
}

// Notice is something a member is to be told by mail.
type Notice struct {
	Kind    MailKind
	Member  claims.MemberID
	At      time.Time
	Address string // whence it was done, on the network; empty: by an operator
	Browser string // with what: "Firefox on Linux"
}
