package claims

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func thing(text string) Subject { return must(ParseSubject(text)) }

// asking is the organisation where some things can be asked for: the tag
// day-member, the badge laser-1, to be a member of any body.
func asking(t testing.TB, more ...Intent) *Directory {
	t.Helper()
	return built(t, join([]Intent{
		Define{Opening{Thing: thing("tag:day-member"), Text: "Which days?"}}, Define{Opening{Thing: thing("badge:laser-1")}},
		Define{Opening{Thing: thing("aff:@body#member")}},
		Define{Opening{Thing: thing("tag:board-member"), From: noon.AddDate(0, 0, 1), Until: noon.AddDate(0, 0, 2)}},
		AddGrant{Grant{ID: "g-assign", At: "core-tags", Subject: thing("user:tom"), Right: "assign"}},
	}, more)...)
}

func ask(id ID, m MemberID, what string) Intent {
	return AskFor{Request{ID: id, Member: m, Thing: thing(what), Text: "please"}}
}

func yes(id ID) Intent {
	return AnswerRequest{Request: id, Outcome: RequestApproved, Gift: "gift-" + id}
}

func TestOpeningsAreHeldToTheirForm(t *testing.T) {
	d := asking(t)
	refuseAll(t, d, []refusal{
		{"nothing", ErrInvalid, "thing", "no subject", Define{Opening{}}},
		{"a state", ErrInvalid, "thing", "none of", Define{Opening{Thing: thing("state:active")}}},
		{"a tag there isn't", ErrInvalid, "thing", "define it first", Define{Opening{Thing: thing("tag:ghost")}}},
		{"what everybody has", ErrInvalid, "thing", "every member's", Define{Opening{Thing: thing("aff:delft#default")}}},
		{"an end before its start", ErrInvalid, "until", "not after", Define{Opening{Thing: thing("badge:bandsaw"), From: noon, Until: noon}}},
		{"closed in the future", ErrInvalid, "closed", "future", Define{Opening{Thing: thing("badge:bandsaw"), Closed: noon.Add(time.Hour)}}},
		{"a retired badge", ErrConflict, "", "retired", Define{Opening{Thing: thing("badge:old")}}},
		{"an archived object", ErrConflict, "", "archived", Define{Opening{Thing: thing("aff:gone#member")}}},
	})
	for what, at := range map[string]string{"tag:day-member": "/tags/day-member", "badge:bandsaw": "/badges/bandsaw", "aff:delft#member": "/bodies/delft", "aff:@body#board": "/objects"} {
		refused(t, d, as("ada"), ErrDenied, "manage", at, Define{Opening{Thing: thing(what), Text: "x"}})
	}
	d, _ = grow(t, d, operator, Remove{Key: Key{EntityOpening, "tag:day-member"}})
	refused(t, d, as("ada"), ErrConflict, "", "cannot be asked for", ask("r", "ada", "tag:day-member"))
}

