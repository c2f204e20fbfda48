package main

import (
	"strings"
	"time"

	"lanyard/claims"
)

// outcomeWords say what became of a rule.
var outcomeWords = map[claims.Outcome]string{
	claims.OutcomeCounts:   "yes: this one counts",
	claims.OutcomeMatches:  "yes",
	claims.OutcomeMet:      "met",
	claims.OutcomeWaived:   "waived",
	claims.OutcomeMissing:  "no: the badge is missing",
	claims.OutcomeExempt:   "exempt",
	claims.OutcomeOther:    "is about something else",
	claims.OutcomeNobody:   "no: not them",
	claims.OutcomeSilenced: "no: an override silences it here",
	claims.OutcomeClosed:   "no: outside its hours",
	claims.OutcomeNotYet:   "no: not yet",
	claims.OutcomeEnded:    "no: it is over",
	claims.OutcomeAbove:    "no: above a stop",
	claims.OutcomeNoMember: "is for members only",
}

// inspect prints every rule that a decision was made from; those about
// something else are left out.
func (h *house) inspect(ask claims.Ask) error {
	in, err := claims.Inspect(h.dir(), ask)
	if err != nil {
		return err
	}
	if in.Place != "" {
		declared := "is declared nowhere on the way"
		if in.DeclaredAt != "" {
			declared = "is declared at " + string(in.DeclaredAt)
		}
		h.say("  Asked at %s%s. %s %s. Grants are looked for up to %s.", in.Place, in.Rest, ask.Right, declared, in.Stop)
	}
	if in.State != "" {
		h.say("  The member is %s until %s.", in.State, stamp(in.StateEnds, "something changes"))
	}
	rows := []string{strings.Join([]string{"RULE", "AT", "FOR", "ABOUT", "HERE AND NOW", "UNTIL"}, "\t")}
	for _, r := range in.Rules {
		if r.Outcome == claims.OutcomeOther {
			continue
		}
		word := outcomeWords[r.Outcome]
		if r.By != "" {
			word += " by " + string(r.By)
		}
		who := r.Subject
		if s, err := claims.ParseSubject(r.Subject); err == nil {
			who = h.subjectName(s)
		}
		about := r.About
		if about == "" {
			about = "whatever is physical"
		}
		if r.What == "lockdown" {
			about = ""
		}
		rows = append(rows, strings.Join(clean([]string{r.What, string(r.At), who, about, word, untilText(r)}), "\t"))
	}
	if len(rows) == 1 {
		h.say("  No rule on the way is about this.")
		return nil
	}
	return h.columns(rows)
}

func untilText(r claims.RuleSeen) string {
	switch r.Outcome {
	case claims.OutcomeCounts, claims.OutcomeMatches, claims.OutcomeMet, claims.OutcomeWaived, claims.OutcomeExempt:
		return stamp(r.Until, "no end")
	}
	return stamp(time.Time{}, "")
}
