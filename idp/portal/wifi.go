package portal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
	"lanyard/templates"
)

const (
	passLetters = "0123456789abcdefghjkmnpqrstvwxyz" // 32, none of which looks like another
	passLen     = 20                                 // 100 bits
	mostPasses  = 20                                 // live ones of a member
	longestName = 20                                 // of a device
)

// newPass returns a fresh WiFi pass, in groups that are easy to copy by hand.
func newPass() string {
	random := make([]byte, passLen)
	if _, err := rand.Read(random); err != nil {
		panic(err) // documented never to happen
	}
	var b strings.Builder
	for i, c := range random {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(passLetters[c&31])
	}
	return b.String()
}

// livePasses returns the member's passes that work.
func (v *visit) livePasses() []claims.WiFiPass {
	var live []claims.WiFiPass
	for _, pass := range v.mine.Passes {
		if claims.Live(pass.Created, claims.Earlier(pass.Expires, pass.Revoked), v.now) {
			live = append(live, pass)
		}
	}
	slices.SortFunc(live, func(a, b claims.WiFiPass) int { return compare(a.Login, b.Login) })
	return live
}

func (p *Portal) passes(v *visit) []templates.WiFiPass {
	var list []templates.WiFiPass
	for _, pass := range v.livePasses() {
		list = append(list, templates.WiFiPass{ID: string(pass.ID), Login: pass.Login, Created: templates.Ago("made", pass.Created, v.now, p.Zone)})
	}
	return list
}

// PostWiFi makes a WiFi pass for one device and shows it this once, at POST
// /wifi with name.
func (p *Portal) PostWiFi(w http.ResponseWriter, r *http.Request) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	if p.PassVerifier == nil {
		p.fail(v, fmt.Errorf("WiFi passes are switched off: %w", claims.ErrNotFound))
		return
	}
	login, err := v.newLogin(strings.ToLower(strings.TrimSpace(form.Get("name"))))
	if err != nil {
		p.fail(v, err)
		return
	}
	text := newPass()
	pass := claims.WiFiPass{ID: claims.ID(record.NewID(v.now)), Member: v.me.ID, Login: login, Verifier: p.PassVerifier(text), Created: v.now}
	_, err = p.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), claims.IssuePass{Pass: pass})
	if errors.Is(err, claims.ErrConflict) {
		err = taken(login)
	}
	if err != nil {
		p.fail(v, fmt.Errorf("issue a WiFi pass: %w", err))
		return
	}
	page := templates.NewWiFi{Frame: p.frame(v, ""), Login: login, Pass: text}
	for n := range claims.All[claims.Network](v.d) {
		if n.Removed.IsZero() && n.SSID != "" && !slices.Contains(page.Networks, n.SSID) {
			page.Networks = append(page.Networks, n.SSID)
		}
	}
	web.Page(w, r, http.StatusOK, page)
}

// newLogin returns the login name for a new device of the member: ada.phone.
func (v *visit) newLogin(device string) (string, error) {
	if _, err := claims.ParseSlug(device); err != nil || len(device) > longestName {
		return "", &claims.Invalid{Field: "name", Problem: "give the device a name of 1 to 20 of a-z, 0-9 and hyphen, such as phone"}
	}
	live := v.livePasses()
	if len(live) >= mostPasses {
		return "", &claims.Invalid{Field: "name", Problem: "you have 20 WiFi passes already; revoke one you do not use first"}
	}
	login := v.me.Username + "." + device
	for _, pass := range live {
		if pass.Login == login {
			return "", taken(login)
		}
	}
	return login, nil
}

func taken(login string) error {
	return &claims.Invalid{Field: "name", Problem: login + " is in use; revoke that pass first, or choose another name"}
}

// PostWiFiRevoke ends one of the member's WiFi passes, at POST /wifi/revoke
// with pass.
func (p *Portal) PostWiFiRevoke(w http.ResponseWriter, r *http.Request) {
	v, form, ok := p.posted(w, r)
	if !ok {
		return
	}
	mine := slices.ContainsFunc(v.mine.Passes, func(pass claims.WiFiPass) bool { return string(pass.ID) == form.Get("pass") })
	if !mine {
		p.fail(v, fmt.Errorf("WiFi pass: %w", claims.ErrNotFound))
		return
	}
	_, err := p.Store.Change(r.Context(), v.actor(), web.RequestID(r.Context()), claims.RevokePass{Pass: claims.ID(form.Get("pass"))})
	if err != nil {
		p.fail(v, fmt.Errorf("revoke a WiFi pass: %w", err))
		return
	}
	p.done(v, "wifi")
}
