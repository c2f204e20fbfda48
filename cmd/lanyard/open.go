package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/config"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/idp/keys"
	"lanyard/idp/record"
	"lanyard/idp/store"
)

// app is what every command is given.
type app struct {
	now     func() time.Time
	environ []string // as os.Environ
	user    string   // who runs the program, for the audit

	configFile string // --config
	json       bool   // --json
}

// config reads and checks the configuration.
func (a *app) config() (config.Config, error) { return config.Load(a.configFile, a.environ) }

// house is an opened database with its key ring, for the length of one command.
type house struct {
	*app
	cmd   *cobra.Command
	cfg   config.Config
	ring  *keys.Ring
	store *store.Store
	at    time.Time // when the command was given, or what --as-of says

	begun bool              // the database was empty until now
	past  *claims.Directory // the organisation as --as-of has it; nil: as it is now
}

// in makes run a command's body with the house open.
func (a *app) in(run func(h *house, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		h, err := a.open(cmd)
		if err != nil {
			return err
		}
		defer h.store.Close()
		if h.begun {
			fmt.Fprintf(cmd.ErrOrStderr(), "lanyard: a new organisation begins in %s\n", h.cfg.DatabaseName())
		}
		return h.inWords(run(h, args))
	}
}

// open opens the database the configuration names; a new one gets the facts
// every organisation starts with.
func (a *app) open(cmd *cobra.Command) (*house, error) {
	cfg, err := a.config()
	if err != nil {
		return nil, err
	}
	return a.openAt(cmd, cfg)
}

// openAt is open with a configuration that was read.
func (a *app) openAt(cmd *cobra.Command, cfg config.Config) (*house, error) {
	ring, err := openRing(cfg)
	if err != nil {
		return nil, err
	}
	s, begun, err := openStore(cmd.Context(), cfg, ring, a.now)
	if err != nil {
		return nil, err
	}
	return &house{app: a, cmd: cmd, cfg: cfg, ring: ring, store: s, begun: begun, at: a.now().UTC().Truncate(time.Microsecond)}, nil
}

// openRing opens the key ring, or makes it where there is none.
func openRing(cfg config.Config) (*keys.Ring, error) {
	if cfg.Key != "" {
		raw, err := hex.DecodeString(string(cfg.Key))
		if err != nil {
			return nil, fmt.Errorf("read key: %w", err)
		}
		return keys.NewRing(raw), nil
	}
	file := cfg.KeyRingFile()
	if database, ok := cfg.SQLiteFile(); ok && absent(file) && !absent(database) {
		return nil, fmt.Errorf("the key ring %s is gone, and %s was sealed with it: bring it back from a backup", file, database)
	}
	if err := parentOf(file); err != nil {
		return nil, err
	}
	return keys.CreateRing(file)
}

func absent(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// openStore opens the database and puts the first facts into an empty one; it
// tells whether it did.
func openStore(ctx context.Context, cfg config.Config, ring *keys.Ring, now func() time.Time) (s *store.Store, begun bool, err error) {
	if file, ok := cfg.SQLiteFile(); ok {
		if err := parentOf(file); err != nil {
			return nil, false, err
		}
	}
	s, err = store.Open(ctx, store.Config{URL: string(cfg.Database.URL), Now: now, Log: newLog(os.Stderr, cfg), RingID: ring.ID(), Mail: cfg.Mail.On()})
	if err != nil {
		return nil, false, err // a sentence already, which names the database
	}
	if s.Directory().Seq().N > 0 {
		return s, false, nil
	}
	first := claims.Core(now().UTC())
	if cfg.Organisation != "Lanyard" { // which pages say anyway, where there is no name
		first = append(first, claims.Settings{Name: cfg.Organisation})
	}
	if err := s.Install(ctx, first); err != nil && !errors.Is(err, claims.ErrConflict) {
		s.Close()
		return nil, false, fmt.Errorf("put the first facts into %s: %w", cfg.DatabaseName(), err)
	}
	return s, true, nil
}

func parentOf(file string) error {
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("the directory %s cannot be made: %w", pe.Path, pe.Err)
	}
	return err
}

// dir is the organisation as it is now, or was.
func (h *house) dir() *claims.Directory {
	if h.past != nil {
		return h.past
	}
	return h.store.Directory()
}

func (h *house) ctx() context.Context { return h.cmd.Context() }

func (h *house) actor() claims.Actor { return claims.Actor{Kind: claims.ActorOperator, ID: h.user} }

// change makes intents true; it tells whether that changed anything.
func (h *house) change(intents ...claims.Intent) (bool, error) {
	p, err := h.store.Change(h.ctx(), h.actor(), "", intents...)
	return len(p.Facts) > 0, err
}

func (h *house) newID() string { return record.NewID(h.now()) }

// env is what the organisation package needs of a house.
func (h *house) env() organisation.Env {
	return organisation.Env{
		Now: h.at, NewID: h.newID, Random: record.Random, Ring: h.ring, ParseCard: keys.ParseCard, ReadFile: os.ReadFile, CheckSector: h.checkSector,
	}
}
