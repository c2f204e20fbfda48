package claims

import (
	"errors"
	"testing"
)

// What somebody who may write a little would try in order to write more.

func TestARegistrantGetsNoPlaceThatIsAnothers(t *testing.T) {
	old := wiki(func(c *Client) { c.ID = "My_Wiki" }) // no slug: its place is a digest
	d := built(t, member("reg"), Define{old},
		AddGrant{Grant{ID: "reg", At: "core-apps", Subject: must(ParseSubject("user:reg")), Right: "register"}},
		Define{Location{ID: "app-kept", Parent: "core-apps", Slug: "kept", Name: "Kept for the board", Inherit: true}})
	for id, words := range map[ClientID]string{ClientID(clientSlug("My_Wiki")): "is the place of client My_Wiki", "kept": "is there already"} {
		twin := wiki(func(c *Client) { c.ID, c.Name, c.Filter = id, "Twin", ClaimFilter{} })
		refused(t, d, as("reg"), ErrConflict, "", words, Define{twin})
	}
	own := wiki(func(c *Client) { c.ID, c.Name, c.Filter = "own", "Own", ClaimFilter{} })
	d, _ = grow(t, d, as("reg"), Define{own})
	own.Name = "Mine"
	grow(t, d, as("reg"), Define{own})
	old.Name = "Taken over"
	refused(t, d, as("reg"), ErrDenied, "manage", "/apps/", Define{old})
}

func TestTwoClientsNeverShareAPlace(t *testing.T) {
	d := built(t, Define{wiki(func(c *Client) { c.ID = ClientID(clientSlug("My_Wiki")) })})
	refused(t, d, operator, ErrConflict, "", "is the place of client", Define{wiki(func(c *Client) { c.ID = "My_Wiki" })})
}

func TestKindsAreChangedByWhoManagesTheirOverridesToo(t *testing.T) {
	d := built(t, member("kay"), Define{ObjectType{Slug: "guild"}},
		Define{Kind{Type: "guild", Slug: "fan", Parent: "default"}}, Define{Kind{Type: "guild", Slug: "master", Parent: "default"}},
		Define{Object{Slug: "smiths", Type: "guild"}}, Define{Location{ID: "smiths", Parent: "bodies", Slug: "smiths", Object: "smiths", Inherit: true}},
		Define{Override{Object: "smiths", Kind: "master", Rights: []Slug{"edit"}}},
		AddGrant{Grant{ID: "kay", At: "core-objects", Subject: must(ParseSubject("user:kay")), Right: "manage"}})
	imply := Define{Kind{Type: "guild", Slug: "fan", Parent: "master"}}
	refused(t, d, as("kay"), ErrDenied, "manage", "/bodies", imply)
	grow(t, d, as("boss"), imply)
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityOverride, "smiths"}})
	grow(t, d, as("kay"), imply)
}

func TestWhoMakesADeviceManagesTheClientItIs(t *testing.T) {
	door := Client{ID: "door-1", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}
	d := built(t, member("kay"), Define{wiki(nil)}, Define{door},
		AddGrant{Grant{ID: "k1", At: "workshop", Subject: must(ParseSubject("user:kay")), Right: "manage"}},
		AddGrant{Grant{ID: "k2", At: "core-apps", Subject: must(ParseSubject("user:kay")), Right: "register"}})
	lock := Device{ID: "d", Kind: "door", Location: "workshop", Right: "unlock", Client: "wiki"}
	refused(t, d, as("kay"), ErrDenied, "manage", "/apps/wiki", Define{lock})
	own := door
	own.ID = "door-2"
	lock.Client = own.ID
	d, _ = grow(t, d, as("kay"), Define{own}, Define{lock})
	lock.Client = "wiki"
	refused(t, d, as("kay"), ErrDenied, "manage", "/apps/wiki", Define{lock})
	grow(t, d, as("boss"), Define{lock})
}

func TestARoleWhoseRightsAreGoneIsGivenByWhoManagesTheRoot(t *testing.T) {
	d := built(t, member("gil"),
		AddGrant{Grant{ID: "gil", At: "workshop", Subject: must(ParseSubject("user:gil")), Right: "grant"}},
		Remove{Key: Key{EntityRight, Right{At: "workshop", Slug: "maintain"}.Key().ID}})
	give := AddGrant{Grant{ID: "n", At: "workshop", Subject: must(ParseSubject("user:gil")), Role: "keeper"}}
	refused(t, d, as("gil"), ErrDenied, "manage", "/space", give)
	grow(t, d, as("boss"), give)
}

func TestThePlaceOfTheAdministratorsTagStaysApart(t *testing.T) {
	d := built(t)
	place, _ := d.Locate("/tags/admin")
	for name, change := range map[string]func(*Location){
		"opened to who assigns tags": func(l *Location) { l.Inherit = true },
		"moved":                      func(l *Location) { l.Parent = "core-badges" },
		"renamed":                    func(l *Location) { l.Slug = "old-admin" },
		"archived":                   func(l *Location) { l.Archived = noon },
	} {
		l := place
		change(&l)
		if _, err := Plan(d, operator, noon, Define{l}); !errors.Is(err, ErrInvalid) {
			t.Errorf("/tags/admin %s: %v, want ErrInvalid", name, err)
		}
	}
	refused(t, d, operator, ErrInvalid, "location", "stays", Remove{Key: place.Key()})
	place.Name = "Who runs this"
	grow(t, d, operator, Define{place})
}
