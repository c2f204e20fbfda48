package portal

import (
	"html"
	"strings"
	"testing"

	"lanyard/claims"
)

func TestBadgesSayWhatTheyAreNeededFor(t *testing.T) {
	b := mill(t)
	b.operate(
		claims.AddGate{Gate: claims.Gate{ID: "gate-wifi", At: "core-wifi", Right: "join", AnyOf: []claims.Slug{"saw"}}},
		claims.AddGrant{Grant: claims.Grant{ID: "g-own", At: "laser", Right: "operate", Effect: claims.Allow, Subject: claims.Subject{Kind: claims.SubjectBadge, ID: "trainer"}}},
		claims.AddGate{Gate: claims.Gate{ID: "gate-any", At: "space", AnyOf: []claims.Slug{"mill"}}},
	)
	for badge, want := range map[string][]string{
		"laser-1": {"Laser cutter"}, "saw": {"WiFi Makerspace", "the badge CNC mill"}, "trainer": {"Laser cutter"}, "mill": {"Front door", "Laser cutter"},
	} {
		page := html.UnescapeString(b.get("/badges/" + badge).Body.String())
		_, list, _ := strings.Cut(page, "What it is needed for")
		for _, word := range want {
			if !strings.Contains(list, "<li>"+word+"</li>") {
				t.Errorf("%s does not say that it is needed for %s:\n%s", badge, word, list)
			}
		}
		if n := strings.Count(list, "<li>"); badge != "saw" && n != len(want) {
			t.Errorf("%s is needed for %d things, want %v:\n%s", badge, n, want, list)
		}
	}
	if page := html.UnescapeString(b.get("/badges").Body.String()); !strings.Contains(page, "Needed for: WiFi Makerspace, the badge CNC mill") {
		t.Errorf("the list:\n%s", page)
	}
	b.operate(claims.Remove{Key: claims.Key{Entity: claims.EntityGate, ID: "gate1"}})
	if page := b.get("/badges/laser-1").Body.String(); strings.Contains(page, "What it is needed for") {
		t.Error("a gate that is gone still counts")
	}
}

func TestALongListOfPlacesIsCut(t *testing.T) {
	if got := few([]string{"a", "b"}); strings.Join(got, " ") != "a b" {
		t.Errorf("two: %q", got)
	}
	if got := few(strings.Split("a b c d e f g h", " ")); strings.Join(got, " ") != "a b c d e and 3 more" {
		t.Errorf("eight: %q", got)
	}
}

func TestWhatIsMissingLeadsToItsBadge(t *testing.T) {
	if page := newBench(t).get("/").Body.String(); !strings.Contains(page, `<a href="/badges/laser-1">Laser level 1</a>`) {
		t.Errorf("the badge that is missing is no link:\n%s", page)
	}
}
