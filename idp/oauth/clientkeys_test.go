package oauth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/outbound"
)

// remote proves client remote with a key.
func (w *world) remote(k signingKey) reply {
	w.t.Helper()
	return w.prove(PathToken, k.sign(k.alg, w.assertion("remote", nil), nil), forItself)
}

// fetched holds how often keys were fetched since the world began.
func (w *world) fetched(what string, want int) {
	w.t.Helper()
	if n := w.web.count(); n != want {
		w.t.Errorf("%s: fetched %d times, want %d", what, n, want)
	}
}

func (w *world) works(what string, r reply) {
	w.t.Helper()
	if r.status != 200 {
		w.t.Errorf("%s: %d %s", what, r.status, strings.TrimSpace(r.body))
	}
}

func TestFetchedKeysAreRemembered(t *testing.T) {
	w := newWorld(t)
	w.web.serve("", keySetOf(ecKey), nil)
	for range 5 {
		w.works("a known key", w.remote(ecKey))
	}
	w.fetched("in ten minutes", 1)
	w.advance(keysFresh)
	w.works("after that", w.remote(ecKey))
	w.fetched("after that", 2)
}

func TestUnknownKidFetchesOnceAMinute(t *testing.T) {
	w := newWorld(t)
	w.web.serve("application/jwk-set+json; charset=utf-8", keySetOf(ecKey), nil)
	w.works("the first key", w.remote(ecKey))
	w.web.serve("", keySetOf(ecKey, edKey), nil)
	w.is("a new key at once", w.remote(edKey), 401, "invalid_client")
	w.fetched("within the minute", 1)
	w.advance(keysAgain)
	w.works("a new key after a minute", w.remote(edKey))
	w.fetched("for the new key", 2)
	for range 5 {
		w.is("a kid that is nowhere", w.remote(signingKey{"nowhere", "ES256", foreign.private}), 401, "invalid_client")
	}
	w.fetched("for a kid that is nowhere, at once", 2)
	w.advance(keysAgain)
	for range 3 {
		w.is("a kid that is nowhere", w.remote(signingKey{"nowhere", "ES256", foreign.private}), 401, "invalid_client")
	}
	w.fetched("for a kid that is nowhere, a minute later", 3)
}

func TestRemovedKeyStopsWithinTenMinutes(t *testing.T) {
	w := newWorld(t)
	w.web.serve("", keySetOf(ecKey, edKey), nil)
	w.works("both are there", w.remote(ecKey))
	w.web.serve("", keySetOf(edKey), nil)
	w.advance(keysFresh)
	w.is("it was taken away", w.remote(ecKey), 401, "invalid_client")
	w.works("the other", w.remote(edKey))
}

func TestKeysThatCannotBeFetched(t *testing.T) {
	w := newWorld(t)
	w.web.serve("", "", fmt.Errorf("no route: %w", claims.ErrUnavailable))
	r := w.remote(ecKey)
	if w.is("never seen", r, 503, "temporarily_unavailable"); r.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	w.remote(ecKey)
	w.fetched("at once again", 1)
	w.web.serve("", keySetOf(ecKey), nil)
	w.advance(keysFailed)
	w.works("when it is back", w.remote(ecKey))
	w.web.serve("", "", fmt.Errorf("no route: %w", claims.ErrUnavailable))
	w.advance(keysStale - time.Second)
	w.works("away for an hour", w.remote(ecKey))
	w.advance(keysFailed)
	w.is("away for longer", w.remote(ecKey), 503, "temporarily_unavailable")
}

func TestWhatIsNoKeySetProvesNothing(t *testing.T) {
	for _, c := range []struct{ what, kind, body string }{
		{"a page", "text/html", keySetOf(ecKey)}, {"no type", "x", keySetOf(ecKey)}, {"no JSON", "", "<keys>"}, {"an empty set", "", `{"keys":[]}`},
		{"a list", "", "[" + keySetOf(ecKey) + "]"}, {"a symmetric key", "", `{"keys":[{"kty":"oct","kid":"ec-1","k":"AAAA"}]}`},
		{"a key for something else", "", strings.ReplaceAll(keySetOf(ecKey), `"use":"sig"`, `"use":"enc"`)},
		{"a key for another algorithm", "", strings.ReplaceAll(keySetOf(ecKey), `"use":"sig"`, `"alg":"ES384"`)},
		{"two keys of one name", "", keySetOf(ecKey, foreign)},
	} {
		w := newWorld(t)
		w.web.serve(c.kind, c.body, nil)
		w.is(c.what, w.remote(ecKey), 401, "invalid_client")
	}
	w := newWorld(t)
	w.web.serve("", strings.Replace(keySetOf(ecKey), `[`, `[{"kty":"PQC","kid":"x"},{"kty":"oct","kid":"ec-1","k":"AAAA"},`, 1), nil)
	w.works("a good key beside unknown ones", w.remote(ecKey))
}

// TestKeyAddressDoesNotReachTheHouse has a client whose jwks_uri is a server
// beside Lanyard, with the guarded client that Lanyard has.
func TestKeyAddressDoesNotReachTheHouse(t *testing.T) {
	var asked atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(keySetOf(ecKey)))
	}))
	defer inside.Close()
	for _, allow := range [][]string{nil, {"127.0.0.1"}} {
		list, err := outbound.ParseAllow(allow)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t)
		w.provider.clientKeys.fetch = outbound.New(outbound.Config{Allow: list})
		w.edit("remote", func(c *claims.Client) { c.JWKSURI = inside.URL + "/keys.json" })
		switch r := w.remote(ecKey); {
		case allow == nil:
			w.is("not allowed", r, 401, "invalid_client")
			if n := asked.Load(); n != 0 {
				t.Errorf("the house was asked %d times", n)
			}
		default:
			w.works("allowed by the operator", r)
		}
	}
}
