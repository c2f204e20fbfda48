package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/tomlfile"
	"lanyard/idp/apps"
	"lanyard/idp/web"
)

func appRegister(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "register FILE", Short: "Make an application's tree what a document says, as its client does by PUT …/tree", Args: need(1, 1),
		Long: "FILE is the document that an application sends, in JSON or TOML (docs/recipes/applications.md); - is standard input.\nWith mode replace, what it does not name ends, what was granted by hand too.",
		RunE: a.in(func(h *house, args []string) error {
			doc, lines, err := readDocument(h.cmd.InOrStdin(), args[0])
			if err != nil {
				return fmt.Errorf("%s is not as it should be; nothing was changed:\n%w", args[0], err)
			}
			if name := h.text("app"); name != "" {
				doc.Application = name
			}
			if doc.Application == "" {
				return errors.New("which application? Write application = SLUG in the document, or --app SLUG")
			}
			out, err := h.register(doc)
			if at, ok := errors.AsType[*apps.Located](err); ok && lines != nil {
				err = lines.Fault(at.Field, "%s", at.Problem())
			}
			if err != nil {
				return fmt.Errorf("%s cannot be registered; nothing was changed:\n%w", args[0], err)
			}
			return h.printOutcome(out)
		}),
	}
	c.Flags().String("app", "", "the application's `SLUG`, if the document does not say")
	c.Flags().Bool("dry-run", false, "show what would change, and change nothing")
	return c
}

// readDocument reads a document, and where its keys stand if it is in TOML.
func readDocument(stdin io.Reader, name string) (doc apps.Document, lines tomlfile.Lines, err error) {
	var text []byte
	if name == "-" {
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(name)
	}
	if err != nil {
		return doc, nil, err
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return doc, nil, web.DecodeJSON(text, &doc)
	}
	lines, err = tomlfile.Read(text, &doc)
	return doc, lines, err
}

// origin is an application's tree in the operator's hands: members are named
// by their sub, and, in what is read, by username too.
func (h *house) origin(app claims.Application) apps.Origin {
	return apps.Origin{
		App: app, By: h.actor(), NewID: h.newID, Now: h.at, Sub: func(m claims.Member) string { return m.Sub },
		Member: func(text string) (claims.MemberID, bool) {
			if m, ok := h.dir().MemberBySub(text); ok {
				return m.ID, true
			}
			m, err := h.member(text)
			return m.ID, err == nil
		},
	}
}

// register makes a document true, or tells what it would do.
func (h *house) register(doc apps.Document) (apps.Outcome, error) {
	app, err := named[claims.Application](h, "application", doc.Application, appsAre)
	if err != nil {
		return apps.Outcome{}, err
	}
	draft, err := apps.Prepare(h.dir(), doc, h.origin(app))
	if err != nil {
		return apps.Outcome{}, err
	}
	plan := func() (claims.Planned, error) { return h.store.Change(h.ctx(), h.actor(), "", draft.Intents...) }
	if h.on("dry-run") {
		plan = func() (claims.Planned, error) { return h.store.Preview(h.ctx(), h.actor(), draft.Intents...) }
	}
	planned, err := plan()
	if err != nil {
		return apps.Outcome{}, draft.Locate(err)
	}
	out := draft.Outcome(planned)
	out.DryRun = h.on("dry-run")
	return out, nil
}

func (h *house) printOutcome(out apps.Outcome) error {
	if h.json {
		return h.printJSON(out)
	}
	sign := map[string]string{"appears": "+", "changes": "~", "ends": "-"}
	for _, e := range out.Changes {
		h.say("%s %s %s", sign[e.Does], e.What, e.Name)
	}
	if out.More > 0 {
		h.say("… and %d more", out.More)
	}
	verb := "Done"
	if out.DryRun {
		verb = "Nothing was changed (--dry-run); it would be"
	}
	h.say("%s: %d new, %d changed, %d unchanged, %d ended.", verb, out.New, out.Changed, out.Unchanged, out.Ended)
	return nil
}
