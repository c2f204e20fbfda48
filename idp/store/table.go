package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"lanyard/claims"
)

// table describes how values of T are rows: which columns there are and how
// each is written and read. Its statements are made from that once.
type table[T any] struct {
	name   string
	cols   []column[T]
	into   string // "insert into name (…) values "
	set    string // " on conflict (…) do update set …"
	width  int    // how many values a row has
	insert string
	upsert string
	choose string // "select … from name"
}

// column is one column of a table of T. value makes what the driver is given,
// target what it scans into.
type column[T any] struct {
	name   string
	key    bool
	value  func(*T) any
	target func(*T) any
	round  func(*T) // cuts the field to what the column can hold; nil: it holds all
}

// newTable describes a table whose columns are all fields of T.
func newTable[T any](name string, cols ...column[T]) *table[T] {
	t := &table[T]{name: name, cols: cols}
	t.spell()
	return t
}

// factsTable describes a table of facts. It has one column more, which is no
// field: seq, the place in the change log where the row last changed.
func factsTable[T claims.Fact](name string, cols ...column[T]) facts[T] {
	t := &table[T]{name: name, cols: cols}
	t.spell("seq")
	return facts[T]{t}
}

// spell makes the statements. The more columns come last.
func (t *table[T]) spell(more ...string) {
	var names, keys, sets []string
	for _, c := range t.cols {
		names = append(names, c.name)
		if c.key {
			keys = append(keys, c.name)
		} else {
			sets = append(sets, c.name+" = excluded."+c.name)
		}
	}
	for _, name := range more {
		names = append(names, name)
		sets = append(sets, name+" = excluded."+name)
	}
	list := strings.Join(names, ", ")
	t.width = len(names)
	t.into = fmt.Sprintf("insert into %s (%s) values ", t.name, list)
	t.set = fmt.Sprintf(" on conflict (%s) do update set %s", strings.Join(keys, ", "), strings.Join(sets, ", "))
	t.insert = t.into + marks(1, t.width)
	t.upsert = t.insert + t.set
	t.choose = fmt.Sprintf("select %s from %s", list, t.name)
}

// marks is "($1, $2), ($3, $4)" for two rows of two values.
func marks(rows, width int) string { return marksFrom(1, rows, width) }

// marksFrom is marks whose first is $first.
func marksFrom(first, rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String() + ")"
}

// many is how many rows one statement writes at most. Rows are written many
// at a time or one by one, so that there are two statements to remember.
const many = 20

// inRows calls do with rows of items, many at a time and then one by one.
func inRows[E any](items []E, do func([]E) error) error {
	for len(items) > 0 {
		n := 1
		if len(items) >= many {
			n = many
		}
		if err := do(items[:n]); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// values returns v as arguments of insert and upsert.
func (t *table[T]) values(v *T) []any {
	args := make([]any, len(t.cols), len(t.cols)+1)
	for i, c := range t.cols {
		args[i] = c.value(v)
	}
	return args
}

// scan reads one row that choose answered with, and what follows into more.
func (t *table[T]) scan(row scanner, more ...any) (T, error) {
	var v T
	into := make([]any, len(t.cols), len(t.cols)+len(more))
	for i, c := range t.cols {
		into[i] = c.target(&v)
	}
	err := row.Scan(append(into, more...)...)
	return v, err
}

// rounded returns v as it will be read back.
func (t *table[T]) rounded(v T) T {
	for _, c := range t.cols {
		if c.round != nil {
			c.round(&v)
		}
	}
	return v
}

// text is a column of any string type.
func text[T any, S ~string](name string, field func(*T) *S) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return string(*field(v)) },
		target: func(v *T) any { return field(v) },
	}
}

// key is a text column that names the row, alone or with others.
func key[T any, S ~string](name string, field func(*T) *S) column[T] {
	c := text(name, field)
	c.key = true
	return c
}

// only is the key of a table that has one row.
func only[T any](name, value string) column[T] {
	return column[T]{
		name: name, key: true,
		value:  func(*T) any { return value },
		target: func(*T) any { return new(string) },
	}
}

func flag[T any](name string, field func(*T) *bool) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return *field(v) },
		target: func(v *T) any { return field(v) },
	}
}

func number[T any](name string, field func(*T) *int) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return int64(*field(v)) },
		target: func(v *T) any { return field(v) },
	}
}

// span is a length of time, in microseconds.
func span[T any](name string, field func(*T) *claims.Duration) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return time.Duration(*field(v)).Microseconds() },
		target: func(v *T) any { return (*microseconds)(field(v)) },
		round: func(v *T) {
			d := field(v)
			*d = claims.Duration(time.Duration(*d).Truncate(time.Microsecond))
		},
	}
}

// when is an instant, in microseconds since 1970; 0 is the zero time.
func when[T any](name string, field func(*T) *time.Time) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return micros(*field(v)) },
		target: func(v *T) any { return (*instant)(field(v)) },
		round: func(v *T) {
			t := field(v)
			*t = instantOf(micros(*t))
		},
	}
}

// list is anything else, as JSON that is never asked about; the zero value is
// the empty text.
func list[T, V any](name string, field func(*T) *V) column[T] {
	return column[T]{
		name:   name,
		value:  func(v *T) any { return toJSON(*field(v)) },
		target: func(v *T) any { return &fromJSON[V]{field(v)} },
	}
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instantOf(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

type instant time.Time

// Scan implements sql.Scanner.
func (i *instant) Scan(src any) error {
	us, ok := src.(int64)
	if !ok {
		return fmt.Errorf("an instant is %T, want a whole number", src)
	}
	*i = instant(instantOf(us))
	return nil
}

type microseconds claims.Duration

// Scan implements sql.Scanner.
func (m *microseconds) Scan(src any) error {
	us, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a length of time is %T, want a whole number", src)
	}
	*m = microseconds(time.Duration(us) * time.Microsecond)
	return nil
}

func toJSON[V any](v V) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own structs, none of which can fail
	}
	if s := string(b); s != "null" && s != "{}" {
		return s
	}
	return ""
}

type fromJSON[V any] struct{ into *V }

// Scan implements sql.Scanner.
func (f *fromJSON[V]) Scan(src any) error {
	switch s := src.(type) {
	case string:
		if s == "" {
			return nil
		}
		return json.Unmarshal([]byte(s), f.into)
	case []byte:
		if len(s) == 0 {
			return nil
		}
		return json.Unmarshal(s, f.into)
	}
	return fmt.Errorf("a list is %T, want text", src)
}
