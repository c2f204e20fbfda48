package templates

import (
	"crypto/sha256"
	_ "embed" // the stylesheet, the icon and the scripts
	"encoding/hex"
	"net/http"
	"strconv"
)

//go:embed static/lanyard.css
var css []byte

//go:embed static/icon.svg
var icon []byte

//go:embed static/submit.js
var submit []byte

//go:embed static/passkey.js
var passkey []byte

// Where the files of the pages are. Each address holds a digest of what is
// there, so it may be kept for good.
var (
	Stylesheet = "/static/lanyard-" + digest(css) + ".css"
	Icon       = "/static/icon-" + digest(icon) + ".svg"
	Submit     = "/static/submit-" + digest(submit) + ".js"
	Passkey    = "/static/passkey-" + digest(passkey) + ".js" // a module
)

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// Static serves the files at these addresses, for GET /static/. An address with another digest is not found: it may mean another version.
func Static() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case Stylesheet:
			serve(w, "text/css; charset=utf-8", css)
		case Icon:
			serve(w, "image/svg+xml", icon)
		case Submit:
			serve(w, "text/javascript; charset=utf-8", submit)
		case Passkey:
			serve(w, "text/javascript; charset=utf-8", passkey)
		default:
			http.NotFound(w, r)
		}
	})
}

func serve(w http.ResponseWriter, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(body) // a browser that went away is no fault of ours
}
