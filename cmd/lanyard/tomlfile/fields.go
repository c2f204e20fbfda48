package tomlfile

import (
	"reflect"
	"slices"
	"strings"
)

// unknown returns a fault for every key the type has no field for; what stands
// inside such a key is not reported again.
func unknown(lines Lines, typ reflect.Type) Errors {
	var bad Errors
	for _, key := range lines.keys() {
		if slices.ContainsFunc(bad, func(e *Error) bool { return inside(key, e.Key) }) {
			continue
		}
		if _, ok := fieldOf(typ, key); ok {
			continue
		}
		cut := strings.LastIndexByte(key, '.')
		parent, last := "", key
		if cut >= 0 {
			parent, last = key[:cut], key[cut+1:]
		}
		last, _, _ = strings.Cut(last, "[")
		bad = append(bad, lines.Fault(key, "%s", noSuchKey(typ, parent, last)))
	}
	return bad
}

func inside(key, of string) bool {
	rest, ok := strings.CutPrefix(key, of)
	return ok && rest != "" && (rest[0] == '.' || rest[0] == '[')
}

func noSuchKey(typ reflect.Type, parent, last string) string {
	t, ok := fieldOf(typ, parent)
	if !ok || t.Kind() != reflect.Struct {
		return "there is no such key here"
	}
	known := Keys(t)
	if near := Nearest(last, known); near != "" {
		return "there is no such key; did you mean " + near + "?"
	}
	return "there is no such key; there are " + strings.Join(known, ", ")
}

// fieldOf returns the type that stands at a full key name; typ itself for "".
func fieldOf(typ reflect.Type, key string) (reflect.Type, bool) {
	if key == "" {
		return typ, true
	}
	for _, part := range strings.Split(key, ".") {
		name, rest, _ := strings.Cut(part, "[")
		next, ok := step(typ, name)
		if !ok {
			return nil, false
		}
		typ = next
		for range strings.Count(rest, "]") {
			if typ.Kind() != reflect.Slice {
				return typ, true // the decoder says what it wanted
			}
			typ = bare(typ.Elem())
		}
	}
	return typ, true
}

func step(typ reflect.Type, name string) (reflect.Type, bool) {
	typ = bare(typ)
	switch {
	case typ.Kind() == reflect.Slice:
		return step(typ.Elem(), name) // [grants] for [[grants]]: read as one entry
	case typ.Kind() == reflect.Map:
		return bare(typ.Elem()), true
	case typ.Kind() == reflect.Struct:
		for f := range typ.Fields() {
			if Key(f) == name {
				return bare(f.Type), true
			}
		}
	}
	return nil, false
}

func bare(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// Key returns the name of a struct's field in a file; empty if it has none.
func Key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
	if name == "-" {
		return ""
	}
	return name
}

// Keys lists the names of a struct's fields in a file.
func Keys(t reflect.Type) []string {
	var keys []string
	for f := range bare(t).Fields() {
		if k := Key(f); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}

// Nearest returns the known word that word is most likely a slip of; empty if
// none is near.
func Nearest(word string, known []string) string {
	best, least := "", 1+max(2, len(word)/3)
	for _, k := range known {
		if d := distance(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is how many letters must be put in, taken out or changed to make b
// of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
