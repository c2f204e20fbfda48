package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// requirement is one thing that was asked of Lanyard, by its number.
type requirement struct {
	n    int
	text string
}

// claimed are the requirements this version says it meets, at least along one
// path. TestEveryClaimedRequirementHasATest fails when one has no test whose
// name bears its number (TestR12…).
var claimed = []requirement{
	{1, "A door may require that a course was passed, in Moodle or in Canvas"},
	{2, "The requirement is set when a device is made or changed"},
	{3, "Badges are arbitrary, unlimited in number and can be linked to anything"},
	{4, "A member holds any number of badges and groups, with differing permissions"},
	{6, "A badge has a name, a description, how to earn it, and perhaps training it takes"},
	{7, "An award has a badge, a member, who gave it, when, and perhaps an end"},
	{8, "Expired awards count as not held, and can be renewed"},
	{10, "A device may require a badge; with none set there is no gate"},
	{11, "A swipe without the badge is denied, and says which badge is missing and how to earn it"},
	{12, "A swipe with the badge opens"},
	{13, "Board member can be a tag given by hand, whatever the membership tier"},
	{14, "Courses stand in a table of requirements, not on the badge"},
	{15, "A requirement has a badge, a name and perhaps a course, whose id is text"},
	{16, "There may be several learning environments, set up centrally"},
	{17, "Badges are awarded by hand or by themselves, authorise, and one can list who holds them"},
	{18, "One identity for wiki, git and the rest through OAuth 2"},
	{19, "WiFi by RADIUS follows membership"},
	{20, "Members are active or not by what they paid, and sign-in honours it"},
	{21, "No unix ids: identifiers are stable across hosts"},
	{22, "Devices have several protocols to choose from: HTTP, introspection, RADIUS"},
	{24, "Tags are predefined by an organiser and can be put on members and devices"},
	{25, "Notes about members are free text, for administrators only"},
	{26, "A badge may take an online course and a check in person"},
	{28, "Completion gives a badge automatically, or completion with a sign-off"},
	{35, "An exceptional body overrides one affiliation kind"},
	{42, "Usable from separate services"},
	{43, "Every function is checked on the server, on a direct URL too"},
	{44, "Who may see some members sees those, by list, search, export and id alike"},
	{45, "A change of who may do what takes effect everywhere at once"},
	{46, "One central function decides"},
	{47, "Rules look at rights, never at the name of a role"},
	{50, "One question, \"what may I do here?\", that menus follow"},
	{52, "A new application registers its own locations and rights, without a change here"},
	{53, "Rights are specific to locations"},
	{54, "One tree of all locations; a new application is a new node"},
	{55, "A right declared at a location is there in its subtree only"},
	{56, "Only places where something differs are stored"},
	{57, "\"May A do B at C\", walking up until a stop"},
	{58, "The stop is a flag of the location, which no caller gets around"},
	{59, "Hundreds of thousands of locations"},
	{60, "The guard stands where objects are read and changed, not in each front"},
	{61, "A right on an object is not one on its publication"},
	{62, "The whole world can be granted"},
	{63, "Which school year and term is current is said, and not read off the calendar"},
}

var testName = regexp.MustCompile(`^TestR(\d+)[A-Z_]`)

// shown maps a requirement's number to the tests that bear it, as "package.Test".
func shown(root string) (map[int][]string, error) {
	tests := map[int][]string{}
	all, err := testsIn(root)
	for _, name := range all {
		_, test, _ := strings.Cut(name, ".")
		if m := testName.FindStringSubmatch(test); m != nil {
			n, _ := strconv.Atoi(m[1])
			tests[n] = append(tests[n], name)
		}
	}
	return tests, err
}

// testsIn lists every test and fuzz test below root, as "package.Test".
func testsIn(root string) ([]string, error) {
	var tests []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir, _ := filepath.Rel(root, filepath.Dir(path))
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv == nil && (strings.HasPrefix(f.Name.Name, "Test") || strings.HasPrefix(f.Name.Name, "Fuzz")) {
				tests = append(tests, filepath.ToSlash(dir)+"."+f.Name.Name)
			}
		}
		return nil
	})
	slices.Sort(tests)
	return tests, err
}

// unshown returns the claimed requirements that no test bears the number of.
func unshown(tests map[int][]string) []requirement {
	var none []requirement
	for _, r := range claimed {
		if len(tests[r.n]) == 0 {
			none = append(none, r)
		}
	}
	return none
}

func requirementsPage(root string) (string, error) {
	tests, err := shown(root)
	if err != nil {
		return "", err
	}
	list := slices.Clone(claimed)
	sort.Slice(list, func(i, j int) bool { return list[i].n < list[j].n })
	var b strings.Builder
	b.WriteString("# Requirements and the tests that show them\n\nPrinted from test names (`TestR11…` shows R11) and from `cmd/house/requirements.go`.\nA requirement that is listed without a test fails `make test`.\n\n| | what is asked | shown by |\n|---|---|---|\n")
	for _, r := range list {
		fmt.Fprintf(&b, "| R%d | %s | %s |\n", r.n, r.text, codes(tests[r.n]))
	}
	return b.String(), nil
}

func codes(names []string) string {
	if len(names) == 0 {
		return "**none**"
	}
	return "`" + strings.Join(names, "`<br>`") + "`"
}
