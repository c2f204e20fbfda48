package claims

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// desk is the organisation with ada at the desk, who lets members back in.
func desk(t *testing.T, more ...Intent) *Directory {
	t.Helper()
	return built(t, join([]Intent{
		member("eve"), AddGrant{Grant{ID: "g-desk", At: "core-people", Subject: must(ParseSubject("user:ada")), Right: rightRecover}},
		AddGrant{Grant{ID: "g-look", At: "core-people", Subject: must(ParseSubject("user:ada")), Right: "view"}},
	}, more)...)
}

func TestWhoLetsMembersBackIn(t *testing.T) {
	state := func(s State) []Intent { return []Intent{SetState{Member: "eve", State: s, By: "admin"}} }
	grant := func(at LocationID, subject string, right Slug) []Intent {
		return []Intent{AddGrant{Grant{ID: "g-more", At: at, Subject: must(ParseSubject(subject)), Right: right}}}
	}
	for name, c := range map[string]struct {
		by    Actor
		whom  MemberID
		given []Intent
		want  string // of the refusal; empty: none
	}{
		"the desk, a member":              {as("ada"), "eve", nil, ""},
		"the operator":                    {operator, "eve", nil, ""},
		"the operator, an administrator":  {operator, "boss", nil, ""},
		"a suspended one":                 {as("ada"), "eve", state(StateSuspended), ""},
		"oneself":                         {as("ada"), "ada", nil, "themself"},
		"without the right":               {as("tom"), "eve", grant("core-people", "user:tom", "view"), "recover"},
		"who left":                        {as("ada"), "eve", state(StateLeft), "may not sign in"},
		"who is barred":                   {as("ada"), "eve", []Intent{Bar{Member: "eve", Reason: "r"}}, "may not sign in"},
		"an administrator":                {as("ada"), "boss", nil, "and you do not"},
		"who awards a badge":              {as("ada"), "eve", grant("core-badges", "user:eve", rightAward), "they hold award at /badges"},
		"who awards, as the desk does":    {as("ada"), "eve", append(grant("core-badges", "user:eve", rightAward), AddGrant{Grant{ID: "g-ada", At: "core-badges", Subject: must(ParseSubject("user:ada")), Right: rightAward}}), ""},
		"who may do what is no power":     {as("ada"), "eve", grant("core-people", "user:eve", "view"), ""},
		"who signs in where others don't": {as("ada"), "eve", grant("core-apps", "user:eve", rightLogin), ""},
		"who is let by a role":            {as("ada"), "eve", []Intent{Define{Role{App: "core-people", Slug: "helpers", Rights: []Slug{"view", rightGrant}}}, AddGrant{Grant{ID: "g-role", At: "core-people", Subject: must(ParseSubject("user:eve")), Role: "helpers"}}}, "they hold grant at /people"},
	} {
		err := See(desk(t, c.given...), c.by, noon).MayRecover(c.whom)
		var refused *Refused
		switch {
		case c.want == "" && err != nil, c.want != "" && (!errors.As(err, &refused) || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if err := See(desk(t), as("ada"), noon).MayRecover("ghost"); !errors.Is(err, ErrNotFound) {
		t.Errorf("one who is not there: %v", err)
	}
	d := desk(t, AddGrant{Grant{ID: "g-soon", At: "core-badges", Subject: must(ParseSubject("user:eve")), Right: rightAward, Expires: noon.Add(time.Hour)}})
	if err := See(d, as("ada"), noon.Add(2*time.Hour)).MayRecover("eve"); err != nil {
		t.Errorf("whose power is over: %v", err)
	}
}
