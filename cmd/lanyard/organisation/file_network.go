package organisation

// Client is an application that signs people in, or asks on its own behalf.
// Its secret is made when it is first applied, shown once, and never in a file.
type Client struct {
	ID             string   `toml:"id"`
	Name           string   `toml:"name"`
	Auth           string   `toml:"auth"` // default client_secret_basic
	JWKSFile       string   `toml:"jwks_file"`
	JWKSURI        string   `toml:"jwks_uri"`
	AssertionAlg   string   `toml:"token_endpoint_auth_signing_alg"`
	RedirectURIs   []string `toml:"redirect_uris"`
	LogoutURIs     []string `toml:"post_logout_redirect_uris"`
	BackchannelURI string   `toml:"backchannel_logout_uri"`
	BackchannelSID bool     `toml:"backchannel_logout_session_required"`
	GrantTypes     []string `toml:"grant_types"` // default authorization_code
	Scopes         []string `toml:"scopes"`      // default openid, profile, groups
	Resources      []string `toml:"resources"`
	ExchangeTo     []string `toml:"exchange_targets"`
	IDTokenAlg     string   `toml:"id_token_alg"`
	SubjectType    string   `toml:"subject_type"` // default public
	SectorURI      string   `toml:"sector_identifier_uri"`
	AccessJWT      bool     `toml:"access_jwt"`
	FirstParty     bool     `toml:"first_party"`
	AlwaysGroups   bool     `toml:"always_groups"`
	PKCEOptional   bool     `toml:"pkce_optional"`
	Introspect     bool     `toml:"introspect"`
	RequirePushed  bool     `toml:"require_pushed_authorization_requests"`
	RequireDPoP    bool     `toml:"dpop_bound_access_tokens"`
	Filter         Filter   `toml:"filter"`
}

// Filter says which of a member's facts a client may see; "*" stands for every
// one. Nothing written: none.
type Filter struct {
	Tags    []string          `toml:"tags"`
	Badges  []string          `toml:"badges"`
	Types   []string          `toml:"types"`
	Objects []string          `toml:"objects"`
	Member  bool              `toml:"member"`
	Rename  map[string]string `toml:"rename"`
	Names   map[string]string `toml:"names"` // tag, badge, affiliation, member: a template, as "{object}/{kind}"
	Cap     int               `toml:"cap"`
}

// Device is a door or a machine. Its client is made with it.
type Device struct {
	Name      string `toml:"name"` // it is known by this
	Kind      string `toml:"kind"` // door (default), interlock
	Location  string `toml:"location"`
	Right     string `toml:"right"`  // default unlock
	Client    string `toml:"client"` // default: the name as a slug
	TwoPerson bool   `toml:"two_person"`
}

// Network is a WiFi bound to a location.
type Network struct {
	Slug     string   `toml:"slug"`
	SSID     string   `toml:"ssid"`
	Location string   `toml:"location"`
	VLAN     int      `toml:"vlan"`  // when no rule matches
	Rules    []string `toml:"rules"` // "badge:laser-1 = 30", "tag:guest = 40 filter guests"
}

// AccessPoint may ask over RADIUS. Its secret is in SecretFile, or made when
// it is first applied and shown once.
type AccessPoint struct {
	Name       string `toml:"name"` // it is known by this
	Address    string `toml:"address"`
	Network    string `toml:"network"`
	SecretFile string `toml:"secret_file"`
	NoMA       bool   `toml:"no_message_authenticator"`
}
