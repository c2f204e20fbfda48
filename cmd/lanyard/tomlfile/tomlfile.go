// Package tomlfile reads the TOML files people write for Lanyard: the
// configuration and the declarative organisation. It takes nothing it does not
// know: a key that the Go type has no field for is an error that names the
// key, its line and the nearest key there is. Keys are compared exactly, upper
// and lower case too.
//
// It keeps the line of every key, so that whoever reads meaning into the file
// can say where the meaning fails. It is the only importer of the TOML library.
package tomlfile

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// Error is a fault in a file, at a line. Its text is for whoever wrote it.
type Error struct {
	Line    int    // 1 is the first; 0: the file as a whole
	Key     string // "grants[2].right", counted from 0 as in Lines; empty for bad syntax
	Problem string
}

func (e *Error) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Key != "" {
		b.WriteString(people(e.Key) + ": ")
	}
	return b.String() + e.Problem
}

// people turns "grants[2].right" into "grants 3, right": people count from 1.
func people(key string) string {
	var b strings.Builder
	for i, part := range strings.Split(key, ".") {
		name, index, listed := strings.Cut(part, "[")
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(name)
		if listed {
			var n int
			fmt.Sscanf(index, "%d]", &n)
			fmt.Fprintf(&b, "[%d]", n+1)
		}
	}
	return b.String()
}

// Errors is every fault that was found, in the order of the file.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Read fills v, a pointer to a struct with toml tags, from data and returns
// where everything stands. Fields the file does not name keep what they hold.
// The error is an Errors.
func Read(data []byte, v any) (Lines, error) {
	lines, err := index(data)
	if err != nil {
		return nil, err
	}
	if bad := unknown(lines, reflect.TypeOf(v).Elem()); len(bad) > 0 {
		return nil, bad
	}
	if err := toml.Unmarshal(data, v); err != nil {
		return nil, Errors{explain(err, lines, reflect.TypeOf(v).Elem())}
	}
	return lines, nil
}

// explain puts a decoding error into words: what the key should have held.
func explain(err error, lines Lines, typ reflect.Type) *Error {
	var bad *toml.DecodeError
	if !errors.As(err, &bad) {
		return &Error{Problem: strings.TrimPrefix(err.Error(), "toml: ")}
	}
	row, _ := bad.Position()
	said := strings.TrimPrefix(bad.Error(), "toml: ")
	keys := bad.Key()
	if len(keys) == 0 {
		return &Error{Line: row, Problem: said}
	}
	key := lines.at(row, keys[len(keys)-1])
	if key == "" {
		key = strings.Join(keys, ".")
	}
	if field, ok := fieldOf(typ, key); ok && strings.Contains(said, "cannot decode") {
		said = "must be " + wants(field)
	}
	return &Error{Line: row, Key: key, Problem: said}
}

// wants says in words what a field of this type takes.
func wants(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return wants(t.Elem())
	case reflect.Bool:
		return "true or false, without quotes"
	case reflect.Int, reflect.Int64:
		return "a whole number, without quotes"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Struct {
			return "a list of tables"
		}
		return `a list of texts, as ["one", "two"]`
	case reflect.Map:
		return `a table of texts, as { one = "first" }`
	case reflect.Struct:
		return "a table of keys"
	case reflect.Interface:
		return "a date, as 2026-12-31"
	}
	return "a text in quotes"
}

// Text returns what a field of type any holds, as text: a text itself, a date
// or an instant as TOML writes it. Such fields let people leave the quotes off
// a date.
func Text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case time.Time:
		return v.Format(time.RFC3339Nano), true
	case fmt.Stringer:
		return v.String(), true
	}
	return "", false
}
