package claims

// Decide answers an Ask. An error means the question makes no sense
// (ErrInvalid); a refusal is an answer.
func Decide(d *Directory, a Ask) (Decision, error) { panic("STUB") }
