package doors

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lanyard/claims"
	"lanyard/idp/record"
)

// silent keeps no events.
type silent struct{}

func (silent) AccessEvent(context.Context, record.Event) error { return nil }

// BenchmarkDecide is one swipe in process, without HTTP's own reading and
// writing.
func BenchmarkDecide(b *testing.B) {
	s := newSpace(b)
	s.cfg.Events = silent{}
	front, _ := claims.Get[claims.Client](s.directory, "front-door")
	s.cfg.Authenticate = func(*http.Request) (claims.Client, error) { return front, nil }
	body := `{"cred":"uid:04a1b2c3","at":1748779200,"nonce":"7f3a"}`
	b.ReportAllocs()
	for b.Loop() {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/device/v1/decide", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		s.Decide(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