func TestMembersAskForWhatIsOpenAndTheyDoNotHave(t *testing.T) {
	d := asking(t, Bar{Member: "bo", Reason: "x"})
	for _, what := range []string{"tag:day-member", "badge:laser-1", "aff:delft#member", "aff:netcom#member"} {
		grow(t, d, as("ada"), ask("r", "ada", what))
	}
	for what, words := range map[string]string{
		"tag:board-member": "cannot be asked for now", "badge:bandsaw": "cannot be asked for now", "aff:delft#board": "cannot be asked for now",
		"aff:gone#member": "archived",
	} {
		refused(t, d, as("ada"), ErrConflict, "", words, ask("r", "ada", what))
	}
	refused(t, d, as("ada"), ErrInvalid, "thing", "name the object", ask("r", "ada", "aff:@body#member"))
	refused(t, d, as("ada"), ErrInvalid, "thing", "none of", ask("r", "ada", "state:active"))
	refused(t, d, as("ada"), ErrInvalid, "id", "empty", ask("", "ada", "badge:laser-1"))
	refused(t, d, as("tom"), ErrDenied, "manage", "for themselves", ask("r", "ada", "badge:laser-1"))
	refused(t, d, as("boss"), ErrDenied, "manage", "for themselves", ask("r", "ada", "badge:laser-1"))
	refused(t, d, as("bo"), ErrDenied, "manage", "no member", ask("r", "bo", "badge:laser-1"))
	refused(t, d, as("out"), ErrDenied, "manage", "no member", ask("r", "out", "badge:laser-1"))
	d, _ = grow(t, d, operator, Assign{Assignment{ID: "t-ada", Tag: "day-member", TargetID: "ada"}})
	refused(t, d, as("ada"), ErrConflict, "", "already held", ask("r", "ada", "tag:day-member"))
	if _, err := Plan(d, as("ada"), noon.AddDate(0, 0, 1), ask("r", "ada", "tag:board-member")); err != nil {
		t.Errorf("on the first day of the call: %v", err)
	}
	if _, err := Plan(d, as("ada"), noon.AddDate(0, 0, 2), ask("r", "ada", "tag:board-member")); !errors.Is(err, ErrConflict) {
		t.Errorf("when the call is over: %v", err)
	}
}

func TestOneRequestIsOpenForEachMemberAndThing(t *testing.T) {
	d, _ := grow(t, asking(t), as("ada"), ask("r1", "ada", "badge:laser-1"))
	refused(t, d, as("ada"), ErrConflict, "", "already asked for", ask("r2", "ada", "badge:laser-1"))
	if _, again := grow(t, d, as("ada"), ask("r1", "ada", "badge:laser-1")); len(again.Facts) != 0 {
		t.Errorf("the same again: %v", again.Facts)
	}
	grow(t, d, as("ada"), ask("r2", "ada", "tag:day-member"))
	refused(t, d, as("bo"), ErrConflict, "", "made before", ask("r1", "bo", "badge:laser-1"))
	if _, err := Plan(d, as("ada"), noon.Add(RequestFor), ask("r2", "ada", "badge:laser-1")); err != nil {
		t.Errorf("when the first has expired: %v", err)
	}
	d, _ = grow(t, d, as("ada"), WithdrawRequest{"r1"})
	grow(t, d, as("ada"), ask("r2", "ada", "badge:laser-1"))
}

func TestAnsweringTakesTheRightToGive(t *testing.T) {
	d, _ := grow(t, asking(t, GiveAward{Award{ID: "maint", Badge: "laser-maint", Member: "bo"}}), as("ada"), ask("badge", "ada", "badge:laser-1"))
	d, _ = grow(t, d, as("ada"), ask("tag", "ada", "tag:day-member"), ask("delft", "ada", "aff:delft#member"), ask("netcom", "ada", "aff:netcom#member"))
	for id, may := range map[ID]string{"badge": "tom bo boss", "tag": "tom boss", "delft": "bo boss", "netcom": "boss"} {
		for _, who := range []MemberID{"tom", "bo", "boss", "ada", "out"} {
			for _, outcome := range []RequestOutcome{RequestApproved, RequestRefused} {
				_, err := Plan(d, as(who), noon, AnswerRequest{Request: id, Outcome: outcome, Gift: "gift"})
				if want := strings.Contains(" "+may+" ", " "+string(who)+" "); (err == nil) != want || !want && !errors.Is(err, ErrDenied) {
					t.Errorf("%s answers %s with %s: %v, want allowed: %v", who, id, outcome, err, want)
				}
			}
			queued := strings.Contains(fmt.Sprint(See(d, as(who), noon).Queue()), string("{"+id+" "))
			if want := strings.Contains(" "+may+" ", " "+string(who)+" "); queued != want {
				t.Errorf("%s is in the queue of %s: %v, want %v", id, who, queued, want)
			}
		}
	}
	if list := See(d, operator, noon).Queue(); len(list) != 4 || list[0].Username != "ada" {
		t.Errorf("the operator's queue: %+v", list)
	}
}

