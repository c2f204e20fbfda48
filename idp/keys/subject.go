package keys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"lanyard/claims"
)

// Subject is who a member is to a client (OpenID Connect Core, section 8): the
// member's own sub, or, to a pairwise client, a keyed hash of it for the
// client's sector. The key comes from the oldest key of the ring, so neither
// another signing key nor a longer ring changes a subject; another ring
// changes every one.
func (r *Ring) Subject(c claims.Client, m claims.Member) string {
	sector := c.Sector()
	if sector == "" {
		return m.Sub
	}
	h := hmac.New(sha256.New, r.pairwise)
	h.Write([]byte(sector + "\x00" + m.Sub)) // no host holds a NUL
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
