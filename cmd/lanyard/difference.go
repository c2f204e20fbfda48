package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"lanyard/claims"
)

// difference is one fact that a change adds or alters.
type difference struct {
	Entity claims.Entity `json:"entity"`
	ID     string        `json:"id"`
	Name   string        `json:"name"` // what people call it
	New    bool          `json:"new"`
	Fields []field       `json:"fields,omitempty"` // of an altered fact
}

// field is a part of a fact before and after.
type field struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type differences []difference

// hidden fields hold what nobody should read: that they differ is enough.
var hidden = []string{"secrets", "secret", "sealed", "lookup", "verifier"}

// compare tells what facts change in a directory.
func compare(before *claims.Directory, facts []claims.Fact) differences {
	out := differences{}
	after := before.With(claims.Seq{}, facts...)
	seen := map[claims.Key]int{}
	for _, f := range facts {
		d := difference{Entity: f.Key().Entity, ID: f.Key().ID, Name: nameOf(after, f)}
		old, there := current(before, f)
		if d.New = !there; there {
			d.Fields = fields(before, after, old, f)
		}
		if i, again := seen[f.Key()]; again {
			out[i] = d
			continue
		}
		seen[f.Key()] = len(out)
		out = append(out, d)
	}
	return slices.DeleteFunc(out, func(d difference) bool { return !d.New && len(d.Fields) == 0 })
}

// current is the state of a fact in a directory.
func current(d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	switch f.(type) {
	case claims.Member:
		return get[claims.Member](d, f)
	case claims.Tag:
		return get[claims.Tag](d, f)
	case claims.Assignment:
		return get[claims.Assignment](d, f)
	case claims.Badge:
		return get[claims.Badge](d, f)
	case claims.Award:
		return get[claims.Award](d, f)
	case claims.Period:
		return get[claims.Period](d, f)
	case claims.ObjectType:
		return get[claims.ObjectType](d, f)
	case claims.Kind:
		return get[claims.Kind](d, f)
	case claims.Object:
		return get[claims.Object](d, f)
	case claims.Affiliation:
		return get[claims.Affiliation](d, f)
	case claims.Override:
		return get[claims.Override](d, f)
	case claims.Application:
		return get[claims.Application](d, f)
	case claims.Location:
		return get[claims.Location](d, f)
	case claims.Right:
		return get[claims.Right](d, f)
	}
	return currentThing(d, f)
}

func currentThing(d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	switch f := f.(type) {
	case claims.Opening:
		return get[claims.Opening](d, f)
	case claims.Profile:
		return d.ProfileOf(f.Member), true // nothing told is where it starts from
	case claims.Role:
		return get[claims.Role](d, f)
	case claims.Grant:
		return get[claims.Grant](d, f)
	case claims.Gate:
		return get[claims.Gate](d, f)
	case claims.Credential:
		return get[claims.Credential](d, f)
	case claims.Device:
		return get[claims.Device](d, f)
	case claims.Client:
		return get[claims.Client](d, f)
	case claims.AccessPoint:
		return get[claims.AccessPoint](d, f)
	case claims.Network:
		return get[claims.Network](d, f)
	case claims.Alias:
		return get[claims.Alias](d, f)
	case claims.WiFiPass:
		return get[claims.WiFiPass](d, f)
	case claims.Settings:
		return get[claims.Settings](d, f)
	}
	return currentEarning(d, f)
}

func currentEarning(d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	switch f.(type) {
	case claims.Requirement:
		return get[claims.Requirement](d, f)
	case claims.VLE:
		return get[claims.VLE](d, f)
	case claims.Course:
		return get[claims.Course](d, f)
	case claims.SignoffRequest:
		return get[claims.SignoffRequest](d, f)
	}
	return nil, false
}

func get[T claims.Fact](d *claims.Directory, f claims.Fact) (claims.Fact, bool) {
	have, ok := claims.Get[T](d, f.Key().ID)
	return have, ok
}

// fields lists what differs between two states of a fact.
func fields(before, after *claims.Directory, old, f claims.Fact) []field {
	was, is := parts(old), parts(f)
	var names []string
	for name := range is {
		names = append(names, name)
	}
	for name := range was {
		if _, both := is[name]; !both {
			names = append(names, name)
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "updated_at" }) // follows from the rest
	slices.Sort(names)
	var out []field
	for _, name := range names {
		switch a, b := was[name], is[name]; {
		case a == b:
		case slices.Contains(hidden, name):
			out = append(out, field{name, "[redacted]", "[redacted]"})
		default:
			out = append(out, field{name, placeText(before, a), placeText(after, b)})
		}
	}
	return out
}

// parts is a fact's fields as JSON text; an empty one is "".
func parts(f claims.Fact) map[string]string {
	text, err := json.Marshal(f)
	must(err)
	var raw map[string]json.RawMessage
	must(json.Unmarshal(text, &raw))
	out := map[string]string{}
	for name, v := range raw {
		s := string(v)
		if slices.Contains([]string{"null", "[]", "{}", `""`}, s) {
			s = ""
		}
		out[name] = s
	}
	return out
}

// placeText writes a location's id as its path.
func placeText(d *claims.Directory, v string) string {
	if path := d.PathOf(claims.LocationID(strings.Trim(v, `"`))); path != "" {
		return string(path)
	}
	return v
}

// print writes a line for each difference: + for what is new, ~ for what is
// altered, followed by each field.
func (ds differences) print(h *house) {
	for _, d := range ds {
		if d.New {
			h.say("+ %s %s", word(d.Entity), d.Name)
			continue
		}
		h.say("~ %s %s", word(d.Entity), d.Name)
		for _, f := range d.Fields {
			h.say("    %s: %s -> %s", f.Name, orNone(f.Before), orNone(f.After))
		}
	}
}

// word is an entity as the command line calls it.
func word(e claims.Entity) string {
	switch e {
	case claims.EntityAssignment:
		return "tag"
	case claims.EntityAward:
		return "award"
	case claims.EntityType:
		return "type"
	case claims.EntityKind:
		return "kind"
	case claims.EntityObject:
		return "object"
	case claims.EntityOverride:
		return "override"
	case claims.EntityCredential:
		return "card"
	case claims.EntityRequirement:
		return "requirement"
	case claims.EntityVLE:
		return "VLE"
	case claims.EntityCourse:
		return "course"
	case claims.EntitySignoff:
		return "sign-off"
	}
	return strings.ReplaceAll(string(e), "_", " ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (ds differences) summary(dry bool) string {
	added := 0
	for _, d := range ds {
		if d.New {
			added++
		}
	}
	switch {
	case len(ds) == 0:
		return "Nothing to change: the organisation is what the file says."
	case dry:
		return fmt.Sprintf("Would add %d and change %d. Nothing was changed (--dry-run).", added, len(ds)-added)
	}
	return fmt.Sprintf("Added %d, changed %d.", added, len(ds)-added)
}
