package organisation_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/cmd/lanyard/demo"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/keys"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

var operator = claims.Actor{Kind: claims.ActorOperator, ID: "test"}

// env makes ids and secrets that are the same in every run.
func env() organisation.Env {
	n := 0
	next := func() string { n++; return fmt.Sprintf("id-%04d", n) }
	return organisation.Env{
		Now: now, NewID: next, Random: func(int) string { return "random-" + next() },
		Ring: keys.NewRing(make([]byte, 32)), ParseCard: keys.ParseCard,
		ReadFile: func(name string) ([]byte, error) {
			if name == "short" {
				return []byte("hush\n"), nil
			}
			return nil, errors.New(name + " is not there")
		},
	}
}

func empty() *claims.Directory {
	return claims.NewDirectory(claims.Seq{Epoch: "test"}).With(claims.Seq{Epoch: "test", N: 1}, claims.Core(now)...)
}

// apply plans text on d and returns the directory afterwards.
func apply(t *testing.T, d *claims.Directory, text string) (*claims.Directory, organisation.Draft) {
	t.Helper()
	f, err := organisation.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	draft, err := organisation.Prepare(d, f, env())
	if err != nil {
		t.Fatal(err)
	}
	return commit(t, d, draft), draft
}

func commit(t *testing.T, d *claims.Directory, draft organisation.Draft) *claims.Directory {
	t.Helper()
	planned, err := claims.Plan(d, operator, now, draft.Intents...)
	if err != nil {
		t.Fatal(draft.Blame(func(in ...claims.Intent) error { _, err := claims.Plan(d, operator, now, in...); return err }))
	}
	seq := d.Seq()
	seq.N++
	return d.With(seq, planned.Facts...)
}

func TestApplyTwiceChangesNothing(t *testing.T) {
	d, first := apply(t, empty(), string(demo.File))
	if len(first.Intents) < 80 || len(first.Generated) != 6 {
		t.Errorf("the first time: %d intents, secrets %v", len(first.Intents), first.Generated)
	}
	_, second := apply(t, d, string(demo.File))
	if len(second.Intents) != 0 || len(second.Generated) != 0 || len(second.Notes) != 0 {
		t.Errorf("the second time: %v, %v, %v", second.Intents, second.Generated, second.Notes)
	}
}

func TestFileNeverHoldsASecret(t *testing.T) {
	for _, word := range []string{"password =", "secret =", "pass ="} {
		if strings.Contains(string(demo.File), word) {
			t.Errorf("the demo file has %q", word)
		}
	}
	for _, text := range []string{"[[members]]\nusername='a'\npassword='x'", "[[clients]]\nid='a'\nsecret='x'"} {
		if _, err := organisation.Read(strings.NewReader(text)); err == nil {
			t.Errorf("a file with a secret was read: %s", text)
		}
	}
}

