// Command house keeps the project's own promises about itself: who may import
// whom, that docs printed from code are up to date, which requirement is
// shown by which test. Developers and CI run it through make; it is no part of
// what is installed.
package main

import (
	"fmt"
	"os"
)

const usage = `house test [-race] [PACKAGE ...]   run the tests, say what was left out and why
house docs                         reprint the docs that come from code
house check                        formatting, vet, generated code, docs, go.mod up to date
house imports                      print who imports whom`

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to do:\n%s", usage)
	}
	switch args[0] {
	case "test":
		return runTests(args[1:])
	case "docs":
		return writeDocs(".")
	case "check":
		return check(".")
	case "imports":
		fmt.Print(importsPage())
		return nil
	}
	return fmt.Errorf("%q is not something house does:\n%s", args[0], usage)
}
