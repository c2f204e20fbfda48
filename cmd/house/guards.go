package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// What members have is handed out by claims.See alone (R60). Pages, and the
// front of applications, must not go past it: these are the packages that are
// held to that, and what they may not do.
var (
	guardedPackages = []string{"idp/admin", "idp/apps", "idp/portal", "idp/register"}

	// guardedFacts concern members; claims.Get and claims.All give them to anybody.
	guardedFacts = []string{"Member", "Profile", "Note", "Alias", "Award", "Assignment", "Affiliation", "Credential", "WiFiPass", "Waiver", "Request", "Client",
		"Result", "SignoffRequest", "Identity"}

	// guardedCalls are methods of claims.Directory and functions of claims
	// that tell of members whoever asks.
	guardedCalls = []string{
		"MemberByUsername", "MemberBySub", "UsernameTaken", "ProfileOf", "AwardsOf", "AssignmentsOf", "AffiliationsOf", "CredentialsOf",
		"PassesOf", "WaiversOf", "RequestsOf", "CredentialByLookup", "PassByLogin", "Holders", "Holds", "TokenClaims", "StateAt", "Spell", "WhoCan",
		"Progress", "ResultsOf", "SignoffsOf", "OpenSignoffs", "IdentitiesOf", "IdentityByUser",
	}

	// unguarded are the exceptions, each with its reason.
	unguarded = map[string]string{
		"idp/portal/badge.go: claims.Holds":            "until when somebody has a badge, of those View.Holders names and of the member themself",
		"idp/portal/home.go: claims.TokenClaims":       "about the member whose page it is",
		"idp/portal/apps.go: claims.Get[Client]":       "the name of an application the member gave consent to",
		"idp/apps/caller.go: claims.Get[Client]":       "who calls, as it is now",
		"idp/apps/caller.go: dir.MemberByUsername":     "by the name that the caller is shown, or by none",
		"idp/apps/changes.go: claims.Get[Member]":      "for who members are to the caller, nothing else",
		"idp/apps/outcome.go: claims.Get[Member]":      "the same",
		"idp/apps/subjects.go: claims.All[Member]":     "the same, the other way round",
		"idp/apps/subjects.go: d.MemberBySub":          "the same",
		"idp/apps/tree.go: claims.Get[Member]":         "whether whom a grant names is there",
		"idp/apps/whocan.go: claims.Get[Member]":       "who members are to the caller, with names if its scopes show them",
		"idp/apps/whocan.go: claims.WhoCan":            "of a right in the caller's own tree",
		"idp/admin/apps.go: claims.Get[Client]":        "with its secrets' hashes, to be tried or put back changed; View.Client let the caller see it",
		"idp/admin/apps_recipe.go: claims.Get[Client]": "whether a name is taken",
		"idp/admin/apps_form.go: claims.Get[Client]":   "as it is kept, beside what a form makes of it, and whether a name is taken",
		"idp/admin/lists.go: claims.All[Client]":       "how many there are, for who manages /admin",
		"idp/register/create.go: claims.Get[Client]":   "what came of the request itself",
		"idp/register/manage.go: claims.Get[Client]":   "who calls, proved by the token of its registration",
	}
)

// unguardedReads lists what the guarded packages read of members past the
// guard, and the exceptions that nothing needs any more.
func unguardedReads(root string) ([]string, error) {
	var wrong []string
	used := map[string]bool{}
	for _, dir := range guardedPackages {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for at, what := range readsOf(file) {
				key := dir + "/" + filepath.Base(path) + ": " + what
				if used[key] = true; unguarded[key] == "" {
					wrong = append(wrong, fmt.Sprintf("%s:%d reads %s past the guard: ask claims.See, or give a reason in cmd/house/guards.go", key, files.Position(at).Line, what))
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for key := range unguarded {
		if !used[key] {
			wrong = append(wrong, key+" is an exception that nothing needs")
		}
	}
	slices.Sort(wrong)
	return wrong, nil
}

// readsOf finds what a file reads of members, by where it does.
func readsOf(file *ast.File) map[token.Pos]string {
	found := map[token.Pos]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IndexExpr: // claims.Get[claims.Member]
			of, ok := n.X.(*ast.SelectorExpr)
			fact, isFact := n.Index.(*ast.SelectorExpr)
			if ok && isFact && (of.Sel.Name == "Get" || of.Sel.Name == "All") && slices.Contains(guardedFacts, fact.Sel.Name) {
				found[n.Pos()] = fmt.Sprintf("%s.%s[%s]", last(of.X), of.Sel.Name, fact.Sel.Name)
			}
		case *ast.SelectorExpr:
			from := last(n.X)
			guard := from == "see" || from == "page" // a View; what a page shows
			if !guard && slices.Contains(guardedCalls, n.Sel.Name) {
				found[n.Pos()] = from + "." + n.Sel.Name
			}
		}
		return true
	})
	return found
}

// last is the last name of a chain such as v.see.
func last(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.CallExpr:
		return last(x.Fun) + "()"
	}
	return "…"
}
