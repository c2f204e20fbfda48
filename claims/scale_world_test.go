package claims

import (
	"runtime"
	"strconv"
	"time"
)

// The organisation that the figures of scale_bench_test.go are about, with
// the shape of a university's learning platform: 200 departments of courses
// with 15 tools each, repositories of categories of objects below the tools,
// 7 deep; 3,900 locations with grants; members with tags, 3 to 7 badges and
// affiliations. Location, member and award ids are texts of 36 characters.

const (
	scaleMembers = 21_079
	scaleDeps    = 200
	scaleSample  = 50_000 // facts between two looks at the heap
)

// scale is such an organisation with so many locations of each sort.
type scale struct {
	d                                       *Directory
	deps, courses, repos, cats, objs, users int
	add                                     func(Fact)
	peak                                    uint64 // bytes of heap in use, at most, while it was loaded
}

// scaleOf loads the organisation with about so many locations.
func scaleOf(locations int) *scale {
	n := func(whole int) int { return max(1, int(int64(whole)*int64(locations)/659_205)) }
	s := &scale{deps: scaleDeps, users: scaleMembers,
		courses: n(6_800), repos: n(21_000), cats: n(26_000), objs: n(503_204)}
	s.d = Load(Seq{Epoch: "e", N: 1}, func(yield func(Change) bool) {
		facts := 0
		s.add = func(f Fact) {
			yield(Change{N: 1, Fact: f})
			if facts++; facts%scaleSample == 0 {
				s.look()
			}
		}
		s.rules()
		s.tree()
		s.grants()
		s.members()
	})
	s.look()
	return s
}

// look notes how much of the heap is in use.
func (s *scale) look() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	s.peak = max(s.peak, m.HeapAlloc)
}

func (s *scale) locations() int {
	return 1 + s.deps + 16*s.courses + s.repos + s.cats + s.objs
}

// scaleID returns the text of the i-th id of a sort: a UUID, as ids are.
func scaleID(sort byte, i int) string {
	const form, hex = "01975b2e-7000-7000-8000-000000000000", "0123456789abcdef"
	b := []byte(form)
	b[11], b[12] = hex[sort>>4], hex[sort&15]
	for at := len(b) - 1; i > 0; i, at = i/10, at-1 {
		b[at] = '0' + byte(i%10)
	}
	return string(b)
}

func scalePlace(sort byte, i int) LocationID { return LocationID(scaleID(sort, i)) }
func scaleMember(i int) MemberID             { return MemberID(scaleID('m', i)) }
func numbered(prefix string, i int) Slug     { return Slug(prefix + strconv.Itoa(i)) }

func (s *scale) rules() {
	for _, f := range []Fact{ObjectType{Slug: "body"}, Kind{Type: "body", Slug: "default"},
		Kind{Type: "body", Slug: "student", Parent: "default"}, Kind{Type: "body", Slug: "teacher", Parent: "student"},
		Location{ID: "uni", Slug: "uni"}, Application{Slug: "uni", Root: "uni"},
		Role{Slug: "teach", App: "uni", Rights: []Slug{"view", "edit", "grade"}}, Role{Slug: "study", App: "uni", Rights: []Slug{"view", "submit"}}} {
		s.add(f)
	}
	for _, r := range []Slug{"view", "edit", "grade", "submit", "publish", "enrol", "export", "delete"} {
		s.add(Right{At: "uni", Slug: r, NotPhysical: true})
	}
	for i := range 40 {
		s.add(Badge{Slug: numbered("badge-", i), Name: "Badge", Earn: "Ask at the desk", InClaims: true})
	}
	for i := range 500 {
		s.add(Tag{Slug: numbered("tag-", i), InClaims: true})
	}
	for i := range s.deps {
		s.add(Object{Slug: numbered("body-", i), Type: "body"})
	}
}

var scaleTools = []Slug{"files", "forum", "quiz", "wiki", "chat", "survey", "glossary", "workshop", "lesson", "choice", "book", "page", "link", "grades", "calendar"}

func (s *scale) tree() {
	for i := range s.deps {
		s.add(Location{ID: scalePlace('a', i), Parent: "uni", Slug: numbered("dep-", i), Inherit: true, Object: numbered("body-", i)})
	}
	for i := range s.courses {
		s.add(Location{ID: scalePlace('b', i), Parent: scalePlace('a', i%s.deps), Slug: numbered("course-", i), Inherit: i%50 != 7})
		for j, tool := range scaleTools {
			s.add(Location{ID: scalePlace('c', 15*i+j), Parent: scalePlace('b', i), Slug: tool, Inherit: true})
		}
	}
	for i := range s.repos {
		s.add(Location{ID: scalePlace('d', i), Parent: scalePlace('c', i*15%(15*s.courses)), Slug: numbered("repo-", i), Inherit: i%50 != 9})
	}
	for i := range s.cats {
		s.add(Location{ID: scalePlace('e', i), Parent: scalePlace('d', i%s.repos), Slug: numbered("cat-", i), Inherit: true})
	}
	for i := range s.objs {
		s.add(Location{ID: scalePlace('f', i), Parent: scalePlace('e', i%s.cats), Slug: numbered("item-", i), Inherit: true})
	}
}

