package organisation_test

import (
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
)

const sawFile = `
[[badges]]
slug = "saw"
mode = "auto"
requirements = [
  { slug = "first", badge = "basic" },
  { slug = "moodle", name = "Moodle course", course = "m/0042", group = "course" },
  { slug = "form", form = "https://forms.example.org/w", group = "course" },
  { slug = "year", membership_age = "365d" },
  { slug = "check", kind = "signoff" },
]

[[badges]]
slug = "basic"

[[vles]]
slug = "m"
kind = "moodle"
url = "https://m.example.org/"
secret_file = "short"

[[courses]]
vle = "m"
id = "0042"
name = "Sawing"
`

func TestRequirementsAreAppliedOnce(t *testing.T) {
	d, _ := apply(t, empty(), sawFile)
	c, ok := d.CourseByExternal("m", "0042")
	want := []claims.Requirement{
		{Badge: "saw", Slug: "year", Name: "year", Kind: claims.AskMembership, Age: claims.Duration(365 * 24 * 3600e9)},
		{Badge: "saw", Slug: "first", Name: "first", Kind: claims.AskBadge, Needs: "basic"},
		{Badge: "saw", Slug: "moodle", Name: "Moodle course", Kind: claims.AskCourse, Course: c.ID, Group: "course"},
		{Badge: "saw", Slug: "form", Name: "form", Kind: claims.AskForm, Form: "https://forms.example.org/w", Group: "course"},
		{Badge: "saw", Slug: "check", Name: "check", Kind: claims.AskSignoff},
	}
	have := d.RequirementsOf("saw")
	if !ok || len(have) != len(want) {
		t.Fatalf("course %v, requirements %v", c, have)
	}
	for i := range want {
		if have[i] != want[i] {
			t.Errorf("requirement %d is %+v, want %+v", i, have[i], want[i])
		}
	}
	if v, _ := claims.Get[claims.VLE](d, "m"); v.Secret == "" || strings.Contains(v.Secret, "hush") || v.BaseURL != "https://m.example.org" {
		t.Errorf("the VLE is %+v; want its token sealed", v)
	}
	if _, again := apply(t, d, sawFile); len(again.Intents) != 0 || len(again.Notes) != 0 {
		t.Errorf("again: %v, %v", again.Intents, again.Notes)
	}
}

func TestWhatWasRemovedByHandStaysRemoved(t *testing.T) {
	d, _ := apply(t, empty(), sawFile)
	c, _ := d.CourseByExternal("m", "0042")
	planned, err := claims.Plan(d, operator, now, claims.Remove{Key: claims.Requirement{Badge: "saw", Slug: "moodle"}.Key()}, claims.Remove{Key: c.Key()})
	if err != nil {
		t.Fatal(err)
	}
	d = d.With(claims.Seq{Epoch: "test", N: d.Seq().N + 1}, planned.Facts...)
	after, draft := apply(t, d, sawFile)
	if len(draft.Intents) != 0 || len(draft.Notes) != 2 || len(after.RequirementsOf("saw")) != 4 {
		t.Errorf("%v, notes %q", draft.Intents, draft.Notes)
	}
}

func TestBadRequirementsNameLineAndField(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[[badges]]\nslug='x'\nrequirements=[{slug='a'}]", "badges[1].requirements[1]: needs a kind, or what it points at"},
		{"[[badges]]\nslug='x'\nrequirements=[{slug='a',kind='signoff'},{slug='a',kind='signoff'}]", "\"a\" stands there twice"},
		{"[[badges]]\nslug='x'\nrequirements=[{slug='a',course='42'}]", "requirements[1].course: \"42\": write VLE/ID, as moodle/42"},
		{"[[badges]]\nslug='x'\nrequirements=[{slug='a',course='m/42'}]", "requirements[1].course: there is no course 42 of m"},
		{"[[badges]]\nslug='x'\nrequirements=[{slug='a',membership_age='long'}]", "requirements[1].membership_age: \"long\" is no length of time"},
		{"[[badges]]\nslug='x'\nrequirements=[{slug='a',cours='m/42'}]", "did you mean course?"},
		{"[[courses]]\nvle='m'", "line 1: courses[1]: needs vle and id"},
		{"[[vles]]\nslug='m'\nkind='moodle'\nurl='https://m.example.org'\nsecret_file='gone'", "line 5: vles[1].secret_file: gone is not there"},
	} {
		f, err := organisation.Read(strings.NewReader(c.text))
		if err == nil {
			_, err = organisation.Prepare(empty(), f, env())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	for text, want := range map[string]string{
		"[[vles]]\nslug='m'\nkind='moodle'\nurl='http://m.example.org'":                                                        "only https will do",
		"[[badges]]\nslug='x'\nrequirements=[{slug='a',badge='y'}]\n[[badges]]\nslug='y'\nrequirements=[{slug='a',badge='x'}]": "nobody could earn either",
	} {
		f, err := organisation.Read(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		draft, err := organisation.Prepare(empty(), f, env())
		if err != nil {
			t.Fatal(err)
		}
		_, err = claims.Plan(empty(), operator, now, draft.Intents...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
