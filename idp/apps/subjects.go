package apps

import (
	"sync"

	"lanyard/claims"
)

// subjects finds members by who they are to a client. To most that is their
// own sub, by which the Directory finds them; what a pairwise client is told
// is a keyed hash, which is worked out for everybody once.
type subjects struct {
	of func(claims.Client, claims.Member) string

	mu       sync.Mutex
	bySector map[string]sector // guarded by mu; each replaced, never changed
}

// sector is who everybody is to the clients of one sector.
type sector struct {
	on claims.Seq
	by map[string]claims.MemberID
}

func (s *subjects) find(d *claims.Directory, c claims.Client, subject string) (claims.MemberID, bool) {
	if c.Sector() == "" {
		m, ok := d.MemberBySub(subject)
		return m.ID, ok
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	have := s.bySector[c.Sector()]
	id, ok := have.by[subject]
	if ok || have.on == d.Seq() {
		return id, ok
	}
	have = sector{d.Seq(), map[string]claims.MemberID{}}
	for m := range claims.All[claims.Member](d) {
		if m.Sub != "" {
			have.by[s.of(c, m)] = m.ID
		}
	}
	if s.bySector == nil {
		s.bySector = map[string]sector{}
	}
	s.bySector[c.Sector()] = have
	id, ok = have.by[subject]
	return id, ok
}
