package main

import (
	"fmt"
	"slices"
	"strings"
)

// attack is one thing that somebody may try, what stands against it, and the
// tests that would fail if it did not. One without tests is against something
// that is not built, and says so.
type attack struct {
	try, against string
	tests        []string // package.Test
}

// section is attacks of one kind.
type section struct {
	title   string
	attacks []attack
}

// unbuilt begins what stands against attacks on what there is not yet.
const unbuilt = "Not built yet"

// attacks are what Lanyard is held to. TestEveryAttackHasATestThatIsThere
// fails when a test that is named here is not there, or none is.
var attacks = []section{
	{"Codes and redirects", codeAttacks},
	{"Tokens and clients", tokenAttacks},
	{"Signatures and assertions", signatureAttacks},
	{"What Lanyard fetches (SSRF)", fetchAttacks},
	{"Browsers", browserAttacks},
	{"Who has an account", enumerationAttacks},
	{"Guessing (429, or an answer that comes late)", guessingAttacks},
	{"Texts that become something else", textAttacks},
	{"Requests that are too much, or two at once", bodyAttacks},
}

// missingTests returns what is named for an attack and is not in tests, and
// the attacks that nothing is named for though what they attack is built.
func missingTests(all []section, tests []string) (missing []string) {
	for _, s := range all {
		for _, a := range s.attacks {
			if strings.HasPrefix(a.against, unbuilt) != (len(a.tests) == 0) {
				missing = append(missing, a.try)
			}
			for _, name := range a.tests {
				if _, found := slices.BinarySearch(tests, name); !found {
					missing = append(missing, a.try+": "+name)
				}
			}
		}
	}
	return missing
}

func attacksPage() string {
	var b strings.Builder
	b.WriteString("# What attackers try\n\nPrinted from `cmd/house/attacks*.go`. Each line has tests that fail if what stands against it is taken away: `go test ./idp/oauth -run TestCodeReplayEndsTheFamily`. A test that is named here and is not there fails `make test`.\n")
	for _, s := range attacks {
		fmt.Fprintf(&b, "\n## %s\n| what is tried | what stands against it | tests |\n|---|---|---|\n", s.title)
		for _, a := range s.attacks {
			shown := codes(a.tests)
			if len(a.tests) == 0 {
				shown = "–"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", a.try, a.against, shown)
		}
	}
	return b.String()
}
