package organisation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/cmd/lanyard/tomlfile"
)

// ParseWhen reads an instant as people write it: a day, which is its first
// instant in UTC; an RFC 3339 instant; or, from now, "+30d", "+12h", "+90m".
// Empty is the zero time.
func ParseWhen(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if rest, ok := strings.CutPrefix(text, "+"); ok {
		d, err := ParseLength(rest)
		if err != nil {
			return time.Time{}, err
		}
		return now.Add(d).UTC().Truncate(time.Second), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, &claims.Invalid{Field: "date", Problem: fmt.Sprintf(
		"%q is no date: write 2026-12-31, 2026-12-31T18:00:00+01:00, or +30d and +12h counted from now", text)}
}

// ParseLength reads a length of time: 30d, 12h, 90m, 1h30m. A day has 24 hours.
func ParseLength(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil && n > 0 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	} else if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	return 0, &claims.Invalid{Field: "length", Problem: fmt.Sprintf("%q is no length of time: write 30d, 12h or 90m", text)}
}

// date reads a date of the file, which says the same each time it is read.
func (b *builder) date(key string, v any) time.Time {
	if v == nil {
		return time.Time{}
	}
	text, ok := tomlfile.Text(v)
	if !ok {
		b.fault(key, "must be a date, as 2026-12-31")
		return time.Time{}
	}
	return b.dateText(key, text)
}

func (b *builder) dateText(key, text string) time.Time {
	if strings.HasPrefix(text, "+") {
		b.fault(key, "%q would mean another date each time the file is applied: write a date, as 2026-12-31", text)
		return time.Time{}
	}
	t, err := ParseWhen(text, b.env.Now)
	b.check(key, err)
	return t
}

// check reports err, if any, without the field's name that the key says already.
func (b *builder) check(key string, err error) bool {
	if err == nil {
		return true
	}
	if bad, ok := err.(*claims.Invalid); ok {
		b.fault(key, "%s", bad.Problem)
	} else {
		b.fault(key, "%v", err)
	}
	return false
}

// given is a fact with dates: "laser-1", "laser-1 from 2026-01-01 until
// 2027-01-01", "delft#board in year-2026".
type given struct {
	what         string
	starts, ends time.Time
	period       claims.Slug
}

func (b *builder) given(key, text string) (given, bool) {
	words := strings.Fields(text)
	before := len(b.bad)
	var g given
	if len(words)%2 == 0 {
		b.fault(key, `%q: write a name, perhaps followed by "from DATE", "until DATE" and "in PERIOD"`, text)
		return g, false
	}
	g.what = words[0]
	for i := 1; i < len(words); i += 2 {
		switch words[i] {
		case "from":
			g.starts = b.dateText(key, words[i+1])
		case "until":
			g.ends = b.dateText(key, words[i+1])
		case "in":
			g.period = b.slug(key, words[i+1])
		default:
			b.fault(key, `%q is not understood: write "from DATE", "until DATE" or "in PERIOD"`, words[i])
		}
	}
	return g, len(b.bad) == before
}

func (b *builder) slug(key, text string) claims.Slug {
	if text == "" {
		return ""
	}
	s, err := claims.ParseSlug(text)
	b.check(key, err)
	return s
}

func (b *builder) slugs(key string, texts []string) []claims.Slug {
	var out []claims.Slug
	for i, text := range texts {
		out = append(out, b.slug(fmt.Sprintf("%s[%d]", key, i), text))
	}
	return out
}

func (b *builder) states(key string, texts []string) []claims.State {
	var out []claims.State
	for i, text := range texts {
		s, err := ParseState(text)
		b.check(fmt.Sprintf("%s[%d]", key, i), err)
		out = append(out, s)
	}
	return out
}

// ParseState reads a membership state.
func ParseState(text string) (claims.State, error) { return parseState(text, claims.States) }

// ParseStored reads a state that can be given to a member: grace comes from
// the dates alone, which Plan says to who asks for it.
func ParseStored(text string) (claims.State, error) {
	if text == string(claims.StateGrace) {
		return claims.StateGrace, nil
	}
	return parseState(text, slices.DeleteFunc(slices.Clone(claims.States), func(s claims.State) bool { return s == claims.StateGrace }))
}

func parseState(text string, known []claims.State) (claims.State, error) {
	var all []string
	for _, s := range known {
		if string(s) == text {
			return s, nil
		}
		all = append(all, string(s))
	}
	return "", &claims.Invalid{Field: "state", Problem: fmt.Sprintf("%q is none of %s", text, strings.Join(all, ", "))}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

func unless(v *bool, otherwise bool) bool {
	if v == nil {
		return otherwise
	}
	return *v
}
