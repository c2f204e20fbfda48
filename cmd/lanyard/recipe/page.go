package recipe

import (
	"fmt"
	"strings"
)

// exampleKey stands in for a {source} that nobody can know beforehand.
const exampleKey = "0b6e0c8e-58a4-4b8e-9d36-3f7a2c9f1e10"

// String writes a flag as a shell reads it.
func (f Flag) String() string {
	switch {
	case f.Value == "true":
		return f.Name
	case strings.Contains(f.Value, "'"):
		return f.Name + ` "` + f.Value + `"`
	case strings.ContainsAny(f.Value, "*?{ &"):
		return f.Name + " '" + f.Value + "'"
	}
	return f.Name + " " + f.Value
}

// Example returns the flags for the example address.
func (r Recipe) Example() []Flag {
	flags, err := r.Flags(r.URL, r.exampleSource())
	if err != nil {
		panic("recipe " + r.Name + ": " + err.Error())
	}
	return flags
}

func (r Recipe) exampleSource() string {
	if r.Ask == "" {
		return ""
	}
	return exampleKey
}

// Command is the command for the example address.
func (r Recipe) Command() string {
	c := "lanyard client add " + r.Name + " --recipe " + r.Name
	if r.URL != "" {
		c += " --url " + r.URL
	}
	if r.Ask != "" {
		c += " --source " + exampleKey
	}
	return c
}

// The marks between which a page of docs/recipes is printed from a recipe.
const (
	begin = "<!-- printed from the recipe -->"
	end   = "<!-- until here -->"
)

// Print returns a page with what stands between its marks printed anew. A page
// without marks is an error.
func (r Recipe) Print(page string) (string, error) {
	head, rest, ok := strings.Cut(page, begin+"\n")
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return "", fmt.Errorf("docs/recipes/%s.md lacks the line %q or %q", r.Name, begin, end)
	}
	return head + begin + "\n" + r.block() + end + tail, nil
}

func (r Recipe) block() string {
	var b strings.Builder
	run := "Not run by our tests."
	if r.Run != "" {
		run = "Run by our tests: " + r.Run + "."
	}
	fmt.Fprintf(&b, "Held against %s. %s\n\n```sh\n%s\n```\n\nis the same as `lanyard client add %s` with\n\n```\n", r.Checked, run, r.Command(), r.Name)
	for _, f := range r.Example() {
		fmt.Fprintf(&b, "--%s\n", f)
	}
	b.WriteString("```\n\nFlags that you write yourself are stronger")
	switch {
	case r.Ask != "":
		b.WriteString("; `--source` is " + r.Ask)
	case r.Source != "":
		fmt.Fprintf(&b, "; `--source` is what it calls Lanyard, if not `%s`", r.Source)
	}
	b.WriteString(". ")
	if r.Auth != public {
		b.WriteString("The command shows the secret once. ")
	}
	b.WriteString("`--see` says which groups it is told of.\n")
	return b.String()
}

// Index is docs/recipes/README.md.
func Index() string {
	var b strings.Builder
	b.WriteString("# Recipes\n\nPrinted from `cmd/lanyard/recipe`. `lanyard client recipes` lists them, too, and the page that adds an application fills its form in from them. Put your own addresses in place of `https://id.example.org`, which is Lanyard, and of the application's; `lanyard client try ID MEMBER` shows what it will be told of somebody, and `lanyard claims MEMBER` what groups there are.\n\n| recipe | for | held against | run by our tests |\n|---|---|---|---|\n")
	for _, r := range All {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s | %s |\n", r.Name, r.Name, r.Title, r.Checked, r.Run)
	}
	b.WriteString("\nAn application of your own that asks for decisions instead of signing people in: [applications.md](applications.md). With a library of your own choice: Go's `go-oidc` signs people in to the demo's wiki, and Node's `openid-client` in a test, by a redirect and pushed ahead ([openid-client.mjs](../../cmd/lanyard/e2e/testdata/node/openid-client.mjs)); `--redirect` is all they need to be registered with.\n")
	return b.String()
}
