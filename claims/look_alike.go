package claims

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// lookAlike returns what names that are to count as one have in common: their
// compatible characters (Unicode, NFKC), whatever the case. Letters of two
// alphabets stay two, however they look.
func lookAlike(name string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name)))
}

// checkCalled takes a name of any alphabet by which somebody else's program
// knows a member: everything in it can be seen.
func checkCalled(field, name string) error {
	if err := checkLine(field, name, 255); err != nil {
		return err
	}
	if name == "" || strings.TrimSpace(name) != name || strings.HasPrefix(name, "#") {
		return invalid(field, "%q is empty, begins or ends with a space, or begins with a #", name)
	}
	for _, r := range name {
		if !unicode.IsGraphic(r) || unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
			return invalid(field, "holds %U, which nobody sees; write it without", r)
		}
	}
	return nil
}

// checkShown is checkLine for what members are called on pages. The joiners
// that some scripts are written with may stand in it, and nothing else that
// nobody sees: that turns around, or hides, what stands beside it.
func checkShown(field, s string, limit int) error {
	if err := checkLine(field, s, limit); err != nil {
		return err
	}
	for _, r := range s {
		if r != '\u200c' && r != '\u200d' && unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return invalid(field, "holds %U, which nobody sees; write it without", r)
		}
	}
	return nil
}
