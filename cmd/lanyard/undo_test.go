package main

import (
	"strings"
	"testing"
)

func TestAnArchivedPlaceIsOutOfSightAndComesBack(t *testing.T) {
	d := demoDesk(t)
	d.says("location archive /space/workshop", "/space/workshop is archived, and 3 places below it with it; lanyard location reopen /space/workshop undoes it")
	if out := d.ok("location", "list", "/space"); strings.Contains(out, "workshop") || strings.Contains(out, "laser") {
		t.Errorf("an archived place is listed:\n%s", out)
	}
	d.says("location list /space --archived", "/workshop", "archived", "/laser")
	d.fails("location add /space/workshop", "is there already, archived: lanyard location reopen /space/workshop")
	d.says("location reopen /space/workshop", "/space/workshop is open again")
	d.says("location reopen /space/workshop", "nothing changed")
	d.says("decide tom operate /space/workshop/laser", "allow")
}

func TestRemovingATagSaysWhatItDrops(t *testing.T) {
	d := demoDesk(t)
	d.ok("tag", "add", "owl")
	d.ok("tag", "assign", "owl", "ada")
	d.ok("tag", "assign", "owl", "tom")
	d.ok("grant", "add", "tag:owl", "unlock", "/space/store")
	d.says("tag remove owl", "nobody has the tag owl, and nothing is granted to it: it was taken off 2, and 1 grant removed\n")
	d.says("tag remove owl", "nothing is granted to it (it was so already; nothing changed)")
}

func TestAMemberStandsAsIsDecided(t *testing.T) {
	d := newDesk(t)
	d.says("member add bob --paid-until 2025-01-01", "bob is a member (suspended, as they have paid until 2025-01-01). Next:")
	d.says("member state bob active", "bob is now suspended, as they have paid until 2025-01-01")
	d.says("member add eve", "eve is a member (active). Next:")
	d.fails("member set bob", "say what to change: lanyard member set --help")
	if _, errs, _ := d.run("member", "add", "x", "--state", "gone"); !strings.Contains(errs, "none of guest, pending, active, suspended, left\n") {
		t.Errorf("of a state there isn't it says %s", errs)
	}
	d.fails("member add x --state grace", "grace comes from the dates")
}

func TestANewDatabaseIsSaidOnceBesideTheOutput(t *testing.T) {
	d := newDesk(t)
	out, errs, code := d.run("member", "list")
	if code != 0 || strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "lanyard: a new organisation begins in ") || strings.Contains(out, "begins") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if _, errs, _ := d.run("member", "list"); errs != "" {
		t.Errorf("the second time it says %s", errs)
	}
}

func TestARotatedSecretSaysWhatBecomesOfTheOld(t *testing.T) {
	d := newDesk(t)
	d.ok("client", "add", "git", "--redirect", "https://git.example.org/cb")
	d.says("client secret rotate git --overlap 1d", "The one before works until 2026-06-02 12:00:0")
	d.says("client secret rotate git", "No other works any more.")
	d.says("client registration-token add one", "It registers 1 application at http")
	d.says("client registration-token add many --uses 3", "It registers 3 applications at http")
}

func TestRequestsAndCardsAreFoundByTheirMember(t *testing.T) {
	d := demoDesk(t)
	d.ok("opening", "add", "tag:teacher")
	d.ok("opening", "add", "aff:delft#board")
	d.fails("request approve ada", "ada waits for no answer: lanyard request list")
	d.ok("request", "ask", "ada", "tag:teacher")
	d.ok("request", "ask", "ada", "aff:delft#board")
	d.fails("request approve ada", "ada waits for 2 answers: say about what, ", "tag:teacher", "aff:delft#board")
	d.says("request refuse ada tag:teacher --text later", "refused for ada")
	d.fails("request approve ada tag:teacher", "ada waits for no answer about tag:teacher")
	d.says("request approve ada", "approved for ada")
	d.says("affiliation list --object delft", "ada")

	d.fails("card lost gus", "gus has 0 cards that could be: lanyard card list gus")
	d.ok("card", "add", "carol", "01:02:03:04")
	d.says("card lost carol", "of carol is lost")
	d.says("card found carol", "of carol is active")
	d.ok("card", "add", "carol", "01:02:03:05")
	d.fails("card lost carol", "carol has 2 cards that could be")
}
