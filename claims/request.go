package claims

import "time"

// Opening lets members ask for something: a tag, a badge or an affiliation.
// There is one for each Thing; between two dates it is an open call.
type Opening struct {
	Thing  Subject   `json:"thing"`          // tag, badge, aff:OBJECT#KIND; or aff:@TYPE#KIND, for every object of that type
	From   time.Time `json:"from,omitzero"`  // zero: always
	Until  time.Time `json:"until,omitzero"` // zero: no end
	Text   string    `json:"text,omitempty"` // what to write, for who asks
	Closed time.Time `json:"closed,omitzero"`
}

// Key implements Fact.
func (o Opening) Key() Key { return Key{EntityOpening, o.Thing.String()} }

// Concerns implements Fact.
func (o Opening) Concerns() []MemberID { return nil }

// Open tells whether one may ask at an instant.
func (o Opening) Open(at time.Time) bool { return Live(o.From, Earlier(o.Until, o.Closed), at) }

// RequestOutcome is how a request ended. The zero outcome is none yet.
type RequestOutcome string

// How a request ended.
const (
	RequestApproved  RequestOutcome = "approved"
	RequestRefused   RequestOutcome = "refused"
	RequestWithdrawn RequestOutcome = "withdrawn"
)

// RequestFor is how long a request waits for an answer.
const RequestFor = 30 * aDay

// Request is a member who asks for something. It expires by itself.
type Request struct {
	ID       ID             `json:"id"`
	Member   MemberID       `json:"member"`
	Thing    Subject        `json:"thing"` // tag, badge, aff:OBJECT#KIND
	Text     string         `json:"text,omitempty"`
	Asked    time.Time      `json:"asked"`
	Expires  time.Time      `json:"expires"`
	Outcome  RequestOutcome `json:"outcome,omitempty"`
	By       string         `json:"by,omitempty"` // the actor who answered
	Answered time.Time      `json:"answered,omitzero"`
	Answer   string         `json:"answer,omitempty"` // in the words of whoever answered
}

// Key implements Fact.
func (r Request) Key() Key { return Key{EntityRequest, string(r.ID)} }

// Concerns implements Fact.
func (r Request) Concerns() []MemberID { return []MemberID{r.Member} }

// Open tells whether the request waits for an answer at an instant.
func (r Request) Open(at time.Time) bool { return r.Outcome == "" && Live(r.Asked, r.Expires, at) }

// Standing is what became of the request, as one word: open, approved,
// refused, withdrawn or expired.
func (r Request) Standing(at time.Time) string {
	switch {
	case r.Outcome != "":
		return string(r.Outcome)
	case r.Open(at):
		return "open"
	}
	return "expired"
}

// RequestsOf returns what a member asked for, answered or not, by id.
func (d *Directory) RequestsOf(m MemberID) []Request {
	return gather(d, d.earning.wishes.get(string(m)), func(Request) bool { return true })
}

// typesAbove returns a type and those it extends.
func (d *Directory) typesAbove(typ Slug) []Slug {
	var up []Slug
	for ; typ != "" && len(up) < maxExtends; typ = d.types[typ].Extends {
		up = append(up, typ)
	}
	return up
}

// openingFor returns the opening that lets members ask for a thing at an
// instant: its own, or the one for all objects of its type or the one that
// extends.
func (d *Directory) openingFor(thing Subject, at time.Time) (Opening, bool) {
	if o, ok := Get[Opening](d, thing.String()); ok && o.Open(at) {
		return o, true
	}
	if thing.Kind != SubjectAff {
		return Opening{}, false
	}
	object, _ := Get[Object](d, string(thing.Object))
	for _, typ := range d.typesAbove(object.Type) {
		wide := Subject{Kind: SubjectAff, Type: typ, AffKind: thing.AffKind}
		if o, ok := Get[Opening](d, wide.String()); ok && o.Open(at) {
			return o, true
		}
	}
	return Opening{}, false
}
