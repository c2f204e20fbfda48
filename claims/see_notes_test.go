package claims

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestR25NotesAreForWhoManagesTheMember(t *testing.T) {
	d := bodies(t, member("boss2"), Assign{Assignment{ID: "t2", Tag: "admin", TargetID: "boss2"}}, AddNote{Note{ID: "n-boss", Member: "boss", Text: "too strict"}})
	for by, want := range map[Actor]bool{as("boss"): true, operator: true, as("bo"): false, as("dora"): false, as("ada"): false, {Kind: ActorSystem}: false} {
		list, err := See(d, by, noon).Notes("dora")
		if (err == nil && len(list) == 1) != want || !want && !errors.Is(err, ErrNotFound) {
			t.Errorf("%v reads %v, %v; want %v", by, list, err, want)
		}
	}
	if list, err := See(d, as("boss"), noon).Notes("boss"); !errors.Is(err, ErrNotFound) {
		t.Errorf("boss reads what is noted of boss: %v, %v", list, err)
	}
	if list, err := See(d, as("boss2"), noon).Notes("boss"); err != nil || len(list) != 1 {
		t.Errorf("another administrator: %v, %v", list, err)
	}
	refused(t, d, as("bo"), ErrDenied, "manage", "/people/dora", AddNote{Note{ID: "m", Member: "dora", Text: "x"}})
	refused(t, d, as("dora"), ErrDenied, "manage", "oneself", AddNote{Note{ID: "m", Member: "dora", Text: "x"}})
	refused(t, d, as("boss"), ErrDenied, "manage", "oneself", AddNote{Note{ID: "m", Member: "boss", Text: "x"}})
	_, hidden := Plan(d, as("dora"), noon, RemoveNote{"n-dora"})
	_, missing := Plan(d, as("dora"), noon, RemoveNote{"n-none"})
	if strings.ReplaceAll(fmt.Sprint(hidden), "n-dora", "n-none") != fmt.Sprint(missing) || !errors.Is(hidden, ErrNotFound) {
		t.Errorf("removing one that is hidden: %v; one that is not there: %v", hidden, missing)
	}
}

func TestR25NotesNeverLeaveTheAdminsPages(t *testing.T) {
	const secret = "keeps keys"
	with := bodies(t)
	without, _ := grow(t, with, operator, RemoveNote{"n-dora"})
	every := []Slug{Every}
	all := ClaimFilter{Tags: every, Badges: every, Types: every, Member: true}
	told, err := TokenClaims(with, "dora", all, noon)
	if err != nil || tells(told, secret) {
		t.Errorf("a token tells: %+v, %v", told, err)
	}
	for _, m := range []MemberID{"dora", "bo", "boss"} {
		dec, err := Decide(with, Ask{Member: "dora", Right: "operate", Place: "laser", At: noon})
		if err != nil || tells(dec, secret) || tells(Explain(with, dec), secret) {
			t.Errorf("a decision tells: %+v, %v", dec, err)
		}
		for r := range See(with, as(m), noon).Members() {
			if tells(r, secret) {
				t.Errorf("the record of %s tells %s", r.Member.ID, m)
			}
		}
	}
	for r := range See(with, operator, noon).Members() {
		if tells(r, secret) {
			t.Errorf("the record of %s tells the operator: exports are made of records", r.Member.ID)
		}
	}
	again, err := TokenClaims(without, "dora", all, noon)
	if err != nil || fmt.Sprintf("%+v", *told.Membership) != fmt.Sprintf("%+v", *again.Membership) || told.Version != again.Version {
		t.Errorf("that there is a note shows: %+v and %+v, %v", told, again, err)
	}
	planned, err := Plan(with, operator, noon, AddNote{Note{ID: "m", Member: "ada", Text: secret}})
	if err != nil || tells(planned.What, secret) {
		t.Errorf("the audit would say %q, %v", planned.What, err)
	}
}
