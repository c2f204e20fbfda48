package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/cmd/lanyard/tomlfile"
)

// member finds a member by username, former username or id.
func (h *house) member(name string) (claims.Member, error) {
	d := h.dir()
	if m, ok := d.MemberByUsername(name); ok {
		return m, nil
	}
	if m, ok := claims.Get[claims.Member](d, name); ok {
		return m, nil
	}
	if id, ok := d.UsernameTaken(name); ok {
		m, _ := claims.Get[claims.Member](d, string(id))
		if !m.ErasedAt.IsZero() {
			return m, fmt.Errorf("the member who was called %s is erased", name)
		}
		return m, fmt.Errorf("%s is now called %s: use that name", name, m.Username)
	}
	var names []string
	for m := range claims.All[claims.Member](d) {
		names = append(names, m.Username)
	}
	return claims.Member{}, notThere("member", name, names, "lanyard member list shows who there is")
}

// username is a member's name for people; the id of nobody's.
func (h *house) username(id claims.MemberID) string {
	if m, ok := claims.Get[claims.Member](h.dir(), string(id)); ok && m.Username != "" {
		return m.Username
	}
	return string(id)
}

func notThere(what, name string, known []string, list string) error {
	if name == "" {
		return fmt.Errorf("name a %s: %s", what, list)
	}
	if near := tomlfile.Nearest(name, known); near != "" {
		return fmt.Errorf("there is no %s %s; did you mean %s?", what, name, near)
	}
	return fmt.Errorf("there is no %s %s: %s", what, name, list)
}

// named finds a fact by its slug or id.
func named[T claims.Fact](h *house, what, name, list string) (T, error) {
	f, ok := claims.Get[T](h.dir(), name)
	if ok {
		return f, nil
	}
	var known []string
	for f := range claims.All[T](h.dir()) {
		known = append(known, f.Key().ID)
	}
	return f, notThere(what, name, known, list)
}

// path reads a location's path. /people/NAME takes a username.
func (h *house) path(text string) (claims.Path, error) {
	if name, ok := strings.CutPrefix(text, "/people/"); ok {
		if m, ok := h.dir().MemberByUsername(name); ok {
			text = "/people/" + string(m.ID)
		}
	}
	return claims.ParsePath(text)
}

// location finds a stored location by its path.
func (h *house) location(text string) (claims.Location, error) {
	path, err := h.path(text)
	if err != nil {
		return claims.Location{}, err
	}
	l, ok := h.dir().Locate(path)
	if !ok {
		var known []string
		for l := range claims.All[claims.Location](h.dir()) {
			known = append(known, h.pathName(l.ID))
		}
		return l, notThere("location", string(path), known, "lanyard location list shows the tree")
	}
	return l, nil
}

// place finds a location to put a rule at. What stands below a root of the
// core is known by another name and has a row once a rule stands there: the
// intents make it.
func (h *house) place(text string) (claims.LocationID, []claims.Intent, error) {
	path, err := h.path(text)
	if err != nil {
		return "", nil, err
	}
	l, ok := h.dir().Locate(path)
	if ok {
		return l.ID, nil, nil
	}
	parent, ok := h.dir().Locate(path.Parent())
	if !ok || !organisation.OnDemand(path) {
		_, err := h.location(text)
		return "", nil, err
	}
	if err := h.standsForSomething(path); err != nil {
		return "", nil, err
	}
	id := claims.LocationID(h.newID())
	return id, []claims.Intent{claims.Define{Fact: claims.Location{ID: id, Parent: parent.ID, Slug: path.Base(), Inherit: true}}}, nil
}

// standsForSomething refuses a place below a root of the core that no badge,
// tag, object, client or member goes by: a rule there would never be asked.
func (h *house) standsForSomething(path claims.Path) error {
	root, name := path.Parts()[0], string(path.Base())
	what, known, ok := organisation.StandsFor(h.dir(), root)
	if !ok || slices.Contains(known, name) {
		return nil
	}
	if root == "people" {
		_, err := h.member(name)
		return err
	}
	return notThere(what, name, known, "lanyard "+what+" list shows them")
}

// subject reads a subject; user: takes a username.
func (h *house) subject(text string) (claims.Subject, error) {
	if name, ok := strings.CutPrefix(text, "user:"); ok {
		m, err := h.member(name)
		return claims.Subject{Kind: claims.SubjectUser, ID: string(m.ID)}, err
	}
	return claims.ParseSubject(text)
}

// subjectName writes a subject with usernames for people.
func (h *house) subjectName(s claims.Subject) string {
	if s.Kind == claims.SubjectUser {
		return "user:" + h.username(claims.MemberID(s.ID))
	}
	return s.String()
}

// pathName is where a location stands, for people.
func (h *house) pathName(id claims.LocationID) string {
	path := h.dir().PathOf(id)
	if name, ok := strings.CutPrefix(string(path), "/people/"); ok {
		return "/people/" + h.username(claims.MemberID(name))
	}
	return string(path)
}

// when reads a date flag or argument.
func (h *house) when(text string) (time.Time, error) { return organisation.ParseWhen(text, h.at) }

// whenFlag reads a flag that holds a date.
func (h *house) whenFlag(name string) (time.Time, error) {
	text := h.text(name)
	t, err := h.when(text)
	if err != nil {
		return t, fmt.Errorf("--%s: %w", name, err)
	}
	return t, nil
}

// text returns a text flag.
func (h *house) text(name string) string {
	s, err := h.cmd.Flags().GetString(name)
	must(err)
	return s
}

// list returns a flag that may be given several times.
func (h *house) list(name string) []string {
	s, err := h.cmd.Flags().GetStringSlice(name)
	must(err)
	return s
}

// on returns a flag that is yes or no.
func (h *house) on(name string) bool {
	b, err := h.cmd.Flags().GetBool(name)
	must(err)
	return b
}

func (h *house) number(name string) int {
	n, err := h.cmd.Flags().GetInt(name)
	must(err)
	return n
}

// given tells whether a flag was written.
func (h *house) given(name string) bool { return h.cmd.Flags().Changed(name) }

// must stops a broken program: a flag that a command reads and never declared.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func slugs(texts []string) ([]claims.Slug, error) {
	var out []claims.Slug
	for _, text := range texts {
		s, err := claims.ParseSlug(text)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// sorted returns every fact of a type that keep keeps.
func sorted[T claims.Fact](h *house, keep func(T) bool) []T {
	var out []T
	for f := range claims.All[T](h.dir()) {
		if keep == nil || keep(f) {
			out = append(out, f)
		}
	}
	return out
}

// oneOf finds the one live fact that match picks; more than one must be told
// apart by id.
func oneOf[T claims.Fact](all []T, name string, match func(T) bool) (T, error) {
	found := slices.DeleteFunc(slices.Clone(all), func(f T) bool { return !match(f) && f.Key().ID != name })
	var nothing T
	switch len(found) {
	case 0:
		return nothing, errNone
	case 1:
		return found[0], nil
	}
	return nothing, fmt.Errorf("%d answer to %s: name one by its id", len(found), name)
}

var errNone = errors.New("there is none")
