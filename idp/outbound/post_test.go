package outbound

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lanyard/claims"
)

func TestAFormIsPostedOnceAndItsStatusComesBack(t *testing.T) {
	var got *http.Request
	status := 204
	s := serve(t, true, func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		got = r
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	})
	o := client(t, s, "127.0.0.1")
	for _, status = range []int{200, 204, 302, 307, 308, 400, 503} {
		answer, err := o.Post(t.Context(), s.URL+"/bye?app=1", url.Values{"logout_token": {"a.b.c"}})
		if err != nil || answer != status {
			t.Errorf("Post = %d, %v, want %d", answer, err, status)
		}
		if got.Method != "POST" || got.URL.Path != "/bye" || got.URL.RawQuery != "app=1" || got.PostForm.Get("logout_token") != "a.b.c" ||
			got.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("there came %s %s %v with %v", got.Method, got.URL, got.Header, got.PostForm)
		}
	}
	if n := s.asked.Load(); n != 7 {
		t.Errorf("seven forms were sent as %d requests: a redirect was followed", n)
	}
}

func TestPostsAreBoundedAndGuardedAndTellNothingOfTheForm(t *testing.T) {
	s := serve(t, true, func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, MaxBody+1)) })
	form := url.Values{"logout_token": {"what-is-secret"}}
	for what, c := range map[string]struct {
		o    *Client
		want error
	}{
		"too long an answer": {client(t, s, "127.0.0.1"), claims.ErrInvalid},
		"a house":            {client(t, s), claims.ErrDenied},
	} {
		_, err := c.o.Post(t.Context(), s.URL, form)
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), "what-is-secret") {
			t.Errorf("%s: %v, want %v and nothing of the form", what, err, c.want)
		}
	}
}
