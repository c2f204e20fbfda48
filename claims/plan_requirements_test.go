package claims

import (
	"fmt"
	"strings"
	"testing"
)

func TestRequirementsAreHeldToTheirForm(t *testing.T) {
	ask := func(change func(*Requirement)) Intent {
		r := Requirement{Badge: "mill", Slug: "n", Kind: AskSignoff}
		change(&r)
		return Define{r}
	}
	d := built(t, append(mill(), Define{Course{ID: "c-gone", VLE: "moodle", External: "9"}}, Remove{Key: Key{EntityCourse, "c-gone"}})...)
	refuseAll(t, d, []refusal{
		{"no badge", ErrInvalid, "badge", "empty", ask(func(r *Requirement) { r.Badge = "" })},
		{"no such badge", ErrNotFound, "", "badge", ask(func(r *Requirement) { r.Badge = "x" })},
		{"no slug", ErrInvalid, "slug", "empty", ask(func(r *Requirement) { r.Slug = "" })},
		{"a group that is no slug", ErrInvalid, "group", "only a-z", ask(func(r *Requirement) { r.Group = "A or B" })},
		{"a name of two lines", ErrInvalid, "name", "one line", ask(func(r *Requirement) { r.Name = "a\nb" })},
		{"no kind", ErrInvalid, "kind", "none of", ask(func(r *Requirement) { r.Kind = "" })},
		{"a kind there isn't", ErrInvalid, "kind", "none of membership_age, badge, course, form, signoff", ask(func(r *Requirement) { r.Kind = "prayer" })},
		{"no course", ErrInvalid, "course", "is missing", ask(func(r *Requirement) { r.Kind = AskCourse })},
		{"no such course", ErrInvalid, "course", "define it first", ask(func(r *Requirement) { r.Kind, r.Course = AskCourse, "x" })},
		{"a course that is gone", ErrInvalid, "course", "define it first", ask(func(r *Requirement) { r.Kind, r.Course = AskCourse, "c-gone" })},
		{"no form", ErrInvalid, "form", "is missing", ask(func(r *Requirement) { r.Kind = AskForm })},
		{"no age", ErrInvalid, "age", "is missing", ask(func(r *Requirement) { r.Kind = AskMembership })},
		{"an age below zero", ErrInvalid, "age", "negative", ask(func(r *Requirement) { r.Kind, r.Age = AskMembership, -1 })},
		{"no badge needed", ErrInvalid, "needs", "is missing", ask(func(r *Requirement) { r.Kind = AskBadge })},
		{"no such badge needed", ErrInvalid, "needs", "define it first", ask(func(r *Requirement) { r.Kind, r.Needs = AskBadge, "x" })},
		{"itself", ErrInvalid, "needs", "nobody could earn either", ask(func(r *Requirement) { r.Kind, r.Needs = AskBadge, "mill" })},
		{"what asks for it", ErrInvalid, "needs", "nobody could earn either", ask(func(r *Requirement) { r.Badge, r.Kind, r.Needs = "bandsaw", AskBadge, "mill" })},
		{"two things", ErrInvalid, "course", "means nothing", ask(func(r *Requirement) { r.Course = "c-moodle" })},
		{"another kind", ErrInvalid, "kind", "is a signoff and stays one", ask(func(r *Requirement) { r.Slug, r.Kind, r.Form = "check", AskForm, "f" })},
		{"removed tomorrow", ErrInvalid, "removed", "in the future", ask(func(r *Requirement) { r.Removed = noon.AddDate(0, 0, 1) })},
		{"removed, of no badge", ErrNotFound, "", "badge_requirement", Remove{Key: Key{EntityRequirement, "mill.x"}}},
		{"its course, removed", ErrConflict, "", "mill asks for it", Remove{Key: Key{EntityCourse, "c-moodle"}}},
		{"its VLE, removed", ErrConflict, "", "moodle holds course 0042", Remove{Key: Key{EntityVLE, "moodle"}}},
		{"a request, removed", ErrInvalid, "entity", "answered, or expires", Remove{Key: Key{EntitySignoff, "x"}}},
	})
	long := []Intent{}
	for i := range 5 {
		long = append(long, Define{Badge{Slug: Slug(fmt.Sprint("b", i))}})
		if i > 0 {
			long = append(long, Define{Requirement{Badge: Slug(fmt.Sprint("b", i)), Slug: "n", Kind: AskBadge, Needs: Slug(fmt.Sprint("b", i-1))}})
		}
	}
	d, _ = grow(t, d, operator, long...)
	around := Requirement{Badge: "b0", Slug: "n", Kind: AskBadge, Needs: "b4"}
	refused(t, d, operator, ErrInvalid, "needs", "b4 asks for b0 already", Define{around})
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityRequirement, "b2.n"}}, Define{around})
	refused(t, d, operator, ErrInvalid, "needs", "nobody could earn either", Define{Requirement{Badge: "b2", Slug: "n", Kind: AskBadge, Needs: "b1"}})
}

