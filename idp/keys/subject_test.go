package keys

import (
	"bytes"
	"testing"

	"lanyard/claims"
)

func TestPairwiseSubjectsAreStableAndTellNothing(t *testing.T) {
	ring, other := NewRing([]byte("one")), NewRing([]byte("two"))
	a, b := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	short, long := ringOf([][]byte{a}), ringOf([][]byte{a, b})
	client := func(kind string, at ...string) claims.Client {
		return claims.Client{ID: claims.ClientID(at[0]), SubjectType: kind, RedirectURIs: at}
	}
	ada, bob := claims.Member{ID: "ada", Sub: "sub-ada"}, claims.Member{ID: "bob", Sub: "sub-bob"}
	wiki := client("pairwise", "https://wiki.example.org/cb")
	sub := ring.Subject(wiki, ada)
	if len(sub) != 43 || sub == ada.Sub {
		t.Errorf("Subject = %q, want 43 letters", sub)
	}
	for what, same := range map[string]string{
		"again":                        ring.Subject(wiki, ada),
		"another client of the sector": ring.Subject(client("pairwise", "https://wiki.example.org/app", "https://wiki.example.org:8443/cb"), ada),
		"a client that names it":       ring.Subject(claims.Client{SubjectType: "pairwise", SectorURI: "https://wiki.example.org/sector.json", RedirectURIs: []string{"https://else.example.org/"}}, ada),
	} {
		if same != sub {
			t.Errorf("%s: %q, want %q", what, same, sub)
		}
	}
	for what, differs := range map[string]string{
		"another sector": ring.Subject(client("pairwise", "https://git.example.org/cb"), ada), "another member": ring.Subject(wiki, bob),
		"another ring": other.Subject(wiki, ada), "a public client": ring.Subject(client("", "https://wiki.example.org/cb"), ada),
	} {
		if differs == sub {
			t.Errorf("%s has the same subject", what)
		}
	}
	if short.Subject(wiki, ada) != long.Subject(wiki, ada) {
		t.Error("a key that was added to the ring changes subjects")
	}
	if ring.Subject(client("public", "https://x.example.org/"), ada) != ada.Sub {
		t.Error("a public client is not told the member's own subject")
	}
}
