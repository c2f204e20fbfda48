package claims

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func explainWorld() *Directory {
	return NewDirectory(Seq{}).With(Seq{},
		Member{ID: "ada", Username: "ada", Name: "Ada Lovelace", State: StateActive, BarReason: "stole a lathe"},
		Badge{Slug: "laser-1", Name: "Laser induction", Earn: "Book the Tuesday course.", EarnURL: "https://space.example/laser"},
		Badge{Slug: "laser-2", Name: "Laser 2"})
}

func TestExplainSaysWhatIsMissingAndHowToEarnIt(t *testing.T) {
	d := explainWorld()
	got := Explain(d, Decision{Reason: ReasonMissingBadge, Missing: []Missing{{AnyOf: d.inWords([]Slug{"laser-1"})}, {AnyOf: d.inWords([]Slug{"laser-1", "laser-2"})}}})
	want := []string{"Not yet.",
		"You still need: Laser induction. How: Book the Tuesday course, see https://space.example/laser.",
		"You still need: Laser induction or Laser 2. How: Laser induction: Book the Tuesday course, see https://space.example/laser."}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	got = Explain(d, Decision{Allow: true, Reason: ReasonOK, Until: day(3), Warnings: []Warning{{Badge: "laser-1", Ends: day(3)}}})
	want = []string{"You may, until 2025-06-03 00:00 UTC.", "Your badge Laser induction ends at 2025-06-03 00:00 UTC."}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := Explain(d, Decision{Reason: ReasonNoGrant, RetryAt: day(2)}); got[1] != "You can from 2025-06-02 00:00 UTC." {
		t.Errorf("got %q", got)
	}
}

func TestNobodyIsSentToEarnARetiredBadge(t *testing.T) {
	d := explainWorld().With(Seq{N: 1}, Location{ID: "door", Slug: "door"}, Right{At: "door", Slug: "unlock"},
		Grant{ID: "g", At: "door", Subject: everyone(), Right: "unlock", Effect: Allow}, Gate{ID: "gate", At: "door", AnyOf: []Slug{"laser-1", "laser-2"}},
		Badge{Slug: "laser-1", Name: "Laser induction", Earn: "Book the Tuesday course.", EarnURL: "https://space.example/laser", Mode: BadgeSignoff, Retired: day(1)})
	dec := must(Decide(d, Ask{Member: "ada", Right: "unlock", Place: "door", At: day(2)}))
	want := []string{"Not yet.", "You still need: Laser induction or Laser 2. How: Laser induction: It is given to nobody any more."}
	if got := Explain(d, dec); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// reasons lists every reason there is.
var reasons = []Reason{ReasonOK, ReasonUnknownLocation, ReasonLocationArchived, ReasonRightNotDefined, ReasonUnknownCredential,
	"credential_lost", "credential_revoked", "credential_expired", "credential_spent", ReasonUnknownClient, ReasonClientDisabled, ReasonUnknownMember,
	ReasonMemberBarred, "member_guest", "member_pending", "member_active", "member_grace", "member_suspended", "member_left",
	ReasonMaintenance, ReasonLockdown, ReasonExplicitDeny, ReasonNoGrant, ReasonMissingBadge, ReasonSupervisor, ReasonStepUp}

func TestEveryReasonHasItsWords(t *testing.T) {
	if len(outcomes) != len(reasons) {
		t.Errorf("words for %d reasons, there are %d", len(outcomes), len(reasons))
	}
	d := explainWorld()
	for _, r := range append(reasons, "unheard_of") {
		dec := Decision{Reason: r, Member: "ada"}
		short, words := ShortText(d, dec), strings.Join(Explain(d, dec), "\n")
		if short == "" || utf8.RuneCountInString(short) > 32 || strings.HasSuffix(short, " ") {
			t.Errorf("%s: %q does not fit a display", r, short)
		}
		if words == "" || strings.Contains(words+short, "lathe") {
			t.Errorf("%s: %q", r, words)
		}
		if (r.Hint() == HintGo) != (r == ReasonOK) {
			t.Errorf("%s: hint %d", r, r.Hint())
		}
	}
}

func TestShortTextFitsADisplay(t *testing.T) {
	d := explainWorld()
	if got := ShortText(d, Decision{Allow: true, Reason: ReasonOK, Member: "ada"}); got != "Hi Ada" {
		t.Errorf("got %q, want Hi Ada", got)
	}
	need := func(name string) string {
		return ShortText(d, Decision{Reason: ReasonMissingBadge, Missing: []Missing{{AnyOf: []MissingBadge{{Name: name}}}}})
	}
	for name, want := range map[string]string{
		"Laser 1": "Need Laser 1",
		"Größere Fräsmaschineneinweisung für X": "Need Größere Fräsmaschineneinwei",
		"two\nlines\x1b[2J":                     "Need twolines[2J",
		"a name of just the wrong len gth":      "Need a name of just the wrong le",
	} {
		if got := need(name); got != want {
			t.Errorf("Need %q: %q, want %q", name, got, want)
		}
	}
	if got := ShortText(d, Decision{Reason: ReasonNoGrant, RetryAt: time.Unix(1, 0)}); got != "Not now: see your page" {
		t.Errorf("got %q", got)
	}
}
