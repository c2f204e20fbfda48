package claims

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

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

// Intent is one change somebody wants, in words of the domain: the types of
// intents.go. Identifiers for what is new come with the intent, since this
// package makes none.
type Intent interface {
	// plan returns the facts as they will be, tidied; none if there is
	// nothing to do.
	plan(p *planner) ([]Fact, error)
	// what says the intent in a few words, for the audit and for errors. It
	// holds ids, never names of people or secrets.
	what() string
}

// Planned is what intents come to: facts as they will be. It holds for the
// Directory it was planned on and no other.
type Planned struct {
	On    Seq    // the directory it was planned on
	Facts []Fact // in the order to write them; empty: nothing to do
	At    time.Time
	Actor Actor
	What  string // for the audit: "award laser-1 to member ada"; empty if there is nothing to do
}

// Plan works out what intents, in this order, come to: each is planned on the
// picture as those before it leave it. It holds every rule of who may write
// what (plan_may.go) and every invariant, which bind the operator too. What is
// there already, alike, plans nothing, so the same intents can be applied
// again and again.
//
// The faults are ErrInvalid (an *Invalid naming the field), ErrDenied (a
// *Refused naming the right and the place), ErrNotFound, ErrConflict and, for
// who asks for too much, ErrTooMany, in a *Faulty; with any of them nothing is planned. Times in the facts are UTC and whole
// microseconds, as the store keeps them.
func Plan(d *Directory, by Actor, now time.Time, intents ...Intent) (Planned, error) {
	if now.IsZero() {
		return Planned{}, invalid("now", "is missing: a plan needs the instant it is made at")
	}
	p := &planner{d: d, by: by, now: instant(now)}
	if err := p.checkActor(); err != nil {
		return Planned{}, err
	}
	done := Planned{On: d.Seq(), At: p.now, Actor: by}
	var said []string
	for i, in := range intents {
		if in == nil {
			return Planned{}, invalid("intent", "number %d is nil", i+1)
		}
		facts, err := in.plan(p)
		if err == nil {
			err = writable(facts)
		}
		if err != nil {
			return Planned{}, &Faulty{Intent: i, What: in.what(), Err: err}
		}
		if len(facts) == 0 {
			continue
		}
		p.take(facts)
		done.Facts = append(done.Facts, facts...)
		said = append(said, in.what())
	}
	done.What = summary(said)
	return done, nil
}

// Faulty is a fault of a plan that says which of its intents it is about.
type Faulty struct {
	Intent int    // its place among the intents, from 0
	What   string // what was intended, as the audit would say it
	Err    error
}

func (e *Faulty) Error() string { return e.What + ": " + e.Err.Error() }

// Unwrap makes the fault itself, and its kind, be found.
func (e *Faulty) Unwrap() error { return e.Err }

// planner is one Plan under way.
type planner struct {
	d     *Directory // as the intents so far leave it
	draft builder    // of d, once an intent came to something
	by    Actor
	now   time.Time

	emails map[string]MemberID // who verified an address, by lower case; built when first asked for
}

// writable refuses facts that no change log could hold: RFC 3339 has no year
// after 9999.
func writable(facts []Fact) error {
	for _, f := range facts {
		if _, err := json.Marshal(f); err != nil {
			return invalid("time", "an instant of this %s lies outside the years 0 to 9999", f.Key().Entity)
		}
	}
	return nil
}

func (p *planner) checkActor() error {
	switch p.by.Kind {
	case ActorOperator, ActorSystem:
		return nil
	case ActorMember, ActorClient, ActorDevice:
		if p.by.ID != "" {
			return nil
		}
	}
	return invalid("actor", "%q is nobody who can change facts: it takes a member, client or device by its id, system or operator", p.by.String())
}

// maxSaid is how many intents the audit text spells out.
const maxSaid = 10

func summary(said []string) string {
	if len(said) <= maxSaid {
		return strings.Join(said, "; ")
	}
	return fmt.Sprintf("%s; and %d more", strings.Join(said[:maxSaid], "; "), len(said)-maxSaid)
}
