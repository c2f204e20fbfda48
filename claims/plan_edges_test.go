package claims

import (
	"errors"
	"testing"
	"time"
)

func TestNobodyGivesAKindTheyDoNotHold(t *testing.T) {
	d := built(t, define(Kind{Type: "body", Slug: "treasurer", Parent: "board"}, Object{Slug: "stray", Type: "body"})...)
	d, _ = grow(t, d, operator,
		AddGrant{Grant{ID: "n", At: "core-objects", Subject: must(ParseSubject("user:bo")), Right: "affiliate"}})
	affiliate := func(object, kind Slug) Intent {
		return Affiliate{Affiliation{ID: "n", Member: "ada", Object: object, Kind: kind}}
	}
	grow(t, d, as("bo"), affiliate("delft", "board"))
	grow(t, d, as("bo"), affiliate("stray", RootKind))
	refused(t, d, as("bo"), ErrDenied, "affiliate", "it takes treasurer in delft yourself", affiliate("delft", "treasurer"))
	refused(t, d, as("bo"), ErrDenied, "affiliate", "it takes member in stray yourself", affiliate("stray", "member"))
	grow(t, d, as("boss"), affiliate("delft", "treasurer"))
	d, _ = grow(t, d, operator, EndAffiliation{Member: "bo", Object: "delft", Kind: "board"},
		AddGrant{Grant{ID: "still", At: "delft", Subject: must(ParseSubject("user:bo")), Right: "affiliate"}})
	refused(t, d, as("bo"), ErrDenied, "affiliate", "it takes member in delft yourself", affiliate("delft", "member"))
	grow(t, d, as("bo"), affiliate("delft", RootKind))
}

func TestKindsConcernTheApplicationsThatNameTheirObjects(t *testing.T) {
	d := built(t, define(ObjectType{Slug: "event"}, Kind{Type: "event", Slug: "guest", Parent: "default"}, Object{Slug: "agora", Type: "event"})...)
	d, _ = grow(t, d, operator,
		AddGrant{Grant{ID: "k", At: "core-objects", Subject: must(ParseSubject("user:ada")), Right: "manage"}},
		AddGrant{Grant{ID: "n", At: "space", Subject: must(ParseSubject("aff:agora#guest")), Right: "unlock"}})
	refused(t, d, as("ada"), ErrDenied, "manage", "/space", Define{Kind{Type: "event", Slug: "vip", Parent: "guest"}})
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityGrant, "n"}})
	grow(t, d, as("ada"), Define{Kind{Type: "event", Slug: "vip", Parent: "guest"}})
}

func TestANetworkMovesFromWhereOneManagesToWhereOneManages(t *testing.T) {
	d := built(t, define(Right{At: "space", Slug: "join"}, Network{Slug: "net", Location: "door"})...)
	d, _ = grow(t, d, operator,
		AddGrant{Grant{ID: "k", At: "core-wifi", Subject: must(ParseSubject("user:ada")), Right: "manage"}})
	refused(t, d, as("ada"), ErrDenied, "manage", "/space/door", Define{Network{Slug: "net", Location: "core-wifi"}})
	grow(t, d, as("boss"), Define{Network{Slug: "net", Location: "core-wifi"}})
}

func TestAMachineRegistersClientsAsItsOwn(t *testing.T) {
	d := built(t, Define{Client{ID: "ci", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}},
		AddGrant{Grant{ID: "r", At: "core-apps", Subject: must(ParseSubject("client:ci")), Right: "register"}},
		AddGrant{Grant{ID: "s", At: "core-apps", Subject: must(ParseSubject("client:system")), Right: "register"}})
	ci, job := Actor{Kind: ActorClient, ID: "ci"}, Actor{Kind: ActorSystem, ID: "job"}
	d, _ = grow(t, d, ci, Define{wiki(nil)})
	d, _ = grow(t, d, ci, Remove{Key: Key{EntityClient, "wiki"}})
	refused(t, d, ci, ErrDenied, "manage", "enabling again", Define{wiki(nil)})
	d, _ = grow(t, d, job, Define{wiki(func(c *Client) { c.ID = "blog" })})
	refused(t, d, ci, ErrDenied, "manage", "/apps/blog", Remove{Key: Key{EntityClient, "blog"}})
	grow(t, d, job, Remove{Key: Key{EntityClient, "blog"}})
}

func FuzzRedirectsThatAreTakenAreExact(f *testing.F) {
	for _, s := range []string{"https://a.example.org/cb", "http://[::1]:1/", "com.example:/x", "https://u@x/%2e%2e/#*", "https://", "[", "a://:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if checkRedirect("u", s) != nil {
			return
		}
		for i := range len(s) {
			if c := s[i]; c <= ' ' || c > '~' || c == '#' || c == '*' || c == '\\' {
				t.Errorf("%q is taken and holds %q", s, c)
			}
		}
	})
}

func TestAnInstantThatNoLogCanHoldIsRefused(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	d := NewDirectory(Seq{Epoch: "e"}).With(Seq{Epoch: "e", N: 1}, Core(now)...)
	d = d.With(d.Seq(), Badge{Slug: "laser-1", Name: "Laser 1", Mode: BadgeManual}, Member{ID: "ada", Sub: "s", Username: "ada", State: StateActive})
	late := GiveAward{Award: Award{ID: "a1", Badge: "laser-1", Member: "ada", Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), Method: MethodManual}}
	_, err := Plan(d, Actor{Kind: ActorOperator}, now, late)
	var field *Invalid
	if !errors.As(err, &field) || field.Field != "time" {
		t.Errorf("Plan = %v, want Invalid that names the time", err)
	}
}
