package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lanyard/cmd/lanyard/config"
	"lanyard/cmd/lanyard/tour"
	"lanyard/cmd/lanyard/wiki"
	"lanyard/idp/record"
)

// demoOptions are the flags of `lanyard demo`.
type demoOptions struct {
	tourOnly bool
	keep     bool
	dir      string
	port     int
}

func demoCommand(a *app) *cobra.Command {
	var o demoOptions
	c := &cobra.Command{
		Use: "demo", Short: "Serve a made-up makerspace and tell its story", Args: none,
		Long: "Serve the makerspace Wood & Wire on loopback addresses, with a small wiki that signs people in through it,\nand walk through what Lanyard is for on real requests. Then keep serving, so that you can try it.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return (&demoRun{app: a, demoOptions: o, out: cmd.OutOrStdout()}).run(cmd)
		},
	}
	c.Flags().BoolVar(&o.tourOnly, "tour", false, "tell the story, then stop")
	c.Flags().BoolVar(&o.keep, "keep", false, "go on with the data of the last time")
	c.Flags().StringVar(&o.dir, "dir", filepath.Join("var", "demo"), "where the demo keeps its data")
	c.Flags().IntVar(&o.port, "port", 8080, "the first port to try; the wiki's is the next, and RADIUS's the one after, or 1812 if this is not given")
	return c
}

// demoRun is one run of the demo.
type demoRun struct {
	*app
	demoOptions
	out io.Writer

	house  *house
	known  demoSecrets
	web    net.Listener
	wikiAt net.Listener
	wifi   net.PacketConn
	wiki   string // its address
}

func (d *demoRun) run(cmd *cobra.Command) error {
	if err := d.prepare(cmd); err != nil {
		return err
	}
	defer d.house.store.Close()
	log := newLog(cmd.ErrOrStderr(), d.house.cfg)
	srv, err := assemble(cmd.Context(), d.house.cfg, d.house.ring, d.house.store, log, d.now)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	served := make(chan error, 1)
	go func() { served <- srv.serve(ctx, d.web, d.wifi) }()
	pages, err := wiki.New(ctx, wiki.Config{Issuer: d.house.cfg.Issuer, ClientID: "wiki", Secret: d.known.Secrets["wiki"], BaseURL: d.wiki, Now: d.now})
	if err != nil {
		return err
	}
	go http.Serve(d.wikiAt, pages)
	defer d.wikiAt.Close()
	told := tour.Run(ctx, d.tourConfig(), d.out)
	if told == nil && !d.tourOnly {
		d.invite()
		select {
		case err := <-served:
			return err
		case <-cmd.Context().Done():
		}
	}
	stop()
	return errors.Join(told, <-served)
}

// prepare opens the ports, then a database with the organisation in it whose
// issuer and redirect addresses are those ports'.
func (d *demoRun) prepare(cmd *cobra.Command) error {
	fmt.Fprintln(d.out, "Lanyard's demo: Wood & Wire, a makerspace inside an association.")
	var webPort, wikiPort int
	var err error
	if d.web, webPort, err = nextFree(d.out, "Lanyard", "127.0.0.1", d.port, listenTCP); err != nil {
		return err
	}
	if webPort != d.port && !cmd.Flags().Changed("dir") {
		d.dir = fmt.Sprintf("%s-%d", d.dir, webPort) // another demo may be at home in the first
	}
	if !d.keep {
		if err := forget(d.dir); err != nil {
			return err
		}
	}
	if d.wikiAt, wikiPort, err = nextFree(d.out, "the wiki", "127.0.0.1", webPort+1, listenTCP); err != nil {
		return err
	}
	radiusPort := 1812
	if cmd.Flags().Changed("port") {
		radiusPort = wikiPort + 1
	}
	if d.wifi, _, err = nextFree(d.out, "RADIUS", "127.0.0.1", radiusPort, listenUDP); err != nil {
		return err
	}
	d.wiki = fmt.Sprintf("http://127.0.0.1:%d", wikiPort)
	if d.house, err = d.openIn(cmd, webPort); err != nil {
		return err
	}
	return d.populate()
}

// openIn opens the demo's database. Its configuration is its own: neither a
// file nor the environment is read.
func (d *demoRun) openIn(cmd *cobra.Command, port int) (*house, error) {
	cfg, err := config.Load("", nil)
	if err != nil {
		return nil, err
	}
	cfg.Issuer = fmt.Sprintf("http://127.0.0.1:%d", port)
	cfg.Database.URL = record.Secret("sqlite:" + filepath.Join(d.dir, "lanyard.db"))
	cfg.Log.Level = "warn"
	ring, err := openRing(cfg)
	if err != nil {
		return nil, err
	}
	st, _, err := openStore(cmd.Context(), cfg, ring, d.now)
	if err != nil {
		return nil, err
	}
	return &house{app: d.app, cmd: cmd, cfg: cfg, ring: ring, store: st, at: d.now().UTC().Truncate(time.Microsecond)}, nil
}

// forget removes the demo's files of the last time, and nothing else.
func forget(dir string) error {
	for _, name := range []string{"lanyard.db", "lanyard.db-wal", "lanyard.db-shm", "lanyard.keys", "secrets.json"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("the demo's old data in %s cannot be removed: %w", dir, err)
		}
	}
	return nil
}
