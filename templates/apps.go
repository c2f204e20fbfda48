package templates

import (
	"context"
	"io"
	"slices"
)

// Applications lists the applications somebody may see.
type Applications struct {
	Frame
	MayAdd bool
	List   []AppRow
}

// AppRow is one line of the applications' list.
type AppRow struct {
	ID    string
	Name  string
	Path  string // of its page
	Owner string // whose own it is; empty: nobody's
	Sees  []string
	Notes []string // what is special about it
	Off   bool     // it is disabled
}

// Render writes the page.
func (p Applications) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Applications", full, p.body())
}

// Application is the page about one application. Its forms post below Path:
// member to /try, overlap to /secret, nothing to /remove, /enable and
// /take-over.
type Application struct {
	Frame
	ID       string
	Name     string
	Path     string
	Notice   string // what was just done
	Problem  string // why a form was not accepted
	Secret   string // a new one, shown once; empty: none
	Off      bool
	Warnings []string
	Settings []Setting
	Login    []Detail // who may sign in to it
	Manages  bool     // the caller may change it
	Secrets  []Detail // made when: until when
	Rotates  bool     // it proves itself with a secret
	Adopts   bool     // the caller may take it over
	Enables  bool     // the caller may bring it back
	SignsIn  bool     // people sign in to it
	MayTry   bool
	Member   string // what was typed into the form
	Tried    *Tried
}

// Setting is what an application is set to: nothing, one thing or several.
type Setting struct {
	Name  string
	Lines []string
}

// Tried is what an application would be told of a member now.
type Tried struct {
	Who      string
	Allow    bool
	Lines    []string // why the member may not sign in to it
	Scopes   []string
	Warnings []string
	Parts    []TriedPart
	Groups   []TriedGroup
	Change   string // where to change which groups it is told of; empty: that is for others
}

// TriedPart is one thing that an application is told.
type TriedPart struct {
	Title string
	Size  string
	Body  string
	Long  bool // too long to go unnoticed
	Open  bool // shown at once
}

// TriedGroup is a source of groups, and what an application is told of it.
type TriedGroup struct {
	Source string
	Told   string // as what; empty: it is left out
	Cause  string // why
	Add    string // what to add to the groups it is told of; empty: that would not help
	Ends   Moment
}

// Render writes the page.
func (p Application) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, p.Name, wide, p.body())
}

// ApplicationForm adds or changes an application. It posts its fields to the
// address it came from.
type ApplicationForm struct {
	Frame
	New     bool
	Problem string
	Back    Link
	Recipe  RecipeForm

	ID, Name         string
	Redirect, Logout string // one a line
	Backchannel      string
	Auth             []Option
	JWKS, JWKSURI    string
	AssertionAlg     []Option
	Grants, Scopes   []Option
	RareGrants       []Option // for few applications
	IDTokenAlg       []Option
	SubjectType      []Option
	SectorURI        string
	See              []string
	Suggested        []Option // for See
	Rename           string   // one a line
	Cap              string
	Flags, RareFlags []Option
	Trusted          bool   // the caller may set what follows
	Resources        string // one a line
	Exchange         string // one a line
}

// Option is one choice of several.
type Option struct {
	Value  string
	Text   string
	Hint   string
	Chosen bool
}

// RecipeForm chooses a recipe to fill a form in from, by recipe, url and
// source. Without options there is none to choose.
type RecipeForm struct {
	Options []Option
	URL     string
	Source  string
	Chosen  string // the recipe that the form was filled in from
	Ask     string // what source is for that one; empty: it can be left out
}

// Render writes the page.
func (p ApplicationForm) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, p.title(), wide, p.body())
}

// seen is what it is told of, and some room for more.
func (p ApplicationForm) seen() []string {
	room := 3 - len(p.See)%3 // full rows
	return append(slices.Clone(p.See), make([]string, room)...)
}

// advanced tells whether what few applications need is in use.
func (p ApplicationForm) advanced() bool {
	for _, list := range [][]Option{p.RareGrants, p.RareFlags} {
		for _, o := range list {
			if o.Chosen {
				return true
			}
		}
	}
	return p.Backchannel+p.Rename+p.Cap+p.JWKS+p.JWKSURI+p.SectorURI+p.Resources+p.Exchange != ""
}

func (p ApplicationForm) title() string {
	if p.New {
		return "Add an application"
	}
	return "Change " + p.ID
}
