package organisation

// Requirement is one thing a badge asks for. Those of one group are
// alternatives. What it points at says its kind; a check with a trainer
// points at nothing, so it says kind = "signoff".
type Requirement struct {
	Slug   string `toml:"slug"`
	Name   string `toml:"name"`
	Kind   string `toml:"kind"`
	Group  string `toml:"group"`
	Course string `toml:"course"`         // VLE/ID, as the VLE calls it: "moodle/42"
	Badge  string `toml:"badge"`          // another badge
	Form   string `toml:"form"`           // its address or name
	Age    string `toml:"membership_age"` // 90d
}

// VLE is a learning environment. Its token is in SecretFile and read when
// there is none yet; `lanyard vle secret` replaces it.
type VLE struct {
	Slug       string `toml:"slug"`
	Kind       string `toml:"kind"` // moodle, canvas
	Label      string `toml:"label"`
	URL        string `toml:"url"`
	SecretFile string `toml:"secret_file"`
}

// Course is a course of a VLE.
type Course struct {
	VLE  string `toml:"vle"`
	ID   string `toml:"id"` // as the VLE calls it: a text, in quotes
	Name string `toml:"name"`
}
