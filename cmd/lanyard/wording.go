package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/cmd/lanyard/organisation"
	"lanyard/cmd/lanyard/tomlfile"
)

// worded is a fault in the words of who wrote the command.
type worded struct {
	text string
	err  error
}

func (w worded) Error() string { return w.text }

// Unwrap makes the fault itself, and its kind, be found.
func (w worded) Unwrap() error { return w.err }

// inWords says a fault of a plan without what the command said already: flags
// and names stand for the fields and ids of the domain.
func (h *house) inWords(err error) error {
	var faulty *claims.Faulty
	if !errors.As(err, &faulty) {
		return err
	}
	text := faulty.Err.Error()
	for _, kind := range claims.Faults {
		text = strings.TrimPrefix(text, kind.Error()+": ")
	}
	var wrong *claims.Invalid
	if errors.As(faulty.Err, &wrong) && text == wrong.Error() {
		text = h.flagOf(wrong.Field) + wrong.Problem
	}
	text = longNames.Replace(text)
	text = anyID.ReplaceAllStringFunc(text, h.idName)
	text = notFound.ReplaceAllString(text, "there is no $1 $2")
	return worded{h.nextStep(text), err}
}

// longNames are what standards call what the command line has a short word for.
var longNames = strings.NewReplacer(claims.GrantTypeDevice, "device_code", claims.GrantTypeExchange, "token_exchange")

var (
	anyID        = regexp.MustCompile(`(member )?[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)
	notFound     = regexp.MustCompile(`^([a-z][a-z -]*) "([^"]*)": ` + claims.ErrNotFound.Error() + `$`)
	undefined    = regexp.MustCompile(`^(.*?)(?:\S+: )?there is no (tag|badge|client|type|object|period) "([^"]*)"; define it first$`)
	notDeclared  = regexp.MustCompile(`^(?:right: |--right: )?` + string(claims.ReasonRightNotDefined) + `: "([^"]*)" is declared neither at (\S+) nor above it$`)
	flagOfFields = map[string]string{
		"redirect_uris": "redirect", "post_logout_redirect_uris": "logout-redirect", "backchannel_logout_uri": "backchannel-logout",
		"grant_types": "grant", "scopes": "scope", "resources": "resource", "exchange_targets": "exchange-to", "sector_identifier_uri": "sector-uri",
		"token_endpoint_auth_signing_alg": "auth-alg", "filter.tags": "see", "filter.badges": "see", "filter.types": "see", "filter.objects": "see",
		"filter.cap": "cap", "filter.names": "names", "filter.rename": "rename", "starts": "from", "expires": "until", "ends": "until", "needs": "badge", "age": "membership-age",
	}
)

// flagOf is what a field's problem begins with: the flag that sets the field,
// if the command has one, or else the field.
func (h *house) flagOf(field string) string {
	flag, ok := flagOfFields[field]
	if !ok {
		flag = strings.ReplaceAll(field, "_", "-")
	}
	switch {
	case h.cmd.Flags().Lookup(flag) != nil:
		return "--" + flag + ": "
	case field == "subject", field == "thing": // which the problem repeats
		return ""
	}
	return field + ": "
}

// idName is what people call what has an id; perhaps "member " stands before it.
func (h *house) idName(text string) string {
	id := strings.TrimPrefix(text, "member ")
	if m, ok := claims.Get[claims.Member](h.dir(), id); ok && m.Username != "" {
		return m.Username
	}
	if path := h.pathName(claims.LocationID(id)); path != "" {
		return path
	}
	return text
}

// nextStep ends a fault with what to do about it, where that can be told.
func (h *house) nextStep(text string) string {
	if m := undefined.FindStringSubmatch(text); m != nil {
		what := strings.TrimSuffix(m[1], ": ")
		if what != "" {
			what += ": "
		}
		return what + notThere(m[2], m[3], h.known(m[2]), "lanyard "+m[2]+" add defines one").Error()
	}
	if m := notDeclared.FindStringSubmatch(text); m != nil {
		text = m[1] + " is declared neither at " + m[2] + " nor above it: "
		if near := tomlfile.Nearest(m[1], h.rightsAt(m[2])); near != "" {
			return text + "did you mean " + near + "?"
		}
		for r := range claims.All[claims.Right](h.dir()) {
			if at := h.pathName(r.At); string(r.Slug) == m[1] && r.Removed.IsZero() && strings.HasPrefix(at, m[2]+"/") {
				return text + "it is, below, at " + at
			}
		}
		if root := claims.Path(m[2]).Parts()[0]; !organisation.Reserved(claims.Path("/" + root)) {
			return text + "lanyard right add " + m[1] + " /" + string(root) + " declares it"
		}
		return text + "lanyard right list --core shows the rights there are"
	}
	return text
}

// known lists the names of one sort of thing.
func (h *house) known(what string) []string {
	switch what {
	case "type":
		return organisation.Names[claims.ObjectType](h.dir())
	case "period":
		return organisation.Names[claims.Period](h.dir())
	}
	for _, root := range []claims.Slug{"badges", "tags", "objects", "apps"} {
		if word, names, _ := organisation.StandsFor(h.dir(), root); word == what {
			return names
		}
	}
	return nil
}

// rightsAt lists the rights that are declared at a place or above it.
func (h *house) rightsAt(path string) []string {
	var all []string
	for r := range claims.All[claims.Right](h.dir()) {
		at := h.pathName(r.At)
		if r.Removed.IsZero() && (path == at || strings.HasPrefix(path, at+"/")) && !slices.Contains(everyRoot, r.Slug) {
			all = append(all, string(r.Slug))
		}
	}
	return all
}
