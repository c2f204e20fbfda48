package claims

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func asks(id ID, m MemberID) RequestSignoff {
	return RequestSignoff{SignoffRequest{ID: id, Member: m, Badge: "mill"}}
}

// ready is the mill with all done by ada but the sign-off, which nobody has
// asked for: the course was recorded before it was asked for.
func ready(t *testing.T, more ...Intent) *Directory {
	return built(t, join(mill(), []Intent{
		Define{Badge{Slug: "mill", Name: "Mill", Mode: BadgeManual}}, met("ada", "mill", "moodle"), met("tom", "mill", "moodle"),
		GiveAward{Award{ID: "saw", Badge: "bandsaw", Member: "ada"}}, GiveAward{Award{ID: "saw-tom", Badge: "bandsaw", Member: "tom"}},
		Define{Badge{Slug: "mill", Name: "Mill", Mode: BadgeSignoff}},
	}, more)...)
}

func TestWhoMayAskForAndAnswerASignoff(t *testing.T) {
	system := Actor{Kind: ActorSystem, ID: "job"}
	d := ready(t, AddMember{Member{ID: "pat", Sub: "s-pat", Username: "pat", State: StateActive}},
		AddGrant{Grant{ID: "pat", At: "core-badges", Subject: must(ParseSubject("user:pat")), Right: "award"}})
	for _, by := range []Actor{as("ada"), as("pat"), as("boss"), system, feed, operator} {
		grow(t, d, by, asks("q", "ada"))
	}
	for _, by := range []Actor{as("bo"), as("eve"), {Kind: ActorClient, ID: "x"}} {
		refused(t, d, by, ErrDenied, "award", "", asks("q", "ada"))
	}
	d, _ = grow(t, d, as("ada"), asks("q", "ada"))
	d, _ = grow(t, d, as("tom"), asks("q-tom", "tom"))
	yes, no := AnswerSignoff{"q", SignoffApproved, ""}, AnswerSignoff{"q", SignoffRefused, "the cube was no cube"}
	for _, by := range []Actor{as("tom"), as("pat"), as("boss"), feed, operator} {
		if after, _ := grow(t, d, by, yes); !holds(after, "ada", "mill") {
			t.Errorf("approved by %s: not held", by)
		}
		after, _ := grow(t, d, by, no)
		if s, _ := Get[SignoffRequest](after, "q"); holds(after, "ada", "mill") || s.Outcome != SignoffRefused || s.By != by.String() || s.Answered != noon || s.Reason == "" {
			t.Errorf("refused by %s: %+v", by, s)
		}
	}
	for _, answer := range []AnswerSignoff{yes, no} {
		refused(t, d, as("ada"), ErrDenied, "award", "nobody signs themselves off", answer)
		refused(t, d, as("bo"), ErrDenied, "award", "/badges/mill", answer)
		refused(t, d, as("tom"), ErrDenied, "award", "nobody signs themselves off", AnswerSignoff{"q-tom", answer.Outcome, answer.Reason})
	}
	refused(t, d, system, ErrDenied, "award", "the program itself", yes)
	grow(t, d, as("pat"), AnswerSignoff{"q-tom", SignoffApproved, ""})
}

func TestSignoffsAreHeldToTheirForm(t *testing.T) {
	d := ready(t, GiveAward{Award{ID: "had", Badge: "mill", Member: "tom"}}, asks("q", "ada"), Define{Badge{Slug: "free", Mode: BadgeSignoff}},
		AddMember{Member{ID: "barry", Sub: "s-barry", Username: "barry", State: StateActive}}, Bar{Member: "barry"},
		RequestSignoff{SignoffRequest{ID: "done", Member: "bo", Badge: "free"}}, AnswerSignoff{"done", SignoffRefused, "no"})
	answer := func(id ID, o SignoffOutcome, why string) Intent { return AnswerSignoff{id, o, why} }
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", asks("", "ada")},
		{"no such badge", ErrNotFound, "", "badge", RequestSignoff{SignoffRequest{ID: "n", Member: "ada", Badge: "x"}}},
		{"no such member", ErrNotFound, "", "member", asks("n", "x")},
		{"a badge that is given by hand", ErrConflict, "", "not given by sign-off", RequestSignoff{SignoffRequest{ID: "n", Member: "ada", Badge: "plain"}}},
		{"before the rest is done", ErrConflict, "", "mill asks for more first: The saw, and The canvas or The moodle", asks("n", "eve")},
		{"held for good", ErrConflict, "", "already held", asks("n", "tom")},
		{"for who is gone", ErrDenied, "award", "can't ask", RequestSignoff{SignoffRequest{ID: "n", Member: "out", Badge: "free"}}},
		{"for who is barred", ErrDenied, "award", "can't ask", RequestSignoff{SignoffRequest{ID: "n", Member: "barry", Badge: "free"}}},
		{"an id of before", ErrConflict, "", "made before", RequestSignoff{SignoffRequest{ID: "done", Member: "bo", Badge: "free"}}},
		{"no such request", ErrNotFound, "", "request", answer("x", SignoffApproved, "")},
		{"neither yes nor no", ErrInvalid, "outcome", "none of approved, refused", answer("q", "maybe", "")},
		{"no, without a word", ErrInvalid, "reason", "say what is still to do", answer("q", SignoffRefused, "")},
		{"a letter", ErrInvalid, "reason", "longer", answer("q", SignoffApproved, strings.Repeat("x", 4001))},
		{"yes, after no", ErrConflict, "", "was refused on 2025-06-01", answer("done", SignoffApproved, "")},
	})
	for _, in := range []Intent{asks("again", "ada"), answer("done", SignoffRefused, "again")} {
		if _, planned := grow(t, d, operator, in); len(planned.Facts) != 0 {
			t.Errorf("%s again plans %v", in.what(), planned.Facts)
		}
	}
	lost, _ := grow(t, d, operator, RevokeAward{Badge: "bandsaw", Member: "ada"})
	refused(t, lost, as("tom"), ErrConflict, "", "The saw", answer("q", SignoffApproved, ""))
}

