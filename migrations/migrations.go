// Package migrations holds the database's shape as numbered SQL files, one
// text for SQLite and PostgreSQL, and lists them. It knows no driver: idp/store
// runs them.
//
// A file that has been released is never edited; what changes comes as the
// next number. Every statement can be run again without harm, since a program
// may be killed between a statement and the note that it ran; a column that is
// there already is not added again.
package migrations

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.sql
var files embed.FS

// Migration is one numbered file.
type Migration struct {
	Number   int      // from its name; 0 is the ground that the runner stands on
	Name     string   // "0002_badges.sql"
	Checksum string   // SHA-256 of its text, hex
	Steps    []string // its statements, in order, without comments
}

// All returns the migrations in the order of their numbers, which start at 0
// and have no gaps.
func All() ([]Migration, error) { return list(files) }

func list(from fs.FS) ([]Migration, error) {
	names, err := fs.Glob(from, "*.sql")
	if err != nil {
		return nil, err
	}
	var all []Migration
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		m, err := parse(name, string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b Migration) int { return cmp.Compare(a.Number, b.Number) })
	for i, m := range all {
		if m.Number != i {
			return nil, fmt.Errorf("migration %s: number %d is missing or there twice", m.Name, i)
		}
	}
	return all, nil
}

func parse(name, text string) (Migration, error) {
	number, _, ok := strings.Cut(name, "_")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || len(number) != 4 {
		return Migration{}, fmt.Errorf("migration %s: a name is 0007_badge_expiry.sql", name)
	}
	sum := sha256.Sum256([]byte(text))
	m := Migration{Number: n, Name: name, Checksum: hex.EncodeToString(sum[:])}
	for _, step := range strings.Split(uncomment(text), ";\n") {
		if step = strings.TrimSpace(step); step != "" {
			m.Steps = append(m.Steps, step)
		}
	}
	return m, nil
}

// uncomment drops whole-line comments; the files have no others.
func uncomment(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(line), "--") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}
