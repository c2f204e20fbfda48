package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/templates"
)

// desk is a site where bea lets dora back in, and what was made.
func desk(t *testing.T) (s *site, made *[]claims.MemberID) {
	s = newSite(t)
	made = new([]claims.MemberID)
	s.do(claims.AddGrant{Grant: claims.Grant{ID: "g-desk", At: "core-people", Right: "recover", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-bea"}}})
	a := New(Config{Store: s.fake, Sessions: s.fake, Directory: func() *claims.Directory { return s.dir }, Now: func() time.Time { return now },
		Recover: func(_ context.Context, m claims.MemberID) (string, templates.QR, time.Time, error) {
			*made = append(*made, m)
			return "https://id.example.org/recover/shown-once", templates.QR{Path: "M4 4h1v1h-1z", Size: "33"}, now.Add(15 * time.Minute), nil
		}})
	s.mux = http.NewServeMux()
	s.mux.HandleFunc("GET /admin/members/{member}", a.GetMember)
	s.mux.HandleFunc("POST /admin/members/{member}/recover", a.PostRecover)
	return s, made
}

// do makes intents true.
func (s *site) do(in ...claims.Intent) {
	s.Helper()
	if _, err := s.Change(s.Context(), claims.Actor{Kind: claims.ActorOperator}, "", in...); err != nil {
		s.Fatal(err)
	}
}

func TestTheDeskMakesAWayBackIn(t *testing.T) {
	s, made := desk(t)
	if w := s.get("m-bea", "/admin/members/m-dora"); !strings.Contains(w.Body.String(), `action="/admin/members/m-dora/recover"`) {
		t.Errorf("the page does not offer it:\n%s", w.Body)
	}
	w := s.post("m-bea", "/admin/members/m-dora/recover", "reason", " lost the \n phone ")
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "https://id.example.org/recover/shown-once") || !strings.Contains(w.Body.String(), "<path d=\"M4 4") || len(*made) != 1 {
		t.Errorf("%d, made %v\n%s", w.Code, *made, w.Body)
	}
	if len(s.audited) != 1 || s.audited[0].Action != "give a way back in: lost the phone" || s.audited[0].Actor != "member:m-bea" || s.audited[0].Subject != "member:m-dora" {
		t.Errorf("audited %+v", s.audited)
	}
}

func TestTheDeskMakesNoneForOthers(t *testing.T) {
	s, made := desk(t)
	for what, c := range map[string]struct {
		by, whom claims.MemberID
		reason   string
		want     int
	}{
		"no reason":                {"m-bea", "m-dora", " ", http.StatusBadRequest},
		"too long a reason":        {"m-bea", "m-dora", strings.Repeat("é", mostReason+1), http.StatusBadRequest},
		"oneself":                  {"m-bea", "m-bea", "x", http.StatusForbidden},
		"one who is not seen":      {"m-bea", "m-root", "x", http.StatusNotFound},
		"one who is not there":     {"m-bea", "m-ghost", "x", http.StatusNotFound},
		"by who has not the right": {"m-dora", "m-bea", "x", http.StatusNotFound},
	} {
		if w := s.post(c.by, "/admin/members/"+string(c.whom)+"/recover", "reason", c.reason); w.Code != c.want {
			t.Errorf("%s: %d, want %d", what, w.Code, c.want)
		}
	}
	s.from = "cross-site"
	if w := s.post("m-bea", "/admin/members/m-dora/recover", "reason", "x"); w.Code != http.StatusForbidden {
		t.Errorf("from another site: %d", w.Code)
	}
	s.from = "same-origin"
	s.do(claims.AddGrant{Grant: claims.Grant{ID: "g-power", At: "core-badges", Right: "award", Subject: claims.Subject{Kind: claims.SubjectUser, ID: "m-dora"}}})
	if w := s.get("m-bea", "/admin/members/m-dora"); strings.Contains(w.Body.String(), "A way back in") {
		t.Error("it is offered for who holds more")
	}
	if w := s.post("m-bea", "/admin/members/m-dora/recover", "reason", "x"); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "hold award at /badges") {
		t.Errorf("one who holds more: %d\n%s", w.Code, w.Body)
	}
	if len(*made) > 0 || len(s.audited) > 0 {
		t.Errorf("made %v, audited %+v", *made, s.audited)
	}
	s.broken = errors.New("no disk")
	s.do(claims.Remove{Key: claims.Grant{ID: "g-power"}.Key()})
	if w := s.post("m-bea", "/admin/members/m-dora/recover", "reason", "x"); w.Code != http.StatusInternalServerError || len(*made) > 0 {
		t.Errorf("what cannot be audited: %d, made %v", w.Code, *made)
	}
}
