package claims

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestExamples holds the worked examples of the domain, exactly.
func TestExamples(t *testing.T) {
	file := readExamples(t)
	base := NewDirectory(Seq{}).With(Seq{}, file.Fixture.facts("fixture")...)
	for _, e := range file.Examples {
		t.Run(e.N, func(t *testing.T) {
			who := MemberID(cmp.Or(e.As, "m"))
			d := base.With(Seq{}, e.Add.facts("example")...).With(Seq{}, e.Facts.facts(who)...)
			a := Ask{Member: who, Right: e.Ask.Right, Path: e.Ask.Location, At: file.Now, Client: ClientID(e.Ask.Client),
				Credential: e.Ask.Credential, Device: DeviceID(e.Ask.Device)}
			if e.Anonymous || e.Ask.Client != "" {
				a.Member = ""
			}
			if !e.Ask.At.IsZero() {
				a.At = e.Ask.At
			}
			dec, err := Decide(d, a)
			if err != nil {
				t.Fatalf("%s: Decide(%+v): %v", e.Text, a, err)
			}
			for part, want := range e.Expect {
				if got := inJSON(t, expectable(dec, part)); got != string(compact(t, want)) {
					t.Errorf("%s: Decide(%s %s %s).%s = %s, want %s", e.Text, who, a.Right, a.Path, part, got, want)
				}
			}
		})
	}
}

// expectable returns a part of a decision as the examples name it.
func expectable(dec Decision, part string) any {
	instant := func(t time.Time) any {
		if t.IsZero() {
			return nil
		}
		return t
	}
	switch part {
	case "decision":
		return map[bool]string{true: "allow", false: "deny"}[dec.Allow]
	case "reason":
		return dec.Reason
	case "until":
		return instant(dec.Until)
	case "retry_at":
		return instant(dec.RetryAt)
	case "deny":
		return dec.Deny // ids are paths here
	case "missing":
		return missingText(dec)
	}
	return "no such part: " + part
}

// missingText writes what is missing: per gate its badges, joined by a bar.
func missingText(dec Decision) []string {
	var list []string
	for _, m := range dec.Missing {
		var badges []string
		for _, b := range m.AnyOf {
			badges = append(badges, string(b.Slug))
		}
		slices.Sort(badges)
		list = append(list, strings.Join(badges, "|"))
	}
	slices.Sort(list)
	return list
}

func inJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func compact(t *testing.T, raw json.RawMessage) []byte {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(v)
	return b
}
