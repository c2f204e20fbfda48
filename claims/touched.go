package claims

import (
	"slices"
	"strings"
)

// Touched is what changes may have altered for an application that remembers
// answers: who remembers more than it says is wrong at times, who drops what
// it says is not.
type Touched struct {
	All     bool       // every answer; the lists are then empty
	Members []MemberID // every answer about them, in order
	Places  []Path     // every answer about these and what is below, in order
}

// TouchedBelow tells what changes, in their order, may have altered among the
// answers about members at root and below. d is the picture after them, was
// the locations they name as they were before, those that were there. Only
// changes count: that time passes is said by Until and RetryAt.
func TouchedBelow(d *Directory, root LocationID, was map[LocationID]Location, changes []Change) Touched {
	t := toucher{d: d, root: d.PathOf(root), app: root, last: map[LocationID]Location{}}
	for id, l := range was {
		t.last[id] = l
	}
	for _, c := range changes {
		t.take(c.Fact)
	}
	if t.out.All {
		return Touched{All: true}
	}
	slices.Sort(t.out.Members)
	t.out.Members = slices.Compact(t.out.Members)
	slices.Sort(t.out.Places)
	t.out.Places = topmost(t.out.Places)
	return t.out
}

type toucher struct {
	d    *Directory
	root Path
	app  LocationID
	last map[LocationID]Location // as the changes so far leave them
	out  Touched
}

func (t *toucher) take(f Fact) {
	switch f := f.(type) {
	case Location:
		t.location(f)
	case Right, Grant, Gate, Lockdown:
		t.place(t.d.PathOf(placeOf(f)))
	case Override:
		t.object(f.Object)
	case Role:
		t.out.All = t.out.All || f.App == t.app
	case Waiver:
		if gate, ok := Get[Gate](t.d, string(f.Gate)); ok && t.below(t.d.PathOf(gate.At)) {
			t.out.Members = append(t.out.Members, f.Member)
		}
	case Member, Award, Assignment, Affiliation:
		t.out.Members = append(t.out.Members, f.Concerns()...)
	case Tag, Badge, Requirement, Result, SignoffRequest, VLE, Course, Identity, Profile, Note, Alias, Object,
		Application, Client, Device, Credential, AccessPoint, Network, WiFiPass, Opening, Request, Due:
		// no decision about a member at a place leans on these by themselves
	case ObjectType, Kind, Period, Settings:
		t.out.All = true
	default:
		t.out.All = true // a test holds that there is none
	}
}

// location takes where one stood and where it stands, unless only what it is
// called has changed.
func (t *toucher) location(l Location) {
	old, there := t.last[l.ID]
	t.last[l.ID] = l
	if there {
		renamed := old
		renamed.Name, renamed.External = l.Name, l.External
		if same(tidy(renamed), tidy(l)) {
			return
		}
		t.place(t.pathOf(old))
	}
	t.place(t.pathOf(l))
}

// pathOf is where a location stood or stands, by where its parent stands now:
// a parent that moved is touched itself.
func (t *toucher) pathOf(l Location) Path {
	if l.Parent == "" {
		return Path("/" + l.Slug)
	}
	if up := t.d.PathOf(l.Parent); up != "" {
		return up + Path("/"+l.Slug)
	}
	return ""
}

func (t *toucher) object(o Slug) {
	if home, ok := t.d.ObjectPlace(o); ok {
		t.place(t.d.PathOf(home.ID))
	}
}

func (t *toucher) place(p Path) {
	if t.below(p) {
		t.out.Places = append(t.out.Places, p)
	}
}

func (t *toucher) below(p Path) bool { return t.root != "" && p.Within(t.root) }

// Within tells whether p is above or stands below it. The zero Path is within
// nothing.
func (p Path) Within(above Path) bool {
	rest, ok := strings.CutPrefix(string(p), string(above))
	return ok && p != "" && above != "" && (rest == "" || rest[0] == '/')
}

// topmost leaves out what is below another; paths are in order.
func topmost(paths []Path) []Path {
	var top []Path
	for _, p := range paths {
		if !slices.ContainsFunc(top, p.Within) {
			top = append(top, p)
		}
	}
	return top
}
