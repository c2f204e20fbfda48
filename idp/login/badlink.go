package login

import (
	"errors"
	"net/http"

	"lanyard/claims"
	"lanyard/idp/web"
	"lanyard/templates"
)

// linkWords says what is the matter with a link, and what to do.
var linkWords = []struct {
	kind        error
	title, text string
}{
	{claims.ErrReplay, "This link was used already", "A link works once. If it was you, sign in with the password you chose. If it was not, " +
		"tell an organiser at once and ask for a new link."},
	{claims.ErrExpired, "This link has expired", "Links are good for a short while only. Ask whoever gave it to you for a new one."},
	{claims.ErrNotFound, "This link leads nowhere", "It may be cut off: copy the whole of it, to the last character. Else ask for a new one."},
	{claims.ErrConflict, "That name was just taken", "The link is used up now. Ask the operator for a new one and choose another username."},
}

// badLink shows what is the matter with a link as a page.
func (l *Login) badLink(w http.ResponseWriter, r *http.Request, err error) {
	for _, words := range linkWords {
		if errors.Is(err, words.kind) {
			web.FailHeaders(w, r, err)
			web.Page(w, r, web.StatusOf(err), templates.Error{Frame: l.frame(), Status: web.StatusOf(err), Title: words.title, Text: words.text,
				RequestID: web.RequestID(r.Context()), Back: templates.Link{Text: "Sign in", Path: "/login"}})
			return
		}
	}
	l.fail(w, r, err)
}
