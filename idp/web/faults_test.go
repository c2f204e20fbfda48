package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
)

func TestFaultTableCoversEveryFault(t *testing.T) {
	if len(Faults) != len(claims.Faults)+1 {
		t.Fatalf("the table has %d rows for %d faults and the rest", len(Faults), len(claims.Faults))
	}
	types := map[string]bool{}
	for i, f := range Faults {
		if i < len(claims.Faults) && f.Kind != claims.Faults[i] {
			t.Errorf("row %d is about %v, want %v: the order is claims.Faults'", i, f.Kind, claims.Faults[i])
		}
		if f.Status < 400 || f.Title == "" || f.Text == "" || f.OAuth == "" || types[f.Type] {
			t.Errorf("row %d (%v) is not filled in: %+v", i, f.Kind, f)
		}
		types[f.Type] = true
	}
	if Faults[len(Faults)-1].Kind != nil {
		t.Error("the last row must be for anything else")
	}
}

func TestStatusFollowsTheTable(t *testing.T) {
	for err, want := range map[error]int{
		&claims.Invalid{Field: "slug", Problem: "is empty"}: 400, claims.ErrUnknownCaller: 401, &claims.Refused{}: 403,
		claims.ErrNotFound: 404, claims.ErrExpired: 410, claims.ErrConflict: 409, claims.ErrReplay: 409,
		claims.ErrTooMany: 429, claims.ErrUnavailable: 503, errors.New("disk on fire"): 500,
	} {
		if got := StatusOf(fmt.Errorf("while testing: %w", err)); got != want {
			t.Errorf("StatusOf(%v) = %d, want %d", err, got, want)
		}
	}
}

func fail(err error) (*httptest.ResponseRecorder, Problem) {
	w := httptest.NewRecorder()
	Fail(w, httptest.NewRequest("GET", "/", nil), err)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		panic(err)
	}
	return w, p
}

func TestUnexpectedErrorsKeepTheirTextToThemselves(t *testing.T) {
	w, p := fail(errors.New("pq: password of user lanyard is hunter2"))
	if w.Code != 500 || strings.Contains(w.Body.String(), "hunter2") {
		t.Errorf("answer %d %s", w.Code, w.Body)
	}
	if p.Status != 500 || p.Title == "" {
		t.Errorf("problem %+v", p)
	}
}

func TestProblemNamesFieldAndWhatIsMissing(t *testing.T) {
	_, p := fail(fmt.Errorf("define: %w", &claims.Invalid{Field: "slug", Problem: "is empty"}))
	if p.Fields["slug"] != "is empty" {
		t.Errorf("fields %v", p.Fields)
	}
	_, p = fail(&claims.Refused{Right: "operate", At: "/space/laser", Missing: []claims.Missing{{
		AnyOf: []claims.MissingBadge{{Slug: "laser-1", Name: "Laser", Earn: "Take the course."}}}}})
	if len(p.Missing) != 1 || p.Missing[0].AnyOf[0].Badge != "laser-1" || p.Missing[0].AnyOf[0].Earn != "Take the course." {
		t.Errorf("missing %+v", p.Missing)
	}
}

func TestRefusalsCarryTheirHeaders(t *testing.T) {
	w, _ := fail(claims.ErrUnknownCaller)
	if w.Header().Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
	w, _ = fail(RetryAfter(fmt.Errorf("sign in: %w", claims.ErrTooMany), 1500*time.Millisecond))
	if got := w.Header().Get("Retry-After"); w.Code != 429 || got != "2" {
		t.Errorf("429: code %d, Retry-After %q, want 2", w.Code, got)
	}
	w, _ = fail(claims.ErrUnavailable)
	if w.Header().Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestFaultIsNeverCachedEvenWhereTheAnswerWould(t *testing.T) {
	w := httptest.NewRecorder()
	w.Header().Set("Cache-Control", "public, max-age=3600")
	w.Header().Set("ETag", `"x"`)
	Fail(w, httptest.NewRequest("GET", "/", nil), claims.ErrNotFound)
	if got := w.Header().Get("Cache-Control"); got != "no-store" || w.Header().Get("ETag") != "" {
		t.Errorf("Cache-Control %q, ETag %q", got, w.Header().Get("ETag"))
	}
	if w.Code != http.StatusNotFound {
		t.Errorf("code %d", w.Code)
	}
}
