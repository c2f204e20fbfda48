package templates

import (
	"context"
	"io"
)

// Badges lists what there is to earn.
type Badges struct {
	Frame
	Waiting []SignoffRow // those this member may answer
	List    []BadgeRow
}

// BadgeRow is one badge of the list.
type BadgeRow struct {
	Slug  string
	Name  string
	Earn  string
	Held  bool
	Done  int      // how many of Steps
	Steps int      // what it asks for, alternatives as one
	Asked bool     // a sign-off is asked for
	Award bool     // this member may give it
	For   []string // what it is needed for
}

// SignoffRow is somebody who asks to be signed off.
type SignoffRow struct {
	Request   string
	Badge     string // its slug
	BadgeName string
	Username  string
	Name      string
	Asked     Moment
	Open      Moment   // until when
	Done      []string // what they have done of what the badge asks for
	Lacks     []string // what they lost since they asked
}

// BadgeGroup is what a badge asks for in one place: any one step will do.
type BadgeGroup struct{ AnyOf []BadgeStep }

// Met tells whether one of the steps is done.
func (g BadgeGroup) Met() bool {
	for _, s := range g.AnyOf {
		if s.Met {
			return true
		}
	}
	return false
}

// BadgeStep is one thing a badge asks for, and how the member stands with it.
type BadgeStep struct {
	Name string
	What string // what sort of thing it is, and where
	Link string // where to do it; empty: nowhere
	Met  bool
	When Moment // it was done, or can be; the zero time: nothing is known
	Ends Moment // it counts until here; the zero time: for good
}

// Choice is one of several in a form.
type Choice struct {
	Value string
	Text  string
}

// Render writes the page.
func (p Badges) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Badges", wide, p.body())
}

// Badge is one badge: what it is for, how to earn it and, for those who may
// give it, who has it.
type Badge struct {
	Frame
	Slug        string
	Name        string
	Description string
	Earn        string
	EarnURL     string
	Held        bool
	Ends        Moment // of the member's own; the zero time: never
	Groups      []BadgeGroup
	Signoff     bool   // it is given by sign-off
	MayAsk      bool   // this member may ask for a sign-off
	MayEarn     bool   // this member has done all, and it is theirs for the asking
	Asked       Moment // when the member asked for a sign-off; the zero time: they wait for none
	AskedUntil  Moment
	Refused     string   // why the last request was refused; empty: it was not
	For         []string // what it is needed for
	Award       bool     // this member may give and revoke it
	Retired     bool
	Notice      string // what was just done
	Problem     string // why the form was not accepted
	Member      string // what was typed into the form
	Until       string
	Evidence    string
	Waiting     []SignoffRow // only where Award, as the next two
	Record      []Choice     // what trainers may say is done
	Holders     []Holder
}

// Holder is somebody who has a badge.
type Holder struct {
	Username string
	Name     string
	Since    Moment
	Ends     Moment // the zero time: never
}

// Render writes the page.
func (p Badge) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, p.Name, wide, p.body())
}
