package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/record"
)

func applyCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use: "apply FILE", Short: "Make the organisation what a file says; again and again, changing only what differs",
		Long: "What the file does not mention is left alone; what it defines, it defines whole. What was ended by hand since (a revoked badge, a lost card) stays ended.\nFILE may be - for standard input. Secrets of new applications, devices and access points are shown once.",
		Args: need(1, 1), RunE: func(cmd *cobra.Command, args []string) error {
			dry, err := cmd.Flags().GetBool("dry-run")
			must(err)
			run := func(h *house, args []string) error {
				name := args[0]
				if name == "-" {
					name = stdinName
				}
				f, err := readOrganisation(h.cmd.InOrStdin(), name)
				if err != nil {
					return err
				}
				return h.apply(name, f)
			}
			if dry {
				return a.rehearse(cmd, args, run)
			}
			return a.in(run)(cmd, args)
		},
	}
	c.Flags().Bool("dry-run", false, "show what would change, and change nothing")
	return c
}

// rehearse runs a command that changes nothing. Where the database is a file
// that is not there, it runs on one that is gone afterwards, with a key ring of
// its own, so that nothing is left behind.
func (a *app) rehearse(cmd *cobra.Command, args []string, run func(*house, []string) error) error {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	if file, ok := cfg.SQLiteFile(); !ok || !absent(file) {
		return a.in(run)(cmd, args)
	}
	dir, err := os.MkdirTemp("", "lanyard-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg.Database.URL, cfg.Key, cfg.KeyRing = record.Secret("sqlite:"+filepath.Join(dir, "lanyard.db")), "", ""
	h, err := a.openAt(cmd, cfg)
	if err != nil {
		return err
	}
	defer h.store.Close()
	return h.inWords(run(h, args))
}

// stdinName is what the file is called that - stands for.
const stdinName = "standard input"

func readOrganisation(stdin io.Reader, name string) (organisation.File, error) {
	in := stdin
	if name != stdinName {
		file, err := os.Open(name)
		if err != nil {
			return organisation.File{}, err
		}
		defer file.Close()
		in = file
	}
	f, err := organisation.Read(in)
	if err != nil {
		return f, fmt.Errorf("%s is not as it should be; nothing was changed:\n%w", name, err)
	}
	return f, nil
}

func (h *house) apply(name string, f organisation.File) error {
	before := h.dir()
	draft, err := organisation.Prepare(before, f, h.env())
	if err != nil {
		return fmt.Errorf("%s is not as it should be; nothing was changed:\n%w", name, err)
	}
	planned, err := h.store.Preview(h.ctx(), h.actor(), draft.Intents...)
	if err == nil && !h.on("dry-run") && len(draft.Intents) > 0 {
		planned, err = h.store.Change(h.ctx(), h.actor(), "", draft.Intents...)
	}
	if err != nil {
		return h.blame(name, draft, err)
	}
	diff := compare(before, planned.Facts)
	if h.json {
		return h.printJSON(applyView{DryRun: h.on("dry-run"), Changes: diff, Notes: draft.Notes, Secrets: h.secretsOf(draft)})
	}
	diff.print(h)
	for _, note := range draft.Notes {
		h.say("note: %s", note)
	}
	h.say("%s", diff.summary(h.on("dry-run")))
	if !h.on("dry-run") {
		for _, g := range draft.Generated {
			h.secret(fmt.Sprintf("\nThe secret of the %s %s", g.What, g.Name), g.Secret)
		}
	}
	return nil
}

// blame finds the line of the file that cannot be done.
func (h *house) blame(name string, draft organisation.Draft, err error) error {
	if errors.Is(err, claims.ErrUnavailable) {
		return err
	}
	found := draft.Blame(func(in ...claims.Intent) error {
		_, err := h.store.Preview(h.ctx(), h.actor(), in...)
		return err
	})
	if found == nil {
		return err
	}
	return fmt.Errorf("%s cannot be applied; nothing was changed:\n%w", name, found)
}

// applyView is what apply did, as JSON. Secrets are in it once, when they are made.
type applyView struct {
	DryRun  bool         `json:"dry_run"`
	Changes differences  `json:"changes"`
	Notes   []string     `json:"notes,omitempty"`
	Secrets []secretOnce `json:"secrets,omitempty"`
}

type secretOnce struct {
	What   string `json:"what"`
	Name   string `json:"name"`
	Secret string `json:"secret"`
}

func (h *house) secretsOf(draft organisation.Draft) []secretOnce {
	if h.on("dry-run") {
		return nil
	}
	var out []secretOnce
	for _, g := range draft.Generated {
		out = append(out, secretOnce{g.What, g.Name, string(g.Secret)})
	}
	return out
}
