package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"slices"

	"lanyard/claims"
)

// CheckSector holds a client's redirect URIs against the list at its
// sector_identifier_uri (OpenID Connect Core, section 8.1), as far as it has
// one. Whoever defines a client calls it first, when the one or the other
// changes; nobody else fetches the list. What is wrong is ErrInvalid and says
// so in words.
func CheckSector(ctx context.Context, fetch Fetcher, c claims.Client) error {
	if !c.Pairwise() || c.SectorURI == "" {
		return nil
	}
	wrong := func(format string, args ...any) error {
		return &claims.Invalid{Field: "sector_identifier_uri", Problem: fmt.Sprintf(format, args...)}
	}
	kind, body, err := fetch.Get(ctx, c.SectorURI, "application/json")
	if err != nil {
		// Who asks may be a stranger: what names our resolver knows, and who
		// answers inside the house, is for the log.
		return fmt.Errorf("%w: %v", wrong("cannot be had: it must be answered at once, by https, at an address that anybody can reach, without a redirect"), err)
	}
	if media, _, _ := mime.ParseMediaType(kind); media != "application/json" {
		return wrong("%s is %q, not application/json", c.SectorURI, kind)
	}
	var listed []string
	if json.Unmarshal(body, &listed) != nil {
		return wrong("%s is no list of texts", c.SectorURI)
	}
	for _, u := range c.RedirectURIs {
		if !slices.Contains(listed, u) {
			return wrong("%s does not list %s", c.SectorURI, u)
		}
	}
	return nil
}
