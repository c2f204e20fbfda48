package claims

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func alias(c ClientID, m MemberID, name string) Define {
	return Define{Alias{Client: c, Member: m, Username: name}}
}

func app(id ClientID) Define {
	return Define{Client{ID: id, Name: "C", Auth: AuthNone, GrantTypes: []string{"authorization_code"}, RedirectURIs: []string{"https://c.example/cb"}, Scopes: []string{"openid"}}}
}

func TestAnAliasIsOneMembersNameAtOneClient(t *testing.T) {
	d := built(t, app("wiki"), app("git"), alias("wiki", "ada", "Ada L."))
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
			"what git calls, or called, somebody else"},
	} {
		on := d
		if name == "a new member of the name" {
			on = built(t, app("git"), alias("git", "ada", "Other.Name"))
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

// TestANameThatWasAnAliasIsNobodyElsesThere has others try for the account
// that a member once had somewhere, after the member is called otherwise
// there, or is gone.
func TestANameThatWasAnAliasIsNobodyElsesThere(t *testing.T) {
	d := built(t, app("wiki"), app("git"), alias("wiki", "ada", "Ada.L"))
	changed, _ := grow(t, d, operator, alias("wiki", "ada", "countess"))
	removed, _ := grow(t, d, operator, Remove{Key: Alias{Client: "wiki", Member: "ada"}.Key()})
	erased, _ := grow(t, changed, operator, Erase{Member: "ada", Reason: "asked"})
	for name, on := range map[string]*Directory{"called otherwise": changed, "removed": removed, "erased": erased} {
		refused(t, on, operator, ErrConflict, "", "is, or was, called", alias("wiki", "bo", "ada.l"))
		refused(t, on, operator, ErrConflict, "", "calls, or called, somebody else", AddMember{Member{ID: "new", Sub: "new", Username: "ada.l"}})
		refused(t, on, operator, ErrConflict, "", "calls, or called, somebody else", EditMember{Member{ID: "bo", Username: "ada.l"}})
		if _, err := Plan(on, operator, noon, alias("git", "bo", "ada.l")); err != nil {
			t.Errorf("%s: the name at another client: %v", name, err)
		}
	}
	refused(t, erased, operator, ErrConflict, "", "is, or was, called", alias("wiki", "bo", "Countess"))
	a, _ := Get[Alias](erased, "wiki:ada")
	if strings.Contains(strings.ToLower(fmt.Sprint(a)), "ada.l") || a.Username != "" || len(a.Former) != 2 || a.Removed.IsZero() {
		t.Errorf("erased: %+v", a)
	}
	if again, planned := grow(t, changed, operator, alias("wiki", "ada", "Ada.L")); len(planned.Facts) != 1 {
		t.Errorf("back to her own: %v", planned.Facts)
	} else if a, _ := Get[Alias](again, "wiki:ada"); !slices.Equal(a.Former, []string{"countess"}) {
		t.Errorf("back to her own: %+v", a)
	}
}

func TestNamesThatLookAlikeAreOne(t *testing.T) {
	d := built(t, app("wiki"), alias("wiki", "ada", "Straße Sam"))
	for name, text := range map[string]string{
		"as it is":            "Straße Sam",
		"in capitals":         "STRASSE SAM",
		"a long s":            "straße ſam",
		"fullwidth":           "ｓｔｒａｓｓｅ ｓａｍ",
		"a space of no break": "strasse\u00a0sam",
	} {
		if _, err := Plan(d, operator, noon, alias("wiki", "bo", text)); !errors.Is(err, ErrConflict) {
			t.Errorf("%s, %q: %v, want ErrConflict", name, text, err)
		}
	}
	for _, text := range []string{"ｔｏｍ", "To\u1d50", "TOM"} { // as a username
		refused(t, d, operator, ErrConflict, "", "looks like it", alias("wiki", "bo", text))
	}
	for name, text := range map[string]string{
		"zero width": "Stra\u200bße Sam", "a joiner": "Sam\u200d", "turned around": "\u202emas", "a mark of order": "Sam\ufeff", "a soft hyphen": "Sa\u00adm",
		"a filler": "Sam\u3164x", "a variation": "Sam\ufe0f", "a line": "Sam\u2028x", "nobody's yet": "Sam\ue000", "a control": "Sam\u0085x",
	} {
		if _, err := Plan(d, operator, noon, alias("wiki", "bo", text)); !errors.Is(err, ErrInvalid) || !strings.HasPrefix(err.(*Faulty).Err.Error(), "username: holds ") {
			t.Errorf("%s, %q: %v, want ErrInvalid that says what it holds", name, text, err)
		}
	}
	grow(t, d, operator, alias("wiki", "bo", "Zoë 李"), alias("wiki", "tom", "Сам"))
}

func TestWhatMembersAreCalledHidesNothing(t *testing.T) {
	d := built(t)
	for _, hidden := range []string{"\u202e", "\u200b", "\u2066", "\u2028", "\ufeff"} {
		for _, m := range []Member{{ID: "ada", Username: "ada", Name: "Ada" + hidden}, {ID: "ada", Username: "ada", GivenName: hidden + "Ada"}, {ID: "ada", Username: "ada", FamilyName: hidden}} {
			if _, err := Plan(d, as("ada"), noon, EditMember{m}); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "which nobody sees") {
				t.Errorf("%q: %v", fmt.Sprint(m), err)
			}
		}
		refused(t, d, as("ada"), ErrInvalid, "nickname", "nobody sees", EditProfile{Profile{Member: "ada", Nickname: "a" + hidden}})
	}
	grow(t, d, as("ada"), EditMember{Member{ID: "ada", Username: "ada", Name: "می\u200cخواهم José 李"}})
}
