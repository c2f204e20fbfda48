package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"lanyard/claims"
	"lanyard/cmd/lanyard/tomlfile"
	"lanyard/idp/record"
)

// table is how a list of one sort of thing is printed.
type table[T any] struct {
	empty string // what to say, and what to do, when there are none
	head  []string
	row   func(T) []string
}

// print writes items as a table, or as JSON.
func (t table[T]) print(h *house, items []T) error {
	if h.json {
		if items == nil {
			items = []T{}
		}
		return h.printJSON(items)
	}
	if len(items) == 0 {
		h.say("%s", t.empty)
		return nil
	}
	rows := []string{strings.ToUpper(strings.Join(t.head, "\t"))}
	for _, item := range items {
		rows = append(rows, strings.ReplaceAll(strings.Join(clean(t.row(item)), "\t"), "\n", " "))
	}
	return h.columns(rows)
}

// columns writes rows, whose cells are parted by tabs, as straight columns.
func (h *house) columns(rows []string) error {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(w, row)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(h.cmd.OutOrStdout(), strings.TrimRight(line, " \n"))
	}
	return nil
}

// show writes one thing as lines of name and value, leaving out what is empty,
// or v as JSON.
func (h *house) show(v any, pairs ...string) error {
	if h.json {
		return h.printJSON(v)
	}
	var rows []string
	for pair := range slices.Chunk(pairs, 2) {
		name := pair[0]
		for _, line := range clean(strings.Split(pair[1], "\n")) {
			if line != "" {
				rows = append(rows, name+"\t"+line)
				name = ""
			}
		}
	}
	return h.columns(rows)
}

func (h *house) printJSON(v any) error {
	enc := json.NewEncoder(h.cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// say writes one line for people.
func (h *house) say(format string, args ...any) {
	fmt.Fprintln(h.cmd.OutOrStdout(), clean([]string{fmt.Sprintf(format, args...)})[0])
}

// done says what was done, or that it was so already.
func (h *house) done(changed bool, format string, args ...any) error {
	if !changed {
		format += " (it was so already; nothing changed)"
	}
	h.say(format, args...)
	return nil
}

// secret shows a secret, this once.
func (h *house) secret(what string, s record.Secret) {
	h.say("%s (shown once, write it down now):\n\n    %s\n", what, string(s))
}

// clean takes control characters out of texts that somebody else may have
// written, so that none of them speaks to the terminal.
func clean(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				return '\uFFFD'
			}
			return r
		}, c)
	}
	return cells
}

// stamp writes an instant for people; never is how the zero time reads.
func stamp(t time.Time, never string) string {
	switch {
	case t.IsZero():
		return never
	case t.Equal(t.Truncate(24 * time.Hour)):
		return t.UTC().Format(time.DateOnly)
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func yes(b bool, word string) string {
	if b {
		return word
	}
	return ""
}

// count is a number of things, for people.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// words joins what is not empty.
func words(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

func join[S ~string](list []S, sep string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = string(s)
	}
	return strings.Join(parts, sep)
}

// sentence is an error for the person at the terminal.
func sentence(err error) string {
	var refused *claims.Refused
	text := err.Error()
	if errors.As(err, &refused) {
		text = refused.Error()
	}
	for _, kind := range claims.Faults { // "connection refused: unavailable" says it twice
		text = strings.TrimSuffix(text, ": "+kind.Error())
	}
	if strings.Contains(text, "\n") {
		return "lanyard:\n  " + strings.ReplaceAll(text, "\n", "\n  ")
	}
	return "lanyard: " + text
}

// need refuses a command line with fewer or more arguments than the command's
// usage names, and says what to write.
func need(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		return fmt.Errorf("write: %s (see %s --help)", strings.TrimSuffix(cmd.UseLine(), " [flags]"), cmd.CommandPath())
	}
}

var none = need(0, 0)

// parent makes a command that only holds others.
func parent(use, short string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, RunE: childless}
	c.AddCommand(children...)
	return c
}

// childless runs a command that only holds others.
func childless(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	return unknown(cmd, args[0])
}

// otherWords are commands as other programs call them.
var otherWords = map[string][]string{
	"ls": {"list"}, "rm": {"remove", "archive", "retire", "disable", "revoke", "close", "end", "erase"}, "delete": {"remove", "archive", "retire", "disable", "revoke", "close", "end", "erase"},
	"new": {"add"}, "create": {"add"}, "edit": {"set"}, "update": {"set"}, "change": {"set"}, "get": {"show"}, "info": {"show"},
	"device": {"door"}, "machine": {"door"}, "user": {"member"}, "place": {"location"}, "fob": {"card"}, "application": {"client"},
}

// unknown refuses a command that there is not, and names the one that may be meant.
func unknown(cmd *cobra.Command, name string) error {
	var known []string
	for _, c := range cmd.Commands() {
		known = append(known, c.Name())
	}
	near := tomlfile.Nearest(name, known)
	for _, word := range slices.Concat(otherWords[name], otherWords[strings.TrimSuffix(name, "s")]) {
		if slices.Contains(known, word) {
			near = word
			break
		}
	}
	if near != "" {
		return fmt.Errorf("there is no command %s %s; did you mean %s?", cmd.CommandPath(), name, near)
	}
	return fmt.Errorf("there is no command %s %s: see %s --help", cmd.CommandPath(), name, cmd.CommandPath())
}

// sortedWords joins what is not empty, in order of the alphabet.
func sortedWords(parts []string) string {
	slices.Sort(parts)
	return words(parts...)
}
