package claims

import "testing"

// keeper lets somebody manage one badge's place and no more of badges.
func keeper(t *testing.T, m MemberID, more ...Intent) *Directory {
	t.Helper()
	to := must(ParseSubject("user:" + string(m)))
	return built(t, append(join(mill(), []Intent{
		Define{Location{ID: "award-mill", Parent: "core-badges", Slug: "mill", Inherit: true}},
		Define{Location{ID: "award-new", Parent: "core-badges", Slug: "new", Inherit: true}},
		AddGrant{Grant{ID: "k1", At: "award-mill", Subject: to, Right: "manage"}},
		AddGrant{Grant{ID: "k2", At: "award-new", Subject: to, Right: "manage"}},
		AddGrant{Grant{ID: "k3", At: "core-admin", Subject: to, Right: "manage"}},
	}), more...)...)
}

// TestWhoManagesABadgeDoesNotComeByItTheirWay has somebody who may name and
// describe a badge, but not give it, try to make it follow from nothing.
func TestWhoManagesABadgeDoesNotComeByItTheirWay(t *testing.T) {
	d := keeper(t, "bo")
	badge, _ := Get[Badge](d, "mill")
	auto, easy, gone := badge, badge, badge
	auto.Mode, easy.ValidFor, gone.Retired = BadgeAuto, Duration(aDay), noon
	trivial := Requirement{Badge: "mill", Slug: "n", Kind: AskMembership, Age: 1}
	for name, in := range map[string]Intent{
		"its mode":          Define{auto},
		"how long it lasts": Define{easy},
		"a requirement":     Define{trivial},
		"one the other way": Define{Requirement{Badge: "mill", Slug: "canvas", Name: "The canvas", Kind: AskCourse, Course: "c-canvas"}},
		"one less":          Remove{Key: Key{EntityRequirement, "mill.check"}},
		"a new one by rule": Define{Badge{Slug: "new", Mode: BadgeAuto}},
		"another course":    Define{Course{ID: "c-moodle", VLE: "moodle", External: "easy"}},
		"another VLE":       Define{VLE{Slug: "moodle", Kind: VLEMoodle, BaseURL: "https://bo.example"}},
		"none, by its mode": Define{Badge{Slug: "mill", Name: "Mill", Mode: BadgeManual}},
	} {
		refusedAward(t, d, name, in)
	}
	refused(t, d, operator, ErrConflict, "", "asks for it", Define{Course{ID: "c-moodle", VLE: "moodle", External: "easy", Removed: noon}})

	named := badge
	named.Name, named.Earn = "The mill", "Come on Thursday"
	grow(t, d, as("bo"), Define{named}, Define{Badge{Slug: "new"}}, Define{Course{ID: "c-moodle", VLE: "moodle", External: "0042", Name: "Milling I"}},
		Define{Course{ID: "c-moodle-2", VLE: "moodle", External: "0043"}})
	retired, _ := grow(t, d, as("bo"), Define{gone})
	refused(t, retired, as("bo"), ErrDenied, "award", "/badges/mill as well", Define{badge})
	grow(t, d, as("boss"), Define{trivial}, Define{auto})
	gives, _ := grow(t, d, operator, AddGrant{Grant{ID: "k4", At: "award-mill", Subject: must(ParseSubject("user:bo")), Right: "award"}})
	grow(t, gives, as("bo"), Define{trivial}, Define{auto}, Remove{Key: Key{EntityRequirement, "mill.check"}})
	refused(t, d, as("tom"), ErrDenied, "manage", "/badges/mill", Define{trivial}) // who may give it, and not manage it
}

// refusedAward is refused for bo, who lacks award.
func refusedAward(t *testing.T, d *Directory, name string, in Intent) {
	t.Helper()
	if _, err := Plan(d, as("bo"), noon, in); err == nil {
		t.Errorf("%s: planned", name)
	}
	refused(t, d, as("bo"), ErrDenied, "award", "as well, or manage at /badges", in)
}
