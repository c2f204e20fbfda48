package portal

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// fake is the store and the sign-in.
type fake struct {
	dir      *claims.Directory
	now      time.Time
	sessions []record.Session
	consents []record.Consent
	devices  []record.Grant
	audited  []record.Audited
	events   []record.Event
	ended    []record.GrantFilter
	current  record.Session
	findErr  error
}

func (f *fake) Find(*http.Request) (record.Session, error) { return f.current, f.findErr }

func (f *fake) SessionsOf(_ context.Context, m claims.MemberID) ([]record.Session, error) {
	var mine []record.Session
	for _, s := range f.sessions {
		if s.Member == m && s.Ended.IsZero() {
			mine = append(mine, s)
		}
	}
	return mine, nil
}

func (f *fake) EndSession(_ context.Context, id string, now time.Time) error {
	for i := range f.sessions {
		if f.sessions[i].ID == id {
			f.sessions[i].Ended = now
		}
	}
	return nil
}

func (f *fake) EventsOf(_ context.Context, m claims.MemberID, limit int) (mine []record.Event, _ error) {
	for _, e := range f.events {
		if e.Member == m && len(mine) < limit {
			mine = append(mine, e)
		}
	}
	return mine, nil
}

func (f *fake) ConsentsOf(_ context.Context, m claims.MemberID) ([]record.Consent, error) {
	var mine []record.Consent
	for _, c := range f.consents {
		if c.Member == m {
			mine = append(mine, c)
		}
	}
	return mine, nil
}

func (f *fake) DevicesOf(_ context.Context, m claims.MemberID, _ time.Time) ([]record.Grant, error) {
	var mine []record.Grant
	for _, g := range f.devices {
		if g.Member == m {
			mine = append(mine, g)
		}
	}
	return mine, nil
}

func (f *fake) Withdraw(_ context.Context, m claims.MemberID, c claims.ClientID, _ time.Time) error {
	f.ended = append(f.ended, record.GrantFilter{Member: m, Client: c})
	f.consents = slices.DeleteFunc(f.consents, func(k record.Consent) bool { return k.Member == m && k.Client == c })
	return nil
}

func (f *fake) Change(_ context.Context, by claims.Actor, _ string, intents ...claims.Intent) (claims.Planned, error) {
	p, err := claims.Plan(f.dir, by, f.now, intents...)
	if err == nil {
		f.dir = f.dir.With(claims.Seq{N: f.dir.Seq().N + 1}, p.Facts...)
	}
	return p, err
}

func (f *fake) Audit(_ context.Context, a record.Audited) error {
	f.audited = append(f.audited, a)
	return nil
}

// bench is a Portal over a fake store, served as the house serves it.
type bench struct {
	*testing.T
	*fake
	config  Config
	handler http.Handler
	site    string // Sec-Fetch-Site
	minted  []string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	b := &bench{T: t, site: "same-origin", fake: &fake{now: now, dir: house(t, now)}}
	for _, s := range [][2]string{{"s-ada", "m-ada"}, {"s-ada2", "m-ada"}, {"s-eve", "m-eve"}} {
		b.sessions = append(b.sessions, record.Session{ID: s[0], Member: claims.MemberID(s[1]), ACR: 1, Seen: now.Add(-time.Minute), Expires: now.Add(time.Hour),
			Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", Address: "203.0.113.9"})
	}
	b.sessions = append(b.sessions, record.Session{ID: "s-idle", Member: "m-ada", Seen: now.Add(-13 * time.Hour), Expires: now.Add(time.Hour), Address: "198.51.100.1"})
	for _, m := range []claims.MemberID{"m-ada", "m-eve"} {
		b.consents = append(b.consents, record.Consent{Member: m, Client: "wiki", Scopes: []string{"openid", "groups"}, At: now.AddDate(0, 0, -3)})
	}
	b.as("m-ada")
	b.config = Config{
		Store: b.fake, Sessions: b.fake, Directory: func() *claims.Directory { return b.dir }, Now: func() time.Time { return b.now },
		MintPass: func(_ context.Context, m claims.MemberID, at claims.LocationID) (string, time.Time, error) {
			b.minted = append(b.minted, fmt.Sprint(m, " at ", at))
			return "lp_q7Zk2mT9xW4vB8nR3cY6", b.now.Add(time.Minute), nil
		},
		PassVerifier: func(pass string) string { return "verifier of " + pass },
	}
	p, mux := New(b.config), http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}": p.GetHome, "POST /door-pass": p.PostDoorPass, "POST /wifi": p.PostWiFi, "POST /wifi/revoke": p.PostWiFiRevoke,
		"GET /lost": p.GetLost, "POST /lost": p.PostLost, "POST /sessions/end": p.PostEndSession, "POST /apps/revoke": p.PostRevokeApp,
		"GET /badges": p.GetBadges, "GET /badges/{badge}": p.GetBadge, "POST /badges/{badge}/award": p.PostAward, "POST /badges/{badge}/revoke": p.PostRevoke,
		"POST /badges/{badge}/signoff": p.PostSignoff, "POST /badges/{badge}/earn": p.PostEarn, "POST /badges/{badge}/answer": p.PostAnswer, "POST /badges/{badge}/result": p.PostResult,
		"GET /requests": p.GetRequests, "POST /requests": p.PostRequest, "POST /requests/withdraw": p.PostWithdraw, "POST /requests/answer": p.PostRequestAnswer,
	} {
		mux.HandleFunc(pattern, h)
	}
	b.handler = web.WithRequest(web.RequestConfig{Now: func() time.Time { return now }}, web.SecureHeaders(mux))
	return b
}

