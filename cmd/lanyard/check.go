package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/config"
)

// finding is what one of check's looks came to.
type finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Says string `json:"says"`
}

func checkCommand(a *app) *cobra.Command {
	var acceptClock, restored bool
	c := &cobra.Command{Use: "check", Short: "Check configuration, key ring, database and clock", Args: none, RunE: func(cmd *cobra.Command, _ []string) error {
		h := &house{app: a, cmd: cmd}
		if acceptClock {
			if err := a.mend(cmd, func(h *house) error { return h.store.AcceptClock(h.ctx()) }); err != nil {
				return err
			}
		}
		var mended []finding
		if restored {
			if err := a.mend(cmd, func(h *house) error { return h.store.NewEpoch(h.ctx()) }); err != nil {
				return err
			}
			mended = append(mended, finding{"epoch", true, "a new one begins: whoever follows the changes reads everything anew. No server may have run while the backup was put back"})
		}
		return h.report(append(h.look(), mended...))
	}}
	c.Flags().BoolVar(&acceptClock, "accept-clock", false, "take the machine's clock for right although the database has seen a later time")
	c.Flags().BoolVar(&restored, "restored", false, "say that the database was restored from a backup, so that whoever followed it reads everything anew")
	return c
}

// report prints what was found; the exit code tells whether all is well.
func (h *house) report(findings []finding) error {
	if h.json {
		if err := h.printJSON(findings); err != nil {
			return err
		}
	}
	code := exitCode(0)
	for _, f := range findings {
		mark := "ok  "
		if !f.OK {
			mark, code = "BAD ", 1
		}
		if !h.json {
			h.say("%s %-13s %s", mark, f.What, f.Says)
		}
	}
	if code != 0 {
		return code
	}
	return nil
}

// mend opens the database for one repair.
func (a *app) mend(cmd *cobra.Command, repair func(*house) error) error {
	h, err := a.open(cmd)
	if err != nil {
		return err
	}
	defer h.store.Close()
	return repair(h)
}

// look looks at one thing after the other and stops where the next needs it.
// It makes nothing: what is not there yet is said to be made at first start.
func (h *house) look() []finding {
	cfg, err := h.config()
	if err != nil {
		return []finding{{"configuration", false, err.Error()}}
	}
	found := append([]finding{{"configuration", true, "issuer " + cfg.Issuer}}, certificateFindings(cfg, h.now())...)
	if why := cfg.Unreached(); why != "" {
		found = append(found, finding{"issuer", false, why})
	}
	found = append(found, mailFinding(cfg))
	if fresh(cfg) {
		return append(found, finding{"key ring", true, "none yet: the first start makes " + cfg.KeyRingFile()},
			finding{"database", true, "none yet: the first start makes " + cfg.DatabaseName()})
	}
	ring, err := openRing(cfg)
	if err != nil {
		return append(found, finding{"key ring", false, err.Error()})
	}
	found = append(found, finding{"key ring", true, "id " + ring.ID()})
	s, _, err := openStore(h.cmd.Context(), cfg, ring, h.now)
	if err != nil {
		return append(found, finding{"database", false, err.Error()})
	}
	defer s.Close()
	found = append(found, finding{"database", true, fmt.Sprintf("%s, at change %d", cfg.DatabaseName(), s.Directory().Seq().N)})
	if err := s.Ready(); err != nil {
		return append(found, finding{"clock", false, err.Error()})
	}
	found = append(found, finding{"clock", true, h.now().UTC().Format("2006-01-02 15:04:05Z")})
	return append(found, groupFindings(s.Directory(), h.now())...)
}

// groupFindings tells of clients whose tokens list no groups for some members,
// since there are too many.
func groupFindings(d *claims.Directory, at time.Time) []finding {
	var bad []finding
	for c := range claims.All[claims.Client](d) {
		if !c.Disabled.IsZero() || c.Filter.None() || len(c.RedirectURIs) == 0 {
			continue
		}
		var who []string
		for m := range claims.All[claims.Member](d) {
			if tok, err := claims.TokenClaims(d, m.ID, c.Filter, at); err == nil && tok.Overage {
				who = append(who, m.Username)
			}
		}
		if len(who) > 0 {
			bad = append(bad, finding{"groups", false, fmt.Sprintf("%d members have more groups than the cap of client %s, so their tokens list none (%s first): see lanyard client meter %s", len(who), c.ID, who[0], c.ID)})
		}
	}
	if len(bad) == 0 {
		return []finding{{"groups", true, "no token leaves groups to userinfo"}}
	}
	return bad
}

// fresh tells whether neither the database's file nor the key ring is there.
func fresh(cfg config.Config) bool {
	file, ok := cfg.SQLiteFile()
	return ok && absent(file) && (cfg.Key != "" || absent(cfg.KeyRingFile()))
}
