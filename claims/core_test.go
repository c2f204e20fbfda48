package claims

import "testing"

func TestOperatorBuildsAnOrganisationOnTheCore(t *testing.T) {
	d := built(t)
	for _, ask := range []struct {
		member MemberID
		right  Slug
		at     Path
		want   Reason
	}{
		{"tom", "award", "/badges/laser-1", ReasonOK},
		{"tom", "award", "/badges/bandsaw", ReasonNoGrant},
		{"boss", "manage", "/space", ReasonOK},
		{"boss", "award", "/badges/bandsaw", ReasonOK},
		{"boss", "unlock", "/space/door", ReasonNoGrant},
		{"ada", "operate", "/space/workshop", ReasonOK},
		{"ada", "operate", "/space/workshop/laser", ReasonMissingBadge},
		{"ada", "manage", "/people", ReasonNoGrant},
		{"bo", "affiliate", "/bodies/delft", ReasonOK},
	} {
		dec, err := Decide(d, Ask{Member: ask.member, Right: ask.right, Path: ask.at, At: noon})
		if err != nil || dec.Reason != ask.want {
			t.Errorf("Decide(%s, %s, %s) = %s, %v; want %s", ask.member, ask.right, ask.at, dec.Reason, err, ask.want)
		}
	}
}

func TestCoreIsWholeAndItsFactsAreTidy(t *testing.T) {
	d := core()
	seen := map[Key]bool{}
	for _, f := range Core(noon) {
		if seen[f.Key()] {
			t.Errorf("%v comes twice", f.Key())
		}
		seen[f.Key()] = true
	}
	for _, slug := range []Path{"/admin", "/apps", "/badges", "/tags", "/objects", "/people", "/wifi"} {
		l, ok := d.Locate(slug)
		if !ok || l.Inherit {
			t.Errorf("%s: stored %v, inherit %v; want a root that stops", slug, ok, l.Inherit)
		}
		for _, right := range []Slug{"manage", "grant", "lockdown", "affiliate"} {
			if r, ok := d.RightAt(l.ID, right); !ok || !r.NotPhysical {
				t.Errorf("%s at %s: %v, physical %v", right, slug, ok, !r.NotPhysical)
			}
		}
	}
	for g := range All[Grant](d) {
		if g.Right == "login" || g.Right == "join" || g.Subject.String() != "tag:admin" {
			t.Errorf("core grants %s to %s", g.Right, g.Subject)
		}
	}
}

func TestApplicationComesWithTheRightsOfARoot(t *testing.T) {
	d := built(t)
	for _, right := range rootRights {
		if _, ok := Get[Right](d, "space/"+string(right)); !ok {
			t.Errorf("%s is not declared at /space", right)
		}
		g, ok := Get[Grant](d, "root-space-"+string(right))
		if !ok || g.At != "space" || g.Subject.String() != "tag:admin" {
			t.Errorf("%s is not granted to the administrators at /space: %v", right, g)
		}
	}
}
