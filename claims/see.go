package claims

import (
	"fmt"
	"time"
)

// View is the organisation as one caller may see it at one instant: the one
// place that hands out what concerns members (R43, R44, R60). Fronts ask it
// and not the Directory, so that a list, a search, an export and a direct id
// show the same. It is for one request; not for use at once.
//
// How much a caller sees of a member is decided at /people/MEMBER:
//
//	                                            view  self  manage
//	id, username, names, nickname, picture,      x     x     x
//	pages, locale, time zone, e-mail, telephone
//	state now                                    1     x     x
//	live badges, tags and affiliations, and      x     x     x
//	until when
//	sub, former names, stored state, since,            x     x
//	paid_until, grace_until, address,
//	birthdate, gender
//	ended badges, tags, affiliations, who gave         x     x
//	them, evidence, why they were revoked
//	cards, WiFi passes, waivers (2), requests          x     x
//	results, requests for sign-offs, users of VLEs     x     x
//	that the member is barred                          x     x
//	why and by whom, why a waiver was given                  x
//	notes                                                    3
//
// 1: days of grace, which say who pays late, show as active, and a bar as
// suspended. 2: never what opens a door or proves a pass. 3: not those about
// oneself, and only by Notes. Members see themselves whatever is granted. The
// operator sees all, and alone sees what is left of the erased.
//
// Who is not to be seen and who is not there look alike: ErrNotFound.
type View struct {
	d    *Directory
	by   Actor
	at   time.Time
	wide map[Slug]bool // whether a right holds for /people at large; see everywhere
}

// Level is how much a caller sees of a member. A later one shows all that
// those before it show, but for notes about oneself.
type Level int

// The levels.
const (
	Hidden  Level = iota
	Seen          // view at /people/MEMBER
	Self          // it is the caller
	Managed       // manage at /people/MEMBER
)

// String returns hidden, view, self or manage.
func (l Level) String() string { return [...]string{"hidden", "view", "self", "manage"}[l] }

// MarshalText implements encoding.TextMarshaler.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

const rightView Slug = "view"

// See returns what an actor may see of d at an instant.
func See(d *Directory, by Actor, at time.Time) *View {
	return &View{d: d, by: by, at: instant(at), wide: map[Slug]bool{}}
}

// Level tells how much the caller sees of a member.
func (v *View) Level(m MemberID) Level { return v.level(v.d.of(m)) }

func (v *View) level(p *person) Level {
	switch {
	case !p.known:
		return Hidden
	case v.by.Kind == ActorOperator:
		return Managed
	case p.erased:
		return Hidden
	case v.holds(rightManage, p):
		return Managed
	case v.isMe(p.id):
		return Self
	case v.holds(rightView, p):
		return Seen
	}
	return Hidden
}

func (v *View) isMe(m MemberID) bool { return v.by.Kind == ActorMember && v.by.ID == string(m) }

// holds tells whether the caller holds a right at a member's node.
func (v *View) holds(right Slug, p *person) bool {
	return v.everywhere(right) && !v.d.storedPerson(p.id) || v.may(right, personPath(p.id))
}

// everywhere tells whether the caller holds a right at every member's node that
// is not stored. Which member it is matters there to grants to self and to
// aff:@TYPE#KIND only; at /people itself those match nobody, as long as no
// object is named there.
func (v *View) everywhere(right Slug) bool {
	wide, known := v.wide[right]
	if !known {
		root, ok := Get[Location](v.d, string(coreID(rootPeople)))
		wide = ok && root.Open && root.Object == "" && v.may(right, "/"+Path(rootPeople))
		v.wide[right] = wide
	}
	return wide
}

// storedPerson tells whether a member's node is stored, so that rules of its
// own may stand there.
func (d *Directory) storedPerson(m MemberID) bool {
	root, ok := d.stored(coreID(rootPeople))
	if !ok {
		return false
	}
	_, ok = d.child(root, Slug(m))
	return ok
}

// may tells whether the caller holds a right at a path.
func (v *View) may(right Slug, at Path) bool {
	if v.by.Kind == ActorOperator {
		return true
	}
	a := Ask{Right: right, Path: at, At: v.at}
	return v.by.asks(v.d, &a) && allows(v.d, a)
}

// Member returns what the caller may see of a member, or ErrNotFound.
func (v *View) Member(id MemberID) (Record, error) {
	p := v.d.of(id)
	if level := v.level(p); level != Hidden {
		return v.record(p, level), nil
	}
	return Record{}, fmt.Errorf("member: %w", ErrNotFound)
}

// Named is Member by username. A former username names nobody.
func (v *View) Named(username string) (Record, error) {
	m, _ := v.d.MemberByUsername(username)
	return v.Member(m.ID)
}

// Call returns what the caller may call a member: the username, or "" for one
// they may not see.
func (v *View) Call(id MemberID) string {
	if p := v.d.of(id); v.level(p) != Hidden {
		return p.member.username
	}
	return ""
}

// Spell is Spell with the names of those the caller may see.
func (v *View) Spell(text string) string { return spell(text, v.Call) }

// Pick returns whom a username means for somebody who holds a right at a place
// that is used on members by name: a trainer who gives a badge has the person
// before them. ErrNotFound if there is nobody of that name, or for who does not
// hold the right and may not see them.
func (v *View) Pick(username string, right Slug, at Path) (MemberID, error) {
	m, ok := v.d.MemberByUsername(username)
	if ok && m.ErasedAt.IsZero() && (v.may(right, at) || v.Level(m.ID) != Hidden) {
		return m.ID, nil
	}
	return "", fmt.Errorf("member: %w", ErrNotFound)
}

// Notes returns the notes about a member, oldest first, for who may keep them;
// ErrNotFound for everybody else.
func (v *View) Notes(m MemberID) ([]Note, error) {
	if v.Level(m) != Managed || v.isMe(m) {
		return nil, fmt.Errorf("notes: %w", ErrNotFound)
	}
	var list []Note
	for n := range All[Note](v.d) {
		if n.Member == m && n.Removed.IsZero() {
			list = append(list, n)
		}
	}
	return list, nil
}
