package web

import (
	"net/http"
	"time"
)

// How long a browser's sign-in lasts: unused, and at all.
const (
	SessionIdle = 12 * time.Hour
	SessionLife = 30 * 24 * time.Hour
)

// SetCookie sets a cookie that scripts cannot read, that other sites' posts
// do not carry, and that, if secure, no other host can have set (the __Host-
// prefix, RFC 6265bis, section 4.1.3.2). maxAge is in seconds; 0 lasts as
// long as the browser's session.
func SetCookie(w http.ResponseWriter, name, value string, maxAge int, secure bool) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName(name, secure), Value: value, Path: "/", MaxAge: maxAge,
		Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// DropCookie makes the browser forget a cookie set with SetCookie.
func DropCookie(w http.ResponseWriter, name string, secure bool) {
	SetCookie(w, name, "", -1, secure)
}

// Cookie returns the value of a cookie set with SetCookie.
func Cookie(r *http.Request, name string, secure bool) (string, bool) {
	c, err := r.Cookie(cookieName(name, secure))
	if err != nil || c.Value == "" {
		return "", false
	}
	return c.Value, true
}

func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}
