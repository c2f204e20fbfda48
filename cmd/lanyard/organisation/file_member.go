package organisation

// Member is a person. There is no field for a password: `lanyard member link`
// lets people choose their own.
type Member struct {
	Username     string   `toml:"username"`
	Name         string   `toml:"name"`
	GivenName    string   `toml:"given_name"`
	FamilyName   string   `toml:"family_name"`
	Locale       string   `toml:"locale"`
	Email        string   `toml:"email"`
	EmailOK      bool     `toml:"email_verified"`
	State        string   `toml:"state"` // default active for a new member
	Since        any      `toml:"since"`
	PaidUntil    any      `toml:"paid_until"`
	GraceUntil   any      `toml:"grace_until"`
	Tags         []string `toml:"tags"`         // "teacher", "teacher until 2027-01-01"
	Badges       []string `toml:"badges"`       // "laser-1", "laser-1 until 2027-01-01"
	Affiliations []string `toml:"affiliations"` // "delft#board", "delft#board until 2027-01-01"
	Cards        []string `toml:"cards"`        // "uid:04a1b2c3"

	MiddleName string   `toml:"middle_name"`
	Nickname   string   `toml:"nickname"`
	Page       string   `toml:"profile"` // address of a page about them
	Picture    string   `toml:"picture"`
	Website    string   `toml:"website"`
	Gender     string   `toml:"gender"`
	Birthdate  any      `toml:"birthdate"` // 1815-12-10, "0000-12-10" or "1815"
	Zoneinfo   string   `toml:"zoneinfo"`
	Phone      string   `toml:"phone_number"`
	PhoneOK    bool     `toml:"phone_number_verified"`
	Address    *Address `toml:"address"`
}

// Address is a member's postal address; written, it is taken whole.
type Address struct {
	Formatted  string `toml:"formatted"`
	Street     string `toml:"street_address"`
	Locality   string `toml:"locality"`
	Region     string `toml:"region"`
	PostalCode string `toml:"postal_code"`
	Country    string `toml:"country"`
}
