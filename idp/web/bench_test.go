package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// What every request pays for its id, headers, guard and log line.
func BenchmarkAround(b *testing.B) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /introspect", func(w http.ResponseWriter, r *http.Request) {})
	c := RequestConfig{Log: slog.New(slog.NewJSONHandler(io.Discard, nil)), Now: time.Now}
	h := WithRequest(c, SecureHeaders(SameSite(nil, mux, "POST /introspect")))
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("POST", "/introspect", nil)
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
