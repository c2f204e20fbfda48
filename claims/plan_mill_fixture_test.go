package claims

import (
	"fmt"
	"slices"
	"testing"
)

// mill is what the tests of earning are about, beside the organisation:
//
//	moodle, canvas: VLEs with the course milling, each under a number of its own
//	mill (signoff): (Moodle course or Canvas course) and bandsaw and a check with a trainer
//	theory (auto, for a year): (Moodle course or Canvas course) and a form
//	expert (auto): theory, and a year of membership
//	plain (manual): the Moodle course
//
// tom, the client feed and the system may award all of them; ada is a member since nobody
// knows when, eve since a year and a day.
func mill() []Intent {
	ask := func(badge, slug Slug, kind RequirementKind, change func(*Requirement)) Intent {
		r := Requirement{Badge: badge, Slug: slug, Name: "The " + string(slug), Kind: kind}
		if change != nil {
			change(&r)
		}
		return Define{r}
	}
	moodle := func(group Slug) func(*Requirement) {
		return func(r *Requirement) { r.Course, r.Group = "c-moodle", group }
	}
	canvas := func(group Slug) func(*Requirement) {
		return func(r *Requirement) { r.Course, r.Group = "c-canvas", group }
	}
	return join(
		define(
			VLE{Slug: "moodle", Kind: VLEMoodle, BaseURL: "https://moodle.example.org/", Secret: "sealed"},
			VLE{Slug: "canvas", Kind: VLECanvas, BaseURL: "http://127.0.0.1:9000"},
			Course{ID: "c-moodle", VLE: "moodle", External: "0042", Name: "Milling"}, Course{ID: "c-canvas", VLE: "canvas", External: "sis:mill/1", Name: "Milling"},
			Badge{Slug: "mill", Name: "Mill", Mode: BadgeSignoff, Earn: "Learn to mill"}, Badge{Slug: "plain"},
			Badge{Slug: "theory", Mode: BadgeAuto, ValidFor: Duration(365 * aDay)}, Badge{Slug: "expert", Mode: BadgeAuto},
			Client{ID: "feed", Auth: AuthBasic, Secrets: []Secret{{SHA256: hex64}}, GrantTypes: []string{grantClient}}),
		[]Intent{
			AddMember{Member{ID: "eve", Sub: "sub-eve", Username: "eve", State: StateActive, Since: noon.AddDate(-1, 0, -1)}},
			ask("mill", "moodle", AskCourse, moodle("course")), ask("mill", "canvas", AskCourse, canvas("course")),
			ask("mill", "saw", AskBadge, func(r *Requirement) { r.Needs = "bandsaw" }), ask("mill", "check", AskSignoff, nil),
			ask("theory", "moodle", AskCourse, moodle("course")), ask("theory", "canvas", AskCourse, canvas("course")),
			ask("theory", "waiver", AskForm, func(r *Requirement) { r.Form = "https://forms.example.org/waiver" }),
			ask("expert", "theory", AskBadge, func(r *Requirement) { r.Needs = "theory" }),
			ask("expert", "year", AskMembership, func(r *Requirement) { r.Age = Duration(365 * aDay) }),
			ask("plain", "moodle", AskCourse, moodle("")),
			AddGrant{Grant{ID: "tom-all", At: "core-badges", Subject: must(ParseSubject("user:tom")), Right: "award"}},
			AddGrant{Grant{ID: "feed-all", At: "core-badges", Subject: must(ParseSubject("client:feed")), Right: "award"}},
			AddGrant{Grant{ID: "job-all", At: "core-badges", Subject: must(ParseSubject("client:system")), Right: "award"}},
		})
}

var feed = Actor{Kind: ActorClient, ID: "feed"}

// met is a result, recorded now.
func met(m MemberID, badge, slug Slug) RecordResult {
	return RecordResult{Result{ID: ID(fmt.Sprintf("r-%s-%s-%s", m, badge, slug)), Member: m, Badge: badge, Requirement: slug}}
}

func holds(d *Directory, m MemberID, badge Slug) bool {
	held, _ := Holds(d, m, Subject{Kind: SubjectBadge, ID: string(badge)}, noon)
	return held
}

// award returns the one award of a badge that a member was given.
func award(t *testing.T, d *Directory, m MemberID, badge Slug) Award {
	t.Helper()
	list := slices.DeleteFunc(slices.Clone(d.AwardsOf(m)), func(a Award) bool { return a.Badge != badge })
	if len(list) != 1 {
		t.Fatalf("%s has %d awards of %s, want one", m, len(list), badge)
	}
	return list[0]
}
