package tour

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"lanyard/radius/probe"
)

func (t *tour) signsIn() {
	t.report.chapter("1. Ada signs in to an application (authorization code + PKCE, over HTTP)")
	var err error
	if t.ada, err = newBrowser(); err == nil {
		t.tokens, err = t.authorize("ada", t.ada, []string{"openid", "profile", "groups", "offline_access"})
	}
	t.report.line("Her ID token is verified with a library that is not ours; its groups are read",
		"badge.site-induction member.active", strings.Join(t.tokens.groups, " "), err)
	info, err := t.introspect(t.Dashboard, url.Values{"token": {t.tokens.access}})
	t.report.line("An application that may introspect asks about her access token (RFC 7662)",
		"active, no decision", info.String(), err)
	t.wifi, err = t.newWiFiPass("tour-phone")
	t.report.line("On her own page she makes a WiFi pass for her phone", "ada.tour-phone", t.wifi.login, err)
	t.joins("Her phone joins "+t.SSID+" (RADIUS Access-Request)", t.SSID, "accepted into VLAN "+t.VLAN)
	t.joins("It tries "+t.Machines+", which is for the trained", t.Machines, "refused")
}

func (t *tour) laserRefuses() {
	t.report.chapter("2. The laser cutter refuses her")
	t.taps("She taps her card at the laser's lock", "no: missing_badge (Need Laser 1)")
	made, err := t.authorize("ada", t.ada, []string{"door"}, t.atLaser())
	t.forLaser = made.access
	answer, err2 := t.introspect(t.Laser, url.Values{"token": {t.forLaser}})
	t.report.line("Her application gets a token made for this one lock (RFC 8707); the lock introspects it",
		"active, refused: missing_badge", answer.String(), first(err, err2))
	if d := answer.Decision; d != nil {
		for _, m := range d.Missing {
			for _, b := range m.AnyOf {
				t.report.say("still needed: %s. %s", b.Name, b.Earn)
			}
		}
	}
	again, err := t.introspect(t.Laser, url.Values{"token": {t.tokens.access}})
	t.report.line("Her ordinary token is none of the lock's business", "inactive", again.String(), err)
}

func (t *tour) trainerAwards() {
	t.report.chapter("3. Tom, the trainer, awards her the badge Laser 1")
	last := t.Now().AddDate(0, 0, 30).UTC().Truncate(24 * time.Hour)
	until := last.AddDate(0, 0, 1) // it counts to the end of its last day
	err := t.trainer("/badges/laser-1/award", url.Values{"member": {"ada"}, "until": {last.Format(time.DateOnly)}})
	t.report.line("Tom signs in, and awards it on the badge's page", "done", done(err), err)
	t.taps("The same card at the same lock", fmt.Sprintf("yes, until %s (Hi Ada)", until.Format(time.RFC3339)))
	t.tokens, err = t.refreshed(t.tokens)
	t.report.line("Her application refreshes its tokens; the new ID token's groups",
		"badge.laser-1 badge.site-induction member.active", strings.Join(t.tokens.groups, " "), err)
	t.joins("Her phone joins again", t.SSID, "accepted into VLAN "+t.VLANPlus)
	t.joins("And the network for the trained", t.Machines, "accepted into VLAN "+t.VLANPlus)
	answer, err := t.introspect(t.Laser, url.Values{"token": {t.forLaser}})
	t.report.line("The lock introspects the same token as before", "active, allowed", answer.String(), err)
	pass, err := t.doorPass(t.LaserID)
	answer, err2 := t.introspect(t.Laser, url.Values{"token": {pass}})
	t.report.line("From her own page she shows the lock a door pass, good for a minute", "active, allowed", answer.String(), first(err, err2))
	answer, err = t.introspect(t.Laser, url.Values{"token": {pass}})
	t.report.line("The same pass a second time: it works once", "inactive", answer.String(), err)
}

// atLaser asks for tokens made for the laser's lock (RFC 8707).
func (t *tour) atLaser() oauth2.AuthCodeOption {
	return oauth2.SetAuthURLParam("resource", t.Issuer+"/at/space/workshop/laser")
}

func (t *tour) badgeIsRevoked() {
	t.report.chapter("4. The badge is revoked")
	err := t.trainer("/badges/laser-1/revoke", url.Values{"member": {"ada"}, "reason": {"left the cutter alone while it was cutting"}})
	t.report.line("Tom revokes it on the same page", "done", done(err), err)
	answer, err := t.introspect(t.Laser, url.Values{"token": {t.forLaser}})
	t.report.line("The lock introspects the token it accepted a moment ago", "active, refused: missing_badge", answer.String(), err)
	t.taps("Her card", "no: missing_badge (Need Laser 1)")
	t.joins("The network for the trained", t.Machines, "refused")
	t.joins("The members' network", t.SSID, "accepted into VLAN "+t.VLAN)
	info, err := t.introspect(t.Dashboard, url.Values{"token": {t.tokens.access}})
	t.report.line("And the access token she already had, introspected: its groups",
		"badge.site-induction member.active", strings.Join(info.Groups, " "), err)
}

