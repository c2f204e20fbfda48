package idp

import (
	"net/http"

	"lanyard/idp/web"
)

// healthz says that the process answers; nothing more, so that a database
// that is away makes nobody restart what WiFi and doors still lean on.
func (p Parts) healthz(w http.ResponseWriter, _ *http.Request) {
	web.JSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readyz says whether decisions can be made, and why not.
func (p Parts) readyz(w http.ResponseWriter, r *http.Request) {
	if err := p.Ready(); err != nil {
		web.Note(r.Context(), err)
		web.FailHeaders(w, r, err)
		web.JSON(w, web.StatusOf(err), map[string]string{"status": "not ready", "why": err.Error()})
		return
	}
	web.JSON(w, http.StatusOK, map[string]any{"status": "ready", "seq": p.Directory().Seq().N})
}
