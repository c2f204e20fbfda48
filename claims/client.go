package claims

import (
	"cmp"
	"time"
)

// AuthMethod is how a client proves who it is at the token endpoint (OpenID
// Connect Core, section 9).
type AuthMethod string

// The client authentication methods there are.
const (
	AuthNone       AuthMethod = "none"
	AuthBasic      AuthMethod = "client_secret_basic"
	AuthPost       AuthMethod = "client_secret_post"
	AuthPrivateKey AuthMethod = "private_key_jwt"
)

// HasSecret tells whether a client proves itself by a secret that it shares
// with this program.
func (m AuthMethod) HasSecret() bool { return m == AuthBasic || m == AuthPost }

// Client is an application, or a device in its OAuth face (RFC 6749, 2).
type Client struct {
	ID             ClientID    `json:"id"`
	Name           string      `json:"name"`
	Secrets        []Secret    `json:"secrets,omitempty"` // several while one is being replaced
	Auth           AuthMethod  `json:"auth"`
	JWKS           string      `json:"jwks,omitempty"`                            // its public keys (RFC 7517), for private_key_jwt
	JWKSURI        string      `json:"jwks_uri,omitempty"`                        // or where they are
	AssertionAlg   string      `json:"token_endpoint_auth_signing_alg,omitempty"` // what it signs with to prove itself; empty: any of KnownAssertionAlgs
	RedirectURIs   []string    `json:"redirect_uris,omitempty"`
	LogoutURIs     []string    `json:"post_logout_redirect_uris,omitempty"`
	BackchannelURI string      `json:"backchannel_logout_uri,omitempty"`              // where it is told that a sign-in has ended (OpenID Connect Back-Channel Logout)
	BackchannelSID bool        `json:"backchannel_logout_session_required,omitempty"` // it must be told which; it always is, where there is one
	GrantTypes     []string    `json:"grant_types"`
	Scopes         []string    `json:"scopes"`                                          // it may ask for these
	Resources      []string    `json:"resources,omitempty"`                             // audiences it may ask for (RFC 8707): URIs, locations, clients
	ExchangeTo     []string    `json:"exchange_targets,omitempty"`                      // audiences it may exchange tokens for (RFC 8693): URIs, clients
	IDTokenAlg     string      `json:"id_token_alg,omitempty"`                          // RS256 (default), ES256, EdDSA
	SubjectType    string      `json:"subject_type,omitempty"`                          // pairwise: members have subjects of the sector's own; empty: public
	SectorURI      string      `json:"sector_identifier_uri,omitempty"`                 // names the sector, and lists its redirect URIs; see Sector
	AccessJWT      bool        `json:"access_jwt,omitempty"`                            // at+jwt (RFC 9068) instead of opaque
	FirstParty     bool        `json:"first_party,omitempty"`                           // no consent page
	AlwaysGroups   bool        `json:"always_groups,omitempty"`                         // groups also without the scope
	PKCEOptional   bool        `json:"pkce_optional,omitempty"`                         // a confidential client too old for PKCE
	Introspect     bool        `json:"introspect,omitempty"`                            // may introspect tokens it is no audience of
	RequirePushed  bool        `json:"require_pushed_authorization_requests,omitempty"` // only requests pushed ahead (RFC 9126)
	RequireDPoP    bool        `json:"dpop_bound_access_tokens,omitempty"`              // only tokens that are bound to a key (RFC 9449)
	Filter         ClaimFilter `json:"filter"`
	Disabled       time.Time   `json:"disabled,omitzero"`

	Owner        string        `json:"owner,omitempty"`        // whose own it is, as Actor.String writes them; empty: theirs who run all applications
	Registration *Registration `json:"registration,omitempty"` // how it registered itself; nil: somebody defined it
}

// Registration is what a client says of itself that is for people to read, and
// what it manages its registration with (RFC 7591, 2; RFC 7592). It never
// changes what the client may do.
type Registration struct {
	Token           string    `json:"token,omitempty"` // SHA-256 of its registration access token, lower-case hex
	At              time.Time `json:"at"`
	URI             string    `json:"client_uri,omitempty"`
	PolicyURI       string    `json:"policy_uri,omitempty"`
	TermsURI        string    `json:"tos_uri,omitempty"`
	Contacts        []string  `json:"contacts,omitempty"`
	SoftwareID      string    `json:"software_id,omitempty"`
	SoftwareVersion string    `json:"software_version,omitempty"`
}

// Called is what members read of a client: its name, or its id if nobody gave
// it one.
func (c Client) Called() string { return cmp.Or(c.Name, string(c.ID)) }

// Trusted tells whether a client has what only who runs all applications gives:
// no consent page, other applications' tokens. It is nobody's own, then.
func (c Client) Trusted() bool { return c.FirstParty || c.Introspect }

// Succeed puts a new secret in front of those that work on until end, so that
// an application can be given it without standing still. Ended ones are
// dropped; end no later than now: all of them.
func Succeed(old []Secret, next Secret, now, end time.Time) []Secret {
	all := []Secret{next}
	for _, s := range old {
		if s.Expires = Earlier(s.Expires, end); now.Before(s.Expires) {
			all = append(all, s)
		}
	}
	return all
}

// Secret is a client secret as it is stored: the SHA-256 of at least 256
// random bits, which needs no slow hash.
type Secret struct {
	SHA256  string    `json:"sha256"` // lower-case hex
	Created time.Time `json:"created,omitzero"`
	Expires time.Time `json:"expires,omitzero"`
}

// Key implements Fact.
func (c Client) Key() Key { return Key{EntityClient, string(c.ID)} }

// Concerns implements Fact.
func (c Client) Concerns() []MemberID { return nil }

// ClaimFilter says which of a member's facts a client may see. The zero
// filter shows none (R31 in reverse: least by default).
type ClaimFilter struct {
	Tags    []Slug            `json:"tags,omitempty"`    // or Every
	Badges  []Slug            `json:"badges,omitempty"`  // or Every
	Types   []Slug            `json:"types,omitempty"`   // affiliations in objects of these types; or Every
	Objects []Slug            `json:"objects,omitempty"` // affiliations in these objects
	Member  bool              `json:"member,omitempty"`  // the member.STATE group and the membership claim
	Rename  map[string]string `json:"rename,omitempty"`  // tag.admin → admins, whatever Names says
	Names   *GroupNames       `json:"names,omitempty"`   // nil: groups go by their own names; never changed once set
	Cap     int               `json:"cap,omitempty"`     // most groups in a token; 0: 64
}

// Every in a filter's list stands for every one, now or later.
const Every Slug = "*"
