package claims

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Held is a right that somebody has at a place.
type Held struct {
	Right       Slug      `json:"right"`
	Description string    `json:"description,omitempty"`
	Until       time.Time `json:"until,omitzero"` // as Decision.Until; zero: no end
}

// RightsOf lists, in order of their slugs, every right that whoever asks is
// allowed at a place at an instant: "what may I do here?", which is what a
// menu is made of. Of the Ask all but Right counts, as in Decide; each line is
// what Decide says of that right. A place that is not there is ErrNotFound.
func RightsOf(d *Directory, a Ask) ([]Held, error) {
	a.Right = rightManage // any will do to check the rest
	q := inquiry{d: d, ask: a}
	if err := q.read(); err != nil {
		return nil, err
	}
	q.ask.Right = ""
	if !q.locate() {
		return nil, fmt.Errorf("location %s%s%s: %w", a.Place, a.Where.id, a.Path, ErrNotFound)
	}
	var list []Held
	for _, up := range q.place.standing() {
		for _, r := range q.place.at[up].stands.declared {
			a.Right = r.Slug
			until, ok, err := allowed(d, a)
			if err != nil {
				return nil, err
			}
			if ok {
				list = append(list, Held{r.Slug, r.Description, until})
			}
		}
	}
	slices.SortFunc(list, func(a, b Held) int { return cmp.Compare(a.Right, b.Right) })
	return slices.CompactFunc(list, func(a, b Held) bool { return a.Right == b.Right }), nil
}

// allowed is Decide without the explanation of a refusal.
func allowed(d *Directory, a Ask) (until time.Time, ok bool, err error) {
	a.At = a.At.Round(0).UTC()
	q := inquiry{d: d, ask: a}
	if err := q.read(); err != nil {
		return until, false, err
	}
	if q.settle() != ReasonOK {
		return until, false, nil
	}
	v := q.judge(q.at)
	if v.reason != ReasonOK {
		return until, false, nil
	}
	return q.until(v).time(), true, nil
}