// as makes the browser this member's.
func (b *bench) as(m claims.MemberID) {
	for _, s := range b.sessions {
		if s.Member == m {
			b.current = s
			return
		}
	}
	b.current = record.Session{ID: "s-" + string(m), Member: m, ACR: 1, Seen: b.now, Expires: b.now.Add(time.Hour)}
}

func (b *bench) get(target string) *httptest.ResponseRecorder {
	b.Helper()
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	return w
}

func (b *bench) post(target string, pairs ...string) *httptest.ResponseRecorder {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", b.site)
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

// house is an organisation with a door for active members, a laser that needs
// a badge, a network, and a few people.
func house(t *testing.T, now time.Time) *claims.Directory {
	t.Helper()
	d := claims.NewDirectory(claims.Seq{}).With(claims.Seq{N: 1}, claims.Core(now.AddDate(-1, 0, 0))...)
	secret := []claims.Secret{{SHA256: strings.Repeat("ab", 32)}}
	intents := define(
		claims.Settings{Name: "Makerspace Delft"},
		claims.Location{ID: "space", Slug: "space", Name: "Space"}, claims.Application{Slug: "space", Root: "space"},
		claims.Right{At: "space", Slug: "unlock"}, claims.Right{At: "space", Slug: "operate"},
		claims.Location{ID: "door", Parent: "space", Slug: "front-door", Name: "Front door", Inherit: true},
		claims.Location{ID: "laser", Parent: "space", Slug: "laser", Name: "Laser corner", Inherit: true},
		claims.Badge{Slug: "laser-1", Name: "Laser level 1", Description: "May cut.", Earn: "Take the <b>course</b>", EarnURL: "https://lms.example/laser", Mode: claims.BadgeManual},
		claims.Badge{Slug: "saw", Name: "Bandsaw", Description: "May saw.", Earn: "Ask Tom", Mode: claims.BadgeManual},
		claims.Tag{Slug: "key-holder", Label: "Key holder", InClaims: true},
		claims.Client{ID: "door-client", Name: "Door", Auth: claims.AuthBasic, Secrets: secret, GrantTypes: []string{"client_credentials"}},
		claims.Client{ID: "laser-client", Name: "Laser", Auth: claims.AuthBasic, Secrets: secret, GrantTypes: []string{"client_credentials"}},
		claims.Client{ID: "wiki", Name: "Wiki <b>", Auth: claims.AuthBasic, Secrets: secret, GrantTypes: []string{"authorization_code"}, RedirectURIs: []string{"https://wiki.example/cb"}},
		claims.Device{ID: "d-door", Name: "Front door", Kind: "door", Location: "door", Right: "unlock", Client: "door-client"},
		claims.Device{ID: "d-laser", Name: "Laser cutter", Kind: "interlock", Location: "laser", Right: "operate", Client: "laser-client"},
		claims.Location{ID: "wifi-members", Parent: "core-wifi", Slug: "members", Name: "Members", Inherit: true},
		claims.Network{Slug: "members", SSID: "Makerspace", Location: "wifi-members", VLAN: 20},
		claims.ObjectType{Slug: "body"}, claims.Kind{Type: "body", Slug: "default"}, claims.Kind{Type: "body", Slug: "board", Parent: "default", Label: "board"},
		claims.Object{Slug: "delft", Type: "body", Name: "Delft"},
	)
	intents = append(intents, people(now)...)
	plan, err := claims.Plan(d, claims.Actor{Kind: claims.ActorOperator}, now.Add(-time.Hour), intents...)
	if err != nil {
		t.Fatal(err)
	}
	return d.With(claims.Seq{N: 2}, plan.Facts...)
}

func define(facts ...claims.Fact) (list []claims.Intent) {
	for _, f := range facts {
		list = append(list, claims.Define{Fact: f})
	}
	return list
}

// people is who may do what in the house, and what they have.
func people(now time.Time) (intents []claims.Intent) {
	active := claims.Subject{Kind: claims.SubjectState, ID: "active"}
	for _, g := range []claims.Grant{
		{ID: "g1", At: "door", Right: "unlock"}, {ID: "g2", At: "laser", Right: "operate"}, {ID: "g3", At: "wifi-members", Right: "join"},
	} {
		g.Subject, g.Effect = active, claims.Allow
		intents = append(intents, claims.AddGrant{Grant: g})
	}
	return append(intents,
		claims.AddGate{Gate: claims.Gate{ID: "gate1", At: "laser", Right: "operate", AnyOf: []claims.Slug{"laser-1"}}},
		claims.AddMember{Member: claims.Member{ID: "m-ada", Sub: "s1", Username: "ada", Name: "Ada <script>alert(1)</script>", State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "m-eve", Sub: "s2", Username: "eve", State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "m-sus", Sub: "s3", Username: "sus", State: claims.StateSuspended}},
		claims.Assign{Assignment: claims.Assignment{ID: "t1", Tag: "key-holder", Target: claims.TargetMember, TargetID: "m-ada"}},
		claims.Affiliate{Affiliation: claims.Affiliation{ID: "f1", Member: "m-ada", Object: "delft", Kind: "board", Title: "treasurer"}},
		claims.GiveAward{Award: claims.Award{ID: "a1", Badge: "saw", Member: "m-ada", Expires: now.AddDate(0, 0, 12), Method: claims.MethodManual}},
		claims.IssuePass{Pass: claims.WiFiPass{ID: "p-eve", Member: "m-eve", Login: "eve.phone", Verifier: "v"}},
	)
}
