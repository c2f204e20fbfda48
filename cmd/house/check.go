package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// check holds the tree against its own rules and lists every breach.
func check(root string) error {
	wrong := 0
	complain := func(format string, args ...any) {
		wrong++
		fmt.Printf("  "+format+"\n", args...)
	}
	if out, err := exec.Command("gofmt", "-l", "claims", "cmd", "idp", "migrations", "radius", "templates").CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		complain("gofmt would change: %s", strings.Join(strings.Fields(string(out)), " "))
	}
	if out, err := exec.Command("go", "mod", "tidy", "-diff").CombinedOutput(); err != nil {
		complain("go mod tidy would change go.mod or go.sum:\n%s", out)
	}
	stale, err := staleTemplates(root)
	if err != nil {
		return err
	}
	for _, name := range stale {
		complain("%s is not what its .templ file makes: run make generate", name)
	}
	pages, err := staleDocs(root)
	if err != nil {
		return err
	}
	for _, name := range pages {
		complain("%s is not what the code says: run make docs", name)
	}
	if err := vet([]string{"./..."}); err != nil {
		complain("%v", err)
	}
	if wrong > 0 {
		return fmt.Errorf("%d things to mend", wrong)
	}
	fmt.Println("formatting, go.mod, templates, docs and vet are in order")
	return nil
}

// staleTemplates generates the templates anew in a copy and compares.
func staleTemplates(root string) ([]string, error) {
	tmp, err := os.MkdirTemp("", "lanyard-templates-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	dir := filepath.Join(root, "templates")
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".templ") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(tmp, filepath.Base(path)), text, 0o644)
	})
	if err != nil {
		return nil, err
	}
	if out, err := exec.Command("go", "tool", "templ", "generate", "-path", tmp).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("templ generate: %w\n%s", err, out)
	}
	var stale []string
	made, err := filepath.Glob(filepath.Join(tmp, "*_templ.go"))
	for _, path := range made {
		want, _ := os.ReadFile(path)
		have, err := os.ReadFile(filepath.Join(dir, filepath.Base(path)))
		if err != nil || !bytes.Equal(want, have) {
			stale = append(stale, "templates/"+filepath.Base(path))
		}
	}
	return stale, err
}
