package claims

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Requests.
//
//   - members ask for themselves, for what an opening lets them ask for
//   - one request at a time is open for each member and thing, and mostOpen in
//     all; none for what is held, retired or archived
//   - nobody asks more often than mostADay times in a day, for each is kept
//   - whoever may give the thing answers, and never their own; approving gives
//     it in the same plan
//   - a request that was answered, withdrawn or is past its time stays so

func (in AskFor) what() string {
	return fmt.Sprintf("ask for %s, member %s", in.Request.Thing, in.Request.Member)
}

func (in AnswerRequest) what() string {
	return fmt.Sprintf("answer request %s: %s", in.Request, in.Outcome)
}

func (in WithdrawRequest) what() string { return "withdraw request " + string(in.Request) }

func (p *planner) defineOpening(o Opening) ([]Fact, error) {
	o = tidy(o)
	if err := p.checkSubject("thing", o.Thing, SubjectTag, SubjectBadge, SubjectAff); err != nil {
		return nil, err
	}
	if o.Thing.AffKind == RootKind {
		return nil, invalid("thing", "%s is every member's: there is nothing to ask for", o.Thing)
	}
	if !o.Until.IsZero() && !o.Until.After(o.From) {
		return nil, invalid("until", "%s is not after from", o.Until.Format(time.RFC3339))
	}
	if err := check(checkText("text", o.Text, 4000), p.notFuture("closed", o.Closed), p.mayWrite(o)); err != nil {
		return nil, err
	}
	facts := changed(p, o)
	if len(facts) > 0 && o.Closed.IsZero() {
		return facts, p.checkGivable(o.Thing)
	}
	return facts, nil
}

// mayOpen tells whether the actor may let members ask for a thing.
func (p *planner) mayOpen(thing Subject) error {
	switch {
	case thing.Kind == SubjectTag:
		return p.mayOn(rightManage, Path("/tags/"+thing.ID))
	case thing.Kind == SubjectBadge:
		return p.mayOn(rightManage, Path("/badges/"+thing.ID))
	case thing.Object != "":
		return p.mayObject(rightManage, thing.Object)
	}
	return p.mayOn(rightManage, "/objects")
}

// mayGiveThing tells whether the actor may give what a request asks for.
func (p *planner) mayGiveThing(thing Subject) error {
	switch thing.Kind {
	case SubjectTag:
		return p.mayWrite(Assignment{Tag: Slug(thing.ID)})
	case SubjectBadge:
		return p.mayWrite(Award{Badge: Slug(thing.ID)})
	}
	return p.mayWrite(Affiliation{Object: thing.Object, Kind: thing.AffKind})
}

// checkGivable holds that a thing still takes new members.
func (p *planner) checkGivable(thing Subject) error {
	switch {
	case thing.Kind == SubjectTag:
		if t, _ := Get[Tag](p.d, thing.ID); !takes(t, TargetMember) {
			return conflict("the tag %s does not go on members", thing.ID)
		}
	case thing.Kind == SubjectBadge:
		if b, _ := Get[Badge](p.d, thing.ID); !b.Retired.IsZero() {
			return conflict("%s is retired and takes no new awards", thing.ID)
		}
	case thing.Object != "":
		if o, _ := Get[Object](p.d, string(thing.Object)); !o.Archived.IsZero() {
			return conflict("%s is archived and takes nothing new", thing.Object)
		}
	}
	return nil
}

func (in AskFor) plan(p *planner) ([]Fact, error) {
	r := tidy(Request{ID: in.Request.ID, Member: in.Request.Member, Thing: in.Request.Thing, Text: strings.TrimSpace(in.Request.Text),
		Asked: p.now, Expires: p.now.Add(RequestFor)})
	if err := check(checkID("id", string(r.ID)), checkText("text", r.Text, 4000)); err != nil {
		return nil, err
	}
	if !p.isSelf(r.Member) && p.by.Kind != ActorOperator {
		return nil, &Refused{Right: rightManage, At: personPath(r.Member), Problem: "members ask for themselves"}
	}
	m, err := p.member(r.Member)
	if err != nil {
		return nil, err
	}
	if !m.BarredAt.IsZero() || m.State == StateLeft {
		return nil, &Refused{Right: rightManage, At: personPath(r.Member), Problem: "you are no member who can ask for anything"}
	}
	if err := p.checkScoped("thing", r.Thing, []SubjectKind{SubjectTag, SubjectBadge, SubjectAff}); err != nil {
		return nil, err
	}
	if _, ok := p.d.openingFor(r.Thing, p.now); !ok {
		return nil, conflict("%s cannot be asked for now", r.Thing)
	}
	if err := p.checkGivable(r.Thing); err != nil {
		return nil, err
	}
	if held, _ := Holds(p.d, r.Member, r.Thing, p.now); held {
		return nil, conflict("already held: %s", r.Thing)
	}
	return p.freshRequest(r)
}

