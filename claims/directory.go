package claims

import (
	"iter"
	"time"
)

// Directory is one immutable picture of the organisation. Everybody may read
// one at once; With makes the next without disturbing this one.
type Directory struct{}

// NewDirectory returns the empty picture at seq.
func NewDirectory(seq Seq) *Directory { panic("STUB") }

// With returns the picture after these facts, at seq. It costs what changes,
// not what is there.
func (d *Directory) With(seq Seq, facts ...Fact) *Directory { panic("STUB") }

// Seq is the last change in this picture.
func (d *Directory) Seq() Seq { panic("STUB") }

// Get returns the fact of type T named id (Key.ID).
func Get[T Fact](d *Directory, id string) (T, bool) { panic("STUB") }

// All returns every fact of type T, ended ones too, in the order of their ids.
func All[T Fact](d *Directory) iter.Seq[T] { panic("STUB") }

// Settings returns the organisation's settings.
func (d *Directory) Settings() Settings { panic("STUB") }

// Locate returns the stored location at p.
func (d *Directory) Locate(p Path) (Location, bool) { panic("STUB") }

// PathOf returns where a stored location stands; the zero Path if id is none.
func (d *Directory) PathOf(id LocationID) Path { panic("STUB") }

// Children returns the stored locations right under id, archived ones too, by slug; the roots for "".
func (d *Directory) Children(id LocationID) []Location { panic("STUB") }

// RightAt returns the right named slug that is declared on the chain of id.
func (d *Directory) RightAt(id LocationID, slug Slug) (Right, bool) { panic("STUB") }

// MemberByUsername returns the member with that username (not a former one), any case.
func (d *Directory) MemberByUsername(name string) (Member, bool) { panic("STUB") }

// MemberBySub returns the member with that OpenID subject.
func (d *Directory) MemberBySub(sub string) (Member, bool) { panic("STUB") }

// UsernameTaken tells whether name is, or was, somebody's, and whose.
func (d *Directory) UsernameTaken(name string) (MemberID, bool) { panic("STUB") }

// AwardsOf, AssignmentsOf, AffiliationsOf, CredentialsOf, PassesOf and
// WaiversOf return what a member has, ended ones too, by id. Callers do not
// change the slices.
func (d *Directory) AwardsOf(m MemberID) []Award             { panic("STUB") }
func (d *Directory) AssignmentsOf(m MemberID) []Assignment   { panic("STUB") }
func (d *Directory) AffiliationsOf(m MemberID) []Affiliation { panic("STUB") }
func (d *Directory) CredentialsOf(m MemberID) []Credential   { panic("STUB") }
func (d *Directory) PassesOf(m MemberID) []WiFiPass          { panic("STUB") }
func (d *Directory) WaiversOf(m MemberID) []Waiver           { panic("STUB") }

// GrantsAt and GatesAt return what stands at a location itself, ended ones too, by id.
func (d *Directory) GrantsAt(id LocationID) []Grant { panic("STUB") }
func (d *Directory) GatesAt(id LocationID) []Gate   { panic("STUB") }

// KindsAbove returns kind and the kinds it implies in objects of type typ, nearest first, ending with RootKind.
func (d *Directory) KindsAbove(typ, kind Slug) []Slug { panic("STUB") }

// CredentialByLookup returns the card with that keyed hash; the live one if several had it.
func (d *Directory) CredentialByLookup(lookup string) (Credential, bool) { panic("STUB") }

// DeviceByClient returns the device that this client is.
func (d *Directory) DeviceByClient(c ClientID) (Device, bool) { panic("STUB") }

// PassByLogin returns the WiFi pass with that login name, lower case.
func (d *Directory) PassByLogin(login string) (WiFiPass, bool) { panic("STUB") }

// StateAt returns the member's derived state at an instant (step 5 of Decide).
func (d *Directory) StateAt(m Member, at time.Time) State { panic("STUB") }

// Decide answers an Ask. An error means the question makes no sense
// (ErrInvalid); a refusal is an answer.
func Decide(d *Directory, a Ask) (Decision, error) { panic("STUB") }

// ParseSubject reads a subject's text form, or ErrInvalid.
func ParseSubject(s string) (Subject, error) { panic("STUB") }

// String returns the text form.
func (s Subject) String() string { panic("STUB") }

// ParseWindow reads "09:00-17:00", optionally followed by days and a zone:
// "22:00-06:00 fri,sat Europe/Amsterdam". The zone is UTC if absent.
func ParseWindow(s string) (*Window, error) { panic("STUB") }

// Token is what a member's tokens say to one client at an instant (domain: what tokens say).
type Token struct {
	Groups       []string    `json:"groups"` // sorted, never nil
	Overage      bool        `json:"groups_overage,omitempty"`
	Tags         []Slug      `json:"tags"`
	Badges       []HeldBadge `json:"badges"`
	Affiliations []HeldKind  `json:"affiliations"`
	Membership   *Membership `json:"membership,omitempty"`
	Version      uint64      `json:"authz_version"`
	Ends         time.Time   `json:"-"` // the earliest end of anything listed; zero: none
}

// HeldBadge is a badge as tokens list it.
type HeldBadge struct {
	ID  Slug  `json:"id"`
	On  int64 `json:"on"`            // seconds since 1970
	Exp int64 `json:"exp,omitempty"` // seconds since 1970
}

// HeldKind is an affiliation as tokens list it.
type HeldKind struct {
	Type    Slug   `json:"type"`
	ID      Slug   `json:"id"`
	Kind    Slug   `json:"kind"`
	Implies []Slug `json:"implies"`
}

// Membership is the membership claim.
type Membership struct {
	State State  `json:"state"`
	Since string `json:"since,omitempty"` // a date
	Until string `json:"until,omitempty"` // a date: the lapse
}

// TokenClaims returns what a token for a client with this filter says of a member at an instant.
func TokenClaims(d *Directory, m MemberID, f ClaimFilter, at time.Time) (Token, error) { panic("STUB") }

// Explain puts a decision into words for the member it is about: one line
// for the outcome, then one for each thing missing and how to earn it.
func Explain(d *Directory, dec Decision) []string { panic("STUB") }

// ShortText is a decision in at most 32 characters, for a device's display: "Hi Ada", "Need Laser 1".
func ShortText(d *Directory, dec Decision) string { panic("STUB") }
