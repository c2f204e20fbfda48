package oauth

import (
	"net/http"
	"net/url"
	"strings"
)

// begin is a device's request for codes; it must work.
func (w *world) begin(client, scope string, pairs ...string) reply {
	w.t.Helper()
	r := w.post(PathDevice, client, with(url.Values{"scope": {scope}}, pairs...))
	if r.status != http.StatusOK || r.header.Get("Cache-Control") != "no-store" {
		w.t.Fatalf("device authorization: %d %v %s", r.status, r.header, r.body)
	}
	return r
}

// poll is a device's question for its tokens.
func (w *world) poll(client string, begun reply, pairs ...string) reply {
	w.t.Helper()
	return w.post(PathToken, client, with(url.Values{"grant_type": {grantDevice}, "device_code": {begun.text("device_code")}}, pairs...))
}

// onPage sends the form of the page as a member's browser.
func (w *world) onPage(member string, pairs ...string) reply {
	w.t.Helper()
	return w.fromSite(member, "same-origin", pairs...)
}

func (w *world) fromSite(member, site string, pairs ...string) reply {
	w.t.Helper()
	req, err := http.NewRequest("POST", w.server.URL+PathDevicePage, strings.NewReader(with(url.Values{"as": {member}}, pairs...).Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", site)
	req.AddCookie(&http.Cookie{Name: "who", Value: member})
	r, err := send(w.http, req)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// allow lets a device in as member; it must work.
func (w *world) allow(member string, begun reply) {
	w.t.Helper()
	r := w.onPage(member, "user_code", begun.text("user_code"), "decision", "allow")
	if r.status != http.StatusOK || !strings.Contains(r.body, "The device is connected") {
		w.t.Fatalf("allow: %d %s", r.status, r.body)
	}
}
