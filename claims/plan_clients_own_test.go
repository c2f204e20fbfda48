package claims

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// registrar is an organisation in which ada may register applications.
func registrar(t *testing.T, more ...Intent) *Directory {
	t.Helper()
	reg := AddGrant{Grant{ID: "reg", At: "core-apps", Subject: must(ParseSubject("user:ada")), Right: "register"}}
	return built(t, join([]Intent{reg, Define{Settings{Name: "Makers of Delft"}}}, more)...)
}

// own is an application as its registrant would have it.
func own(change func(*Client)) Client {
	return wiki(func(c *Client) {
		c.ID, c.Name, c.Filter = "mine", "Mine", ClaimFilter{}
		if change != nil {
			change(c)
		}
	})
}

func TestAnOwnClientIsNeverTrusted(t *testing.T) {
	d, _ := grow(t, registrar(t), as("ada"), Define{own(nil)})
	if c, _ := Get[Client](d, "mine"); c.Owner != "member:ada" {
		t.Fatalf("its owner is %q", c.Owner)
	}
	for name, change := range map[string]func(*Client){
		"first_party": func(c *Client) { c.FirstParty = true },
		"introspect":  func(c *Client) { c.Introspect = true },
		"resources":   func(c *Client) { c.Resources = []string{"https://api.example.org/"} },
		"targets": func(c *Client) {
			c.GrantTypes, c.ExchangeTo = []string{grantCode, grantExchange}, []string{"https://api.example.org/"}
		},
		"always_groups": func(c *Client) { c.AlwaysGroups = true },
		"a door":        func(c *Client) { c.Resources = []string{"/space/door"} },
		"door":          func(c *Client) { c.Scopes = []string{"door"} },
	} {
		refused(t, d, as("ada"), ErrDenied, "manage", "for who runs all applications", Define{own(change)})
		refused(t, registrar(t), as("ada"), ErrDenied, "manage", "for who runs all applications", Define{own(change)})
		switch name {
		case "first_party", "introspect": // not for who runs everything either: ada would choose where the answers go
			refused(t, d, operator, ErrInvalid, "first_party", "take mine over", Define{own(change)})
			refused(t, d, as("boss"), ErrInvalid, "first_party", "take mine over", Define{own(change)})
		default:
			grow(t, d, as("boss"), Define{own(change)})
		}
	}
	d, _ = grow(t, d, as("ada"), Remove{Key: Key{EntityClient, "mine"}})
	refused(t, d, as("ada"), ErrDenied, "manage", "enabling again", Define{own(nil)})
	grow(t, d, as("boss"), Define{own(nil)})
}

func TestWhoseOwnAClientIsNobodyRewrites(t *testing.T) {
	d, _ := grow(t, registrar(t), as("ada"), Define{own(nil)})
	for _, by := range []Actor{as("ada"), as("boss"), operator} {
		d, _ = grow(t, d, by, Define{own(func(c *Client) {
			c.Name, c.Owner, c.Registration = "Mine, by "+by.ID, "member:tom", &Registration{Token: hex64}
		})})
		if c, _ := Get[Client](d, "mine"); c.Owner != "member:ada" || c.Registration != nil {
			t.Errorf("%s wrote owner %q, registration %v", by, c.Owner, c.Registration)
		}
	}
	d, _ = grow(t, d, operator, Define{wiki(func(c *Client) { c.Owner = "member:ada" })})
	if c, _ := Get[Client](d, "wiki"); c.Owner != "" {
		t.Errorf("a client was given away to %q", c.Owner)
	}
}

func TestTakingAClientOverEndsWhatItsOwnerHad(t *testing.T) {
	d, _ := grow(t, registrar(t), as("ada"), Define{own(nil)})
	refused(t, d, as("ada"), ErrDenied, "manage", "/apps", TakeOver{"mine"})
	refused(t, d, as("tom"), ErrDenied, "manage", "/apps", TakeOver{"mine"})
	refused(t, d, operator, ErrNotFound, "", "none", TakeOver{"none"})
	d, _ = grow(t, d, as("boss"), TakeOver{"mine"})
	if _, p := grow(t, d, as("boss"), TakeOver{"mine"}); len(p.Facts) > 0 {
		t.Errorf("a second time plans %v", p.Facts)
	}
	refused(t, d, as("ada"), ErrDenied, "manage", "/apps/mine", Define{own(func(c *Client) { c.RedirectURIs = []string{"https://evil.example.org/"} })})
	grow(t, d, as("boss"), Define{own(func(c *Client) { c.FirstParty = true })})
	if _, err := See(d, as("ada"), noon).Client("mine"); !errors.Is(err, ErrNotFound) {
		t.Errorf("ada sees it still: %v", err)
	}
}

