package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
)

const module = "lanyard"

// mayImport is the diagram of the house: which of this module's packages a
// package may import, outside its tests. A package that is not here must not
// exist; "*" is everything. TestImportsFollowTheMap holds it against the code.
var mayImport = map[string][]string{
	"claims":     {},
	"migrations": {},
	"templates":  {"claims"},

	"radius":       {"claims"},
	"radius/probe": {},

	"idp/record":          {"claims"},
	"idp/outbound":        {"claims"},
	"idp/web":             {"claims", "idp/record"},
	"idp/keys":            {"claims", "idp/record"},
	"idp/login":           {"claims", "idp/record", "idp/web", "templates"},
	"idp/portal":          {"claims", "idp/record", "idp/web", "templates"},
	"idp/admin":           {"claims", "idp/record", "idp/web", "templates"},
	"idp/apps":            {"claims", "idp/record", "idp/web", "idp/keys"},
	"idp/feeds":           {"claims", "idp/record", "idp/web", "templates"},
	"idp/doors":           {"claims", "idp/record", "idp/web", "idp/keys"},
	"idp/oauth":           {"claims", "idp/record", "idp/web", "idp/keys", "templates"},
	"idp/register":        {"claims", "idp/record", "idp/web"},
	"idp/schematest":      {},
	"idp/store":           {"claims", "idp/record", "migrations"},
	"idp/store/storetest": {"claims", "idp/record", "idp/store"},
	"idp":                 {"claims", "templates", "idp/record", "idp/web", "idp/keys", "idp/login", "idp/portal", "idp/admin", "idp/apps", "idp/doors", "idp/oauth", "idp/register"},

	"cmd/lanyard":              {"*"},
	"cmd/lanyard/certificate":  {},
	"cmd/lanyard/config":       {"idp/outbound", "idp/record", "cmd/lanyard/tomlfile"},
	"cmd/lanyard/organisation": {"claims", "idp/record", "idp/keys", "cmd/lanyard/tomlfile"},
	"cmd/lanyard/demo":         {},
	"cmd/lanyard/tomlfile":     {},
	"cmd/lanyard/recipe":       {},
	"cmd/lanyard/e2e":          {}, // tests alone
	"cmd/lanyard/tour":         {"radius/probe"},
	"cmd/lanyard/wiki":         {},
	"cmd/house":                {"claims", "idp", "idp/web", "cmd/lanyard/config", "cmd/lanyard/recipe"},
}

// pure are the packages of the standard library that claims stays clear of:
// it reads no clock, network, file or database and draws no random number.
// crypto/rand and math/rand are covered by their last part.
var pure = []string{"net", "os", "database", "context", "math/rand", "crypto/rand", "log", "io/ioutil", "syscall"}

// owners says, for each module that is not ours, the one package that may
// import it outside tests (several where the first word of a comment says
// why). A module that is not here may be imported by tests only.
var owners = map[string][]string{
	"github.com/ory/fosite":           {"idp/oauth"},
	"github.com/go-jose/go-jose/v3":   {"idp/oauth"}, // fosite's own major, for its types
	"github.com/go-jose/go-jose/v4":   {"idp/keys", "idp/oauth"},
	"github.com/a-h/templ":            {"templates"},
	"github.com/jackc/pgx/v5":         {"idp/store", "idp/store/storetest"},
	"modernc.org/sqlite":              {"idp/store", "idp/store/storetest"},
	"layeh.com/radius":                {"radius", "radius/probe"},
	"golang.org/x/crypto":             {"idp/keys", "idp/login", "cmd/lanyard/certificate"},
	"golang.org/x/time":               {"idp/oauth", "idp/login", "idp/web", "idp/doors", "radius"},
	"golang.org/x/net":                {"cmd/lanyard/tour"},
	"golang.org/x/text":               {"claims"},
	"github.com/pquerna/otp":          {"idp/login"},
	"github.com/boombuler/barcode":    {"idp/login"},
	"github.com/go-webauthn/webauthn": {"idp/login"},
	"github.com/wneessen/go-mail":     {"idp/feeds"},
	"github.com/spf13/cobra":          {"cmd/lanyard"},
	"github.com/pelletier/go-toml/v2": {"cmd/lanyard/tomlfile"},
	"github.com/coreos/go-oidc/v3":    {"cmd/lanyard/wiki", "cmd/lanyard/tour"},
	"golang.org/x/oauth2":             {"cmd/lanyard/wiki", "cmd/lanyard/tour"},
}

// testOnly are the modules that tests may import anywhere.
var testOnly = []string{
	"pgregory.net/rapid", "github.com/pquerna/otp", "github.com/google/go-cmp", "github.com/chromedp/chromedp", "github.com/chromedp/cdproto",
	"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2", "github.com/jackc/pgx/v5", "layeh.com/radius", "github.com/go-jose/go-jose/v3", "github.com/go-jose/go-jose/v4",
}

