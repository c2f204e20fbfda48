package doors

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// shown is a request as schema/decide-request.json has it.
type shown struct {
	Cred  record.Secret `json:"cred"`  // a card's number or a pass; never logged
	At    int64         `json:"at"`    // the device's clock: checked, not kept; the server's decides
	Nonce string        `json:"nonce"` // sent back, so that a device can tell answers apart
}

const (
	maxCred  = 256
	maxNonce = 64
)

// readRequest reads a request of a device, whose type must be application/json.
func readRequest(r *http.Request) (shown, error) {
	body, err := web.ReadJSONBody(r, MaxBody)
	if err != nil {
		return shown{}, err
	}
	return parseRequest(body)
}

// parseRequest reads one JSON object as its schema has it. What is wrong with
// it quotes nothing of it, which may be a card's number in the wrong place.
func parseRequest(body []byte) (shown, error) {
	var s shown
	err := web.DecodeJSON(body, &s)
	if bad, ok := errors.AsType[*claims.Invalid](err); ok && bad.Field == "body" {
		return s, &claims.Invalid{Field: "body", Problem: "is not one JSON object with cred and, if need be, at and nonce"}
	}
	switch {
	case err != nil:
		return s, err
	case s.Cred == "" || len(s.Cred) > maxCred:
		return s, &claims.Invalid{Field: "cred", Problem: fmt.Sprintf("must be there, a text of 1 to %d characters", maxCred)}
	case s.At < 0:
		return s, &claims.Invalid{Field: "at", Problem: "must be whole seconds since 1970"}
	case len(s.Nonce) > maxNonce || strings.ContainsFunc(s.Nonce, notNonce):
		return s, &claims.Invalid{Field: "nonce", Problem: fmt.Sprintf("must be at most %d letters, digits, and . _ ~ -", maxNonce)}
	}
	return s, nil
}

func notNonce(c rune) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("._~-", c))
}
