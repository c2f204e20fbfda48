// Package organisation reads a whole organisation from one TOML file and works
// out what must change for it to be so: `lanyard apply`.
//
// The file is a floor, not a fence. What it does not mention is left alone;
// nothing is ever taken away because a line is missing. What it defines (a
// badge, a location, a client, …) it defines whole: a key left out has its
// default. Of members it changes only what is written. What people did by
// hand since is respected: a revoked badge, an ended affiliation, a removed tag,
// a lost card, an archived place stay as they are, and Draft.Notes says so.
// A grant or a gate has no name, so changing its line adds another; remove the
// old one with `lanyard grant remove` or `gate remove`.
//
// Applying the same file again plans nothing and makes no secret.
package organisation

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/cmd/lanyard/tomlfile"
	"lanyard/idp/record"
)

// Ring is what is needed of the key ring.
type Ring interface {
	Seal(table, row, column string, plain []byte) (string, error)
	CardLookup(text string) string
}

// Env is what a plan needs beside the file and the directory. All are required
// but ReadFile, without which a secret_file is an error, and CheckSector,
// without which a sector_identifier_uri is.
type Env struct {
	Now       time.Time
	NewID     func() string                             // a fresh id
	Random    func(bytes int) string                    // fresh random text
	Ring      Ring                                      // seals cards and secrets
	ParseCard func(text, format string) (string, error) // as keys.ParseCard
	ReadFile  func(name string) ([]byte, error)

	CheckSector func(want claims.Client) error // says whether a client's sector lists its redirect URIs
}

// Generated is a secret that was made and is stored nowhere in the clear: show
// it once.
type Generated struct {
	What   string // "client", "door", "interlock", "access point"
	Name   string // the client's id; the name of a device or an access point
	Secret record.Secret
}

// Draft is what a file comes to on one directory.
type Draft struct {
	Intents   []claims.Intent
	Generated []Generated
	Notes     []string // what was left alone though the file says otherwise, and why

	keys  []string // beside Intents: the key of the file each came from
	lines tomlfile.Lines
}

// Plan returns the intents that make the organisation what f says, only those
// that change something, and the secrets made for them.
func Plan(d *claims.Directory, f File, env Env) ([]claims.Intent, []Generated, error) {
	draft, err := Prepare(d, f, env)
	return draft.Intents, draft.Generated, err
}

// Prepare is Plan with the notes. The error is a tomlfile.Errors.
func Prepare(d *claims.Directory, f File, env Env) (Draft, error) {
	b := &builder{
		d: d, f: f, env: env, draft: Draft{lines: f.lines},
		places: map[claims.Path]claims.LocationID{}, people: map[string]claims.MemberID{}, courses: map[string]claims.ID{},
	}
	for _, part := range []func(){
		b.settings, b.periods, b.tags, b.badges, b.vles, b.courseRows, b.requirements, b.types, b.objects, b.locations, b.rights, b.roles, b.overrides,
		b.members, b.clients, b.applicationClients, b.networks, b.devices, b.accessPoints, b.grants, b.gates, b.openings, b.memberFacts,
	} {
		part()
	}
	if len(b.bad) > 0 {
		sort.SliceStable(b.bad, func(i, j int) bool { return b.bad[i].Line < b.bad[j].Line })
		return Draft{}, b.bad
	}
	return b.draft, nil
}

// Blame finds the line of the file that try refuses: it tries ever closer
// prefixes of the intents. If try refuses none, it returns nil.
func (dr Draft) Blame(try func(...claims.Intent) error) error {
	var last error
	n := sort.Search(len(dr.Intents), func(i int) bool {
		err := try(dr.Intents[:i+1]...)
		if err != nil {
			last = err
		}
		return err != nil
	})
	if n == len(dr.Intents) {
		return nil
	}
	if err := try(dr.Intents[:n+1]...); err != nil {
		last = err
	}
	if errors.Is(last, claims.ErrUnavailable) {
		return last
	}
	return tomlfile.Errors{dr.lines.Fault(dr.keys[n], "%v", last)}
}

// builder collects one Draft.
type builder struct {
	d       *claims.Directory
	f       File
	env     Env
	draft   Draft
	bad     tomlfile.Errors
	places  map[claims.Path]claims.LocationID // locations this draft adds
	people  map[string]claims.MemberID        // members this draft adds, by username
	courses map[string]claims.ID              // of the file, by VLE/ID
}

func (b *builder) add(key string, in claims.Intent) {
	b.draft.Intents = append(b.draft.Intents, in)
	b.draft.keys = append(b.draft.keys, key)
}

func (b *builder) fault(key, format string, args ...any) {
	b.bad = append(b.bad, b.f.lines.Fault(key, format, args...))
}

func (b *builder) note(format string, args ...any) {
	b.draft.Notes = append(b.draft.Notes, fmt.Sprintf(format, args...))
}

func (b *builder) generate(what, name string) record.Secret {
	g := Generated{What: what, Name: name, Secret: record.Secret(b.env.Random(32))}
	b.draft.Generated = append(b.draft.Generated, g)
	return g.Secret
}

// define adds a Define unless the directory has the same fact already, perhaps
// in another order, as only claims.Plan can tell.
func define[T claims.Fact](b *builder, key string, want T) {
	in := claims.Define{Fact: want}
	if have, ok := claims.Get[T](b.d, want.Key().ID); ok {
		if Same(have, want) {
			return
		}
		planned, err := claims.Plan(b.d, claims.Actor{Kind: claims.ActorOperator}, b.env.Now, in)
		if err == nil && len(planned.Facts) == 0 {
			return
		}
	}
	b.add(key, in)
}

// Same tells whether two facts say the same, whether a list is nil or empty.
func Same(a, b claims.Fact) bool {
	return marshal(a) == marshal(b)
}

func marshal(f claims.Fact) string {
	text, err := json.Marshal(f)
	if err != nil {
		panic("organisation: a fact that JSON cannot hold: " + err.Error())
	}
	return strings.ReplaceAll(string(text), ":null", ":[]")
}

// once reports a second entry of the same name in a section.
func (b *builder) once(seen map[string]int, section string, i int, name, value string) string {
	key := fmt.Sprintf("%s[%d]", section, i)
	if value == "" {
		b.fault(key, "needs %s", name)
	} else if first, again := seen[value]; again {
		b.fault(key+"."+name, "%q stands there twice: first as number %d", value, first+1)
	}
	seen[value] = i
	return key
}
