package claims

import (
	"errors"
	"strings"
	"testing"
)

func TestAnAliasIsOneMembersNameAtOneClient(t *testing.T) {
	alias := func(c ClientID, m MemberID, name string) Define {
		return Define{Alias{Client: c, Member: m, Username: name}}
	}
	client := func(id ClientID) Define {
		return Define{Client{ID: id, Name: "C", Auth: AuthNone, GrantTypes: []string{"authorization_code"}, RedirectURIs: []string{"https://c.example/cb"}, Scopes: []string{"openid"}}}
	}
	d := built(t, client("wiki"), client("git"), alias("wiki", "ada", "Ada L."))
	ada, _ := Get[Member](d, "ada")
	if got := d.UsernameAt("wiki", ada); got != "Ada L." {
		t.Errorf("the wiki calls her %q", got)
	}
	if got := d.UsernameAt("git", ada); got != ada.Username {
		t.Errorf("another client calls her %q", got)
	}
	for name, c := range map[string]struct {
		in    Intent
		kind  error
		words string
	}{
		"another's alias":    {alias("wiki", "tom", "ada l."), ErrConflict, "there already"},
		"another's username": {alias("wiki", "ada", "tom"), ErrConflict, "somebody else's username"},
		"nothing":            {alias("wiki", "ada", ""), ErrInvalid, "username"},
		"a space before":     {alias("wiki", "ada", " ada"), ErrInvalid, "username"},
		"two lines":          {alias("wiki", "ada", "a\nb"), ErrInvalid, "username"},
		"no client":          {alias("nowhere", "ada", "a"), ErrNotFound, "client"},
		"no member":          {alias("wiki", "nobody", "a"), ErrNotFound, "member"},
		"a new member of the name": {AddMember{Member{ID: "new", Sub: "new", Username: "other.name"}}, ErrConflict,
			"what git calls somebody else"},
	} {
		on := d
		if name == "a new member of the name" {
			on = built(t, client("git"), alias("git", "ada", "Other.Name"))
		}
		planned, err := Plan(on, operator, noon, c.in)
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.words) || len(planned.Facts) > 0 {
			t.Errorf("%s: %v, %v; want %v with %q", name, planned.Facts, err, c.kind, c.words)
		}
	}
	if _, err := Plan(d, as("ada"), noon, alias("wiki", "ada", "root")); !errors.Is(err, ErrDenied) {
		t.Errorf("a member names herself: %v, want ErrDenied", err)
	}
	planned, err := Plan(d, operator, noon, Remove{Key: Alias{Client: "wiki", Member: "ada"}.Key()})
	if err != nil || d.With(Seq{"e", 99}, planned.Facts...).UsernameAt("wiki", ada) != ada.Username {
		t.Errorf("after it is removed: %v, %v", planned.Facts, err)
	}
	if planned, err := Plan(d, operator, noon, alias("git", "tom", "Ada L.")); err != nil || len(planned.Facts) != 1 {
		t.Errorf("the same name at another client: %v, %v", planned.Facts, err)
	}
}