func TestAnOwnClientGoesByNoNameThatIsTakenForAnother(t *testing.T) {
	d := registrar(t, Define{wiki(nil)})
	named := func(name string) Intent { return Define{own(func(c *Client) { c.Name = name })} }
	for name, words := range map[string]string{
		"Wiki": "another application", " w i k i ": "another application", "WIKI!": "another application", "Makers of Delft": "reserved",
		"makersofdelft": "reserved", "Lanyard": "reserved", "…": "no letter", "Wi\u200bki": "cannot be seen", "\u202eikiW": "cannot be seen",
	} {
		refused(t, d, as("ada"), ErrInvalid, "name", words, named(name))
	}
	for _, name := range []string{"Wіki", "Oreη", "Ｗｉｋｉ", "𝐖𝐢𝐤𝐢", "the Βoard"} {
		refused(t, d, as("ada"), ErrInvalid, "name", "another alphabet", named(name))
	}
	for _, name := range []string{"λ-Calc", "Вики club", "Café Ünï", "ラーメン Bot", "Größe 5 µm"} {
		grow(t, d, as("ada"), named(name))
	}
	for _, id := range []ClientID{"admin", "people", "space", "lanyard"} {
		refused(t, d, as("ada"), ErrInvalid, "id", "reserved", Define{own(func(c *Client) { c.ID = id })})
	}
	ada, _ := Get[Member](d, "ada")
	refused(t, d, as("ada"), ErrInvalid, "id", "reserved", Define{own(func(c *Client) { c.ID = ClientID(ada.Sub) })})
	d, _ = grow(t, d, as("ada"), named("Mine"))
	refused(t, d, as("ada"), ErrInvalid, "name", "another application", named("Wiki"))
	refused(t, d, as("ada"), ErrInvalid, "name", "another application", selfMade(func(c *Client) { c.Name = "mine" }))
	two, _ := grow(t, d, as("ada"), selfMade(func(c *Client) { c.Name = "App" }))
	grow(t, two, as("ada"), selfMade(func(c *Client) { c.ID, c.Name = "r-2", "App" })) // the same one, on another machine
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityClient, "wiki"}})
	grow(t, d, as("ada"), named("Wiki"))
	grow(t, d, operator, Define{wiki(func(c *Client) { c.ID = "second" })})
}

func TestAnOwnClientSharesNoSectorThatItNeedNotAnswerAt(t *testing.T) {
	device := func(c *Client) {
		c.SubjectType, c.GrantTypes, c.RedirectURIs, c.SectorURI = subjectPairwise, []string{grantDevice}, nil, "https://wiki.example.org/sector.json"
	}
	refused(t, registrar(t), as("ada"), ErrInvalid, "grant_types", "nothing shows that it is theirs", Define{own(device)})
	refused(t, registrar(t), as("ada"), ErrInvalid, "grant_types", "nothing shows that it is theirs", selfMade(device))
	grow(t, registrar(t), operator, Define{own(device)})
	grow(t, registrar(t), as("ada"), Define{own(func(c *Client) { device(c); c.SubjectType, c.SectorURI = "", "" })})
}

func TestSomebodyOwnsAHundredClientsAtMost(t *testing.T) {
	d := registrar(t)
	number := func(i int) Intent {
		return Define{own(func(c *Client) { c.ID, c.Name = ClientID(fmt.Sprint("mine-", i)), fmt.Sprint("Mine ", i) })}
	}
	var many []Intent
	for i := range maxOwn {
		many = append(many, number(i))
	}
	d, _ = grow(t, d, as("ada"), many...)
	refused(t, d, as("ada"), ErrConflict, "", "the most there may be", number(maxOwn))
	d, _ = grow(t, d, as("ada"), Remove{Key: Key{EntityClient, "mine-3"}})
	grow(t, d, as("ada"), number(maxOwn))
}

func TestFiltersAreReadAsTheyAreWritten(t *testing.T) {
	f := ClaimFilter{Rename: map[string]string{"tag.a": "b"}, Cap: 7, Badges: []Slug{"old"}}
	parts := []string{"badge:laser-1", "member", "object:delft", "tag:*", "type:body"}
	if err := f.See(parts); err != nil || !slices.Equal(f.Sees(), parts) || f.Cap != 7 || f.Rename["tag.a"] != "b" || f.None() {
		t.Errorf("%v, %+v", err, f)
	}
	for _, text := range []string{"", "tags:x", "tag:", "tag:A", "badge", "member:x", "*"} {
		before := f.Sees()
		if err := f.See([]string{text}); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "see") || !slices.Equal(f.Sees(), before) {
			t.Errorf("%q: %v, and it sees %v", text, err, f.Sees())
		}
	}
	if err := f.See(nil); err != nil || !f.None() {
		t.Errorf("nothing: %v, %v", err, f.Sees())
	}
}
