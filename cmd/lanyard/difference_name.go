package main

import (
	"strings"

	"lanyard/claims"
)

// nameOf is what people call a fact: never an id where there is a name.
func nameOf(d *claims.Directory, f claims.Fact) string {
	at := func(id claims.LocationID) string { return string(d.PathOf(id)) }
	who := func(id claims.MemberID) string {
		m, _ := claims.Get[claims.Member](d, string(id))
		return m.Username
	}
	switch f := f.(type) {
	case claims.Settings:
		return f.Name
	case claims.Member:
		return f.Username
	case claims.Profile:
		return who(f.Member)
	case claims.Location:
		return at(f.ID)
	case claims.Right:
		return string(f.Slug) + " at " + at(f.At)
	case claims.Grant:
		return grantName(d, f)
	case claims.Gate:
		return gateView{Gate: f}.String() + ", at " + at(f.At)
	case claims.Assignment:
		if f.Target == claims.TargetMember {
			return string(f.Tag) + " to " + who(claims.MemberID(f.TargetID))
		}
		return string(f.Tag) + " to " + f.TargetID
	case claims.Award:
		return string(f.Badge) + " to " + who(f.Member)
	case claims.Affiliation:
		return string(f.Object+"#"+f.Kind) + " to " + who(f.Member)
	case claims.Override:
		return string(f.Object+"#"+f.Kind) + ": " + join(f.Rights, ", ")
	case claims.Credential:
		return "of " + who(f.Member)
	}
	return thingName(d, f)
}

func thingName(d *claims.Directory, f claims.Fact) string {
	switch f := f.(type) {
	case claims.Device:
		return f.Name + " at " + string(d.PathOf(f.Location))
	case claims.AccessPoint:
		return f.Name + " at " + f.Prefix
	case claims.WiFiPass:
		return f.Login
	case claims.Requirement:
		return string(f.Slug) + " of " + string(f.Badge)
	case claims.Course:
		return string(f.VLE) + "/" + f.External
	case claims.SignoffRequest:
		m, _ := claims.Get[claims.Member](d, string(f.Member))
		return string(f.Badge) + " for " + m.Username
	case claims.Due:
		return string(f.Part) + " at " + stamp(f.At, "")
	}
	return f.Key().ID
}

func grantName(d *claims.Directory, g claims.Grant) string {
	subject := g.Subject.String()
	if g.Subject.Kind == claims.SubjectUser {
		m, _ := claims.Get[claims.Member](d, g.Subject.ID)
		subject = "user:" + m.Username
	}
	v := grantView{Grant: g}
	if g.Window != nil {
		v.Opening = g.Window.String()
	}
	return words(strings.Join([]string{string(g.Effect), subject, v.What(), "at", string(d.PathOf(g.At))}, " "), v.Opening, v.dates())
}
