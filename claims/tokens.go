package claims

import "time"

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
