package claims

import "slices"

// SignIns is whose sign-ins at clients changes may have altered: whether they
// may log in there, and what is told of them. It may name more than did
// change, never less.
type SignIns struct {
	All     bool       // everybody's, everywhere; the lists are then empty
	Members []MemberID // theirs, everywhere, in order
	Clients []ClientID // everybody's there, in order
}

// None tells whether no sign-in is touched.
func (s SignIns) None() bool { return !s.All && len(s.Members) == 0 && len(s.Clients) == 0 }

// TouchedSignIns tells what changes touched. d is the picture after them.
func TouchedSignIns(d *Directory, changes []Change) SignIns {
	t := signInToucher{d: d}
	for _, c := range changes {
		if t.take(c.Fact); t.out.All {
			return SignIns{All: true}
		}
	}
	slices.Sort(t.out.Members)
	slices.Sort(t.out.Clients)
	t.out.Members, t.out.Clients = slices.Compact(t.out.Members), slices.Compact(t.out.Clients)
	return t.out
}

type signInToucher struct {
	d      *Directory
	places map[ClientID]Path // where each client stands; nil: not looked up yet
	out    SignIns
}

func (t *signInToucher) take(f Fact) {
	switch f := f.(type) {
	case Member, Award, Assignment, Affiliation, Waiver:
		t.out.Members = append(t.out.Members, f.Concerns()...)
	case Due:
		t.out.All = t.out.All || f.Part != DueMembers
		t.out.Members = append(t.out.Members, f.Members...)
	case Client:
		t.out.Clients = append(t.out.Clients, f.ID)
	case Location:
		t.below(t.d.PathOf(f.ID)) // a client that moved is below where it stands now
	case Right, Grant, Gate, Lockdown:
		t.below(t.d.PathOf(placeOf(f)))
	case Override:
		if home, ok := t.d.ObjectPlace(f.Object); ok {
			t.below(t.d.PathOf(home.ID))
		}
	case Role:
		if app, ok := Get[Application](t.d, string(f.App)); ok { // it is granted there only
			t.below(t.d.PathOf(app.Root))
		}
	case Requirement, Result, SignoffRequest, VLE, Course, Identity, Profile, Note, Alias, Opening, Request, Object,
		Application, Device, Credential, AccessPoint, Network, WiFiPass:
		// no sign-in leans on these by themselves
	default:
		t.out.All = true // tags, badges, types, kinds, periods, settings, and what is not known here
	}
}

// below takes the clients that stand at a place or below it.
func (t *signInToucher) below(p Path) {
	if t.places == nil {
		t.places = map[ClientID]Path{}
		for c := range All[Client](t.d) {
			if t.places[c.ID] = t.d.PathOf(ClientPlace(c.ID)); t.places[c.ID] == "" {
				t.places[c.ID] = "/apps"
			}
		}
	}
	for c, at := range t.places {
		if at.Within(p) {
			t.out.Clients = append(t.out.Clients, c)
		}
	}
}