func (t *tour) phoneIsLost() {
	t.report.chapter("5. Ada's phone is lost")
	err := t.ada.get(t.ctx, t.Issuer+"/")
	if err == nil {
		err = t.ada.submitThat(t.ctx, "/wifi/revoke", t.wifi.login, nil)
	}
	t.report.line("On her own page she revokes its WiFi pass", "done", done(err), err)
	t.joins("Whoever has the phone tries the WiFi", t.SSID, "refused")
}

func (t *tour) delftEdits() {
	t.report.chapter("6. Bea is on the board of Delft, and of nothing else")
	bea, err := newBrowser()
	var got tokens
	if err == nil {
		got, err = t.authorize("bea", bea, []string{"openid", "groups"})
	}
	for _, body := range []string{"delft", "chapter-x"} {
		want := map[string]string{"delft": "active, allowed", "chapter-x": "active, refused: no_grant"}[body]
		answer, err2 := t.introspect(t.Dashboard, url.Values{"token": {got.access}, "location": {"/bodies/" + body}, "right": {"edit"}})
		t.report.line("May she edit "+body+"? (one grant for all boards, asked at /bodies/"+body+")", want, answer.String(), first(err, err2))
	}
	err = bea.get(t.ctx, t.Wiki+"/sign-in?next=/page/delft-minutes")
	if err == nil {
		err = t.throughPages("bea", bea)
	}
	seen := ""
	if err == nil {
		seen, err = t.saves(bea, "delft-minutes")
	}
	t.report.line("She signs in to the wiki, a relying party of its own, and saves Delft's minutes", "saved", seen, err)
	seen, err = t.saves(bea, "chapter-x-minutes")
	t.report.line("She tries the minutes of Chapter X", "refused", seen, err)
}

func (t *tour) saves(b *browser, page string) (string, error) {
	err := b.post(t.ctx, t.Wiki+"/page/"+page, url.Values{"text": {"15 May: we met Lanyard."}})
	if err != nil {
		return "", err
	}
	switch b.status {
	case 200:
		return "saved", nil
	case 403:
		return "refused", nil
	}
	return fmt.Sprintf("status %d", b.status), nil
}

// trainer signs Tom in, if he is not, and sends a form of the badge's page.
func (t *tour) trainer(action string, with url.Values) error {
	if t.tom == nil {
		b, err := newBrowser()
		if err != nil {
			return err
		}
		t.tom = b
	}
	if err := t.tom.get(t.ctx, t.Issuer+"/badges/laser-1"); err != nil {
		return err
	}
	if err := t.throughPages("tom", t.tom); err != nil {
		return err
	}
	if err := t.tom.submit(t.ctx, action, with); err != nil {
		return err
	}
	if t.tom.status != 200 {
		return fmt.Errorf("status %d", t.tom.status)
	}
	return nil
}

func (t *tour) newWiFiPass(name string) (wifiPass, error) {
	if err := t.ada.get(t.ctx, t.Issuer+"/"); err != nil {
		return wifiPass{}, err
	}
	if err := t.ada.submit(t.ctx, "/wifi", url.Values{"name": {name}}); err != nil {
		return wifiPass{}, err
	}
	p := wifiPass{t.ada.valueOf("Username"), t.ada.valueOf("Password")}
	if p.pass == "" {
		return p, fmt.Errorf("the page shows no pass (status %d)", t.ada.status)
	}
	return p, nil
}

func (t *tour) doorPass(device string) (string, error) {
	if err := t.ada.post(t.ctx, t.Issuer+"/door-pass", url.Values{"device": {device}}); err != nil {
		return "", err
	}
	p := t.ada.valueOf("pass")
	if p == "" {
		return "", fmt.Errorf("the page shows no door pass (status %d)", t.ada.status)
	}
	return p, nil
}

func (t *tour) joins(did, ssid, expected string) {
	r, err := probe.PAP(t.ctx, t.RADIUS, t.Secret, t.wifi.login, t.wifi.pass, probe.Options{CalledStation: "02-00-00-00-00-01:" + ssid})
	seen := "refused"
	if r.Accept {
		seen = "accepted into VLAN " + r.VLAN
	}
	t.report.line(did, expected, seen, err)
	if r.Session > 0 {
		t.report.say("Session-Timeout %s: no longer than the decision holds", r.Session)
	}
}

// taps holds Ada's card at the laser's lock (POST /device/v1/decide).
func (t *tour) taps(did, expected string) {
	body, _ := json.Marshal(map[string]string{"cred": t.AdaCard, "nonce": "tour"})
	var a struct {
		D     int    `json:"d"`
		R     string `json:"r"`
		T     string `json:"t"`
		Until int64  `json:"until"`
		N     string `json:"n"`
	}
	err := t.call(t.ctx, t.Laser, "/device/v1/decide", "application/json", string(body), &a)
	seen := fmt.Sprintf("no: %s (%s)", a.R, a.T)
	if a.D == 1 {
		seen = fmt.Sprintf("yes, until %s (%s)", time.Unix(a.Until, 0).UTC().Format(time.RFC3339), a.T)
	}
	t.report.line(did, expected, seen, err)
}

func done(err error) string {
	if err != nil {
		return "not done"
	}
	return "done"
}

func first(errs ...error) error {
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil })
	if i < 0 {
		return nil
	}
	return errs[i]
}
