package claims

import (
	"slices"
	"testing"
)

// TestInspectTellsWhyOfEveryRule asks questions of the examples' organisation
// and holds what became of each rule on the way.
func TestInspectTellsWhyOfEveryRule(t *testing.T) {
	d := workshop(
		Location{ID: "stop", Parent: "page", Slug: "stop"},
		Period{Slug: "past", Kind: PeriodYear, Starts: reqAt.AddDate(-2, 0, 0), Ends: reqAt.AddDate(-1, 0, 0)},
		Role{Slug: "reader", App: "wiki", Rights: []Slug{"read"}}, Application{Slug: "wiki", Root: "wiki"},
		Right{At: "wiki", Slug: "read", NotPhysical: true},
		Grant{ID: "a-all", At: "wiki", Subject: everyone(), Right: "edit", Effect: Allow},
		Grant{ID: "b-badge", At: "stop", Subject: holder("laser-1"), Right: "edit", Effect: Allow, Expires: reqAt.AddDate(0, 0, 3)},
		Grant{ID: "c-user", At: "stop", Subject: Subject{Kind: SubjectUser, ID: "ada"}, Right: "edit", Effect: Allow, Expires: reqAt.AddDate(0, 0, 9)},
		Grant{ID: "d-role", At: "stop", Subject: everyone(), Role: "reader", Effect: Allow},
		Grant{ID: "e-past", At: "stop", Subject: everyone(), Right: "edit", Effect: Allow, Period: "past"},
		Grant{ID: "f-next", At: "stop", Subject: everyone(), Right: "edit", Effect: Allow, Starts: reqAt.AddDate(0, 0, 1)},
		Grant{ID: "g-hours", At: "stop", Subject: everyone(), Right: "edit", Effect: Allow, Window: &Window{From: 60, To: 120, Zone: "UTC"}},
		Grant{ID: "h-deny", At: "wiki", Subject: Subject{Kind: SubjectTag, ID: "minor"}, Right: "edit", Effect: Deny},
		Gate{ID: "i-gate", At: "wiki", Right: "edit", AnyOf: []Slug{"laser-2", "laser-1"}},
		Gate{ID: "j-gate", At: "page", Right: "edit", AnyOf: []Slug{"laser-2"}},
		Waiver{ID: "w", Gate: "j-gate", Member: "ada", Expires: reqAt.AddDate(0, 0, 20)})
	want := map[MemberID]map[ID]Outcome{
		"ada": {"a-all": OutcomeAbove, "b-badge": OutcomeMatches, "c-user": OutcomeCounts, "d-role": OutcomeOther, "e-past": OutcomeEnded,
			"f-next": OutcomeNotYet, "g-hours": OutcomeClosed, "h-deny": OutcomeNobody, "i-gate": OutcomeMet, "j-gate": OutcomeWaived},
		"bob": {"a-all": OutcomeAbove, "b-badge": OutcomeNobody, "c-user": OutcomeNobody, "d-role": OutcomeOther, "e-past": OutcomeEnded,
			"f-next": OutcomeNotYet, "g-hours": OutcomeClosed, "h-deny": OutcomeNobody, "i-gate": OutcomeMissing, "j-gate": OutcomeMissing},
	}
	for m, outcomes := range want {
		in, err := Inspect(d, Ask{Member: m, Right: "edit", Path: "/wiki/page/stop", At: reqAt})
		if err != nil || in.Decision.Allow != (m == "ada") || in.Stop != "/wiki/page/stop" || in.DeclaredAt != "/wiki" || in.State != StateActive {
			t.Fatalf("%s: %+v, %v", m, in, err)
		}
		if len(in.Rules) != len(outcomes) {
			t.Errorf("%s: %d rules, want %d: %+v", m, len(in.Rules), len(outcomes), in.Rules)
		}
		for _, r := range in.Rules {
			if r.Outcome != outcomes[r.ID] {
				t.Errorf("%s: %s %s is %s, want %s", m, r.What, r.ID, r.Outcome, outcomes[r.ID])
			}
		}
	}
}

// TestInspectAgreesWithDecide holds, in random organisations, that a refusal
// for want of a grant has none that matches, an allow has one that counts, and
// a missing badge a gate that says so.
func TestInspectAgreesWithDecide(t *testing.T) {
	property(t, func(t *drawing, facts []Fact, a Ask) {
		d := picture(facts...)
		in, err := Inspect(d, a)
		if err != nil {
			t.Fatal(err)
		}
		dec := decideAt(t, d, a, a.At)
		if in.Decision.Reason != dec.Reason {
			t.Fatalf("Inspect says %s, Decide %s", in.Decision.Reason, dec.Reason)
		}
		has := func(what string, outcomes ...Outcome) bool {
			return slices.ContainsFunc(in.Rules, func(r RuleSeen) bool {
				return (r.What == what || what == "grant" && r.What == "override") && slices.Contains(outcomes, r.Outcome)
			})
		}
		for claim, ok := range map[string]bool{
			"an allow has a grant that counts":          !dec.Allow || has("grant", OutcomeCounts),
			"a refusal has none that counts":            dec.Allow || !has("grant", OutcomeCounts),
			"no grant means none that matches":          dec.Reason != ReasonNoGrant || !has("grant", OutcomeMatches),
			"a missing badge is a gate that misses one": dec.Reason != ReasonMissingBadge || has("gate", OutcomeMissing) && has("grant", OutcomeMatches),
			"a deny that refuses is seen":               dec.Reason != ReasonExplicitDeny || has("deny", OutcomeMatches),
			"a lockdown that refuses is seen":           dec.Reason != ReasonLockdown || has("lockdown", OutcomeMatches),
			"who is allowed meets every gate":           !dec.Allow || !has("gate", OutcomeMissing) && !has("deny", OutcomeMatches) && !has("lockdown", OutcomeMatches),
		} {
			if !ok {
				t.Fatalf("%s: %+v", claim, in)
			}
		}
	})
}
