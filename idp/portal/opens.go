package portal

import (
	"fmt"
	"slices"

	"lanyard/claims"
)

// neededFor lists, for each badge, what it is needed for: the doors, machines
// and networks where a gate asks for it or a grant is given for it, and the
// badges that ask for it. Everybody sees those on their own page and in the
// list of badges; other places are not told of.
func (v *visit) neededFor() map[claims.Slug][]string {
	found := map[claims.Slug][]string{}
	for dev := range claims.All[claims.Device](v.d) {
		if dev.Removed.IsZero() {
			v.askedAt(dev.Location, dev.Right, dev.Name, found)
		}
	}
	for n := range claims.All[claims.Network](v.d) {
		if n.Removed.IsZero() {
			v.askedAt(n.Location, "join", networkName(n), found)
		}
	}
	for b := range claims.All[claims.Badge](v.d) {
		for _, r := range v.d.RequirementsOf(b.Slug) {
			if r.Kind == claims.AskBadge && b.Retired.IsZero() {
				found[r.Needs] = append(found[r.Needs], "the badge "+nameOf(b))
			}
		}
	}
	for badge, list := range found {
		slices.Sort(list)
		found[badge] = slices.Compact(list)
	}
	return found
}

// askedAt notes a name for each badge that is asked for, or enough, for a right
// at a location. Gates count from anywhere above, grants up to where nothing
// is inherited any more.
func (v *visit) askedAt(at claims.LocationID, right claims.Slug, name string, found map[claims.Slug][]string) {
	inherits := true
	for range claims.MaxDepth {
		l, ok := claims.Get[claims.Location](v.d, string(at))
		if !ok {
			return
		}
		for _, g := range v.d.GatesAt(at) {
			if g.Removed.IsZero() && (g.Right == "" || g.Right == right) {
				for _, badge := range g.AnyOf {
					found[badge] = append(found[badge], name)
				}
			}
		}
		for _, g := range v.d.GrantsAt(at) {
			badge := claims.Slug(g.Subject.ID)
			if inherits && g.Subject.Kind == claims.SubjectBadge && g.Effect == claims.Allow && g.Right == right && v.d.LiveAt(g, v.now) {
				found[badge] = append(found[badge], name)
			}
		}
		inherits = inherits && l.Inherit
		at = l.Parent
	}
}

func networkName(n claims.Network) string {
	if n.SSID != "" {
		return "WiFi " + n.SSID
	}
	return "WiFi " + string(n.Slug)
}

// few cuts a list to what one line holds.
func few(list []string) []string {
	const most = 5
	if len(list) <= most+1 {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
}
