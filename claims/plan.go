package claims

import "time"

// ActorKind is the sort of whoever changes a fact.
type ActorKind string

// Who may change facts.
const (
	ActorMember   ActorKind = "member"
	ActorClient   ActorKind = "client"
	ActorDevice   ActorKind = "device"
	ActorSystem   ActorKind = "system"   // a job of this program; may do only what grants to client:system give
	ActorOperator ActorKind = "operator" // whoever runs this program and holds its database: the command line, the first start
)

// Actor is whoever changes a fact.
type Actor struct {
	Kind ActorKind
	ID   string // MemberID, ClientID, DeviceID; a job's name; the operator's login name
	ACR  int    // how strong a member's sign-in was
}

// String returns the actor as facts and the audit store it: "member:ID".
func (a Actor) String() string {
	if a.ID == "" {
		return string(a.Kind)
	}
	return string(a.Kind) + ":" + a.ID
}

// Intent is one change somebody wants, in words of the domain. The intents
// are the types of the files intent_*.go. Identifiers for what is new come
// with the intent, since this package makes none.
type Intent interface {
	intent()
}

// Planned is what an intent comes to: facts as they will be. It holds for the
// Directory it was planned on and no other.
type Planned struct {
	On    Seq    // the directory it was planned on
	Facts []Fact // in the order to write them; empty: nothing to do
	At    time.Time
	Actor Actor
	What  string // for the audit: "award laser-1"
}
