package claims

import "time"

// Ask is one question: may this principal do this, here, then?
//
// At most one of Member, Client and System is set; with none of them the
// caller has no account (unless Credential names its holder).
type Ask struct {
	Member MemberID
	Client ClientID
	System bool // the program itself: holds only what grants to client:system give

	Right Slug
	Place LocationID // a stored location, or
	Path  Path       // a path, which may be unstored below an open location

	Who   Who       // instead of Member: looked up beforehand
	Where Where     // instead of Place and Path: likewise
	At    time.Time // required

	Credential string    // the ID of the credential used, or any text that names none: unknown_credential; empty: none was used
	Pass       *WiFiPass // a WiFi pass used as the credential; nil: none
	Device     DeviceID  // the device asked at; empty: none
	Supervisor MemberID  // a second person present; empty: none
	ACR        int       // how strong the sign-in was; 0: none
}

// Reason is why a decision is what it is: part of the API, never renamed.
type Reason string

// The reasons, in the order the steps of Decide give them. Those that name a
// credential's or a member's state are made of the prefix and the state, as
// credential_lost and member_suspended.
const (
	ReasonOK                Reason = "ok"
	ReasonUnknownLocation   Reason = "unknown_location"
	ReasonLocationArchived  Reason = "location_archived"
	ReasonRightNotDefined   Reason = "right_not_defined_here"
	ReasonUnknownCredential Reason = "unknown_credential"
	ReasonCredential        Reason = "credential_" // + status, or expired
	ReasonUnknownClient     Reason = "unknown_client"
	ReasonClientDisabled    Reason = "client_disabled"
	ReasonUnknownMember     Reason = "unknown_member"
	ReasonMemberBarred      Reason = "member_barred"
	ReasonMember            Reason = "member_" // + state
	ReasonMaintenance       Reason = "maintenance"
	ReasonLockdown          Reason = "lockdown"
	ReasonExplicitDeny      Reason = "explicit_deny"
	ReasonNoGrant           Reason = "no_grant"
	ReasonMissingBadge      Reason = "missing_badge"
	ReasonSupervisor        Reason = "supervisor_required"
	ReasonStepUp            Reason = "step_up_required"
)

// Decision is the answer to an Ask.
type Decision struct {
	Allow  bool
	Reason Reason
	// Until is when this decision stops being sure, in UTC: with no write,
	// every instant in [at, Until) allows. Zero means no end. Tokens expire
	// no later than Until; WiFi sends the rest of it as Session-Timeout.
	Until time.Time
	// Place is the stored location the answer is about; empty if there is none.
	Place LocationID
	// Deny is where the deny stands that refused, for ReasonExplicitDeny.
	Deny LocationID
	// Missing lists, per gate that is not met, what would meet it.
	Missing []Missing
	// RetryAt is the first instant after the Ask's at which the answer would
	// be allow with no write; zero if none is in sight.
	RetryAt time.Time
	// NoCache is when this answer must be asked again at the latest, for a
	// denial: min(at+5 s, next edge).
	NoCache time.Time
	// Member is who the decision is about, also when the credential told.
	Member MemberID
	// Warnings lists held badges the answer leaned on that end within 30 days.
	Warnings []Warning
}

// Missing is one gate that is not met.
type Missing struct {
	Gate  ID
	At    LocationID
	AnyOf []MissingBadge // in the gate's order; one of them is enough
}

// MissingBadge is a badge a member could earn.
type MissingBadge struct {
	Slug    Slug
	Name    string
	Earn    string // how, in words
	EarnURL string

	// Of what the badge asks for, by name, in the order to go through it. It
	// is for the member and for administrators, and never for a device.
	Done  []string // by this member
	Still []string // alternatives as one: "Moodle course or Canvas course"
	Asked bool     // the sign-off that it takes has been asked for
}

// Warning is a badge that will end soon.
type Warning struct {
	Badge Slug
	Ends  time.Time
}
