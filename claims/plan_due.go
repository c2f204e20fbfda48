package claims

import "time"

// Tell writes down the passing of time: what has begun or ended since it was
// last told of, up to now, see Due. Where nothing has, it plans nothing, so
// that of several who tell of one instant only the first does. The first ever
// tells of nothing but the beginning.
type Tell struct {
	From time.Time // edges before it were told by those who wrote them; zero: all since the last Due
}

// behind is how much earlier than what was told a clock may be. If it is
// earlier still, time was told by a clock that ran ahead: what has ended since
// is back, and everybody is told.
const behind = time.Minute

func (in Tell) what() string { return "tell the time" }

func (in Tell) plan(p *planner) ([]Fact, error) {
	if p.by.Kind != ActorSystem && p.by.Kind != ActorOperator {
		return nil, &Refused{Problem: "the passing of time is told by the program itself"}
	}
	told := p.d.Told()
	switch {
	case told.IsZero():
		return []Fact{Due{Part: DueRules, At: p.now}}, nil
	case p.now.Before(told.Add(-behind)):
		return []Fact{Due{Part: DueMembers, At: p.now}, Due{Part: DueRules, At: p.now}}, nil
	}
	if in.From.After(told) {
		told = in.From.Add(-time.Microsecond)
	}
	var facts []Fact
	for _, due := range DueAt(p.d, told, p.now) {
		facts = append(facts, due)
	}
	return facts, nil
}
