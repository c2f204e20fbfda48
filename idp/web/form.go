package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"lanyard/claims"
)

// MaxForm is a body limit that fits every form there is.
const MaxForm = 64 << 10

// maxFields is how many parameters a request may have.
const maxFields = 200

// ReadForm returns the parameters of a request: those of the body for a POST
// (whose query is not looked at; RFC 6749, section 2.3.1), of the query for
// anything else. A body beyond limit bytes, a parameter given twice (RFC
// 6749, section 3.1) unless it is in multi, a NUL or invalid UTF-8 is
// ErrInvalid. r.ParseForm gives the same values afterwards.
func ReadForm(r *http.Request, limit int64, multi ...string) (url.Values, error) {
	text := r.URL.RawQuery
	if r.Method == http.MethodPost {
		if r.PostForm != nil {
			return r.PostForm, checkForm(r.PostForm, multi)
		}
		body, err := readBody(r, limit)
		if err != nil {
			return nil, err
		}
		text = body
	}
	form, err := parseForm(text, limit, multi)
	if err != nil {
		return nil, err
	}
	r.Form = form
	if r.Method == http.MethodPost {
		r.PostForm = form
	}
	return form, nil
}

// ReadQuery returns the parameters of a request's query, whatever its method.
// It is as strict as ReadForm.
func ReadQuery(r *http.Request) (url.Values, error) {
	return parseForm(r.URL.RawQuery, MaxForm, nil)
}

func parseForm(text string, limit int64, multi []string) (url.Values, error) {
	if int64(len(text)) > limit {
		return nil, tooLarge(limit)
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, &claims.Invalid{Field: "form", Problem: "is not properly encoded"}
	}
	return form, checkForm(form, multi)
}

func readBody(r *http.Request, limit int64) (string, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return "", &claims.Invalid{Field: "content-type", Problem: "must be application/x-www-form-urlencoded"}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if _, over := errors.AsType[*http.MaxBytesError](err); over || int64(len(body)) > limit {
		return "", tooLarge(limit)
	}
	if err != nil {
		return "", &claims.Invalid{Field: "body", Problem: "did not arrive whole"}
	}
	return string(body), nil
}

func tooLarge(limit int64) error {
	return fmt.Errorf("%w: %w", &claims.Invalid{Field: "body", Problem: "is too large"}, &http.MaxBytesError{Limit: limit})
}

func checkForm(form url.Values, multi []string) error {
	if len(form) > maxFields {
		return &claims.Invalid{Field: "form", Problem: "has too many fields"}
	}
	for name, values := range form {
		if !clean(name) || len(name) > 128 {
			return &claims.Invalid{Field: "form", Problem: "has a field with an impossible name"}
		}
		if len(values) > 1 && !slices.Contains(multi, name) {
			return &claims.Invalid{Field: name, Problem: "is given more than once"}
		}
		for _, v := range values {
			if !clean(v) {
				return &claims.Invalid{Field: name, Problem: "holds characters that are not text"}
			}
		}
	}
	return nil
}

func clean(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// LimitBody answers 413 to a body of more than n bytes: at once when its
// length is declared, else when reading gets there.
func LimitBody(n int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > n {
			w.Header().Set("Connection", "close")
			Fail(w, r, tooLarge(n))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, n)
		next.ServeHTTP(w, r)
	})
}
