package apps

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"lanyard/claims"
)

// Origin is whose document it is and what Prepare needs beside it.
type Origin struct {
	App    claims.Application
	By     claims.Actor                         // who will plan it
	Member func(string) (claims.MemberID, bool) // whom a text after user: names
	Sub    func(claims.Member) string           // what names a member after user:
	NewID  func() string
	Now    time.Time
}

// Draft is what a document comes to on one directory.
type Draft struct {
	Intents []claims.Intent

	keys    []string // beside Intents: the line of the document each came from; empty: none
	entries []entry
	own     map[claims.Key]bool // facts that come along and nobody named
	on      *claims.Directory
	sub     func(claims.Member) string
}

// Prepare works out the intents that make an application's tree what a
// document says. Places above one that is named are added, or brought back if
// they are archived; a place that stops permissions gets manage for the application's own client, which
// else could not go on below it. What is there alike plans nothing.
//
// With Replace, what the document does not name ends: locations are archived,
// declarations removed, and grants removed that the application made itself;
// those of organisers stay, unless the operator registers the document. The
// core's rights, and what an organiser grants of them, are never touched.
//
// A fault is a *Located.
func Prepare(d *claims.Directory, doc Document, o Origin) (Draft, error) {
	b := &builder{
		d: d, o: o, doc: doc, root: d.PathOf(o.App.Root), draft: Draft{own: map[claims.Key]bool{}, on: d, sub: o.Sub},
		places: map[claims.Path]claims.LocationID{}, named: map[claims.Path]bool{}, kept: map[claims.Key]bool{},
	}
	if b.root == "" {
		return Draft{}, at("application", fmt.Errorf("it has no root: %w", claims.ErrNotFound))
	}
	for _, step := range []func() error{b.head, b.readLocations, b.readRights, b.readRoles, b.readGrants} {
		if err := step(); err != nil {
			return Draft{}, err
		}
	}
	if doc.Mode == Replace {
		b.endRules()
	}
	b.defineLocations()
	b.defineRules()
	if doc.Mode == Replace {
		b.endLocations()
	}
	return b.draft, b.checkRoom()
}

// Locate puts a fault of planning the draft's intents at the line of the
// document it is about.
func (dr Draft) Locate(err error) error {
	faulty, ok := errors.AsType[*claims.Faulty](err)
	if !ok || faulty.Intent >= len(dr.keys) {
		return err
	}
	key := dr.keys[faulty.Intent]
	if key == "" {
		return at("mode", fmt.Errorf("%s: %w", faulty.What, faulty.Err))
	}
	if inv, ok := errors.AsType[*claims.Invalid](faulty.Err); ok {
		key += "." + fieldOf(dr.Intents[faulty.Intent], inv.Field)
	}
	return at(key, faulty.Err)
}

// fieldOf is what a document calls a field of a fact.
func fieldOf(in claims.Intent, field string) string {
	fact := ""
	switch in := in.(type) {
	case claims.AddGrant:
		fact = "grant"
	case claims.Define:
		fact = string(in.Fact.Key().Entity)
	}
	switch fact + "." + field {
	case "location.slug", "location.parent", "location.id", "location.location":
		return "path"
	case "right.slug":
		return "right"
	case "grant.subject":
		return "to"
	case "grant.location":
		return "at"
	}
	return field
}

// builder collects one Draft.
type builder struct {
	d      *claims.Directory
	o      Origin
	doc    Document
	root   claims.Path
	draft  Draft
	places map[claims.Path]claims.LocationID // those looked at: they are there once the draft is true
	named  map[claims.Path]bool              // where the document says something
	kept   map[claims.Key]bool               // rights and grants it names

	locations []location
	rights    []right
	grants    []grant
}

// location, right and grant are lines that were read.
type location struct {
	Location
	key  string
	path claims.Path
}

type right struct {
	claims.Right
	key string
	at  claims.Path
}

type grant struct {
	claims.Grant
	key string
	at  claims.Path
}

func (b *builder) add(key string, in claims.Intent) {
	b.draft.Intents = append(b.draft.Intents, in)
	b.draft.keys = append(b.draft.keys, key)
}

