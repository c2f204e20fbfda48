package claims

import "time"

// RequirementKind is what sort of thing a badge asks for.
type RequirementKind string

// What a badge may ask for. The first two are met by what is known of the
// member; of the others a result is recorded.
const (
	AskMembership RequirementKind = "membership_age" // to have been a member for so long
	AskBadge      RequirementKind = "badge"          // to hold another badge
	AskCourse     RequirementKind = "course"         // to have passed a course
	AskForm       RequirementKind = "form"           // to have filled in a form, signed a waiver
	AskSignoff    RequirementKind = "signoff"        // to have been seen doing it, by somebody who may award the badge
)

// RequirementKinds lists the kinds in the order members go through them.
var RequirementKinds = []RequirementKind{AskMembership, AskBadge, AskCourse, AskForm, AskSignoff}

// Requirement is one thing a badge asks for before it is given (R15). Those
// of one Group are alternatives: one is enough. One without a group is
// necessary by itself. What kind it is never changes.
type Requirement struct {
	Badge   Slug            `json:"badge"`
	Slug    Slug            `json:"slug"` // names it within the badge
	Name    string          `json:"name"`
	Kind    RequirementKind `json:"kind"`
	Group   Slug            `json:"group,omitempty"`
	Course  ID              `json:"course,omitempty"` // of kind course: a Course; never a vendor's number
	Needs   Slug            `json:"needs,omitempty"`  // of kind badge
	Form    string          `json:"form,omitempty"`   // of kind form: its address or name
	Age     Duration        `json:"age,omitempty"`    // of kind membership_age, counted from Member.Since
	Removed time.Time       `json:"removed,omitzero"`
}

// Key implements Fact.
func (r Requirement) Key() Key {
	return Key{EntityRequirement, requirementID(r.Badge, r.Slug)}
}

// Concerns implements Fact.
func (r Requirement) Concerns() []MemberID { return nil }

// requirementID names a requirement: its badge, a dot and its slug.
func requirementID(badge, slug Slug) string { return string(badge) + "." + string(slug) }

// VLEKind is whose software a virtual learning environment runs.
type VLEKind string

// The learning environments that can be asked.
const (
	VLEMoodle VLEKind = "moodle"
	VLECanvas VLEKind = "canvas"
)

// VLE is a virtual learning environment that holds courses (R16). There may
// be several.
type VLE struct {
	Slug    Slug      `json:"slug"`
	Kind    VLEKind   `json:"kind"`
	Label   string    `json:"label,omitempty"`
	BaseURL string    `json:"base_url"`         // https, or http on loopback
	Secret  string    `json:"secret,omitempty"` // the token it is asked with, sealed; empty: it cannot be asked yet
	Removed time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (v VLE) Key() Key { return Key{EntityVLE, string(v.Slug)} }

// Concerns implements Fact.
func (v VLE) Concerns() []MemberID { return nil }

// Course is a course of a VLE, which knows it by a text of its own (R14).
type Course struct {
	ID       ID        `json:"id"`
	VLE      Slug      `json:"vle"`
	External string    `json:"external"` // unique in the VLE; a text, whatever it looks like
	Name     string    `json:"name,omitempty"`
	Removed  time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (c Course) Key() Key { return Key{EntityCourse, string(c.ID)} }

// Concerns implements Fact.
func (c Course) Concerns() []MemberID { return nil }

// Identity says who a member is in a VLE: at most one user there for each
// member, and one member for each user.
type Identity struct {
	VLE      Slug      `json:"vle"`
	Member   MemberID  `json:"member"`
	External string    `json:"external"` // what the VLE calls them
	LinkedBy string    `json:"linked_by"`
	Linked   time.Time `json:"linked"`
	Removed  time.Time `json:"removed,omitzero"`
}

// Key implements Fact.
func (i Identity) Key() Key { return Key{EntityIdentity, string(i.VLE) + "." + string(i.Member)} }

// Concerns implements Fact.
func (i Identity) Concerns() []MemberID { return []MemberID{i.Member} }

// Result is a requirement that a member has met: a course passed, a form
// handed in, a check done with a trainer.
type Result struct {
	ID          ID        `json:"id"`
	Member      MemberID  `json:"member"`
	Badge       Slug      `json:"badge"`
	Requirement Slug      `json:"requirement"`
	At          time.Time `json:"at"`                  // when it was met
	Expires     time.Time `json:"expires,omitzero"`    // it counts for new awards until here; zero: for good
	Source      string    `json:"source"`              // who says so: the VLE, an actor
	Reference   string    `json:"reference,omitempty"` // as the source knows it
	RecordedBy  string    `json:"recorded_by"`         // an actor
	Removed     time.Time `json:"removed,omitzero"`    // recorded by mistake
}

// Key implements Fact.
func (r Result) Key() Key { return Key{EntityResult, string(r.ID)} }

// Concerns implements Fact.
func (r Result) Concerns() []MemberID { return []MemberID{r.Member} }

// End returns when the result stops counting; zero: never.
func (r Result) End() time.Time { return Earlier(r.Expires, r.Removed) }

// SignoffOutcome is how a request for a sign-off was answered.
type SignoffOutcome string

// How a request for a sign-off was answered.
const (
	SignoffApproved SignoffOutcome = "approved"
	SignoffRefused  SignoffOutcome = "refused"
)

// SignoffFor is how long a request for a sign-off stays open.
const SignoffFor = 30 * aDay

// SignoffRequest asks those who may award a badge to sign a member off. It
// expires by itself: nobody has to close it.
type SignoffRequest struct {
	ID        ID             `json:"id"`
	Member    MemberID       `json:"member"`
	Badge     Slug           `json:"badge"`
	Requested time.Time      `json:"requested"`
	Expires   time.Time      `json:"expires"`
	Outcome   SignoffOutcome `json:"outcome,omitempty"` // empty: not answered
	By        string         `json:"by,omitempty"`      // the actor who answered
	Answered  time.Time      `json:"answered,omitzero"`
	Reason    string         `json:"reason,omitempty"` // in the words of whoever answered
}

// Key implements Fact.
func (s SignoffRequest) Key() Key { return Key{EntitySignoff, string(s.ID)} }

// Concerns implements Fact.
func (s SignoffRequest) Concerns() []MemberID { return []MemberID{s.Member} }

// Open tells whether the request waits for an answer.
func (s SignoffRequest) Open(at time.Time) bool {
	return s.Outcome == "" && Live(s.Requested, s.Expires, at)
}
