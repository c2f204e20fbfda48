package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

// TestEveryFactIsNamedWhereChangesTouch holds that what each kind of fact
// touches was thought about: one that is not named in claims/touched.go would
// make every application forget all it knows whenever one is written.
func TestEveryFactIsNamedWhereChangesTouch(t *testing.T) {
	pkgs, err := parser.ParseDir(token.NewFileSet(), "../../claims", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var facts, named []string
	for _, file := range pkgs["claims"].Files {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			of := typeNames(f.Recv.List[0].Type)
			switch {
			case f.Name.Name == "Key" && f.Type.Params.NumFields() == 0:
				facts = append(facts, of...)
			case f.Name.Name == "take" && slices.Equal(of, []string{"toucher"}):
				ast.Inspect(f, func(n ast.Node) bool {
					if c, ok := n.(*ast.CaseClause); ok {
						named = append(named, typeNames(c.List...)...)
					}
					return true
				})
			}
		}
	}
	if len(facts) < 30 || len(named) < 30 {
		t.Fatalf("found only the facts %v, and %v named", facts, named)
	}
	for _, f := range facts {
		if !slices.Contains(named, f) {
			t.Errorf("claims/touched.go does not say what a change of %s touches", f)
		}
	}
}

// typeNames returns the names among expressions that stand for types.
func typeNames(of ...ast.Expr) []string {
	var names []string
	for _, e := range of {
		if star, ok := e.(*ast.StarExpr); ok {
			e = star.X
		}
		if id, ok := e.(*ast.Ident); ok {
			names = append(names, id.Name)
		}
	}
	return names
}