func TestRequestsExpireByThemselves(t *testing.T) {
	d := ready(t, asks("q", "ada"))
	end := noon.Add(SignoffFor)
	if last := end.Add(-time.Microsecond); len(d.OpenSignoffs("mill", last)) != 1 || len(d.OpenSignoffs("mill", end)) != 0 {
		t.Errorf("open until just before %v: %v, at it: %v", end, d.OpenSignoffs("mill", last), d.OpenSignoffs("mill", end))
	}
	if _, err := Plan(d, as("tom"), end, AnswerSignoff{"q", SignoffApproved, ""}); !errors.Is(err, ErrExpired) {
		t.Errorf("answered too late: %v, want ErrExpired", err)
	}
	planned, err := Plan(d, as("ada"), end, asks("q2", "ada"))
	if err != nil || len(planned.Facts) != 1 {
		t.Errorf("asked again: %v, %v", planned.Facts, err)
	}
}

// TestABadgeThatIsAboutToEndIsAskedForAgain shows that a renewal takes a
// sign-off of its own.
func TestABadgeThatIsAboutToEndIsAskedForAgain(t *testing.T) {
	d := ready(t, Define{Badge{Slug: "mill", Mode: BadgeSignoff, ValidFor: Duration(365 * aDay)}}, asks("q", "ada"))
	d, _ = grow(t, d, as("tom"), AnswerSignoff{"q", SignoffApproved, ""})
	first := award(t, d, "ada", "mill")
	p := must(Progress(d, "ada", "mill", noon))
	if check := p.Groups[2].Steps[0]; check.Met || !p.SignedOff(check) || p.SignedOff(p.Groups[0].Steps[0]) || p.Complete() {
		t.Errorf("the award is the sign-off, and no result of one: %+v", p)
	}
	refused(t, d, as("ada"), ErrConflict, "", "not about to end", asks("q2", "ada"))
	soonOver := first.Expires.AddDate(0, 0, -9)
	planned, err := Plan(d, as("ada"), soonOver, asks("q2", "ada"))
	if err != nil {
		t.Fatal(err)
	}
	d = d.With(d.Seq(), planned.Facts...)
	if planned, err = Plan(d, as("tom"), soonOver, AnswerSignoff{"q2", SignoffApproved, ""}); err != nil {
		t.Fatal(err)
	}
	d = d.With(d.Seq(), planned.Facts...)
	if held, end := Holds(d, "ada", holder("mill"), soonOver); !held || end != soonOver.Add(365*aDay) {
		t.Errorf("renewed: %v until %v", held, end)
	}
}

func TestWhoMayRecordAResult(t *testing.T) {
	system := Actor{Kind: ActorSystem, ID: "job"}
	d := built(t, mill()...)
	for _, c := range []struct {
		name    string
		in      Intent
		may     []Actor
		mayNot  []Actor
		refusal string
	}{
		{"a form", met("ada", "theory", "waiver"), []Actor{as("tom"), as("boss"), feed, system, operator}, []Actor{as("bo"), as("ada"), {Kind: ActorClient, ID: "x"}}, ""},
		{"a sign-off", met("ada", "mill", "check"), []Actor{as("tom"), as("boss"), feed, operator}, []Actor{as("bo"), as("ada"), system}, ""},
		{"a course", met("ada", "mill", "moodle"), []Actor{as("boss"), feed, system, operator}, []Actor{as("tom"), as("ada")}, ""},
		{"one's own", met("tom", "theory", "waiver"), nil, []Actor{as("tom")}, "of their own"},
		{"an administrator's own", met("boss", "theory", "waiver"), nil, []Actor{as("boss")}, "of their own"},
	} {
		for _, by := range c.may {
			_, planned := grow(t, d, by, c.in)
			if r, ok := planned.Facts[0].(Result); !ok || r.RecordedBy != by.String() || r.Source != by.String() || r.At != noon {
				t.Errorf("%s by %s: %+v", c.name, by, planned.Facts[0])
			}
		}
		for _, by := range c.mayNot {
			if _, err := Plan(d, by, noon, c.in); !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), c.refusal) {
				t.Errorf("%s by %s: %v, want it denied", c.name, by, err)
			}
		}
	}
}