func TestBadFilesNameLineAndField(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[[tag]]\nslug='x'", "line 1: tag: there is no such key; did you mean tags?"},
		{"[[tags]]\nslug='x'\nlable='X'", "line 3: tags[1].lable: there is no such key; did you mean label?"},
		{"[[tags]]\nlabel='X'", "line 1: tags[1]: needs slug"},
		{"[[tags]]\nslug='Upper'", `line 2: tags[1].slug: "Upper": only a-z`},
		{"[[tags]]\nslug='x'\n[[tags]]\nslug='x'", `line 4: tags[2].slug: "x" stands there twice`},
		{"[[tags]]\nslug='x'\ntargets=['door']", `line 3: tags[1].targets[1]: "door" is none of`},
		{"[[badges]]\nslug='x'\nvalid_for='a year'", "line 3: badges[1].valid_for: \"a year\" is no length of time"},
		{"[[badges]]\nslug='x'\nmode='magic'", "line 3: badges[1].mode: \"magic\" is none of"},
		{"[[locations]]\npath='/space'", "line 1: locations[1]: /space is at the top of the tree, where every location belongs to an application: add [[applications]] slug = \"space\""},
		{"[[applications]]\nslug='space'\n[[locations]]\npath='/space/a/b'", "line 4: locations[1].path: /space/a is not there"},
		{"[[applications]]\nslug='space'\n[[locations]]\npath='/space'\ninherit=true", "line 5: locations[1].inherit: /space is a root"},
		{"[[applications]]\nslug='s'\nroot='/a/b'", "line 3: applications[1].root: /a/b is not at the top"},
		{"[[rights]]\nright='unlock'\nat='/nowhere'", "line 3: rights[1].at: /nowhere is not there: add [[locations]]"},
		{"[[rights]]\nright='unlock'\nat='/wifi/x'\nstates=['dead']", "line 4: rights[1].states[1]: \"dead\" is none of"},
		{"[[grants]]\nto='everyone'\nat='/wifi/x'", "line 1: grants[1]: needs a right or a role, one of them"},
		{"[[grants]]\nto='nobody'\nright='award'\nat='/wifi/x'", "line 2: grants[1].to: "},
		{"[[grants]]\nto='user:ghost'\nright='award'\nat='/wifi/x'", "line 2: grants[1].to: there is no member ghost"},
		{"[[grants]]\nto='everyone'\nright='award'\nat='/wifi/x'\nwindow='all day'", "line 5: grants[1].window: "},
		{"[[grants]]\nto='everyone'\nright='award'\nat='/wifi/x'\nexpires='soon'", "line 5: grants[1].expires: \"soon\" is no date"},
		{"[[grants]]\nto='everyone'\nright='award'\nat='/wifi/x'\nexpires='+30d'", "line 5: grants[1].expires: \"+30d\" would mean another date each time"},
		{"[[grants]]\nto='everyone'\nright='award'\nat='/wifi/x'\nexpires=3", "line 5: grants[1].expires: must be a date"},
		{"[[gates]]\nat='/wifi/x'", "line 1: gates[1]: needs any_of"},
		{"[[members]]\nusername='A B'", "line 2: members[1].username: "},
		{"[[members]]\nusername='a'\nstate='asleep'", "line 3: members[1].state: \"asleep\" is none of"},
		{"[[members]]\nusername='a'\nbadges=[\n'x',\n'y till 2030-01-01']", "line 5: members[1].badges[2]: \"till\" is not understood"},
		{"[[members]]\nusername='a'\nbadges=['x until']", "line 3: members[1].badges[1]: \"x until\": write a name"},
		{"[[members]]\nusername='a'\naffiliations=['delft']", "line 3: members[1].affiliations[1]: \"delft\": write OBJECT#KIND"},
		{"[[members]]\nusername='a'\ncards=['uid:xyz']", "line 3: members[1].cards[1]: "},
		{"[[clients]]\nid='a'", "line 1: clients[1]: needs redirect_uris"},
		{"[[clients]]\nid='a'\nauth='magic'\nredirect_uris=['x']", "line 3: clients[1].auth: \"magic\" is none of"},
		{"[[devices]]\nname='a'\nkind='tank'\nlocation='/wifi/x'", "line 3: devices[1].kind: \"tank\" is none of"},
		{"[[networks]]\nslug='a'\nlocation='/wifi/a'\nrules=['badge:x 30']", "line 4: networks[1].rules[1]: \"badge:x 30\": write SUBJECT = VLAN"},
		{"[[networks]]\nslug='a'\nlocation='/wifi/a'\nrules=['badge:x = 5000']", "line 4: networks[1].rules[1]: \"5000\" is no VLAN"},
		{"[[access_points]]\nname='a'\naddress='here'", "line 3: access_points[1].address: \"here\" is no address"},
		{"[[access_points]]\nname='a'\naddress='::1'\nsecret_file='x'", "line 4: access_points[1].secret_file: x is not there"},
		{"[[access_points]]\nname='a'\naddress='::1'\nsecret_file='short'", "fewer than 16 characters"},
		{"[settings]\nmembership_from='body'", "line 2: settings.membership_from: \"body\": write billing or TYPE#KIND"},
	} {
		f, err := organisation.Read(strings.NewReader(c.text))
		if err == nil {
			_, _, err = organisation.Plan(empty(), f, env())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q\n got  %v\n want %s", c.text, err, c.want)
		}
	}
}

func TestRuleOfTheDomainThatFailsNamesItsLine(t *testing.T) {
	f, err := organisation.Read(strings.NewReader("[[tags]]\nslug='a'\n\n[[badges]]\nslug='b'\n\n[[grants]]\nto='tag:a'\nright='no-such-right'\nat='/badges/b'\n"))
	if err != nil {
		t.Fatal(err)
	}
	draft, err := organisation.Prepare(empty(), f, env())
	if err != nil {
		t.Fatal(err)
	}
	err = draft.Blame(func(in ...claims.Intent) error { _, err := claims.Plan(empty(), operator, now, in...); return err })
	if err == nil || !strings.HasPrefix(err.Error(), "line 7: grants[1]: ") {
		t.Errorf("got %v", err)
	}
}

func TestWhatWasEndedByHandStaysEnded(t *testing.T) {
	text := "[[tags]]\nslug='a'\n[[badges]]\nslug='b'\n[[members]]\nusername='ada'\ntags=['a']\nbadges=['b']\ncards=['uid:04a1b2c3']\n"
	d, _ := apply(t, empty(), text)
	ada, _ := d.MemberByUsername("ada")
	planned, err := claims.Plan(d, operator, now,
		claims.RevokeAward{Badge: "b", Member: ada.ID, Reason: "careless"},
		claims.Unassign{Tag: "a", Target: claims.TargetMember, TargetID: string(ada.ID)},
		claims.SetCredential{Credential: d.CredentialsOf(ada.ID)[0].ID, Status: claims.CredentialLost})
	if err != nil {
		t.Fatal(err)
	}
	d = d.With(claims.Seq{Epoch: "test", N: 3}, planned.Facts...)
	_, draft := apply(t, d, text)
	if len(draft.Intents) != 0 || len(draft.Notes) != 3 {
		t.Errorf("intents %v, notes %q", draft.Intents, draft.Notes)
	}
}

