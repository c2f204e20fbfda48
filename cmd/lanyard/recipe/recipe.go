// Package recipe knows how other people's applications are registered: where
// they are answered, what they ask for, how they prove themselves. A recipe is
// a list of flags of `lanyard client add`, which cmd/lanyard sets where the
// caller wrote none; the pages in docs/recipes are printed from the same data,
// so that neither can say something else than what is done.
package recipe

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Recipe is how one application is registered.
type Recipe struct {
	Name   string // of the recipe, and of its page
	Title  string // what members read
	URL    string // an example of where the application is; empty: it is on people's own machines
	Source string // what the application calls Lanyard in its redirect address, unless said otherwise
	Ask    string // what {source} is, if nobody can know it beforehand: then it has to be said

	Redirects []string // with {url}, {origin} and {source} in them
	Logouts   []string
	Grants    []string // none: authorization_code alone
	Scopes    []string
	Auth      string
	Alg       string // of ID tokens; RS256 unless the application reads another by default
	NoPKCE    bool   // it sends no code challenge
	Always    bool   // groups come without the scope, which the application cannot be told to ask for
	See       []string
	Names     []string // templates for the names of groups, as tag={name}

	Checked string // the documentation or source it was held against
	Run     string // the version that a test runs against Lanyard; empty: none does
}

// Flag is one flag of `lanyard client add`.
type Flag struct{ Name, Value string }

// Find returns a recipe by its name.
func Find(name string) (Recipe, error) {
	for _, r := range All {
		if r.Name == name {
			return r, nil
		}
	}
	return Recipe{}, fmt.Errorf("there is no recipe %q; there are %s", name, strings.Join(Names(), ", "))
}

// Names lists the recipes.
func Names() []string {
	var names []string
	for _, r := range All {
		names = append(names, r.Name)
	}
	return names
}

// Flags returns what registers the application at address, which calls Lanyard
// source (empty: as the recipe says). The error is a sentence that names the
// flag it is about.
func (r Recipe) Flags(address, source string) ([]Flag, error) {
	origin, err := r.checkURL(address)
	if err != nil {
		return nil, err
	}
	if source, err = r.checkSource(source); err != nil {
		return nil, err
	}
	fill := strings.NewReplacer("{url}", strings.TrimSuffix(address, "/"), "{origin}", origin, "{source}", source)
	flags := []Flag{{"name", r.Title}}
	list := func(name string, values []string) {
		for _, v := range values {
			flags = append(flags, Flag{name, fill.Replace(v)})
		}
	}
	list("redirect", r.Redirects)
	list("logout-redirect", r.Logouts)
	list("grant", r.Grants)
	list("scope", r.Scopes)
	list("auth", []string{r.Auth})
	list("id-token-alg", []string{r.Alg})
	if r.Always {
		list("always-groups", []string{"true"})
	}
	if r.NoPKCE {
		list("pkce-optional", []string{"true"})
	}
	list("see", r.See)
	list("names", r.Names)
	return flags, nil
}

// checkURL returns the origin of the application's address.
func (r Recipe) checkURL(address string) (origin string, err error) {
	if r.URL == "" {
		if address != "" {
			return "", fmt.Errorf("--url: %s runs on people's own machines, and is answered there", r.Title)
		}
		return "", nil
	}
	if address == "" {
		return "", fmt.Errorf("--url: say where %s is, as --url %s", r.Title, r.URL)
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return "", fmt.Errorf("--url %q: it must be an address such as %s", address, r.URL)
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.ContainsAny(address, "#,\" "):
		return "", fmt.Errorf("--url %s: a scheme, a host and perhaps a path, no user, comma, question mark or #", address)
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return "", fmt.Errorf("--url %s: it must begin with https://; plain http is for loopback addresses", address)
	}
	return u.Scheme + "://" + u.Host, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// checkSource returns what {source} stands for.
func (r Recipe) checkSource(source string) (string, error) {
	uses := slices.ContainsFunc(append(r.Redirects, r.Logouts...), func(a string) bool { return strings.Contains(a, "{source}") })
	switch {
	case source != "" && !uses:
		return "", fmt.Errorf("--source: the redirect address of %s holds no name", r.Title)
	case strings.ContainsAny(source, "/?#%, ") || strings.ContainsFunc(source, func(c rune) bool { return c <= ' ' || c > '~' }):
		return "", fmt.Errorf("--source %q: it must be as it stands in the redirect address", source)
	case source != "":
		return source, nil
	case uses && r.Source == "":
		return "", fmt.Errorf("--source: say %s", r.Ask)
	}
	return r.Source, nil
}
