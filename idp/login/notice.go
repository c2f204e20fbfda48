package login

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// seenFor is how long a browser counts as one that a member uses. What it is
// called decides ("Firefox on Linux"), and no version of it: a browser that
// updates itself is the same one, and so is the same kind of browser in a
// thief's hands.
const seenFor = 90 * 24 * time.Hour

// unseen tells whether r comes from a browser that a member had no session in
// lately. If that cannot be told, it is not.
func (l *Login) unseen(r *http.Request, m claims.MemberID) bool {
	if l.Notice == nil {
		return false
	}
	agents, err := l.Store.AgentsOf(r.Context(), m, l.Now().Add(-seenFor))
	if err != nil {
		web.Note(r.Context(), fmt.Errorf("browsers before: %w", err))
		return false
	}
	here := web.Browser(cut(r.UserAgent()))
	return !slices.ContainsFunc(agents, func(agent string) bool { return web.Browser(agent) == here })
}

// notice writes to a member of what was just done from r. What was done is not
// undone if that fails.
func (l *Login) notice(r *http.Request, m claims.MemberID, kind record.MailKind) {
	if l.Notice == nil || kind == "" {
		return
	}
	n := record.Notice{Kind: kind, Member: m, At: l.Now(), Address: web.ClientAddr(r).String(), Browser: web.Browser(cut(r.UserAgent()))}
	if err := l.Notice(context.WithoutCancel(r.Context()), n); err != nil {
		web.Note(r.Context(), fmt.Errorf("notice %s: %w", kind, err))
	}
}

// ended is what is written when a factor is ended.
var ended = map[record.FactorKind]record.MailKind{record.FactorTOTP: record.MailAppEnded, record.FactorPasskey: record.MailPasskeyEnded}

// kind is what kind of factor an id of the owner's is.
func (o owner) kind(id string) record.FactorKind {
	i := slices.IndexFunc(o.factors, func(f record.Factor) bool { return f.ID == id })
	if i < 0 {
		return ""
	}
	return o.factors[i].Kind
}
