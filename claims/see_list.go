package claims

import (
	"iter"
	"slices"
	"strings"
)

// Lists. What holds at /people at large is asked once; who is seen for another
// reason shares an object with the caller, has a node that is stored, or is
// the caller.

// Members returns everybody the caller may see, in order of their ids.
func (v *View) Members() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for p := range v.people() {
			if level := v.level(p); level != Hidden && !yield(v.record(p, level)) {
				return
			}
		}
	}
}

// Find returns those whom the caller may see and whose username, name, e-mail
// address or telephone number holds a text, in any case; everybody for an
// empty text. In order of usernames, the first most of them (0: all), and how
// many there are.
func (v *View) Find(text string, most int) (found []Record, all int) {
	text = strings.ToLower(strings.TrimSpace(text))
	type match struct {
		p     *person
		level Level
	}
	var matches []match
	for p := range v.people() {
		if !v.d.says(p, text) {
			continue
		}
		if level := v.level(p); level != Hidden {
			matches = append(matches, match{p, level})
		}
	}
	slices.SortFunc(matches, func(a, b match) int { return strings.Compare(a.p.member.username, b.p.member.username) })
	all = len(matches)
	if most > 0 && all > most {
		matches = matches[:most]
	}
	for _, m := range matches {
		found = append(found, v.record(m.p, m.level))
	}
	return found, all
}

// States counts those whom the caller may see by the state they see. The barred
// count as suspended.
func (v *View) States() map[State]int {
	count := map[State]int{}
	for p := range v.people() {
		level := v.level(p)
		if level == Hidden || p.erased {
			continue
		}
		state := v.d.StateAt(v.d.unpackMember(p.id, &p.member), v.at)
		switch {
		case p.barred:
			state = StateSuspended
		case level == Seen && state == StateGrace:
			state = StateActive
		}
		count[state]++
	}
	return count
}

// says tells whether what every level shows of a person holds a text.
func (d *Directory) says(p *person, text string) bool {
	if text == "" {
		return true
	}
	m, t := &p.member, d.ProfileOf(p.id)
	for _, s := range []string{m.username, m.name, m.given, m.family, m.email, t.Nickname, t.Phone} {
		if strings.Contains(strings.ToLower(s), text) {
			return true
		}
	}
	return false
}

// SeesOthers tells whether there is likely anybody to see beside the caller
// themself, for menus; it looks at a few of each object they share.
func (v *View) SeesOthers() bool {
	if v.by.Kind == ActorOperator || v.everywhere(rightManage) || v.everywhere(rightView) {
		return true
	}
	const few = 5
	tried := map[sym]int{}
	for p := range v.candidates() {
		if v.isMe(p.id) {
			continue
		}
		again := len(p.scopes()) > 0 && !v.d.storedPerson(p.id)
		for _, m := range p.scopes() {
			tried[m.what]++
			again = again && tried[m.what] > few
		}
		if !again && v.level(p) != Hidden {
			return true
		}
	}
	return false
}

// people returns those whom the caller may perhaps see, in order of their ids.
func (v *View) people() iter.Seq[*person] {
	root, ok := Get[Location](v.d, string(coreID(rootPeople)))
	named := ok && root.Object != "" // which makes /people another's page; see everywhere
	if named || v.by.Kind == ActorOperator || v.everywhere(rightManage) || v.everywhere(rightView) {
		return func(yield func(*person) bool) {
			for _, id := range v.d.people.keys() {
				if !yield(v.d.of(id)) {
					return
				}
			}
		}
	}
	return v.candidates()
}

// candidates returns those who may be seen without a right that holds for all.
func (v *View) candidates() iter.Seq[*person] {
	mine := map[sym]bool{}
	if v.by.Kind == ActorMember {
		for _, m := range v.d.of(MemberID(v.by.ID)).scopes() {
			mine[m.what] = true
		}
	}
	stored := map[MemberID]bool{}
	for _, l := range v.d.Children(coreID(rootPeople)) {
		stored[MemberID(l.Slug)] = true
	}
	shares := func(p *person) bool {
		for _, m := range p.scopes() {
			if mine[m.what] {
				return true
			}
		}
		return stored[p.id] || v.isMe(p.id)
	}
	return func(yield func(*person) bool) {
		if len(mine) == 0 && len(stored) == 0 {
			yield(v.d.of(MemberID(v.by.ID)))
			return
		}
		for _, id := range v.d.people.keys() {
			if p := v.d.of(id); shares(p) && !yield(p) {
				return
			}
		}
	}
}
