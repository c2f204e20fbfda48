package doors

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
)

// shown is a request as schema/decide-request.json has it.
type shown struct {
	cred  record.Secret // a card's number or a pass; never logged
	nonce string        // sent back, so that a device can tell answers apart
}

const (
	maxCred  = 256
	maxNonce = 64
)

// readRequest reads one JSON object of known fields, each at most once, and
// nothing after it. The names are exact.
func readRequest(body io.Reader) (shown, error) {
	var s shown
	dec := json.NewDecoder(body)
	dec.UseNumber()
	if err := delim(dec, '{'); err != nil {
		return s, err
	}
	seen := make(map[string]bool, 3)
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return s, badJSON(err)
		}
		field, _ := name.(string)
		if seen[field] {
			return s, &claims.Invalid{Field: field, Problem: "is there twice"}
		}
		seen[field] = true
		value, err := dec.Token()
		if err != nil {
			return s, badJSON(err)
		}
		if err := s.set(field, value); err != nil {
			return s, err
		}
	}
	if err := delim(dec, '}'); err != nil {
		return s, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return s, &claims.Invalid{Field: "body", Problem: "goes on after the object"}
	}
	if s.cred == "" {
		return s, &claims.Invalid{Field: "cred", Problem: "is missing"}
	}
	return s, nil
}

// set takes one field.
func (s *shown) set(field string, value json.Token) error {
	switch field {
	case "cred":
		text, ok := value.(string)
		if !ok || text == "" || len(text) > maxCred {
			return &claims.Invalid{Field: "cred", Problem: fmt.Sprintf("must be a text of 1 to %d characters", maxCred)}
		}
		s.cred = record.Secret(text)
	case "at":
		// The server's clock decides; the device's is checked and not kept.
		n, _ := value.(json.Number)
		if at, err := n.Int64(); err != nil || at < 0 {
			return &claims.Invalid{Field: "at", Problem: "must be whole seconds since 1970"}
		}
	case "nonce":
		text, ok := value.(string)
		if !ok || len(text) > maxNonce || strings.ContainsFunc(text, notNonce) {
			return &claims.Invalid{Field: "nonce", Problem: fmt.Sprintf("must be at most %d letters, digits, and . _ ~ -", maxNonce)}
		}
		s.nonce = text
	default:
		return &claims.Invalid{Field: "body", Problem: "holds a field that is none of cred, at, nonce"}
	}
	return nil
}

func notNonce(c rune) bool {
	return !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("._~-", c))
}

// delim reads one delimiter.
func delim(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if err != nil {
		return badJSON(err)
	}
	if t != want {
		return &claims.Invalid{Field: "body", Problem: "must be one JSON object"}
	}
	return nil
}

// badJSON is the fault of a body that cannot be read. The decoder's words may
// quote it, so they stay here.
func badJSON(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge
	}
	return &claims.Invalid{Field: "body", Problem: "is not JSON"}
}
