package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"

	"lanyard/idp/record"
)

// RequestConfig is what WithRequest needs.
type RequestConfig struct {
	Log     *slog.Logger // nil: slog.DiscardHandler
	Now     func() time.Time
	HTTPS   bool           // browsers reach us over https (the issuer says so)
	Trusted []netip.Prefix // proxies whose X-Forwarded-For and X-Request-Id are believed
}

// request is what is known of a request beside the request itself. It belongs
// to the one goroutine that serves it.
type request struct {
	id    string
	log   *slog.Logger
	addr  netip.Addr
	https bool
	err   error // what it failed of, for the log line
}

type requestKey struct{}

func of(ctx context.Context) *request {
	q, _ := ctx.Value(requestKey{}).(*request)
	return q
}

// WithRequest gives each request an id and the caller's address, answers a
// panic with 500 and the id alone, and logs one line when it is over: method,
// route, status, time, never a path, a query or a body.
func WithRequest(c RequestConfig, next http.Handler) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := c.Now()
		addr, proxied := clientAddr(r, c.Trusted)
		q := &request{log: c.Log, addr: addr, https: c.HTTPS}
		if proxied {
			q.id = goodID(r.Header.Get("X-Request-Id"))
		}
		if q.id == "" {
			q.id = record.NewID(begin)
		}
		w.Header().Set("X-Request-Id", q.id)
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		rec := &recorder{ResponseWriter: w}
		defer func() {
			stack := rescue(recover(), rec, r, q)
			logLine(r, q, rec, c.Now().Sub(begin), stack)
			if stack != "" && rec.began {
				panic(http.ErrAbortHandler) // half an answer must not look whole
			}
		}()
		next.ServeHTTP(rec, r)
	})
}

// rescue turns a panic into an answer, and returns where it came from.
func rescue(p any, rec *recorder, r *http.Request, q *request) (stack string) {
	if p == nil {
		return ""
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	stack = string(debug.Stack())
	q.err = fmt.Errorf("panic: %v", p)
	if !rec.status() {
		Fail(rec, r, q.err)
		rec.began = false // the answer is whole
	}
	return stack
}

func logLine(r *http.Request, q *request, rec *recorder, took time.Duration, stack string) {
	level := slog.LevelInfo
	attrs := append(make([]slog.Attr, 0, 10), slog.String(KeyMethod, method(r.Method)), slog.String(KeyRoute, r.Pattern),
		slog.Int(KeyStatus, rec.code()), slog.Float64(KeyMillis, float64(took.Microseconds())/1000),
		slog.String(KeyRequest, q.id), slog.String(KeyAddress, q.addr.String()))
	if q.err != nil {
		attrs = append(attrs, slog.String(KeyFault, FaultOf(q.err).Type), slog.String(KeyError, q.err.Error()))
		level = slog.LevelWarn
	}
	if rec.code() >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	if stack != "" {
		attrs = append(attrs, slog.String(KeyStack, stack))
	}
	q.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// method keeps made-up methods out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// goodID returns id if it is 8 to 64 characters that are safe anywhere.
func goodID(id string) string {
	if len(id) < 8 || len(id) > 64 {
		return ""
	}
	for i := range len(id) {
		c := id[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return ""
		}
	}
	return id
}

// RequestID returns the id of the request that ctx belongs to; empty outside one.
func RequestID(ctx context.Context) string {
	if q := of(ctx); q != nil {
		return q.id
	}
	return ""
}

// Logger returns the log, with the request's id if ctx belongs to one. It is
// never nil.
func Logger(ctx context.Context) *slog.Logger {
	if q := of(ctx); q != nil {
		return q.log.With(KeyRequest, q.id)
	}
	return slog.New(slog.DiscardHandler)
}

// HTTPS tells whether browsers reach us over https.
func HTTPS(ctx context.Context) bool {
	q := of(ctx)
	return q != nil && q.https
}

// Note keeps err for the request's log line. Fail does so by itself. Several
// are joined.
func Note(ctx context.Context, err error) {
	if q := of(ctx); q != nil && !errors.Is(q.err, err) {
		q.err = errors.Join(q.err, err)
	}
}
