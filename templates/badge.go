package templates

import (
	"context"
	"io"
)

// Badges lists what there is to earn.
type Badges struct {
	Frame
	List []BadgeRow
}

// BadgeRow is one badge of the list.
type BadgeRow struct {
	Slug  string
	Name  string
	Earn  string
	Held  bool
	Award bool // this member may give it
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
	Award       bool   // this member may give and revoke it
	Retired     bool
	Notice      string // what was just done
	Problem     string // why the form was not accepted
	Member      string // what was typed into the form
	Until       string
	Holders     []Holder // only where Award
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
