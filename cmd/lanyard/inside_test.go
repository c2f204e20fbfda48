package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// inside is a server beside Lanyard that no application should reach through
// it, and how many connections came there.
func inside(t *testing.T, tls bool) (address string, came *atomic.Int32) {
	came = &atomic.Int32{}
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			came.Add(1)
		}
	}
	if s.Config.ErrorLog = log.New(io.Discard, "", 0); tls {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL, came
}

// register has an application register itself, on the operator's behalf.
func (s *suite) register(metadata map[string]any) tokens {
	s.t.Helper()
	var made struct{ Token string }
	name := fmt.Sprintf("t%d", s.clock().UnixNano())
	if err := json.Unmarshal([]byte(s.ok("client", "registration-token", "add", name, "--json")), &made); err != nil {
		s.t.Fatal(err)
	}
	s.catchUp()
	body, err := json.Marshal(metadata)
	if err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, opIssuer+"/register", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+made.Token)
	return s.answer(r)
}

// rpKey is a key of a relying party's own.
type rpKey struct {
	kid     string
	private *ecdsa.PrivateKey
}

func newRPKey(t testing.TB, kid string) rpKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return rpKey{kid, key}
}

// set is the key set that holds the key, as JSON.
func (k rpKey) set() map[string]any {
	b, _ := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: k.private.Public(), KeyID: k.kid, Algorithm: "ES256", Use: "sig"}}})
	var set map[string]any
	json.Unmarshal(b, &set)
	return set
}

// proves adds to a form what proves a client by its key (RFC 7523, section 2.2).
func (s *suite) proves(k rpKey, client string, form url.Values) url.Values {
	s.t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: k.private, KeyID: k.kid}}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	said, _ := json.Marshal(map[string]any{"iss": client, "sub": client, "aud": opIssuer, "jti": rand.Text(), "iat": s.clock().Unix(), "exp": s.clock().Add(time.Minute).Unix()})
	jws, err := signer.Sign(said)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := jws.CompactSerialize()
	if err != nil {
		s.t.Fatal(err)
	}
	form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	form.Set("client_assertion", text)
	return form
}

// bare calls the token endpoint with nothing but a form.
func (s *suite) bare(form url.Values) tokens {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, opIssuer+"/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.answer(r)
}

// inTheHouse are servers beside Lanyard, each for one thing that applications
// name an address for.
type inTheHouse struct {
	bye, keys, sector, page     string
	heard, read, listed, looked *atomic.Int32 // connections
}

func newInTheHouse(t *testing.T) (h inTheHouse) {
	h.bye, h.heard = inside(t, false)
	h.keys, h.read = inside(t, false)
	h.sector, h.listed = inside(t, true)
	h.page, h.looked = inside(t, true)
	return h
}

// lookThere does what makes the whole program look at the addresses.
func (s *suite) lookThere(h inTheHouse) {
	s.t.Helper()
	made := s.register(map[string]any{"redirect_uris": []string{rpCB}, "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": h.keys + "/keys.json",
		"client_uri": h.page, "logo_uri": h.page + "/logo.png", "policy_uri": h.page + "/policy", "tos_uri": h.page + "/terms"})
	if made.status != 201 {
		s.t.Fatalf("registration: %d %v", made.status, made.json)
	}
	if r := s.bare(s.proves(newRPKey(s.t, "k"), made.text("client_id"), url.Values{"grant_type": {"authorization_code"}, "code": {"x"}})); r.status == 200 {
		s.t.Errorf("keys that are nowhere prove %v", r.json)
	}
	if r := s.register(map[string]any{"redirect_uris": []string{rpCB}, "subject_type": "pairwise", "sector_identifier_uri": h.sector + "/sector.json"}); r.status < 400 {
		s.t.Errorf("a sector that cannot be read is taken: %v", r.json)
	}
	v := s.visitor()
	said, _ := v.login()
	other := *s
	other.client, other.extra = made.text("client_id"), url.Values{"code_challenge_method": {"S256"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}}
	(&visitor{suite: &other, http: v.http}).authorize() // shows what the application says of itself
	v.logout("id_token_hint", said.text("id_token"))
	waitFor(s.t, func() bool {
		out := s.ok("logouts", "--json")
		return strings.Contains(out, `"attempts": 1`)
	})
}

// TestNothingInsideTheHouseIsReachedUnlessAllowed has applications name
// addresses beside Lanyard wherever they may name one.
func TestNothingInsideTheHouseIsReachedUnlessAllowed(t *testing.T) {
	for _, allow := range []string{"", "127.0.0.1"} {
		h := newInTheHouse(t)
		s := newSuiteIn(t, []string{"LANYARD_REGISTRATION_ENABLED=true", "LANYARD_OUTBOUND_ALLOW=" + allow}, "--backchannel-logout", h.bye+"/bye")
		s.carry(t)
		s.lookThere(h)
		for what, came := range map[string]*atomic.Int32{"jwks_uri": h.read, "sector_identifier_uri": h.listed, "backchannel_logout_uri": h.heard} {
			if n := came.Load(); (n > 0) != (allow != "") {
				t.Errorf("allowed is %q, and %s brought %d connections", allow, what, n)
			}
		}
		if n := h.looked.Load(); n > 0 {
			t.Errorf("what is for people to look at (logo_uri, policy_uri, tos_uri) brought %d connections", n)
		}
		if allow == "" {
			s.says("logouts", "address not allowed")
		}
	}
}
