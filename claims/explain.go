package claims

// Explain puts a decision into words for the member it is about: one line
// for the outcome, then one for each thing missing and how to earn it.
func Explain(d *Directory, dec Decision) []string { panic("STUB") }

// ShortText is a decision in at most 32 characters, for a device's display: "Hi Ada", "Need Laser 1".
func ShortText(d *Directory, dec Decision) string { panic("STUB") }
