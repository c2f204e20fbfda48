package record

import (
	"time"

	"lanyard/claims"
)

// Told is what a client that wants to hear of sign-outs was told of a member
// in one browser session. It is there until the client was told that the
// session has ended, or for three months after the last token.
type Told struct {
	Session string // Session.ID: when it ends, so does this
	Client  claims.ClientID
	Named   string // the Session.ID that the client's ID tokens name: Session, until another took its place
	Member  claims.MemberID
	ACR     int    // the session's
	Digest  string // of the claims that were given since the sign-in there; idp/oauth reads it
	At      time.Time
}

// Loss is why a client is to be told that what it was told no longer holds.
type Loss struct {
	Told   Told
	Reason string // as Message.Reason
	Revoke bool   // the member may not log in there: what the client got in the session ends too
}

// Message is something to be said to others, and what came of it. It is
// written in the transaction of what it tells of, and said until somebody
// took it or it is too late.
type Message struct {
	ID       string
	Kind     string          // MessageLogout, MessageMail
	To       claims.ClientID // who is told; of a letter, nobody
	Member   claims.MemberID // whom it is about
	Session  string          // Told.Named
	Reason   string          // "signed_out", "member_barred", "claim_lost", …
	Created  time.Time
	Due      time.Time // when it is said next
	Attempts int
	Done     time.Time // zero: not yet
	Outcome  string    // OutcomeDelivered and the like; empty while it waits
	Answer   string    // what was said to the last attempt, in a few words
}

// MessageLogout says that a sign-in is over (OpenID Connect Back-Channel Logout).
const MessageLogout = "logout"

// MessageMail is a Mail, as an outbox sees it. It is kept in a table of its own.
const MessageMail = "mail"

// What may come of a message.
const (
	OutcomeDelivered  = "delivered"
	OutcomeFailed     = "failed"     // the last attempt was in vain
	OutcomeDropped    = "dropped"    // nobody wants to hear of it any more
	OutcomeSuperseded = "superseded" // the client was told anew meanwhile
)