// imported is what one package imports.
type imported struct {
	code, tests []string // import paths, sorted, each once
}

// otherModule tells whether a folder is a module of its own, which go.mod puts
// in another's place.
func otherModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// scan reads the imports of every package below root, by folder.
func scan(root string) (map[string]imported, error) {
	found := map[string]imported{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "var" || otherModule(path)) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		p := found[filepath.ToSlash(dir)]
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if strings.HasSuffix(path, "_test.go") {
				p.tests = append(p.tests, name)
			} else {
				p.code = append(p.code, name)
			}
		}
		found[filepath.ToSlash(dir)] = p
		return nil
	})
	for dir, p := range found {
		slices.Sort(p.code)
		slices.Sort(p.tests)
		found[dir] = imported{slices.Compact(p.code), slices.Compact(p.tests)}
	}
	return found, err
}

// breaches lists what the imports of found do that the map does not allow.
func breaches(found map[string]imported) []string {
	var wrong []string
	for dir, p := range found {
		may, known := mayImport[dir]
		if !known {
			wrong = append(wrong, fmt.Sprintf("%s is not in the import map of cmd/house/imports.go", dir))
			continue
		}
		if strings.HasSuffix(dir, "test") { // a suite for tests to run, such as storetest
			p.tests, p.code = slices.Concat(p.tests, p.code), nil
		}
		for _, name := range p.code {
			if why := breach(dir, name, may); why != "" {
				wrong = append(wrong, why)
			}
		}
		for _, name := range p.tests {
			if m := thirdParty(name); m != "" && !slices.Contains(testOnly, m) && !slices.Contains(owners[m], dir) {
				wrong = append(wrong, fmt.Sprintf("a test of %s imports %s, which is not on the list of test modules", dir, m))
			}
		}
	}
	sort.Strings(wrong)
	return wrong
}

func breach(dir, name string, may []string) string {
	if ours, ok := strings.CutPrefix(name, module+"/"); ok {
		if !slices.Contains(may, ours) && !slices.Contains(may, "*") {
			return fmt.Sprintf("%s imports %s, which the map does not allow", dir, ours)
		}
		return ""
	}
	if m := thirdParty(name); m != "" {
		if !slices.Contains(owners[m], dir) {
			return fmt.Sprintf("%s imports %s, which belongs to %s", dir, m, strings.Join(owners[m], ", "))
		}
		return ""
	}
	if dir == "claims" {
		for _, p := range pure {
			if name == p || strings.HasPrefix(name, p+"/") {
				return fmt.Sprintf("claims imports %s: it must stay pure", name)
			}
		}
	}
	return ""
}

// thirdParty returns the module of an import path that is neither ours nor
// the standard library's, or "".
func thirdParty(name string) string {
	first, _, _ := strings.Cut(name, "/")
	if !strings.Contains(first, ".") {
		return ""
	}
	for _, list := range [][]string{testOnly, moduleNames()} {
		for _, m := range list {
			if name == m || strings.HasPrefix(name, m+"/") {
				return m
			}
		}
	}
	return name
}

func moduleNames() []string {
	names := make([]string, 0, len(owners))
	for m := range owners {
		names = append(names, m)
	}
	return names
}

// longestChain returns the longest line of imports among our packages.
func longestChain(found map[string]imported) []string {
	memo := map[string][]string{}
	var walk func(dir string) []string
	walk = func(dir string) []string {
		if c, ok := memo[dir]; ok {
			return c
		}
		memo[dir] = []string{dir} // cuts a cycle, which the compiler refuses anyway
		best := []string{dir}
		for _, name := range found[dir].code {
			if ours, ok := strings.CutPrefix(name, module+"/"); ok {
				if c := walk(ours); len(c)+1 > len(best) {
					best = append([]string{dir}, c...)
				}
			}
		}
		memo[dir] = best
		return best
	}
	var longest []string
	for dir := range found {
		if c := walk(dir); len(c) > len(longest) {
			longest = c
		}
	}
	return longest
}

// importsPage prints the map for docs/architecture.md's neighbour.
func importsPage() string {
	var b strings.Builder
	b.WriteString("# Who may import whom\n\nPrinted from `cmd/house/imports.go`, which a test holds against the code.\n\n| package | may import |\n|---|---|\n")
	for _, dir := range sortedKeys(mayImport) {
		may := strings.Join(mayImport[dir], ", ")
		switch may {
		case "":
			may = "nothing of ours"
		case "*":
			may = "everything"
		}
		fmt.Fprintf(&b, "| `%s` | %s |\n", dir, may)
	}
	b.WriteString("\n## Whose module is it\n\n| module | imported by |\n|---|---|\n")
	for _, m := range sortedKeys(owners) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", m, strings.Join(owners[m], ", "))
	}
	fmt.Fprintf(&b, "\nTests only: `%s`.\n", strings.Join(testOnly, "`, `"))
	return b.String()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
