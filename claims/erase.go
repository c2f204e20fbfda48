package claims

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Erasure: what is personal goes, what decisions leaned on stays, under an id
// and a sub that say nothing of whose they were.

// Emptied returns a fact about a member without what says who they are or is
// free text: names, addresses, cards, evidence, reasons. Ids, dates and what
// was held stay, so that a decision of the past comes out as it did.
func Emptied(f Fact) Fact {
	switch f := f.(type) {
	case Member:
		return Member{ID: f.ID, Sub: f.Sub, State: f.State, SetBy: f.SetBy, Since: f.Since, PaidUntil: f.PaidUntil, GraceUntil: f.GraceUntil,
			BarredAt: f.BarredAt, BarredBy: f.BarredBy, ErasedAt: f.ErasedAt}
	case Profile:
		return Profile{Member: f.Member}
	case Note:
		f.Text = ""
		return f
	case Award:
		f.Evidence, f.RevokeReason = "", ""
		return f
	case Affiliation:
		f.Title = ""
		return f
	case Credential:
		f.Label, f.Lookup, f.Sealed = "", "", ""
		return f
	case WiFiPass:
		f.Login, f.Verifier = "", ""
		return f
	}
	return emptiedRule(f)
}

// emptiedRule is Emptied for what rules say of a member, and of what they did.
func emptiedRule(f Fact) Fact {
	switch f := f.(type) {
	case Waiver:
		f.Reason = ""
		return f
	case Grant:
		f.Reason = ""
		return f
	case Location:
		f.Name, f.External = "", ""
		return f
	case Identity:
		f.External = ""
		return f
	case Alias:
		f.Username, f.Former = "", slices.DeleteFunc(slices.Clone(f.Former), func(name string) bool { return !isKept(name) })
		return f
	case Result:
		f.Source, f.Reference = "", ""
		return f
	case SignoffRequest:
		f.Reason = ""
		return f
	case Request:
		f.Text, f.Answer = "", ""
		return f
	}
	return f
}

// About lists the facts that are about a member, in their present state: what
// they are, have and had, notes, grants to them by name, and their node below
// /people with what is below that, if it is stored.
func About(d *Directory, m MemberID) []Fact {
	var all []Fact
	if who, ok := Get[Member](d, string(m)); ok {
		all = append(all, who)
	}
	if p, ok := Get[Profile](d, string(m)); ok {
		all = append(all, p)
	}
	all = factsOf(all, d.AwardsOf(m))
	all = factsOf(all, d.AssignmentsOf(m))
	all = factsOf(all, d.AffiliationsOf(m))
	all = factsOf(all, d.CredentialsOf(m))
	all = factsOf(all, d.PassesOf(m))
	all = factsOf(all, d.WaiversOf(m))
	all = factsOf(all, d.ResultsOf(m))
	all = factsOf(all, d.SignoffsOf(m))
	all = factsOf(all, d.RequestsOf(m))
	all = factsOf(all, gather(d, d.earning.identities.get(string(m)), func(Identity) bool { return true }))
	all = factsOf(all, d.aliasesOf(m))
	for n := range All[Note](d) {
		if n.Member == m {
			all = append(all, n)
		}
	}
	for g := range All[Grant](d) {
		if g.Subject.Kind == SubjectUser && g.Subject.ID == string(m) {
			all = append(all, g)
		}
	}
	if node, ok := d.Locate(Path("/" + rootPeople + "/" + Slug(m))); ok {
		all = withBelow(d, all, node)
	}
	return all
}

// withBelow adds a location and those below it.
func withBelow(d *Directory, all []Fact, l Location) []Fact {
	all = append(all, l)
	for _, c := range d.Children(l.ID) {
		all = withBelow(d, all, c)
	}
	return all
}

func factsOf[T Fact](all []Fact, more []T) []Fact {
	for _, f := range more {
		all = append(all, f)
	}
	return all
}

// keptName is how a username stays reserved that nobody is to read any more: it
// is none itself, having a # in it.
func keptName(name string) string {
	sum := sha256.Sum256([]byte("username " + strings.ToLower(name)))
	return "#" + hex.EncodeToString(sum[:16])
}

// isKept tells whether a name is one as keptName returns them.
func isKept(name string) bool { return strings.HasPrefix(name, "#") && len(name) == len(keptName("")) }
