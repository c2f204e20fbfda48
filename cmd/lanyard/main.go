// Command lanyard is an identity provider for member organisations: sign-in,
// doors, machines and WiFi from one set of facts.
//
// This package is the only one that knows every other: it reads the
// configuration, wires the parts, and holds the subcommands that run an
// organisation from the command line. Subcommands work on the database itself;
// a server that is running follows within a second.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{now: time.Now, environ: os.Environ(), user: osUser()}
	os.Exit(run(ctx, rootCommand(a), os.Args[1:], os.Stderr))
}

// run runs one command and returns the program's exit code: 0, 1 for a
// failure, or what the command says (decide: 3 for a refusal).
func run(ctx context.Context, root *cobra.Command, args []string, stderr io.Writer) int {
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if code := exitCode(0); errors.As(err, &code) {
		return int(code)
	}
	if err != nil {
		fmt.Fprintln(stderr, sentence(err))
		return 1
	}
	return 0
}

// exitCode ends the program with a code and no words: they were said.
type exitCode int

func (exitCode) Error() string { return "" }

// rootCommand lists every subcommand.
func rootCommand(a *app) *cobra.Command {
	root := &cobra.Command{
		Use: "lanyard", Short: "An identity provider for makerspaces and associations",
		Long:         "Lanyard signs members in, opens doors and lets devices on the WiFi, from one set of facts:\nmembership, tags, badges that are earned, and roles held in a body or an event.\nCommands work on the database; a server that is running follows within a second.",
		SilenceUsage: true, SilenceErrors: true, Version: version(),
		Args: cobra.ArbitraryArgs, RunE: childless,
	}
	root.PersistentFlags().StringVar(&a.configFile, "config", "", "configuration `FILE` (default: $LANYARD_CONFIG, or lanyard.toml if it is there)")
	root.PersistentFlags().BoolVar(&a.json, "json", false, "print lists and details as JSON")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w (see %s --help)", err, cmd.CommandPath())
	})
	root.AddGroup(
		&cobra.Group{ID: "run", Title: "Run:"},
		&cobra.Group{ID: "people", Title: "People and what they hold:"},
		&cobra.Group{ID: "rules", Title: "Places and rules:"},
		&cobra.Group{ID: "things", Title: "Applications, doors, WiFi:"},
		&cobra.Group{ID: "look", Title: "Look:"},
	)
	group(root, "run", serveCommand(a), demoCommand(a), configCommand(a), checkCommand(a), applyCommand(a), adminCommand(a), keyCommand(a), versionCommand())
	group(root, "people", memberCommand(a), noteCommand(a), tagCommand(a), badgeCommand(a), awardCommand(a), revokeCommand(a),
		signoffCommand(a), resultCommand(a), courseCommand(a), vleCommand(a), affiliationCommand(a), periodCommand(a), cardCommand(a), openingCommand(a), requestCommand(a))
	group(root, "rules", typeCommand(a), kindCommand(a), objectCommand(a), locationCommand(a), rightCommand(a), roleCommand(a), grantCommand(a), gateCommand(a), waiverCommand(a), lockdownCommand(a))
	group(root, "things", clientCommand(a), appCommand(a), doorCommand(a), wifiCommand(a), mailCommand(a))
	group(root, "look", decideCommand(a), whoCanCommand(a), rightsCommand(a), whatIfCommand(a), claimsCommand(a), auditCommand(a), changesCommand(a), eventsCommand(a), logoutsCommand(a))
	explain(root)
	return root
}

// group adds commands under one heading of the help.
func group(root *cobra.Command, id string, commands ...*cobra.Command) {
	for _, c := range commands {
		c.GroupID = id
		root.AddCommand(c)
	}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: none, Run: func(cmd *cobra.Command, _ []string) {
		fmt.Fprintln(cmd.OutOrStdout(), "lanyard", version())
	}}
}

// version is what the Go toolchain noted about this build.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	return v + " (" + info.GoVersion + ")"
}

func osUser() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return u.Username
}
