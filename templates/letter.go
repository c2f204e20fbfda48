package templates

import (
	"context"
	"io"
	"strings"
)

// Letter is what a member is told by mail: Render writes it as HTML, Plain as
// text. It fetches nothing from anywhere.
type Letter struct {
	Org   string // the organisation's name; empty: Lanyard
	Title string
	To    string // what the member is called
	Text  []string
	Facts []Detail // when, and from where
	Link  Link     // where to go, whole; the zero Link: nowhere
	After []string // what to do about it
}

// Render writes the letter as HTML.
func (l Letter) Render(ctx context.Context, w io.Writer) error { return l.html().Render(ctx, w) }

func (l Letter) org() string { return Frame{Org: l.Org}.org() }

func (l Letter) why() string {
	return "You are told because you have an account at " + l.org() + ". A machine wrote this; answers may not be read."
}

// Plain returns the letter as text.
func (l Letter) Plain() string {
	parts := append([]string{"Hello " + l.To + ","}, l.Text...)
	var facts []string
	for _, f := range l.Facts {
		facts = append(facts, "  "+f.Name+": "+f.Text)
	}
	if len(facts) > 0 {
		parts = append(parts, strings.Join(facts, "\n"))
	}
	if l.Link.Path != "" {
		parts = append(parts, l.Link.Text+":\n  "+l.Link.Path)
	}
	parts = append(append(parts, l.After...), "-- \n"+l.org()+"\n"+l.why())
	return strings.Join(parts, "\n\n") + "\n"
}