func TestResultsAreHeldToTheirForm(t *testing.T) {
	record := func(change func(*Result)) Intent {
		in := met("ada", "theory", "moodle")
		change(&in.Result)
		return in
	}
	d := built(t, append(mill(), met("bo", "theory", "moodle"), Define{Requirement{Badge: "theory", Slug: "gone", Kind: AskSignoff}}, Remove{Key: Key{EntityRequirement, "theory.gone"}})...)
	refuseAll(t, d, []refusal{
		{"no id", ErrInvalid, "id", "is empty", record(func(r *Result) { r.ID = "" })},
		{"no such badge", ErrNotFound, "", "badge", record(func(r *Result) { r.Badge = "x" })},
		{"no such requirement", ErrNotFound, "", "requirement", record(func(r *Result) { r.Requirement = "x" })},
		{"no such member", ErrNotFound, "", "member", record(func(r *Result) { r.Member = "x" })},
		{"from the future", ErrInvalid, "at", "in the future", record(func(r *Result) { r.At = noon.Add(time.Second) })},
		{"that has expired", ErrInvalid, "expires", "has passed", record(func(r *Result) { r.Expires = noon })},
		{"a source of two lines", ErrInvalid, "source", "one line", record(func(r *Result) { r.Source = "a\nb" })},
		{"a long reference", ErrInvalid, "reference", "longer", record(func(r *Result) { r.Reference = strings.Repeat("x", 1001) })},
		{"an id that is another's", ErrConflict, "", "another's", record(func(r *Result) { r.ID = "r-bo-theory-moodle" })},
		{"of what is asked no more", ErrConflict, "", "no more", record(func(r *Result) { r.Requirement = "gone" })},
		{"of another badge", ErrInvalid, "requirement", "met by other facts", met("ada", "expert", "theory")},
		{"of a membership", ErrInvalid, "requirement", "met by other facts", met("ada", "expert", "year")},
	})
	grown, _ := grow(t, d, feed, record(func(r *Result) { r.Reference = "moodle 0042" }))
	for name, in := range map[string]Intent{
		"the same":         record(func(*Result) {}),
		"under another id": record(func(r *Result) { r.ID = "n" }),
		"that lasts less":  record(func(r *Result) { r.ID, r.Expires = "n", noon.AddDate(1, 0, 0) }),
		"from before":      record(func(r *Result) { r.ID, r.At = "n", noon.AddDate(0, -1, 0) }),
	} {
		if planned, err := Plan(grown, feed, noon, in); err != nil || len(planned.Facts) != 0 {
			t.Errorf("%s: %v, %v; want nothing planned", name, planned.Facts, err)
		}
	}
	gone, _ := grow(t, grown, as("tom"), Remove{Key: Key{EntityResult, "r-ada-theory-moodle"}})
	if p := must(Progress(gone, "ada", "theory", noon)); slices.Contains(p.Done(), "The moodle") {
		t.Error("a result that was taken back counts")
	}
}

// TestAMembershipLongEnoughComesByItself shows that what time brings is
// earned when somebody asks, the member too.
func TestAMembershipLongEnoughComesByItself(t *testing.T) {
	d := built(t, append(mill(), AddMember{Member{ID: "new", Sub: "s-new", Username: "new", State: StateActive, Since: noon.AddDate(0, -11, 0)}},
		met("new", "theory", "moodle"), met("new", "theory", "waiver"), met("ada", "theory", "moodle"), met("ada", "theory", "waiver"))...)
	if !holds(d, "new", "theory") || holds(d, "new", "expert") || holds(d, "ada", "expert") {
		t.Fatal("expert takes a year, counted from a day that is known")
	}
	long := time.Date(2025, 7, 2, 0, 0, 0, 0, time.UTC)
	earn := Earn{"n", "new", "expert"}
	refused(t, d, as("new"), ErrConflict, "", "expert asks for more first: The year", earn)
	for _, by := range []Actor{as("new"), as("tom"), operator, {Kind: ActorSystem, ID: "job"}} {
		planned, err := Plan(d, by, long, earn)
		if err != nil || len(planned.Facts) != 1 || planned.Facts[0].(Award).AwardedBy != "system:requirements" {
			t.Errorf("by %s: %v, %v", by, planned.Facts, err)
		}
	}
	if _, err := Plan(d, as("bo"), long, earn); !errors.Is(err, ErrDenied) {
		t.Errorf("for another: %v", err)
	}
	refused(t, d, as("new"), ErrConflict, "", "somebody gives it", Earn{"n", "new", "plain"})
	refused(t, d, as("new"), ErrConflict, "", "somebody gives it", Earn{"n", "new", "laser-1"})
	if _, planned := grow(t, d, as("new"), Earn{"n", "new", "theory"}); len(planned.Facts) != 0 {
		t.Errorf("what is held is earned again: %v", planned.Facts)
	}
}