func (b *builder) head() error {
	switch b.doc.Mode {
	case "", Merge, Replace:
	default:
		return at("mode", &claims.Invalid{Problem: fmt.Sprintf("%.40q is neither merge nor replace", b.doc.Mode)})
	}
	for _, list := range []struct {
		field     string
		have, max int
	}{{"rights", len(b.doc.Rights), MaxRights}, {"roles", len(b.doc.Roles), MaxRoles}, {"grants", len(b.doc.Grants), MaxGrants}} {
		if list.have > list.max {
			return at(list.field, &claims.Invalid{Problem: fmt.Sprintf("are %d; one document takes %d", list.have, list.max)})
		}
	}
	if a := b.doc.Application; a != "" && a != string(b.o.App.Slug) {
		return at("application", &claims.Invalid{Problem: fmt.Sprintf("%.40q is another than %s", a, b.o.App.Slug)})
	}
	return nil
}

func (b *builder) readLocations() error {
	first := map[claims.Path]int{}
	for i, l := range b.doc.Locations {
		key := fmt.Sprintf("locations[%d]", i)
		path, err := below(b.root, l.Path)
		if err != nil {
			return at(key+".path", err)
		}
		if before, twice := first[path]; twice {
			return at(key+".path", &claims.Invalid{Problem: fmt.Sprintf("%s stands there twice, first at locations[%d]", path, before)})
		}
		first[path] = i
		b.named[path] = true
		b.locations = append(b.locations, location{l, key, path})
	}
	// Those above before those below, else in the document's order.
	slices.SortStableFunc(b.locations, func(x, y location) int { return cmp.Compare(depth(x.path), depth(y.path)) })
	return nil
}

func depth(p claims.Path) int {
	n := 0
	for i := range len(p) {
		if p[i] == '/' {
			n++
		}
	}
	return n
}

// defineLocations plans the named places, and those above them and above what
// stands somewhere.
func (b *builder) defineLocations() {
	for _, l := range b.locations {
		b.place(l.key, l.path.Parent())
		b.location(l)
	}
	for _, r := range b.rights {
		b.place(r.key, r.at)
	}
	for _, g := range b.grants {
		b.place(g.key, g.at)
	}
}

// place returns the id of the location at a path at or below the root: added
// plain if it is not there, brought back if it is archived.
func (b *builder) place(key string, p claims.Path) claims.LocationID {
	if id, ok := b.places[p]; ok {
		return id
	}
	l, there := b.d.Locate(p)
	if !p.Within(b.root) || p == b.root {
		return l.ID
	}
	parent := b.place(key, p.Parent())
	switch {
	case !there:
		l = claims.Location{ID: claims.LocationID(b.o.NewID()), Parent: parent, Slug: p.Base(), Inherit: true}
		b.add(key, claims.Define{Fact: l})
	case !l.Archived.IsZero():
		l.Archived = time.Time{}
		b.add(key, claims.Define{Fact: l})
	}
	b.places[p] = l.ID
	return l.ID
}

func (b *builder) location(l location) {
	isRoot := l.path == b.root
	want := claims.Location{Slug: l.path.Base(), Name: l.Name, Inherit: !isRoot, Open: l.Open, Object: claims.Slug(l.Object), External: l.External}
	if l.Inherit != nil {
		want.Inherit = *l.Inherit
	}
	have, there := b.d.Locate(l.path)
	want.ID, want.Parent = have.ID, have.Parent
	if !there {
		want.ID, want.Parent = claims.LocationID(b.o.NewID()), b.place(l.key, l.path.Parent())
	}
	b.places[l.path] = want.ID
	b.draft.entries = append(b.draft.entries, entry{l.key, want.Key()})
	if !there || have != want {
		b.add(l.key, claims.Define{Fact: want})
	}
	if !want.Inherit && !isRoot {
		b.keepManaging(l.key, want.ID)
	}
}

// keepManaging gives the application's client manage at a place where
// permissions stop, unless it has it.
func (b *builder) keepManaging(key string, id claims.LocationID) {
	client := claims.Subject{Kind: claims.SubjectClient, ID: string(b.o.App.Client)}
	for _, g := range b.d.GrantsAt(id) {
		if g.Subject == client && g.Right == rightManage && g.Effect == claims.Allow && g.Window == nil && g.Period == "" && g.End().IsZero() && g.Starts.IsZero() {
			return
		}
	}
	if b.o.App.Client == "" {
		return
	}
	g := claims.Grant{ID: claims.ID(b.o.NewID()), At: id, Subject: client, Right: rightManage, Effect: claims.Allow, Reason: "runs its own tree"}
	b.draft.own[g.Key()] = true
	b.add(key, claims.AddGrant{Grant: g})
}

// rightManage is what an application's client holds at its own root.
const rightManage claims.Slug = "manage"
