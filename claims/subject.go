package claims

// SubjectKind is the sort of principal a grant, deny or exemption names.
type SubjectKind string

// The kinds of subject, as they are written before the colon.
const (
	SubjectEveryone SubjectKind = "everyone" // every account
	SubjectPublic   SubjectKind = "public"   // every caller but system; rights marked public only
	SubjectSelf     SubjectKind = "self"     // the member whose /people node is asked about
	SubjectState    SubjectKind = "state"    // state:active, which also matches grace
	SubjectUser     SubjectKind = "user"     // user:MEMBERID
	SubjectTag      SubjectKind = "tag"
	SubjectBadge    SubjectKind = "badge"
	SubjectAff      SubjectKind = "aff" // aff:OBJECT#KIND or aff:@TYPE#KIND
	SubjectClient   SubjectKind = "client"
)

// Subject is who a grant is for. It is comparable; its text form is what
// ParseSubject reads: everyone, public, self, state:active, user:ID,
// tag:SLUG, badge:SLUG, aff:OBJECT#KIND, aff:@TYPE#KIND, client:ID.
type Subject struct {
	Kind    SubjectKind
	ID      string // state, member id, tag, badge or client; empty for everyone, public, self and aff
	Object  Slug   // aff:OBJECT#KIND
	Type    Slug   // aff:@TYPE#KIND
	AffKind Slug   // the kind of both forms
}
