package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lanyard/cmd/lanyard/config"
	"lanyard/cmd/lanyard/recipe"
	"lanyard/idp"
)

// printed are the pages under docs/ that come from code.
func printed(root string) (map[string]string, error) {
	requirements, err := requirementsPage(root)
	if err != nil {
		return nil, err
	}
	var configuration strings.Builder
	if err := config.PrintDocs(&configuration); err != nil {
		return nil, err
	}
	pages := map[string]string{
		"docs/imports.md":       importsPage(),
		"docs/requirements.md":  requirements,
		"docs/attacks.md":       attacksPage(),
		"docs/routes.md":        idp.RoutesPage(),
		"docs/faults.md":        idp.FaultsPage(),
		"docs/configuration.md": configuration.String(),
	}
	return pages, recipePages(root, pages)
}

// recipePages adds the pages of docs/recipes, of which a part comes from the
// recipes that lanyard client add knows.
func recipePages(root string, pages map[string]string) error {
	pages["docs/recipes/README.md"] = recipe.Index()
	for _, r := range recipe.All {
		name := "docs/recipes/" + r.Name + ".md"
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return fmt.Errorf("every recipe has a page: %w", err)
		}
		if pages[name], err = r.Print(string(text)); err != nil {
			return err
		}
	}
	return nil
}

func writeDocs(root string) error {
	pages, err := printed(root)
	if err != nil {
		return err
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return err
		}
		fmt.Println("wrote", name)
	}
	return nil
}

// staleDocs names the printed pages that differ from what code says now.
func staleDocs(root string) ([]string, error) {
	pages, err := printed(root)
	if err != nil {
		return nil, err
	}
	var stale []string
	for _, name := range sortedKeys(pages) {
		have, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Equal(have, []byte(pages[name])) {
			stale = append(stale, name)
		}
	}
	return stale, nil
}