func TestNobodyAnswersTheirOwn(t *testing.T) {
	d, _ := grow(t, asking(t), as("tom"), ask("r", "tom", "badge:laser-1"), ask("r2", "tom", "tag:day-member"))
	for _, id := range []ID{"r", "r2"} {
		refused(t, d, as("tom"), ErrDenied, "manage", "their own request", yes(id))
	}
	if list := See(d, as("tom"), noon).Queue(); len(list) != 0 {
		t.Errorf("it is in his queue: %v", list)
	}
}

func TestApprovingGivesTheThingInTheSamePlan(t *testing.T) {
	d := asking(t)
	d, _ = grow(t, d, as("ada"), ask("badge", "ada", "badge:laser-1"), ask("tag", "ada", "tag:day-member"), ask("delft", "ada", "aff:delft#member"))
	d, _ = grow(t, d, as("tom"), AnswerRequest{Request: "badge", Outcome: RequestApproved, Answer: "welcome", Gift: "a", Ends: noon.AddDate(0, 0, 7)})
	d, _ = grow(t, d, as("tom"), yes("tag"))
	d, _ = grow(t, d, as("bo"), yes("delft"))
	for what, by := range map[string]string{"badge:laser-1": "member:tom", "tag:day-member": "member:tom", "aff:delft#member": "member:bo"} {
		held, _ := Holds(d, "ada", thing(what), noon)
		if !held || !tells(About(d, "ada"), by) {
			t.Errorf("ada holds %s by %s: %v", what, by, held)
		}
	}
	if a, _ := Get[Award](d, "a"); !a.Expires.Equal(noon.AddDate(0, 0, 7)) || a.AwardedBy != "member:tom" {
		t.Errorf("the award is %+v", a)
	}
	r, _ := Get[Request](d, "badge")
	if r.Outcome != RequestApproved || r.By != "member:tom" || r.Answer != "welcome" || !r.Answered.Equal(noon) {
		t.Errorf("the request is %+v", r)
	}
	if _, again := grow(t, d, as("tom"), yes("badge")); len(again.Facts) != 0 {
		t.Errorf("approved twice: %v", again.Facts)
	}
	refused(t, d, as("tom"), ErrConflict, "", "was approved", AnswerRequest{Request: "badge", Outcome: RequestRefused})
	refused(t, d, as("ada"), ErrConflict, "", "is approved", WithdrawRequest{"badge"})
}

func TestWhatIsOverIsNotAnswered(t *testing.T) {
	d, _ := grow(t, asking(t), as("ada"), ask("r", "ada", "badge:laser-1"), ask("w", "ada", "tag:day-member"), ask("o", "ada", "aff:delft#member"))
	d, _ = grow(t, d, as("ada"), WithdrawRequest{"w"})
	refused(t, d, as("tom"), ErrConflict, "", "was withdrawn", yes("w"))
	if _, err := Plan(d, as("tom"), noon.Add(RequestFor), yes("r")); !errors.Is(err, ErrExpired) {
		t.Errorf("after its time: %v, want ErrExpired", err)
	}
	refused(t, d, as("tom"), ErrNotFound, "", "request", yes("ghost"))
	refused(t, d, as("tom"), ErrInvalid, "outcome", "none of", AnswerRequest{Request: "r", Outcome: RequestWithdrawn})
	gone, _ := grow(t, d, operator, Remove{Key: Key{EntityBadge, "laser-1"}}, Remove{Key: Key{EntityObject, "delft"}})
	refused(t, gone, as("tom"), ErrConflict, "", "retired", yes("r"))
	refused(t, gone, as("bo"), ErrConflict, "", "archived", yes("o"))
	grow(t, gone, as("tom"), AnswerRequest{Request: "r", Outcome: RequestRefused})
	_, hidden := Plan(d, as("bo"), noon, WithdrawRequest{"r"})
	_, missing := Plan(d, as("bo"), noon, WithdrawRequest{"x"})
	if !errors.Is(hidden, ErrNotFound) || strings.ReplaceAll(fmt.Sprint(hidden), "request r", "request x") != strings.ReplaceAll(fmt.Sprint(missing), `"x"`, `"r"`) {
		t.Errorf("withdrawing another's: %v; one that is not there: %v", hidden, missing)
	}
}

