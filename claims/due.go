package claims

import (
	"slices"
	"time"
)

// The passing of time, as a fact. Decisions never wait for it: they look at
// the clock. It is for those who follow the change log (logout, Disconnect,
// door lists, whoever caches by authz_version), so that an end that comes by
// itself reaches them as one that somebody wrote does.

// DuePart tells the two kinds of Due apart. Each has one row, which holds the
// last of them; the change log has them all.
type DuePart string

// What time has passed an edge of.
const (
	DueMembers DuePart = "members" // of what members have: those of Members are concerned
	DueRules   DuePart = "rules"   // of a grant, a window or a lockdown: everybody may be concerned
)

// Due says that time has passed an instant at which something begins or ends.
type Due struct {
	Part    DuePart    `json:"part"`
	At      time.Time  `json:"at"`                // the last such instant; what came before it has been told
	Members []MemberID `json:"members,omitempty"` // in order; of DueMembers only
}

// Key implements Fact.
func (u Due) Key() Key { return Key{EntityDue, string(u.Part)} }

// Concerns implements Fact. A decision about a member's page, or one that a
// second person made possible, changes with that other member's facts too.
func (u Due) Concerns() []MemberID { return u.Members }

// maxDue is how many members one Due names. More than that, as when a year of
// membership ends, and it is told to everybody instead.
const maxDue = 4096

// Told returns the last instant that a Due has told of; zero: none has yet.
func (d *Directory) Told() time.Time {
	members, _ := Get[Due](d, string(DueMembers))
	rules, _ := Get[Due](d, string(DueRules))
	if members.At.After(rules.At) {
		return members.At
	}
	return rules.At
}

// DueAt returns what is to be told at t of the edges after an instant and not
// after t: at most one Due of each part, at the last of these edges; none if
// there are none. After a time in which nobody told, one call catches up.
func DueAt(d *Directory, after, t time.Time) []Due {
	passed := instants{after: startOf(after), before: startOf(t) + 1}
	last := always
	some := func() bool { // notes the latest of what was added, if anything was
		any := len(passed.at) > 0
		for _, at := range passed.at {
			last = max(last, at)
		}
		passed.at = passed.at[:0]
		return any
	}
	var members []MemberID
	for p := range d.people.all() {
		if passed.ofHolder(p); some() {
			members = append(members, p.id)
		}
	}
	for i := range d.nodes.n {
		if s := d.nodes.at(int32(i)).stands; s != nil {
			passed.ofRules(d, s)
		}
	}
	rules := some()
	if len(members) > maxDue {
		members, rules = nil, true
	}
	slices.Sort(members)
	var due []Due
	if len(members) > 0 {
		due = append(due, Due{Part: DueMembers, At: last.time(), Members: members})
	}
	if rules {
		due = append(due, Due{Part: DueRules, At: last.time()})
	}
	return due
}

// EdgeAfter returns the next instant after t at which something begins or ends
// that a fact of this picture brought with it, or that is found beside it;
// false if there is none. It is NextEdge for who knows that of the picture
// before, and costs as much as the fact touches.
func EdgeAfter(d *Directory, f Fact, t time.Time) (time.Time, bool) {
	next := instants{after: startOf(t), before: never}
	switch f := f.(type) {
	case Member, Award, Assignment, Affiliation, Waiver, Credential, WiFiPass:
		for _, m := range f.Concerns() {
			next.ofHolder(d.of(m))
		}
		next.onlyFirst()
	case Grant, Gate, Lockdown:
		if i, ok := d.number(placeOf(f)); ok && d.nodes.at(i).stands != nil {
			next.ofStanding(d, d.nodes.at(i).stands)
		}
	case Due, Settings, Profile, Note, Alias, Opening, Request, Tag, Badge, Requirement, VLE, Course, Identity, Result, SignoffRequest, ObjectType, Kind, Object,
		Override, Application, Location, Right, Role, Device, Client, AccessPoint, Network: // no decision waits for an end of theirs
	default:
		return NextEdge(d, t)
	}
	return next.before.time(), next.before != never
}
