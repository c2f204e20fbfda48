package doors

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

var noon = time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)

// space is a makerspace with a front door (everyone active), a laser (needs
// laser-1) and what its devices and cards are.
type space struct {
	*Doors
	t         testing.TB
	directory *claims.Directory
	now       time.Time
	ready     error
	ring      *keys.Ring
	events    []record.Event
	eventFail error
	passes    map[string]claims.MemberID // spent when used
	passFail  error
	log       bytes.Buffer
	handler   http.Handler
}

const (
	adaCard  = "04a1b2c3"
	benCard  = "04a1b2c4"
	lostCard = "04a1b2c5"
	endsCard = "04a1b2c6"
)

func (s *space) facts() []claims.Fact {
	secret := func(c claims.ClientID) []claims.Secret {
		sum := sha256.Sum256([]byte("secret of " + c))
		return []claims.Secret{{SHA256: hex.EncodeToString(sum[:])}}
	}
	client := func(id claims.ClientID) claims.Client {
		return claims.Client{ID: id, Auth: claims.AuthBasic, GrantTypes: []string{"client_credentials"}, Secrets: secret(id)}
	}
	card := func(id claims.ID, m claims.MemberID, uid string) claims.Credential {
		return claims.Credential{ID: id, Member: m, Kind: "uid", Lookup: s.ring.CardLookup("uid:" + uid), Status: claims.CredentialActive}
	}
	lost, ends := card("card-lost", "ada", lostCard), card("card-ends", "ada", endsCard)
	lost.Status = claims.CredentialLost
	ends.Expires = noon.Add(time.Hour)
	active := claims.Subject{Kind: claims.SubjectState, ID: "active"}
	disabled := client("disabled-door")
	disabled.Disabled = noon.Add(-time.Hour)
	public := client("public-door")
	public.Auth = claims.AuthNone
	return []claims.Fact{
		claims.Application{Slug: "space", Root: "space"},
		claims.Location{ID: "space", Slug: "space"},
		claims.Location{ID: "front", Parent: "space", Slug: "front-door", Inherit: true},
		claims.Location{ID: "laser", Parent: "space", Slug: "laser", Inherit: true},
		claims.Right{At: "space", Slug: "unlock"}, claims.Right{At: "space", Slug: "operate"},
		claims.Grant{ID: "g1", At: "space", Subject: active, Right: "unlock", Effect: claims.Allow},
		claims.Grant{ID: "g2", At: "laser", Subject: active, Right: "operate", Effect: claims.Allow},
		claims.Badge{Slug: "laser-1", Name: "Laser 1", Earn: "Take the course.", EarnURL: "https://learn.example/laser"},
		claims.Gate{ID: "gate1", At: "laser", Right: "operate", AnyOf: []claims.Slug{"laser-1"}},
		claims.Member{ID: "ada", Sub: "ada", Username: "ada", Name: "Ada Lovelace", GivenName: "Ada", State: claims.StateActive},
		claims.Member{ID: "ben", Sub: "ben", Username: "ben", Name: "Ben", State: claims.StateSuspended},
		card("card-ada", "ada", adaCard), card("card-ben", "ben", benCard), lost, ends,
		client("front-door"), client("laser-box"), client("wiki"), disabled, public, client("gone-door"),
		claims.Device{ID: "d-front", Name: "Front door", Kind: "door", Location: "front", Right: "unlock", Client: "front-door"},
		claims.Device{ID: "d-laser", Name: "Laser", Kind: "interlock", Location: "laser", Right: "operate", Client: "laser-box"},
		claims.Device{ID: "d-off", Name: "Off", Kind: "door", Location: "front", Right: "unlock", Client: "disabled-door"},
		claims.Device{ID: "d-open", Name: "Open", Kind: "door", Location: "front", Right: "unlock", Client: "public-door"},
		claims.Device{ID: "d-gone", Name: "Gone", Kind: "door", Location: "front", Right: "unlock", Client: "gone-door", Removed: noon},
	}
}

func newSpace(t testing.TB) *space {
	s := &space{t: t, now: noon, ring: keys.NewRing(bytes.Repeat([]byte{7}, 32)), passes: make(map[string]claims.MemberID)}
	s.directory = claims.NewDirectory(claims.Seq{Epoch: "e", N: 1}).With(claims.Seq{Epoch: "e", N: 2}, s.facts()...)
	s.Doors = New(Config{
		Directory:    func() *claims.Directory { return s.directory },
		Ready:        func() error { return s.ready },
		Authenticate: s.authenticate,
		Cards:        s.ring,
		Pass:         s.spend,
		Events:       s,
		Now:          func() time.Time { return s.now },
	})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /device/v1/decide", s.Decide)
	log := slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.handler = web.WithRequest(web.RequestConfig{Log: log, Now: func() time.Time { return s.now }}, mux)
	return s
}

// authenticate knows Basic secrets, as the token endpoint does.
func (s *space) authenticate(r *http.Request) (claims.Client, error) {
	id, secret, _ := web.Basic(r)
	c, ok := claims.Get[claims.Client](s.directory, id)
	sum := sha256.Sum256([]byte(secret))
	if !ok || c.Secrets[0].SHA256 != hex.EncodeToString(sum[:]) {
		return claims.Client{}, fmt.Errorf("client %q: %w", id, claims.ErrUnknownCaller)
	}
	return c, nil
}

// spend knows passes that work once.
func (s *space) spend(_ context.Context, text string, _ claims.Device) (claims.MemberID, error) {
	m, ok := s.passes[text]
	switch {
	case s.passFail != nil:
		return "", s.passFail
	case !ok:
		return "", claims.ErrNotFound
	case m == "":
		return "", claims.ErrReplay
	}
	s.passes[text] = ""
	return m, nil
}

// AccessEvent implements Events.
func (s *space) AccessEvent(_ context.Context, e record.Event) error {
	s.events = append(s.events, e)
	return s.eventFail
}

// change puts facts into the directory.
func (s *space) change(facts ...claims.Fact) {
	seq := s.directory.Seq()
	seq.N++
	s.directory = s.directory.With(seq, facts...)
}

// ask posts a body as a client and checks what comes back against the schema
// that belongs to its status.
func (s *space) ask(client claims.ClientID, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.askWith(client, "secret of "+string(client), body)
}

func (s *space) askWith(client claims.ClientID, secret, body string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/device/v1/decide", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(string(client), secret)
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	kind, schema := "application/json", "decide-answer"
	if w.Code != http.StatusOK {
		kind, schema = "application/problem+json", "problem"
	}
	if got := w.Header().Get("Content-Type"); got != kind {
		s.t.Errorf("status %d with Content-Type %q, want %q: %s", w.Code, got, kind, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		s.t.Errorf("Cache-Control %q", got)
	}
	if err := conforms(schema, w.Body.Bytes()); err != nil {
		s.t.Errorf("the answer %s does not conform to %s: %v", w.Body, schema, err)
	}
	if w.Code == http.StatusOK && w.Body.Len() > MaxAnswer {
		s.t.Errorf("an answer of %d octets: %s", w.Body.Len(), w.Body)
	}
	return w
}

func cred(uid string) string { return fmt.Sprintf(`{"cred":"uid:%s"}`, uid) }

var errDatabase = errors.New("disk full")
