package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lanyard/claims"
)

// Problem is an error as an API tells it (RFC 9457). It says nothing that its
// reader should not know: words come from the fault table, or from the errors
// of claims that are written for people.
type Problem struct {
	Type     string            `json:"type"`
	Title    string            `json:"title"`
	Status   int               `json:"status"`
	Detail   string            `json:"detail,omitempty"`
	Instance string            `json:"instance,omitempty"` // the request id
	Fields   map[string]string `json:"fields,omitempty"`   // field at fault: what is wrong with it
	Missing  []MissingGate     `json:"missing,omitempty"`
}

// MissingGate is one gate that is not met: one of the badges is enough.
type MissingGate struct {
	AnyOf []MissingBadge `json:"any_of"`
}

// MissingBadge is a badge the caller could earn.
type MissingBadge struct {
	Badge   claims.Slug `json:"badge"`
	Name    string      `json:"name,omitempty"`
	Earn    string      `json:"earn,omitempty"`
	EarnURL string      `json:"earn_url,omitempty"`
}

// ProblemOf puts err into words for whoever made the request.
func ProblemOf(err error) Problem {
	f := FaultOf(err)
	p := Problem{Type: f.Type, Title: f.Title, Status: StatusOf(err), Detail: f.Text}
	if inv, ok := errors.AsType[*claims.Invalid](err); ok && inv.Field != "" {
		p.Fields = map[string]string{inv.Field: inv.Problem}
		p.Detail = inv.Error()
	}
	if ref, ok := errors.AsType[*claims.Refused](err); ok {
		p.Detail = ref.Error()
		p.Missing = MissingOf(ref.Missing)
	}
	if many, ok := errors.AsType[*claims.TooMany](err); ok {
		p.Detail = many.Error()
	}
	return p
}

// MissingOf returns what a decision or a refusal misses, for JSON.
func MissingOf(missing []claims.Missing) []MissingGate {
	var gates []MissingGate
	for _, m := range missing {
		g := MissingGate{AnyOf: []MissingBadge{}}
		for _, b := range m.AnyOf {
			g.AnyOf = append(g.AnyOf, MissingBadge{b.Slug, b.Name, b.Earn, b.EarnURL})
		}
		gates = append(gates, g)
	}
	return gates
}

// Fail answers with the problem that err is. Everything but the fault table's
// own kinds becomes 500 with the request id and nothing else; its text is in
// the request's log line only.
func Fail(w http.ResponseWriter, r *http.Request, err error) { FailAs(w, r, err, ProblemOf(err)) }

// FailAs is Fail with better words than ProblemOf has; the status is p's.
func FailAs(w http.ResponseWriter, r *http.Request, err error, p Problem) {
	p.Instance = RequestID(r.Context())
	FailHeaders(w, r, err)
	w.Header().Del("Content-Encoding")
	write(w, "application/problem+json", p.Status, p)
}

// FailHeaders sets what an answer to err carries beside its body, whatever
// form that has, and notes err for the request's log line: no-store,
// Retry-After, and WWW-Authenticate if none is set (RFC 9110, section 11.6.1).
func FailHeaders(w http.ResponseWriter, r *http.Request, err error) {
	Note(r.Context(), err)
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
	if d := RetryIn(err); d > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(d/time.Second)))
	}
	if StatusOf(err) == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") == "" {
		w.Header().Set("WWW-Authenticate", `Bearer realm="lanyard"`)
	}
}

// JSON answers with v. The answer is not stored by caches unless
// Cache-Control is set already.
func JSON(w http.ResponseWriter, status int, v any) { write(w, "application/json", status, v) }

func write(w http.ResponseWriter, kind string, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("answer of type %T: %w", v, err)) // a broken program
	}
	NoStore(w)
	h := w.Header()
	h["Content-Type"], h["Content-Length"] = []string{kind}, []string{strconv.Itoa(len(body))}
	w.WriteHeader(status)
	w.Write(body) // a client that went away is no fault of ours
}

// NoStore keeps the answer out of every cache (RFC 6749, section 5.1), unless
// Cache-Control is set already.
func NoStore(w http.ResponseWriter) {
	if h := w.Header(); len(h["Cache-Control"]) == 0 {
		h["Cache-Control"], h["Pragma"] = always.noStore, always.noCache
	}
}