func TestMembersSeeWhatTheyMayAskFor(t *testing.T) {
	d := asking(t)
	names := func(d *Directory, m MemberID) string {
		var list []string
		for _, a := range See(d, as(m), noon).Askable() {
			list = append(list, a.Thing.String())
		}
		return strings.Join(list, " ")
	}
	if got := names(d, "ada"); got != "badge:laser-1 tag:day-member aff:delft#member aff:homeless#member aff:netcom#member" {
		t.Errorf("ada may ask for %s", got)
	}
	d, _ = grow(t, d, as("ada"), ask("r", "ada", "badge:laser-1"))
	if got := names(d, "ada"); strings.Contains(got, "laser-1") {
		t.Errorf("having asked, ada may ask for %s", got)
	}
	if got := names(d, "out"); got != "" {
		t.Errorf("one who left may ask for %s", got)
	}
	r, err := See(d, as("ada"), noon).Member("ada")
	if err != nil || len(r.Requests) != 1 || r.Requests[0].Standing(noon) != "open" || r.Requests[0].Standing(noon.Add(RequestFor)) != "expired" {
		t.Errorf("her own: %+v, %v", r.Requests, err)
	}
}

func TestErasureEndsRequestsAndTheirTexts(t *testing.T) {
	d, _ := grow(t, asking(t), as("ada"), AskFor{Request{ID: "r", Member: "ada", Thing: thing("badge:laser-1"), Text: "it is me, Ada"}})
	d, _ = grow(t, d, operator, Erase{"ada", "asked"})
	r, _ := Get[Request](d, "r")
	if r.Text != "" || r.Open(noon) || len(See(d, operator, noon).Queue()) != 0 {
		t.Errorf("left is %+v", r)
	}
}

// TestNobodyFillsTheLogByAsking shows that each member has so many requests
// open at once, and makes so many in a day whatever becomes of them.
func TestNobodyFillsTheLogByAsking(t *testing.T) {
	var tags []Intent
	tag := func(i int) Slug { return Slug(fmt.Sprint("t", i)) }
	for i := range mostOpen + 1 {
		tags = append(tags, Define{Tag{Slug: tag(i)}}, Define{Opening{Thing: Subject{Kind: SubjectTag, ID: string(tag(i))}}})
	}
	d := asking(t, tags...)
	for i := range mostOpen {
		d, _ = grow(t, d, as("ada"), ask(ID(fmt.Sprint("r", i)), "ada", "tag:"+string(tag(i))))
	}
	last := "tag:" + string(tag(mostOpen))
	refused(t, d, as("ada"), ErrTooMany, "", "20 requests wait", ask("x", "ada", last))
	grow(t, d, as("bo"), ask("x", "bo", last))
	for i := range mostADay - mostOpen {
		id := ID(fmt.Sprint("again", i))
		d, _ = grow(t, d, as("ada"), WithdrawRequest{"r0"})
		d, _ = grow(t, d, as("ada"), ask(id, "ada", "tag:t0"), WithdrawRequest{id})
	}
	refused(t, d, as("ada"), ErrTooMany, "", "40 things within a day", ask("x", "ada", last))
	_, err := Plan(d, as("ada"), noon.Add(time.Hour), ask("x", "ada", last))
	var many *TooMany
	if !errors.As(err, &many) || many.After != 23*time.Hour {
		t.Errorf("an hour later: %v; want to be told of 23 more", err)
	}
	if _, err := Plan(d, as("ada"), noon.Add(aDay), ask("x", "ada", last)); err != nil {
		t.Errorf("a day later: %v", err)
	}
}
