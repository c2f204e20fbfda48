package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"lanyard/cmd/lanyard/recipe"
)

// cook sets the flags that a recipe is made of where the caller wrote none. It
// returns the recipe's name; empty if none was asked for.
func (h *house) cook() (string, error) {
	name := h.text("recipe")
	if name == "" {
		for _, flag := range []string{"url", "source"} {
			if h.given(flag) {
				return "", fmt.Errorf("--%s goes with --recipe", flag)
			}
		}
		return "", nil
	}
	r, err := recipe.Find(name)
	if err != nil {
		return "", fmt.Errorf("--recipe: %w", err)
	}
	flags, err := r.Flags(h.text("url"), h.text("source"))
	if err != nil {
		return "", err
	}
	written := map[string]bool{}
	for _, f := range flags {
		if _, known := written[f.Name]; !known {
			written[f.Name] = h.given(f.Name)
		}
		if !written[f.Name] {
			must(h.cmd.Flags().Set(f.Name, f.Value))
		}
	}
	return r.Name, nil
}

// recipeView is a recipe for a program that reads.
type recipeView struct {
	Name    string        `json:"name"`
	Title   string        `json:"title"`
	Example string        `json:"example"`
	Flags   []recipe.Flag `json:"flags"`
	Checked string        `json:"checked_against"`
	Run     string        `json:"run_in_tests,omitempty"`
}

func clientRecipes(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "recipes [NAME]", Short: "List the applications of others that Lanyard knows how to register", Args: need(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			h := &house{app: a, cmd: cmd}
			if len(args) == 1 {
				r, err := recipe.Find(args[0])
				if err != nil {
					return err
				}
				return h.showRecipe(r)
			}
			var views []recipeView
			for _, r := range recipe.All {
				views = append(views, viewRecipe(r))
			}
			if !a.json {
				defer h.say("\nlanyard client add ID --recipe NAME --url URL registers one; lanyard client recipes NAME says what that is.")
			}
			return table[recipeView]{
				head: []string{"recipe", "for", "run in tests"},
				row:  func(v recipeView) []string { return []string{v.Name, v.Title, v.Run} },
			}.print(h, views)
		},
	}
}

func viewRecipe(r recipe.Recipe) recipeView {
	return recipeView{Name: r.Name, Title: r.Title, Example: r.Command(), Flags: r.Example(), Checked: r.Checked, Run: r.Run}
}

func (h *house) showRecipe(r recipe.Recipe) error {
	v := viewRecipe(r)
	if h.json {
		return h.printJSON(v)
	}
	h.say("%s\n\nis the same as lanyard client add %s with", v.Example, v.Name)
	for _, f := range v.Flags {
		h.say("  --%s", f)
	}
	h.say("\nWhat to set there: docs/recipes/%s.md. Held against %s.%s", v.Name, v.Checked, yes(v.Run != "", " Run in tests: "+strings.TrimSpace(v.Run)+"."))
	return nil
}
