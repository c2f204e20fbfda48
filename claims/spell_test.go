package claims

import "testing"

func TestSpellNamesMembers(t *testing.T) {
	d := NewDirectory(Seq{Epoch: "e"}).With(Seq{Epoch: "e", N: 1}, Member{ID: "01a2-b", Sub: "s", Username: "ada", State: StateActive})
	for text, want := range map[string]string{
		"award laser-1 to member 01a2-b; bar member 01a2-b": "award laser-1 to member ada; bar member ada",
		"award laser-1 to member 01ff":                      "award laser-1 to member 01ff",
		"sign in":                                           "sign in",
		"member ":                                           "member ",
		"conflict: member 01a2-b, again":                    "conflict: member ada, again",
	} {
		if got := Spell(d, text); got != want {
			t.Errorf("Spell(%q) = %q, want %q", text, got, want)
		}
	}
}