func TestVLEsAndCoursesAreHeldToTheirForm(t *testing.T) {
	d := built(t, mill()...)
	at := func(url string) Intent { return Define{VLE{Slug: "n", Kind: VLECanvas, BaseURL: url}} }
	for _, good := range []string{"https://canvas.example.org", "https://canvas.example.org:8443/lms/", "http://localhost:8080", "http://[::1]/x"} {
		grow(t, d, operator, at(good))
	}
	var cases []refusal
	for url, words := range map[string]string{
		"": "no address", "canvas.example.org": "no address", "ftp://canvas.example.org": "no address", "https://": "no address", "https://Canvas.example.org": "no address",
		"http://canvas.example.org": "plain http", "http://10.0.0.1": "plain http", "https://user:pass@canvas.example.org": "has a user",
		"https://canvas.example.org/?a=b": "plain address", "https://canvas.example.org/#x": "plain address", "https://canvas.example.org/a/%2e%2e/b": "plain address",
		"javascript:alert(1)": "no address", "https://canvas.example.org/ x": "no address", "https://" + strings.Repeat("a", 3000): "no address",
	} {
		cases = append(cases, refusal{"at " + url[:min(len(url), 40)], ErrInvalid, "base_url", words, at(url)})
	}
	refuseAll(t, d, append(cases, []refusal{
		{"of a kind there isn't", ErrInvalid, "kind", "none of moodle, canvas", Define{VLE{Slug: "n", Kind: "ilias", BaseURL: "https://n.example"}}},
		{"of another kind", ErrInvalid, "kind", "stays one", Define{VLE{Slug: "moodle", Kind: VLECanvas, BaseURL: "https://n.example"}}},
		{"no slug", ErrInvalid, "slug", "empty", Define{VLE{Kind: VLEMoodle, BaseURL: "https://n.example"}}},
		{"a course of no VLE", ErrInvalid, "vle", "define it first", Define{Course{ID: "n", VLE: "x", External: "1"}}},
		{"a course without an id there", ErrInvalid, "external", "is empty", Define{Course{ID: "n", VLE: "moodle"}}},
		{"a course without an id", ErrInvalid, "id", "is empty", Define{Course{VLE: "moodle", External: "1"}}},
		{"a course that is there", ErrConflict, "", "is course c-moodle already", Define{Course{ID: "n", VLE: "moodle", External: "0042"}}},
		{"a course that moves", ErrInvalid, "vle", "stays there", Define{Course{ID: "c-moodle", VLE: "canvas", External: "1"}}},
	}...))
	grow(t, d, operator, Define{Course{ID: "n", VLE: "canvas", External: "0042"}})
}

func TestIdentitiesAreUniqueBothWays(t *testing.T) {
	link := func(vle Slug, m MemberID, user string) Intent {
		return LinkIdentity{Identity{VLE: vle, Member: m, External: user}}
	}
	d := built(t, append(mill(), link("moodle", "ada", "7"), link("canvas", "ada", "7"), link("moodle", "bo", "8"))...)
	refuseAll(t, d, []refusal{
		{"somebody else's user", ErrConflict, "", "somebody else already", link("moodle", "eve", "7")},
		{"no user", ErrInvalid, "external", "is empty", link("moodle", "eve", "")},
		{"no such VLE", ErrInvalid, "vle", "define it first", link("x", "eve", "7")},
		{"no such member", ErrNotFound, "", "member", link("moodle", "x", "9")},
		{"unlinked, and never linked", ErrNotFound, "", "vle_identity", UnlinkIdentity{"moodle", "eve"}},
	})
	refused(t, d, as("boss"), ErrDenied, "manage", "who they are elsewhere", link("moodle", "boss", "9"))
	refused(t, d, as("tom"), ErrDenied, "manage", "/people/eve", link("moodle", "eve", "9"))
	d, _ = grow(t, d, as("boss"), link("moodle", "ada", "9")) // she has another user there now
	if _, ok := d.IdentityByUser("moodle", "7"); ok || len(d.IdentitiesOf("ada")) != 2 {
		t.Errorf("ada is %v, and 7 somebody still", d.IdentitiesOf("ada"))
	}
	d, _ = grow(t, d, as("boss"), UnlinkIdentity{"moodle", "ada"}, link("moodle", "eve", "9"))
	if i, ok := d.IdentityByUser("moodle", "9"); !ok || i.Member != "eve" || len(d.IdentitiesOf("ada")) != 1 {
		t.Errorf("9 is %+v, and ada %v", i, d.IdentitiesOf("ada"))
	}
}

func TestARequirementWithoutANameIsCalledByWhatItPointsAt(t *testing.T) {
	d := built(t, append(mill(), Define{Course{ID: "c-named", VLE: "moodle", External: "7", Name: "Sawing course"}},
		Define{Requirement{Badge: "mill", Slug: "saw", Kind: AskBadge, Needs: "bandsaw"}}, Define{Requirement{Badge: "mill", Slug: "course", Kind: AskCourse, Course: "c-named"}},
		Define{Requirement{Badge: "mill", Slug: "nameless", Kind: AskForm, Form: "f"}}, Define{Requirement{Badge: "mill", Slug: "own", Name: "My own", Kind: AskBadge, Needs: "bandsaw"}})...)
	bandsaw, _ := Get[Badge](d, "bandsaw")
	for slug, want := range map[Slug]string{"saw": bandsaw.Name, "course": "Sawing course", "nameless": "nameless", "own": "My own"} {
		if r, ok := Get[Requirement](d, requirementID("mill", slug)); !ok || r.Name != want {
			t.Errorf("%s is called %q, want %q", slug, r.Name, want)
		}
	}
}