// grants gives every department a type-wide grant, 3,000 courses grants to a
// tag and to their body, and 700 repositories one to a badge or a user; a
// gate stands at every 20th department, a deny at every 40th.
func (s *scale) grants() {
	n := 0
	grant := func(at LocationID, who Subject, right, role Slug, effect Effect) {
		n++
		s.add(Grant{ID: ID(scaleID('g', n)), At: at, Subject: who, Right: right, Role: role, Effect: effect, CreatedBy: "operator", CreatedAt: benchAt})
	}
	for i := range s.deps {
		at := scalePlace('a', i)
		grant(at, Subject{Kind: SubjectAff, Type: "body", AffKind: "teacher"}, "", "teach", Allow)
		grant(at, Subject{Kind: SubjectState, ID: "active"}, "enrol", "", Allow)
		if i%20 == 0 {
			s.add(Gate{ID: ID(scaleID('h', i)), At: at, Right: "export", AnyOf: []Slug{numbered("badge-", i%40), "badge-3"}, CreatedBy: "operator"})
		}
		if i%40 == 0 {
			grant(at, Subject{Kind: SubjectTag, ID: "tag-13"}, "view", "", Deny)
		}
	}
	for i := range min(3_000, s.courses) {
		at := scalePlace('b', i)
		grant(at, Subject{Kind: SubjectTag, ID: string(numbered("tag-", i%500))}, "", "study", Allow)
		grant(at, Subject{Kind: SubjectAff, Object: numbered("body-", i%s.deps), AffKind: "student"}, "view", "", Allow)
	}
	for i := range min(700, s.repos) {
		who := Subject{Kind: SubjectBadge, ID: string(numbered("badge-", i%40))}
		if i%2 == 0 {
			who = Subject{Kind: SubjectUser, ID: string(scaleMember(i))}
		}
		grant(scalePlace('d', i), who, "view", "", Allow)
	}
}

func (s *scale) members() {
	for i := range s.users {
		m, name := scaleMember(i), "user"+strconv.Itoa(i)
		s.add(Member{ID: m, Sub: scaleID('s', i), Username: name, Name: "Ada Example " + strconv.Itoa(i), Email: name + "@example.org", EmailOK: true,
			Locale: "nl", State: StateActive, SetBy: "billing", Since: benchAt, PaidUntil: benchAt.AddDate(1, 0, i%300)})
		for j := range 3 + i%5 {
			a := Award{ID: ID(scaleID('w', 8*i+j)), Badge: numbered("badge-", (i+7*j)%40), Member: m, AwardedBy: "member:tom", On: benchAt.AddDate(0, -3, -j), Method: MethodManual}
			if j%2 == 0 {
				a.Expires = benchAt.AddDate(2, 0, i%100)
			}
			s.add(a)
		}
		for j := range 3 {
			s.add(Assignment{ID: ID(scaleID('t', 4*i+j)), Tag: numbered("tag-", (i+111*j)%500), Target: TargetMember, TargetID: string(m), AssignedBy: "operator", AssignedAt: benchAt})
		}
		for j, kind := range []Slug{"student", "teacher"} {
			s.add(Affiliation{ID: ID(scaleID('v', 2*i+j)), Member: m, Object: numbered("body-", (i+j)%s.deps), Kind: kind, GrantedBy: "operator", Starts: benchAt.AddDate(-1, 0, 0), Ends: benchAt.AddDate(1, 0, 0)})
		}
	}
}

// asks returns n questions about objects below courses with grants, about
// half of them allowed.
func (s *scale) asks(n int) []Ask {
	asks := make([]Ask, n)
	for i := range asks {
		x := i * 7919
		member := x % s.users
		if i%2 == 0 { // a teacher of the object's department
			dep := x % s.objs % s.cats % s.repos % s.courses % s.deps
			member = (dep+s.deps-1)%s.deps + i%(s.users/s.deps)*s.deps
		}
		asks[i] = Ask{Member: scaleMember(member), Right: "view", Place: scalePlace('f', x%s.objs), At: benchAt.Add(time.Minute)}
	}
	return asks
}