func TestWhatTheFileDoesNotMentionIsLeftAlone(t *testing.T) {
	d, _ := apply(t, empty(), string(demo.File))
	_, draft := apply(t, d, "[[members]]\nusername='ada'\n")
	if len(draft.Intents) != 0 {
		t.Errorf("a line that only names ada plans %v", draft.Intents)
	}
	_, draft = apply(t, d, "[[members]]\nusername='ada'\nname='Ada King'\n")
	edit, ok := draft.Intents[0].(claims.EditMember)
	if !ok || edit.Member.Name != "Ada King" || edit.Member.Email != "ada@wood-and-wire.example" || !edit.Member.EmailOK {
		t.Errorf("a new name plans %+v", draft.Intents)
	}
}

func TestLaterUntilRenewsABadge(t *testing.T) {
	head := "[[badges]]\nslug='b'\n[[members]]\nusername='ada'\n"
	d, _ := apply(t, empty(), head+"badges=['b until 2027-01-01']\n")
	for text, want := range map[string]int{"b": 0, "b until 2026-12-01": 0, "b until 2027-01-01": 0, "b until 2028-01-01": 1, "b until 2020-01-01": 0} {
		if _, draft := apply(t, d, head+"badges=['"+text+"']\n"); len(draft.Intents) != want {
			t.Errorf("%q plans %v", text, draft.Intents)
		}
	}
}

func TestPeriodsAreAppliedOnceAndAreOverInTheirTime(t *testing.T) {
	text := `
[[periods]]
slug = "last"
starts = 2025-01-01
ends = 2026-01-01
[[periods]]
slug = "this"
starts = 2026-01-01
ends = 2027-01-01
current = true
[[tags]]
slug = "a"
[[badges]]
slug = "b"
[[types]]
slug = "body"
kinds = [{slug = "board"}]
[[objects]]
slug = "delft"
type = "body"
[[grants]]
to = "tag:a"
right = "award"
at = "/badges"
period = "this"
[[grants]]
to = "tag:a"
right = "assign"
at = "/tags"
period = "last"
[[members]]
username = "ada"
tags = ["a in last", "a in this"]
badges = ["b in this"]
affiliations = ["delft#board in last", "delft#board from 2026-03-01 in this"]
`
	d, draft := apply(t, empty(), text)
	ada, _ := d.MemberByUsername("ada")
	board := d.AffiliationsOf(ada.ID)
	if len(board) != 1 || board[0].Period != "this" || len(d.AssignmentsOf(ada.ID)) != 1 || len(d.AwardsOf(ada.ID)) != 1 {
		t.Errorf("what is bound to a period that is over was given: %v", draft.Intents)
	}
	if start, end := d.Span(board[0]); start.Format(time.DateOnly) != "2026-03-01" || end.Format(time.DateOnly) != "2027-01-01" {
		t.Errorf("ada is on the board from %v to %v", start, end)
	}
	if _, again := apply(t, d, text); len(again.Intents) != 0 {
		t.Errorf("applied again it plans %v", again.Intents)
	}
}

func TestParseWhen(t *testing.T) {
	for text, want := range map[string]string{
		"2026-12-31": "2026-12-31T00:00:00Z", "2026-12-31T18:00:00+01:00": "2026-12-31T17:00:00Z",
		"+30d": "2026-07-01T12:00:00Z", "+12h": "2026-06-02T00:00:00Z", "+1h30m": "2026-06-01T13:30:00Z",
	} {
		got, err := organisation.ParseWhen(text, now)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("ParseWhen(%s) = %v, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"tomorrow", "+", "+d", "-3d", "+-3h", "+0d", "2026-13-01", "31-12-2026", "+99999999d"} {
		if got, err := organisation.ParseWhen(text, now); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("ParseWhen(%s) = %v, %v, want an ErrInvalid", text, got, err)
		}
	}
}

func TestAFileTellsWhatMembersTellOfThemselves(t *testing.T) {
	text := "[[members]]\nusername='ada'\nbirthdate=1815-12-10\nnickname='Countess'\nphone_number='+441234567890'\nphone_number_verified=true\n[members.address]\nlocality='London'\n"
	d, _ := apply(t, empty(), text)
	ada, _ := d.MemberByUsername("ada")
	p := d.ProfileOf(ada.ID)
	if p.Birthdate != "1815-12-10" || p.Nickname != "Countess" || !p.PhoneOK || p.Address.Locality != "London" || !p.Updated.Equal(now) {
		t.Errorf("the profile is %+v", p)
	}
	_, draft := apply(t, d, text)
	if len(draft.Intents) != 0 {
		t.Errorf("the same file again plans %v", draft.Intents)
	}
	_, draft = apply(t, d, "[[members]]\nusername='ada'\nphone_number='+441234567891'\n")
	edit, ok := draft.Intents[0].(claims.EditProfile)
	if !ok || edit.Profile.PhoneOK || edit.Profile.Nickname != "Countess" {
		t.Errorf("another number plans %+v, want it not verified and the rest as it was", draft.Intents)
	}
}
