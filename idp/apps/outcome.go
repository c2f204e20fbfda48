package apps

import (
	"lanyard/claims"
)

// Outcome is what a document changed, or would change.
type Outcome struct {
	DryRun    bool     `json:"dry_run,omitempty"`
	New       int      `json:"new"`
	Changed   int      `json:"changed"`
	Unchanged int      `json:"unchanged"`
	Ended     int      `json:"ended"`
	Cursor    string   `json:"cursor,omitempty"` // the place in the change log after it
	Changes   []Effect `json:"changes,omitempty"`
	More      int      `json:"more,omitempty"` // effects that are not listed
}

// Effect is one thing that changes.
type Effect struct {
	What  string `json:"what"` // location, right, role or grant
	Name  string `json:"name"`
	Does  string `json:"does"` // appears, changes or ends
	Field string `json:"field,omitempty"`
}

// effectsListed is how many effects an Outcome spells out.
const effectsListed = 500

// Outcome tells what a plan of the draft's intents comes to.
func (dr Draft) Outcome(planned claims.Planned) Outcome {
	out := Outcome{}
	touched := map[claims.Key]claims.Fact{}
	var order []claims.Key
	for _, f := range planned.Facts {
		if _, again := touched[f.Key()]; !again {
			order = append(order, f.Key())
		}
		touched[f.Key()] = f
	}
	lines := map[claims.Key]string{}
	for _, e := range dr.entries {
		lines[e.fact] = e.key
		if _, ok := touched[e.fact]; !ok {
			out.Unchanged++
		}
	}
	after := dr.on.With(dr.on.Seq(), planned.Facts...)
	for _, k := range order {
		if !dr.own[k] {
			out.note(Effect{string(k.Entity), dr.nameOf(after, touched[k]), dr.does(touched[k]), lines[k]})
		}
	}
	return out
}

func (o *Outcome) note(e Effect) {
	switch e.Does {
	case appears:
		o.New++
	case ends:
		o.Ended++
	default:
		o.Changed++
	}
	if len(o.Changes) == effectsListed {
		o.More++
		return
	}
	o.Changes = append(o.Changes, e)
}

// What can happen to a thing.
const (
	appears = "appears"
	changes = "changes"
	ends    = "ends"
)

// does tells what becomes of a fact's thing, compared with before.
func (dr Draft) does(f claims.Fact) string {
	was, ended := false, false
	switch f := f.(type) {
	case claims.Location:
		_, was = claims.Get[claims.Location](dr.on, f.Key().ID)
		ended = !f.Archived.IsZero()
	case claims.Right:
		_, was = claims.Get[claims.Right](dr.on, f.Key().ID)
		ended = !f.Removed.IsZero()
	case claims.Role:
		_, was = claims.Get[claims.Role](dr.on, f.Key().ID)
	case claims.Grant:
		_, was = claims.Get[claims.Grant](dr.on, f.Key().ID)
		ended = !f.Removed.IsZero()
	}
	switch {
	case ended:
		return ends
	case !was:
		return appears
	}
	return changes
}

// nameOf is what a thing is called for people.
func (dr Draft) nameOf(d *claims.Directory, f claims.Fact) string {
	switch f := f.(type) {
	case claims.Location:
		return string(d.PathOf(f.ID))
	case claims.Right:
		return string(f.Slug) + " at " + string(d.PathOf(f.At))
	case claims.Role:
		return string(f.Slug)
	case claims.Grant:
		what := string(f.Right)
		if f.Role != "" {
			what = "role " + string(f.Role)
		}
		if f.Effect == claims.Deny {
			what = "deny " + what
		}
		return what + " to " + subjectText(d, f.Subject, dr.sub) + " at " + string(d.PathOf(f.At))
	}
	return f.Key().ID
}

// subjectText writes a subject as documents do: a member by their sub.
func subjectText(d *claims.Directory, s claims.Subject, sub func(claims.Member) string) string {
	if s.Kind == claims.SubjectUser {
		if m, ok := claims.Get[claims.Member](d, s.ID); ok {
			return "user:" + sub(m)
		}
	}
	return s.String()
}
