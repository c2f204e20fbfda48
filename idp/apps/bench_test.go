package apps

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lanyard/claims"
)

// BenchmarkDecide is one decision in process, without HTTP's own reading and
// writing.
func BenchmarkDecide(b *testing.B) {
	s := newSchool(b)
	s.put(repository)
	lms, _ := claims.Get[claims.Client](s.store.Directory(), "lms")
	s.cfg.Authenticate = func(*http.Request) (claims.Client, error) { return lms, nil }
	const body = `{"member":"sub-ada","right":"reuse","location":"/lms/repo/books/503204"}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/apps/v1/lms/decide", strings.NewReader(body))
		r.Header["Content-Type"] = []string{"application/json"}
		r.SetPathValue("application", "lms")
		w := httptest.NewRecorder()
		s.PostDecide(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
