package claims

import "testing"

// pairwise is a client that knows members by subjects of its own, changed.
func pairwise(change func(*Client)) Client {
	return wiki(func(c *Client) {
		c.SubjectType = "pairwise"
		if change != nil {
			change(c)
		}
	})
}

func TestPairwiseClientsNameOneSector(t *testing.T) {
	d := built(t)
	wrong := func(name, field, words string, change func(*Client)) refusal {
		return refusal{name, ErrInvalid, field, words, Define{pairwise(change)}}
	}
	to := func(uris ...string) func(*Client) { return func(c *Client) { c.RedirectURIs = uris } }
	refuseAll(t, d, []refusal{
		wrong("an unknown type", "subject_type", "neither public nor pairwise", func(c *Client) { c.SubjectType = "secret" }),
		wrong("a sector for a public client", "sector_identifier_uri", "goes with", func(c *Client) {
			c.SubjectType, c.SectorURI = "public", "https://example.org/sector.json"
		}),
		wrong("two hosts", "sector_identifier_uri", "is missing", to("https://a.example.org/cb", "https://b.example.org/cb")),
		wrong("an application's own scheme", "sector_identifier_uri", "is missing", to("com.example.app:/cb")),
		wrong("plain http", "sector_identifier_uri", "https", func(c *Client) { c.SectorURI = "http://127.0.0.1/sector.json" }),
		wrong("no address", "sector_identifier_uri", "no address", func(c *Client) { c.SectorURI = "example.org" }),
	})
	for what, c := range map[string]Client{
		"one host": pairwise(nil), "one host, two ports": pairwise(to("https://a.example.org/cb", "https://a.example.org:8443/cb")),
		"two hosts and a list": pairwise(func(c *Client) {
			c.RedirectURIs, c.SectorURI = []string{"https://a.example.org/cb", "com.example.app:/cb"}, "https://example.org/sector.json"
		}),
	} {
		t.Run(what, func(t *testing.T) { grow(t, d, operator, Define{c}) })
	}
	d, _ = grow(t, d, operator, Define{wiki(nil)})
	if p, err := Plan(d, operator, noon, Define{wiki(func(c *Client) { c.SubjectType = "public" })}); err != nil || len(p.Facts) != 0 {
		t.Errorf("public is not the default: %v, %v", p.Facts, err)
	}
}

func TestSectorDoesNotChangeByTheWay(t *testing.T) {
	d, _ := grow(t, built(t), operator, Define{pairwise(nil)})
	moved := func(c *Client) { c.RedirectURIs = []string{"https://moved.example.org/cb"} }
	refuseAll(t, d, []refusal{{"another host", ErrInvalid, "redirect_uris", "somebody else", Define{pairwise(moved)}}})
	kept := pairwise(func(c *Client) { moved(c); c.SectorURI = "https://wiki.example.org/sector.json" })
	d, _ = grow(t, d, operator, Define{kept})
	if c, _ := Get[Client](d, "wiki"); c.Sector() != "wiki.example.org" {
		t.Errorf("the sector is %q, want wiki.example.org", c.Sector())
	}
	kept.RedirectURIs = []string{"https://again.example.org/cb"}
	d, _ = grow(t, d, operator, Define{kept})
	kept.SectorURI = "https://again.example.org/sector.json"
	grow(t, d, operator, Define{kept}) // said out loud
}
