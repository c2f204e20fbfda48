package claims

import (
	"slices"
	"time"
)

// Periods (R63).
//
//   - both ends are required, and the start comes first
//   - of each kind at most one is current: making another so takes it from the last
//   - what is bound to a period is so while some of both is yet to come

func (p *planner) definePeriod(f Period) ([]Fact, error) {
	f = tidy(f)
	err := check(checkSlug("slug", f.Slug), checkText("label", f.Label, 200), p.mayWrite(f))
	if err != nil {
		return nil, err
	}
	if !slices.Contains([]PeriodKind{PeriodYear, PeriodTerm, PeriodSeason}, f.Kind) {
		return nil, invalid("kind", "%q: a period is a year, term or season", f.Kind)
	}
	if f.Starts.IsZero() || f.Ends.IsZero() {
		return nil, invalid("starts", "and ends are both required")
	}
	if !f.Ends.After(f.Starts) {
		return nil, invalid("ends", "%s is not after the start", f.Ends.Format(time.RFC3339))
	}
	facts := changed(p, f)
	if len(facts) == 0 || !f.Current {
		return facts, nil
	}
	for old := range All[Period](p.d) {
		if old.Current && old.Kind == f.Kind && old.Slug != f.Slug {
			old.Current = false
			facts = append(facts, tidy(old))
		}
	}
	return facts, nil
}

// checkPeriod holds that what is bound to a period has some of it to come.
func (p *planner) checkPeriod(period Slug, f Fact) error {
	if period == "" {
		return nil
	}
	if err := checkSlug("period", period); err != nil {
		return err
	}
	known, ok := Get[Period](p.d, string(period))
	if !ok {
		return invalid("period", "there is no period %q; define it first", period)
	}
	start, end := p.d.Span(f)
	if !p.lasting(end) {
		return invalid("period", "%s ended at %s", period, end.UTC().Format(time.RFC3339))
	}
	if !end.After(start) {
		return invalid("period", "%s, from %s to %s, has nothing in common with the dates given", period,
			known.Starts.Format(time.RFC3339), known.Ends.Format(time.RFC3339))
	}
	return nil
}
