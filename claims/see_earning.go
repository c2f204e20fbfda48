package claims

import (
	"fmt"
	"slices"
)

// Progress is Progress for who may know it: the member, who may see all of
// them, and who may award the badge; ErrNotFound for everybody else.
func (v *View) Progress(m MemberID, badge Slug) (BadgeProgress, error) {
	if v.Level(m) < Self && !v.may(rightAward, Path("/badges/"+badge)) {
		return BadgeProgress{}, fmt.Errorf("member: %w", ErrNotFound)
	}
	return Progress(v.d, m, badge, v.at)
}

// Waiting is a member who asks to be signed off.
type Waiting struct {
	Request  SignoffRequest
	Username string
	Name     string
	Steps    BadgeProgress
}

// Waiting lists who waits to be signed off for a badge, who asked first before
// others: all of them for who may award it, for everybody else what they
// themselves ask for.
func (v *View) Waiting(badge Slug) []Waiting {
	all := v.may(rightAward, Path("/badges/"+badge))
	var list []Waiting
	for _, s := range v.d.OpenSignoffs(badge, v.at) {
		m, ok := Get[Member](v.d, string(s.Member))
		p, err := Progress(v.d, s.Member, badge, v.at)
		if ok && err == nil && m.ErasedAt.IsZero() && (all || v.isMe(m.ID)) {
			list = append(list, Waiting{s, m.Username, m.Name, p})
		}
	}
	slices.SortStableFunc(list, func(a, b Waiting) int { return a.Request.Requested.Compare(b.Request.Requested) })
	return list
}

// SignoffsWaiting counts the members, without the caller, whom the caller may
// sign off and who wait for it.
func (v *View) SignoffsWaiting() int {
	n := 0
	for b := range All[Badge](v.d) {
		open := v.d.OpenSignoffs(b.Slug, v.at)
		if len(open) == 0 || !v.may(rightAward, Path("/badges/"+b.Slug)) {
			continue
		}
		for _, s := range open {
			if !v.isMe(s.Member) && !v.d.of(s.Member).erased {
				n++
			}
		}
	}
	return n
}
