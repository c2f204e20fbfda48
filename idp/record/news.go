package record

import (
	"slices"

	"lanyard/claims"
)

// News is what has changed after a place in the change log.
type News struct {
	Changes []claims.Change // in the order of their commits; at least one
	At      claims.Seq      // the place after them, to go on from
}

// Concerned returns the members whose decisions or claims these changes change
// by themselves, each once and in order; everybody is true if one of them is a
// rule, which may concern all others too.
func (n News) Concerned() (members []claims.MemberID, everybody bool) {
	for _, c := range n.Changes {
		concerns := c.Fact.Concerns()
		everybody = everybody || len(concerns) == 0
		members = append(members, concerns...)
	}
	slices.Sort(members)
	return slices.Compact(members), everybody
}
