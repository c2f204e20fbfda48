package web

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lanyard/claims"
)

func post(target, body string) *http.Request {
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestReadFormRefusesWhatCouldBeReadTwoWays(t *testing.T) {
	for name, body := range map[string]string{
		"twice": "a=1&a=2", "twice, one empty": "a=&a=", "NUL": "a=x%00y", "NUL in a name": "a%00=1",
		"not UTF-8": "a=%ff%fe", "cut escape": "a=%4", "semicolon": "a=1;b=2", "too large": "a=" + strings.Repeat("x", 200),
		"many": manyFields(201), "long name": strings.Repeat("n", 129) + "=1",
	} {
		limit := int64(MaxForm)
		if name == "too large" {
			limit = 100
		}
		_, err := ReadForm(post("/", body), limit)
		if !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("%s: ReadForm = %v, want ErrInvalid", name, err)
		}
		if name == "too large" && StatusOf(err) != 413 {
			t.Errorf("too large: status %d", StatusOf(err))
		}
	}
	r := post("/", `{"a":1}`)
	r.Header.Set("Content-Type", "application/json")
	if _, err := ReadForm(r, MaxForm); !errors.Is(err, claims.ErrInvalid) {
		t.Errorf("JSON body: %v", err)
	}
}

func manyFields(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("f" + strings.Repeat("x", i%100) + string(rune('a'+i/100)) + "=1&")
	}
	return b.String()
}

func TestReadFormTakesThePostBodyAndNeverItsQuery(t *testing.T) {
	r := post("/?client_secret=fromquery&x=1", "x=2&multi=a&multi=b")
	form, err := ReadForm(r, MaxForm, "multi")
	if err != nil || form.Get("x") != "2" || form.Has("client_secret") || len(form["multi"]) != 2 {
		t.Fatalf("form %v, %v", form, err)
	}
	if err := r.ParseForm(); err != nil || r.Form.Has("client_secret") {
		t.Errorf("ParseForm afterwards mixes the query in: %v %v", r.Form, err)
	}
	if again, err := ReadForm(r, MaxForm, "multi"); err != nil || again.Get("x") != "2" {
		t.Errorf("reading again: %v %v", again, err)
	}
	if _, err := ReadForm(r, MaxForm); err == nil {
		t.Error("reading again without multi lets the repeat pass")
	}
	get := httptest.NewRequest("GET", "/?x=1&y=%C3%BC", nil)
	if form, err := ReadForm(get, MaxForm); err != nil || form.Get("y") != "ü" {
		t.Errorf("query %v, %v", form, err)
	}
	if _, err := ReadForm(httptest.NewRequest("GET", "/?x=1&x=1", nil), MaxForm); err == nil {
		t.Error("a repeated query parameter passes")
	}
}

func TestBodiesAreCutOff(t *testing.T) {
	h := LimitBody(10, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := ReadForm(r, MaxForm); err != nil {
			Fail(w, r, err)
		}
	}))
	declared := post("/", "a="+strings.Repeat("x", 20))
	chunked := post("/", "a="+strings.Repeat("x", 20))
	chunked.ContentLength = -1
	for name, r := range map[string]*http.Request{"declared": declared, "chunked": chunked} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 413 {
			t.Errorf("%s: %d, want 413", name, w.Code)
		}
	}
}

func TestSafeReturnStaysHere(t *testing.T) {
	good := []string{"/", "/authorize?client_id=wiki&redirect_uri=https%3A%2F%2Fwiki.example%2Fcb&state=a%20b", "/admin", "/a/b/", "/x?y=//z", "/x#part", "/?%"}
	for _, s := range good {
		if got := SafeReturn(s); got != s {
			t.Errorf("SafeReturn(%q) = %q", s, got)
		}
	}
	for _, s := range []string{
		"", "//evil.example", "///evil.example", "////evil", "/\\evil.example", "\\\\evil", "https://evil.example", "http:evil", "javascript:alert(1)",
		"evil", "/\tevil", "/\n/evil", "/\r\nSet-Cookie: a=b", "\t//evil", " /", "/ /evil", "/\x00", "/ü", "/..//evil", "/./", "/../x", "/a/../b",
		"/%2f/evil", "/%2fevil", "/%5cevil", "/%2f", "/.//evil", "/%00", "/%0a", "/%zz", "?x", "@evil", "/" + strings.Repeat("a", maxReturn), "/%2e%2e/x",
	} {
		if got := SafeReturn(s); got != "/" {
			t.Errorf("SafeReturn(%.40q) = %.40q, want /", s, got)
		}
	}
}

func TestAuthorizationHeaderIsReadOnce(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", "bearer la_abc")
	if tok, dpop, ok := AccessToken(r); !ok || dpop || tok != "la_abc" {
		t.Errorf("AccessToken = %q %v %v", tok, dpop, ok)
	}
	r.Header.Set("Authorization", "dpop la_abc")
	if tok, dpop, ok := AccessToken(r); !ok || !dpop || tok != "la_abc" {
		t.Errorf("AccessToken = %q %v %v", tok, dpop, ok)
	}
	r.Header.Add("Authorization", "Bearer other")
	if _, _, ok := AccessToken(r); ok {
		t.Error("two Authorization headers pass")
	}
	for _, v := range []string{"Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Token x", "DPoP", "DPoP a b", "DPoPx a"} {
		r.Header.Set("Authorization", v)
		if tok, _, ok := AccessToken(r); ok {
			t.Errorf("AccessToken(%q) = %q", v, tok)
		}
	}
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("door%3A1:s%2Bcret")))
	if u, p, ok := Basic(r); !ok || u != "door:1" || p != "s+cret" {
		t.Errorf("Basic = %q %q %v", u, p, ok)
	}
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("door:100%sure")))
	if _, p, ok := Basic(r); !ok || p != "100%sure" {
		t.Errorf("Basic of a raw secret = %q %v", p, ok)
	}
}
