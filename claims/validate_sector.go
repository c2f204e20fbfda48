package claims

// Who members are to a client (OpenID Connect Core, 8). To a public one they
// have the subject that is theirs; to a pairwise one, a subject that is made
// for its sector, so that two sectors cannot compare notes.
//
//   - the sector is the host of sector_identifier_uri, else the one     8.1
//     host of the redirect URIs
//   - sector_identifier_uri is https; that it lists the redirect URIs   8.1
//     is seen by whoever fetches it, before it is planned
//   - a sector does not change by the way: everybody would be           ours
//     somebody else to the client

// The subject types.
const (
	subjectPublic   = "public"
	subjectPairwise = "pairwise"
)

// Pairwise tells whether a client knows members by subjects of its sector's own.
func (c Client) Pairwise() bool { return c.SubjectType == subjectPairwise }

// Sector is the host that a pairwise client's subjects are made for; "" for
// any other client.
func (c Client) Sector() string {
	if !c.Pairwise() {
		return ""
	}
	host, _ := c.sector()
	return host
}

// sector is false if the redirect URIs have several hosts, or one has none.
func (c Client) sector() (string, bool) {
	if c.SectorURI != "" {
		u, ok := splitURI(c.SectorURI)
		return u.host, ok && u.host != ""
	}
	host := ""
	for _, text := range c.RedirectURIs {
		u, ok := splitURI(text)
		if !ok || u.host == "" || host != "" && u.host != host {
			return "", false
		}
		host = u.host
	}
	return host, host != ""
}

func checkSubjects(c Client) error {
	switch c.SubjectType {
	case subjectPairwise:
	case "", subjectPublic:
		if c.SectorURI != "" {
			return invalid("sector_identifier_uri", "goes with subject_type %s only", subjectPairwise)
		}
		return nil
	default:
		return invalid("subject_type", "%q is neither %s nor %s", c.SubjectType, subjectPublic, subjectPairwise)
	}
	if c.SectorURI != "" {
		u, _ := splitURI(c.SectorURI)
		if err := checkDocument("sector_identifier_uri", c.SectorURI); err != nil || u.scheme == "https" {
			return err
		}
		return invalid("sector_identifier_uri", "%q must be https", c.SectorURI)
	}
	if _, ok := c.sector(); !ok {
		return invalid("sector_identifier_uri", "is missing: the redirect URIs have no host in common that could name the sector")
	}
	return nil
}

// sameSector refuses redirect URIs that would change the sector of a client
// that people signed in to.
func (p *planner) sameSector(c Client) error {
	old, exists := Get[Client](p.d, string(c.ID))
	if !exists || !old.Pairwise() || !c.Pairwise() || old.SectorURI != c.SectorURI || old.Sector() == c.Sector() {
		return nil
	}
	return invalid("redirect_uris", "a host other than %s makes every member somebody else to %s: set sector_identifier_uri to a document at %s that lists them",
		old.Sector(), c.ID, old.Sector())
}
