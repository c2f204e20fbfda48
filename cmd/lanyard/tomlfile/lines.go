package tomlfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Lines is the line of every key of a file, by its full name: "http.listen",
// "grants[2].right", counted from 0.
type Lines map[string]int

// Line returns the line of key or, failing that, of what it stands in; 0 if
// the file has neither.
func (l Lines) Line(key string) int {
	for key != "" {
		if n, ok := l[key]; ok {
			return n
		}
		cut := strings.LastIndexAny(key, ".[")
		if cut < 0 {
			return 0
		}
		key = key[:cut]
	}
	return 0
}

// Fault returns an Error at key's line.
func (l Lines) Fault(key, format string, args ...any) *Error {
	return &Error{Line: l.Line(key), Key: key, Problem: fmt.Sprintf(format, args...)}
}

// at returns the full name of the key called name that stands on that line, or
// on the nearest line above it.
func (l Lines) at(line int, name string) string {
	best := ""
	for key, n := range l {
		last := key[strings.LastIndexByte(key, '.')+1:]
		last, _, _ = strings.Cut(last, "[")
		if last == name && n <= line && (best == "" || n > l[best] || n == l[best] && key < best) {
			best = key
		}
	}
	return best
}

// keys returns every key in the order of the file.
func (l Lines) keys() []string {
	keys := make([]string, 0, len(l))
	for k := range l {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if l[a] != l[b] {
			return l[a] - l[b]
		}
		return strings.Compare(a, b)
	})
	return keys
}

// indexer walks a file once and notes the line of each key.
type indexer struct {
	p     *unstable.Parser
	lines Lines
	count map[string]int // entries so far of each [[list]]
}

func index(data []byte) (Lines, error) {
	ix := &indexer{p: &unstable.Parser{}, lines: Lines{}, count: map[string]int{}}
	ix.p.Reset(data)
	under := ""
	for ix.p.NextExpression() {
		switch n := ix.p.Expression(); n.Kind {
		case unstable.Table, unstable.ArrayTable:
			under = ix.header(n)
		case unstable.KeyValue:
			ix.pair(n, under)
		}
	}
	if err := ix.p.Error(); err != nil {
		return nil, Errors{syntax(ix.p, data, err)}
	}
	return ix.lines, nil
}

func syntax(p *unstable.Parser, data []byte, err error) *Error {
	bad, ok := err.(*unstable.ParserError)
	if !ok {
		return &Error{Problem: err.Error()}
	}
	line := 1 + strings.Count(string(data), "\n")
	if len(bad.Highlight) > 0 {
		line = p.Shape(p.Range(bad.Highlight)).Start.Line
	}
	return &Error{Line: line, Problem: bad.Message}
}

// header notes [a.b] or [[a.b]] and returns the name that what follows is under.
func (ix *indexer) header(n *unstable.Node) string {
	name := ""
	for it := n.Key(); it.Next(); {
		key := it.Node()
		name = join(name, string(key.Data))
		if !it.IsLast() {
			name = ix.current(name)
			ix.note(name, key)
			continue
		}
		if n.Kind == unstable.ArrayTable {
			ix.note(name, key)
			ix.count[name]++
			name = fmt.Sprintf("%s[%d]", name, ix.count[name]-1)
		}
		ix.note(name, key)
	}
	return name
}

// current returns name, with its newest index if it is a [[list]].
func (ix *indexer) current(name string) string {
	if n := ix.count[name]; n > 0 {
		return fmt.Sprintf("%s[%d]", name, n-1)
	}
	return name
}

// pair notes a key, and everything inside its value.
func (ix *indexer) pair(n *unstable.Node, under string) {
	name := under
	line := 0
	for it := n.Key(); it.Next(); {
		key := it.Node()
		name = join(name, string(key.Data))
		line = ix.note(name, key)
	}
	ix.value(n.Value(), name, line)
}

func (ix *indexer) value(n *unstable.Node, name string, line int) {
	switch n.Kind {
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				ix.pair(it.Node(), name)
			}
		}
	case unstable.Array:
		i := 0
		for it := n.Children(); it.Next(); {
			item := it.Node()
			if item.Kind == unstable.Comment {
				continue
			}
			if item.Raw.Length > 0 {
				line = ix.p.Shape(item.Raw).Start.Line
			}
			element := fmt.Sprintf("%s[%d]", name, i)
			ix.lines[element] = line
			ix.value(item, element, line)
			i++
		}
	}
}

func (ix *indexer) note(name string, key *unstable.Node) int {
	line := ix.p.Shape(key.Raw).Start.Line
	if _, seen := ix.lines[name]; !seen {
		ix.lines[name] = line
	}
	return line
}

func join(under, key string) string {
	if under == "" {
		return key
	}
	return under + "." + key
}
