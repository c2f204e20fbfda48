package claims

import "time"

// Entity names a kind of fact, as the change log and the audit write it.
type Entity string

// Every kind of fact that decisions or tokens lean on.
const (
	EntityMember      Entity = "member"
	EntityProfile     Entity = "profile"
	EntityTag         Entity = "tag"
	EntityAssignment  Entity = "tag_assignment"
	EntityBadge       Entity = "badge"
	EntityAward       Entity = "badge_award"
	EntityPeriod      Entity = "period"
	EntityRequirement Entity = "badge_requirement"
	EntityResult      Entity = "requirement_result"
	EntitySignoff     Entity = "signoff_request"
	EntityVLE         Entity = "vle"
	EntityCourse      Entity = "vle_course"
	EntityIdentity    Entity = "vle_identity"
	EntityType        Entity = "object_type"
	EntityKind        Entity = "affiliation_kind"
	EntityObject      Entity = "scope_object"
	EntityAffiliation Entity = "affiliation"
	EntityOverride    Entity = "kind_override"
	EntityApplication Entity = "application"
	EntityLocation    Entity = "location"
	EntityRight       Entity = "right"
	EntityRole        Entity = "role"
	EntityGrant       Entity = "grant"
	EntityGate        Entity = "gate"
	EntityWaiver      Entity = "waiver"
	EntityLockdown    Entity = "lockdown"
	EntityCredential  Entity = "credential"
	EntityDevice      Entity = "device"
	EntityClient      Entity = "client"
	EntityAccessPoint Entity = "access_point"
	EntityNetwork     Entity = "network"
	EntityWiFiPass    Entity = "wifi_pass"
	EntityOpening     Entity = "opening"
	EntityRequest     Entity = "request"
	EntityNote        Entity = "member_note"
	EntityAlias       Entity = "username_alias"
	EntitySettings    Entity = "settings"
	EntityDue         Entity = "due"
)

// Key names one fact.
type Key struct {
	Entity Entity `json:"entity"`
	ID     string `json:"id"`
}

// Fact is one row of the organisation: a value, never a pointer, whose fields
// are never changed once it is in a Directory. Facts are not taken away; they
// end (removed, revoked, expired, archived), so that yesterday can be asked
// about.
type Fact interface {
	// Key names the fact. Two facts with one key are two states of one thing.
	Key() Key
	// Concerns lists the members whose decisions or claims this fact changes
	// by itself; none if it is a rule, which may concern everybody.
	Concerns() []MemberID
}

// Seq is a position in the change log: commits in order, without gaps, within
// an epoch. A restored backup starts a new epoch.
type Seq struct {
	Epoch string `json:"epoch"`
	N     uint64 `json:"n"`
}

// Change is one fact as it was after a commit.
type Change struct {
	N     uint64    // its place in the log; 0 until it is committed
	At    time.Time // when it was committed
	Fact  Fact      // the after-image
	Actor string    // Actor.String of whoever did it
}
