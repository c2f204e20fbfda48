package claims

import (
	"slices"
	"sync"
	"time"
)

// TagAdmin is the tag whose holders run the organisation: it is granted the
// core's rights at every root.
const TagAdmin Slug = "admin"

// root is one of the roots that are reserved to the core, with the rights
// declared there beside those of every root.
type root struct {
	slug   Slug
	name   string
	open   bool
	rights []Slug
}

// coreRoots returns the reserved roots, in the order they are made.
func coreRoots() []root {
	return []root{
		{"admin", "Administration", false, nil},
		{"apps", "Applications", true, []Slug{rightLogin, "introspect", rightRegister}},
		{"badges", "Badges", true, []Slug{rightAward}},
		{"tags", "Tags", true, []Slug{rightAssign}},
		{"objects", "Objects", true, nil},
		{"people", "People", true, []Slug{rightRecover, "view"}},
		{"wifi", "WiFi", false, []Slug{rightJoin}},
	}
}

// rootRights are declared at every root when its application is defined.
var rootRights = []Slug{rightManage, rightGrant, rightLockdown, rightAffiliate}

// rightWords describe the core's rights on pages.
var rightWords = map[Slug]string{
	rightManage:    "run everything here",
	rightGrant:     "pass on, here, rights one holds oneself",
	rightLockdown:  "close this place to all but the exempt, and open it again",
	rightAffiliate: "give members a kind one holds oneself in the object that stands here",
	rightAward:     "give and revoke the badge",
	rightAssign:    "put the tag on and take it off",
	rightLogin:     "sign in to the application",
	"introspect":   "ask about tokens of other applications",
	rightRegister:  "add applications of one's own",
	rightRecover:   "let a member back in",
	"view":         "see a member's record",
	rightJoin:      "join the WiFi",
}

// ReservedRight tells whether a right's name belongs to the core: applications
// neither declare it nor hand it out.
func ReservedRight(right Slug) bool { return reserved(right) }

// ReservedRights returns the rights that belong to the core, in the order of
// their names.
func ReservedRights() []Slug { return slices.Clone(reservedRights()) }

// reservedRights are those of every root and of the core's own, but view,
// which applications may declare as they like.
var reservedRights = sync.OnceValue(func() []Slug {
	all := slices.Clone(rootRights)
	for _, r := range coreRoots() {
		all = append(all, r.rights...)
	}
	all = slices.DeleteFunc(all, func(s Slug) bool { return s == "view" })
	slices.Sort(all)
	return slices.Compact(all)
})

// reserved tells whether a right's name belongs to the core.
func reserved(right Slug) bool { return slices.Contains(reservedRights(), right) }

// reservedRoot tells whether a root of that name belongs to the core.
func reservedRoot(slug Slug) bool {
	return slices.ContainsFunc(coreRoots(), func(r root) bool { return r.slug == slug })
}

// coreRoot tells whether a location is one of the core's own roots.
func coreRoot(l Location) bool {
	return l.Parent == "" && reservedRoot(l.Slug) && l.ID == coreID(l.Slug)
}

// coreOwn tells whether a location is one that the core cannot do without: its
// roots, and the place that keeps the tag admin apart.
func coreOwn(l Location) bool { return coreRoot(l) || l.ID == adminTagID }

// adminTagID is the location of the tag admin.
const adminTagID = LocationID("core-tags-" + TagAdmin)

func coreID(root Slug) LocationID { return LocationID("core-" + root) }

// Core returns the facts every organisation starts with: the reserved roots,
// the rights reserved to the core, the tag admin and its grants. They are
// plain facts: the store puts them into an empty database, before any plan.
func Core(now time.Time) []Fact {
	now = instant(now)
	var facts []Fact
	for _, r := range coreRoots() {
		facts = append(facts,
			Location{ID: coreID(r.slug), Slug: r.slug, Name: r.name, Open: r.open},
			Application{Slug: r.slug, Root: coreID(r.slug)})
	}
	facts = append(facts, Tag{Slug: TagAdmin, Label: "Administrators", Description: "run the whole organisation", InClaims: true})
	for _, r := range coreRoots() {
		facts = append(facts, rightsOfRoot(coreID(r.slug), r.rights)...)
		for _, right := range slices.Concat(rootRights, r.rights) {
			if right != rightLogin && right != rightJoin {
				facts = append(facts, adminGrant(r.slug, coreID(r.slug), right, now))
			}
		}
	}
	return append(facts, adminTagPlace(now)...)
}

// adminTagPlace keeps the tag admin apart: whoever may assign tags cannot make
// administrators by it, unless they are one. It stays where it is, with
// inherit=false.
func adminTagPlace(now time.Time) []Fact {
	at := adminTagID
	facts := []Fact{Location{ID: at, Parent: coreID("tags"), Slug: TagAdmin, Name: "Administrators"}}
	for _, right := range []Slug{rightManage, rightGrant, rightAssign} {
		facts = append(facts, adminGrant("tags-"+TagAdmin, at, right, now))
	}
	return facts
}

// rightsOfRoot returns the rights every root has, and more.
func rightsOfRoot(at LocationID, more []Slug) []Fact {
	var facts []Fact
	for _, slug := range slices.Concat(rootRights, more) {
		facts = append(facts, Right{At: at, Slug: slug, Description: rightWords[slug], NotPhysical: true})
	}
	return facts
}

// adminGrant gives a right of an application's root to the administrators.
func adminGrant(app Slug, at LocationID, right Slug, now time.Time) Grant {
	return Grant{
		ID: ID("root-" + app + "-" + right), At: at, Right: right, Effect: Allow,
		Subject:   Subject{Kind: SubjectTag, ID: string(TagAdmin)},
		CreatedBy: Actor{Kind: ActorSystem, ID: "core"}.String(), CreatedAt: now,
		Reason: "comes with the application",
	}
}
