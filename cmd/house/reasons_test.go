package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lanyard/claims"
)

// reasonConstants returns the text of every constant of type claims.Reason.
func reasonConstants(t *testing.T) []string {
	t.Helper()
	var all []string
	pkgs, err := parser.ParseDir(token.NewFileSet(), "../../claims", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range pkgs {
		ast.Inspect(pkg, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Reason" {
				return true
			}
			for _, v := range spec.Values {
				if lit, ok := v.(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(lit.Value)
					all = append(all, text)
				}
			}
			return true
		})
	}
	if len(all) < 10 {
		t.Fatalf("only %v were found in claims", all)
	}
	return all
}

// tabled returns the codes in the first column of the table of reason codes.
func tabled(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/model.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(page), "## Reason codes")
	if !ok {
		t.Fatal("docs/model.md has no table of reason codes")
	}
	var codes []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[1], -1) {
				codes = append(codes, m[1])
			}
		}
	}
	return codes
}

func TestTheModelPageListsEveryReason(t *testing.T) {
	var want []string
	for _, r := range reasonConstants(t) {
		switch claims.Reason(r) {
		case claims.ReasonCredential:
			want = append(want, r+"lost", r+"revoked", r+"expired", r+"spent")
		case claims.ReasonMember:
			for _, s := range claims.States {
				want = append(want, r+string(s))
			}
		default:
			want = append(want, r)
		}
	}
	got := tabled(t)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("docs/model.md lists the reasons\n%v\nclaims gives\n%v", got, want)
	}
}