// freshRequest holds that a request is the only open one for its thing.
func (p *planner) freshRequest(r Request) ([]Fact, error) {
	for _, old := range p.d.RequestsOf(r.Member) {
		if old.Thing == r.Thing && old.Open(p.now) {
			if old.ID == r.ID {
				return nil, nil
			}
			return nil, conflict("already asked for, on %s", old.Asked.UTC().Format(time.DateOnly))
		}
	}
	if _, used := Get[Request](p.d, string(r.ID)); used {
		return nil, conflict("request %s was made before", r.ID)
	}
	return []Fact{r}, p.checkOften(r)
}

// How many requests of one member wait for an answer at once, and how many
// they make in a day, those they withdrew included.
const (
	mostOpen = 20
	mostADay = 40
)

// checkOften holds that a member does not fill the change log by asking.
func (p *planner) checkOften(r Request) error {
	open, lately := 0, []time.Time{}
	for _, old := range p.d.RequestsOf(r.Member) {
		if old.Open(p.now) {
			open++
		}
		if p.now.Sub(old.Asked) < aDay {
			lately = append(lately, old.Asked)
		}
	}
	if open >= mostOpen {
		return &TooMany{fmt.Sprintf("%d requests wait for an answer already: withdraw one first", open), aDay}
	}
	if len(lately) < mostADay {
		return nil
	}
	slices.SortFunc(lately, time.Time.Compare)
	after := lately[len(lately)-mostADay].Add(aDay).Sub(p.now)
	return &TooMany{fmt.Sprintf("asked for %d things within a day: ask again later", len(lately)), after}
}

func (in AnswerRequest) plan(p *planner) ([]Fact, error) {
	if in.Outcome != RequestApproved && in.Outcome != RequestRefused {
		return nil, invalid("outcome", "%q is none of approved, refused", in.Outcome)
	}
	if err := checkText("answer", in.Answer, 4000); err != nil {
		return nil, err
	}
	r, err := need[Request](p, "request", string(in.Request))
	if err != nil {
		return nil, err
	}
	if err := check(p.notSelf(r.Member, rightManage, personPath(r.Member), "nobody answers their own request"), p.mayGiveThing(r.Thing)); err != nil {
		return nil, err
	}
	switch {
	case r.Outcome == in.Outcome:
		return nil, nil
	case r.Outcome != "":
		return nil, conflict("the request was %s on %s", r.Outcome, r.Answered.Format(time.DateOnly))
	case !r.Open(p.now):
		return nil, fmt.Errorf("the request was open until %s: %w", r.Expires.Format(time.DateOnly), ErrExpired)
	}
	r.Outcome, r.By, r.Answered, r.Answer = in.Outcome, p.by.String(), p.now, strings.TrimSpace(in.Answer)
	if in.Outcome == RequestRefused {
		return []Fact{r}, nil
	}
	given, err := in.gift(r).plan(p)
	if err != nil {
		return nil, err
	}
	return append([]Fact{r}, given...), nil
}

// gift is the intent that gives what was asked for.
func (in AnswerRequest) gift(r Request) Intent {
	switch r.Thing.Kind {
	case SubjectTag:
		return Assign{Assignment{ID: in.Gift, Tag: Slug(r.Thing.ID), Target: TargetMember, TargetID: string(r.Member), Expires: in.Ends}}
	case SubjectBadge:
		return GiveAward{Award{ID: in.Gift, Badge: Slug(r.Thing.ID), Member: r.Member, Expires: in.Ends}}
	}
	return Affiliate{Affiliation{ID: in.Gift, Member: r.Member, Object: r.Thing.Object, Kind: r.Thing.AffKind, Ends: in.Ends}}
}

func (in WithdrawRequest) plan(p *planner) ([]Fact, error) {
	r, err := need[Request](p, "request", string(in.Request))
	if err != nil {
		return nil, err
	}
	if !p.isSelf(r.Member) && p.by.Kind != ActorOperator {
		return nil, fmt.Errorf("request %q: %w", in.Request, ErrNotFound) // as if there were none
	}
	switch {
	case r.Outcome == RequestWithdrawn:
		return nil, nil
	case !r.Open(p.now):
		return nil, conflict("the request is %s", r.Standing(p.now))
	}
	r.Outcome, r.By, r.Answered = RequestWithdrawn, p.by.String(), p.now
	return []Fact{r}, nil
}
