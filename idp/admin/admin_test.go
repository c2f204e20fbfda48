package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

// fake is the store and the sign-in.
type fake struct {
	member claims.MemberID
	err    error // of Find
	broken error // of the logs
	reads  int

	audited []record.Audited
	dir     *claims.Directory // that Change works on
}

func (f *fake) Change(_ context.Context, by claims.Actor, _ string, intents ...claims.Intent) (claims.Planned, error) {
	p, err := claims.Plan(f.dir, by, now, intents...)
	if err == nil {
		f.dir = f.dir.With(claims.Seq{N: f.dir.Seq().N + 1}, p.Facts...)
	}
	return p, err
}

func (f *fake) Find(*http.Request) (record.Session, error) {
	return record.Session{ID: "s", Member: f.member, ACR: 1}, f.err
}

func (f *fake) AuditLog(context.Context, int) ([]record.Audited, error) {
	f.reads++
	return []record.Audited{{At: now, Actor: "member:m-boss", Action: "award <laser>", Subject: "member:m-ada"},
		{At: now, Actor: "operator:root", Action: "sign in", Subject: "session:" + strings.Repeat("a", 64)}}, f.broken
}

func (f *fake) Audit(_ context.Context, a record.Audited) error {
	f.audited = append(f.audited, a)
	return f.broken
}

func (f *fake) Events(context.Context, int) ([]record.Event, error) {
	f.reads++
	return []record.Event{{At: now, Front: "door", Device: "d1", Member: "m-ada", Right: "operate", Reason: "missing_badge"}, {At: now, Allow: true, Location: "laser"}}, f.broken
}

// house is an organisation as the store would make it: the core, a boss with
// the tag admin, and a plain member.
func house(t *testing.T) *claims.Directory {
	t.Helper()
	d := claims.NewDirectory(claims.Seq{}).With(claims.Seq{N: 1}, claims.Core(now.AddDate(-1, 0, 0))...)
	plan, err := claims.Plan(d, claims.Actor{Kind: claims.ActorOperator}, now.Add(-time.Hour),
		claims.Define{Fact: claims.Settings{Name: "Makerspace Delft"}},
		claims.AddMember{Member: claims.Member{ID: "m-boss", Sub: "s1", Username: "boss", Name: "The Boss", State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "m-ada", Sub: "s2", Username: "ada", Name: "Ada <script>alert(1)</script>", State: claims.StateActive}},
		claims.AddMember{Member: claims.Member{ID: "m-sus", Sub: "s3", Username: "sus", State: claims.StateSuspended}},
		claims.Assign{Assignment: claims.Assignment{ID: "t1", Tag: "admin", Target: claims.TargetMember, TargetID: "m-boss"}},
		claims.Assign{Assignment: claims.Assignment{ID: "t2", Tag: "admin", Target: claims.TargetMember, TargetID: "m-sus"}},
		claims.Define{Fact: claims.Badge{Slug: "laser-1", Name: "Laser", Description: "Laser", Earn: "Course", Mode: claims.BadgeManual}},
		claims.GiveAward{Award: claims.Award{ID: "a1", Badge: "laser-1", Member: "m-ada", Method: claims.MethodManual}},
	)
	if err != nil {
		t.Fatal(err)
	}
	return d.With(claims.Seq{N: 2}, plan.Facts...)
}

func get(t *testing.T, f *fake, d *claims.Directory) *httptest.ResponseRecorder {
	t.Helper()
	a := New(Config{Store: f, Sessions: f, Directory: func() *claims.Directory { return d }, Now: func() time.Time { return now }})
	w := httptest.NewRecorder()
	a.GetAdmin(w, httptest.NewRequest("GET", "/admin", nil))
	return w
}

func TestWhoManagesSeesTheOrganisation(t *testing.T) {
	w := get(t, &fake{member: "m-boss"}, house(t))
	html := w.Body.String()
	if w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	for _, want := range []string{"Makerspace Delft", "<code>ada</code>", "laser-1", "suspended", "missing_badge", "award &lt;laser&gt;", `aria-current="page"`, "session aaaaaaaa<"} {
		if !strings.Contains(html, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if strings.Contains(html, "<script") {
		t.Error("a name became markup")
	}
}

func TestR43PlainMembersGetNoAdministrationByItsAddress(t *testing.T) {
	for member, want := range map[claims.MemberID]string{"m-ada": "Nobody has given you this", "m-sus": "membership is suspended"} {
		f := &fake{member: member}
		w := get(t, f, house(t))
		if w.Code != 403 || !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), "right to manage") {
			t.Errorf("%s: %d, want %q in\n%s", member, w.Code, want, w.Body)
		}
		if f.reads != 0 || strings.Contains(w.Body.String(), "The Boss") || strings.Contains(w.Body.String(), `href="/admin"`) {
			t.Errorf("%s sees some of it all the same", member)
		}
	}
}

func TestWhoIsNotSignedInIsSentToSignIn(t *testing.T) {
	w := get(t, &fake{err: fmt.Errorf("no cookie: %w", claims.ErrUnknownCaller)}, house(t))
	if w.Code != 303 || w.Header().Get("Location") != "/login?return=%2Fadmin" {
		t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestWhatCannotBeToldIsSaidSo(t *testing.T) {
	for name, c := range map[string]struct {
		f    *fake
		d    *claims.Directory
		code int
	}{
		"no store":   {&fake{err: claims.ErrUnavailable}, house(t), 503},
		"no picture": {&fake{member: "m-boss"}, nil, 503},
		"no logs":    {&fake{member: "m-boss", broken: errors.New("disk on fire")}, house(t), 500},
	} {
		if w := get(t, c.f, c.d); w.Code != c.code || !strings.Contains(w.Body.String(), "<html") || strings.Contains(w.Body.String(), "fire") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}
