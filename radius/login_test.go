package radius

import (
	"bytes"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	codec "layeh.com/radius"
	"layeh.com/radius/rfc2865"
	"layeh.com/radius/rfc2868"
	"layeh.com/radius/rfc2869"

	"lanyard/claims"
)

func avp(t codec.Type, value string) codec.AVP {
	return codec.AVP{Type: t, Attribute: codec.Attribute(value)}
}

func TestR19WiFiPassLetsAnActiveMemberIn(t *testing.T) {
	w := newWorld(t)
	p := w.ask(login("ADA.Phone", goodPass, avp(rfc2865.CalledStationID_Type, ssidsAt+"space")))
	if p.Code != codec.CodeAccessAccept {
		t.Fatalf("%v, want Access-Accept: %+v", p.Code, w.last())
	}
	tag, kind := rfc2868.TunnelType_Get(p)
	_, medium := rfc2868.TunnelMediumType_Get(p)
	if tag != 0 || kind != 13 || medium != rfc2868.TunnelMediumType_Value_IEEE802 {
		t.Errorf("Tunnel-Type %d:%d, Tunnel-Medium-Type %d; want 0:13 and 6", tag, kind, medium)
	}
	if got := string(p.Get(rfc2868.TunnelPrivateGroupID_Type)); got != "20" {
		t.Errorf("VLAN %q, want 20, by the badge", got)
	}
	if got := rfc2865.SessionTimeout_Get(p); got != 20*60 {
		t.Errorf("Session-Timeout %d, want the 20 minutes the badge lasts", got)
	}
	if got := rfc2865.TerminationAction_Get(p); got != rfc2865.TerminationAction_Value_RADIUSRequest {
		t.Errorf("Termination-Action %v", got)
	}
	if got := rfc2865.UserName_GetString(p); got != "ada.phone" {
		t.Errorf("User-Name %q, want the login as it is stored", got)
	}
	if got := rfc2865.Class_GetString(p); got != "pass-ada.phone" {
		t.Errorf("Class %q", got)
	}
	if _, ok := p.Lookup(rfc2865.ReplyMessage_Type); ok {
		t.Error("an Accept has a Reply-Message")
	}
	want := Outcome{
		At: noon, Point: "ap1", Station: stationIs, Login: "ada.phone", Member: "ada", Network: "members",
		Location: "wifi-members", Allow: true, Reason: claims.ReasonOK, VLAN: 20, Session: 20 * time.Minute,
	}
	if got := w.last(); got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
}

func TestR19RefusalsSayTheSameAndGiveTheReasonInside(t *testing.T) {
	for _, c := range []struct {
		name   string
		p      *codec.Packet
		reason claims.Reason
	}{
		{"wrong pass", login("ada.phone", "wrong"), ReasonWrongPass},
		{"empty pass", login("ada.phone", ""), ReasonWrongPass},
		{"unknown login", login("nobody", goodPass), ReasonUnknownLogin},
		{"a member's name is no login", login("ada", goodPass), ReasonUnknownLogin},
		{"suspended", login("ben.phone", goodPass), "member_suspended"},
		{"revoked pass", login("ada.lost", goodPass), "credential_revoked"},
		{"expired pass", login("ada.old", goodPass), "credential_expired"},
		{"no right there", login("cleo.phone", goodPass, avp(rfc2865.CalledStationID_Type, ssidsAt+"lab")), claims.ReasonNoGrant},
		{"CHAP", without(login("ada.phone", "", avp(rfc2865.CHAPPassword_Type, "\x01"+hidden)), rfc2865.UserPassword_Type), ReasonCHAP},
		{"MS-CHAP", without(login("ada.phone", "", avp(rfc2865.VendorSpecific_Type, "\x00\x00\x01\x37\x19\x34"+hidden)), rfc2865.UserPassword_Type), ReasonMSCHAP},
		{"no password", without(login("ada.phone", ""), rfc2865.UserPassword_Type), ReasonNoPass},
		{"no name", without(login("ada.phone", goodPass), rfc2865.UserName_Type), ReasonNoLogin},
	} {
		w := newWorld(t)
		p := w.ask(c.p)
		if p.Code != codec.CodeAccessReject || len(p.Attributes) != 2 || rfc2865.ReplyMessage_GetString(p) != sorry {
			t.Errorf("%s: %v with %d attributes, %q; want an Access-Reject with the same words as ever", c.name, p.Code, len(p.Attributes), rfc2865.ReplyMessage_GetString(p))
		}
		if got := w.last(); got.Reason != c.reason || got.Allow {
			t.Errorf("%s: reason %q, want %q", c.name, got.Reason, c.reason)
		}
	}
}

func TestUnknownLoginIsWorkedOnAsLongAsAWrongPass(t *testing.T) {
	w := newWorld(t)
	w.ask(login("ada.phone", "wrong"))
	one := w.verified
	w.ask(login("nobody", "wrong"))
	if one != 1 || w.verified != 2 {
		t.Errorf("passes checked: %d for a wrong one, %d for an unknown login; want 1 each", one, w.verified-one)
	}
	if o := w.last(); o.Login != "" || o.Member != "" {
		t.Errorf("the outcome of an unknown login keeps %q, %q", o.Login, o.Member)
	}
}

func TestR20LapseEndsTheSessionAndTheNextLogin(t *testing.T) {
	w := newWorld(t)
	p := w.ask(login("cleo.phone", goodPass))
	if got := rfc2865.SessionTimeout_Get(p); p.Code != codec.CodeAccessAccept || got != 600 {
		t.Fatalf("%v for %d s, want Access-Accept for the 600 s that are paid", p.Code, got)
	}
	for _, c := range []struct {
		left   time.Duration
		code   codec.Code
		want   rfc2865.SessionTimeout
		reason claims.Reason
	}{
		{31*time.Second + 999*time.Millisecond, codec.CodeAccessAccept, 31, claims.ReasonOK},
		{30 * time.Second, codec.CodeAccessAccept, 30, claims.ReasonOK},
		{30*time.Second - 1, codec.CodeAccessReject, 0, ReasonTooShort},
		{time.Nanosecond, codec.CodeAccessReject, 0, ReasonTooShort},
		{0, codec.CodeAccessReject, 0, "member_suspended"},
	} {
		w.now = noon.Add(10*time.Minute - c.left)
		p := w.ask(login("cleo.phone", goodPass))
		if got := rfc2865.SessionTimeout_Get(p); p.Code != c.code || got != c.want || w.last().Reason != c.reason {
			t.Errorf("%v before the lapse: %v, %d s, %s; want %v, %d s, %s", c.left, p.Code, got, w.last().Reason, c.code, c.want, c.reason)
		}
	}
}

func TestSessionIsTwelveHoursAtMost(t *testing.T) {
	w := newWorld(t)
	w.change(claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: noon.Add(-time.Hour), Expires: noon.Add(24 * time.Hour)})
	if got := rfc2865.SessionTimeout_Get(w.ask(login("ada.phone", goodPass))); got != 12*60*60 {
		t.Errorf("Session-Timeout %d, want 12 h", got)
	}
	w.now = noon.Add(25 * time.Hour)
	if got := rfc2865.SessionTimeout_Get(w.ask(login("ada.phone", goodPass))); got != 12*60*60 {
		t.Errorf("Session-Timeout without an end in sight %d, want 12 h", got)
	}
}

func TestR22FirstRuleThatMatchesSaysTheVLAN(t *testing.T) {
	w := newWorld(t)
	vlan := func() string {
		t.Helper()
		return string(w.ask(login("ada.phone", goodPass)).Get(rfc2868.TunnelPrivateGroupID_Type))
	}
	if got := vlan(); got != "20" {
		t.Errorf("with the badge: VLAN %q, want 20", got)
	}
	w.change(claims.Assignment{ID: "as1", Tag: "trainer", Target: claims.TargetMember, TargetID: "ada", AssignedAt: noon})
	if got := vlan(); got != "30" {
		t.Errorf("with the tag, whose rule comes first: VLAN %q, want 30", got)
	}
	if got := rfc2865.FilterID_GetString(w.ask(login("ada.phone", goodPass))); got != "staff" {
		t.Errorf("Filter-Id %q, want the rule's", got)
	}
	w.change(
		claims.Assignment{ID: "as1", Tag: "trainer", Target: claims.TargetMember, TargetID: "ada", AssignedAt: noon, Removed: noon},
		claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: noon.Add(-time.Hour), Revoked: noon, RevokeReason: "x"},
	)
	if got := vlan(); got != "10" {
		t.Errorf("with neither: VLAN %q, want the network's 10", got)
	}
	w.now = noon.Add(-2 * time.Minute)
	w.change(claims.Network{Slug: "members", Location: "wifi-members"})
	p := w.ask(login("ada.phone", goodPass))
	if _, ok := p.Lookup(rfc2868.TunnelType_Type); ok || p.Code != codec.CodeAccessAccept {
		t.Errorf("a network without VLANs: %v with a Tunnel-Type", p.Code)
	}
}

func TestR45RevokedBadgeIsFeltAtTheNextLogin(t *testing.T) {
	w := newWorld(t)
	lab := avp(rfc2865.CalledStationID_Type, ssidsAt+"lab")
	if p := w.ask(login("ada.phone", goodPass, lab)); p.Code != codec.CodeAccessAccept {
		t.Fatalf("with the badge: %v (%s)", p.Code, w.last().Reason)
	}
	w.change(claims.Award{ID: "aw1", Badge: "laser-1", Member: "ada", On: noon.Add(-time.Hour), Revoked: noon, RevokeReason: "x"})
	if p := w.ask(login("ada.phone", goodPass, lab)); p.Code != codec.CodeAccessReject || w.last().Reason != claims.ReasonNoGrant {
		t.Errorf("after the badge was revoked: %v (%s)", p.Code, w.last().Reason)
	}
}

func TestNetworkIsTheSSIDsElseTheAccessPoints(t *testing.T) {
	w := newWorld(t)
	for called, want := range map[string]claims.Slug{ssidsAt + "space": "members", ssidsAt + "lab": "lab", ssidsAt + "LAB": "members", "": "members", "00-10-A4-23-19-C0": "members"} {
		w.ask(login("ada.phone", goodPass, avp(rfc2865.CalledStationID_Type, called)))
		if got := w.last().Network; got != want {
			t.Errorf("Called-Station-Id %q is network %q, want %q", called, got, want)
		}
	}
	request := wire(login("ada.phone", goodPass))
	p := w.check(request, w.send(netip.MustParseAddrPort("198.51.100.2:1"), request), apSecret)
	if p.Code != codec.CodeAccessReject || w.last().Reason != ReasonNoNetwork {
		t.Errorf("an access point of no network: %v (%s)", p.Code, w.last().Reason)
	}
}

func TestTwoNetworksWithOneSSIDAreToldApartByTheAccessPoint(t *testing.T) {
	w := newWorld(t)
	w.change(claims.Network{Slug: "annex", SSID: "space", Location: "wifi-members"})
	w.ask(login("ada.phone", goodPass, avp(rfc2865.CalledStationID_Type, ssidsAt+"space")))
	if got := w.last().Network; got != "members" {
		t.Errorf("at an access point of members: %q", got)
	}
	request := wire(login("ada.phone", goodPass, avp(rfc2865.CalledStationID_Type, ssidsAt+"space")))
	w.send(netip.MustParseAddrPort("198.51.100.2:1"), request)
	if got := w.last().Network; got != "annex" {
		t.Errorf("at an access point of none: %q, want the first by name", got)
	}
}

func TestProxyStateComesBackUnchangedAndInOrder(t *testing.T) {
	w := newWorld(t)
	p := w.ask(login("ada.phone", goodPass, avp(rfc2865.ProxyState_Type, "b"), avp(rfc2865.ProxyState_Type, ""), avp(rfc2865.ProxyState_Type, "a\x00")))
	var got []string
	for _, a := range p.Attributes {
		if a.Type == rfc2865.ProxyState_Type {
			got = append(got, string(a.Attribute))
		}
	}
	if strings.Join(got, "|") != "b||a\x00" {
		t.Errorf("Proxy-State %q", got)
	}
}

func TestEAPIsRefusedWithAFailureOfTheSameIdentifier(t *testing.T) {
	w := newWorld(t)
	p := w.ask(without(login("ada.phone", "", avp(rfc2869.EAPMessage_Type, "\x02\x2a\x00\x08\x01ada")), rfc2865.UserPassword_Type))
	if got := p.Get(rfc2869.EAPMessage_Type); p.Code != codec.CodeAccessReject || !bytes.Equal(got, []byte{4, 0x2a, 0, 4}) {
		t.Errorf("%v with EAP % x, want Access-Reject with EAP-Failure 2a", p.Code, got)
	}
	if _, ok := p.Lookup(rfc2865.ReplyMessage_Type); ok {
		t.Error("Reply-Message beside EAP-Message")
	}
}

func TestStatusServerIsAnswered(t *testing.T) {
	w := newWorld(t)
	p := codec.New(codec.CodeStatusServer, []byte(apSecret))
	p.Add(rfc2869.MessageAuthenticator_Type, make([]byte, 16))
	if got := w.ask(p); got.Code != codec.CodeAccessAccept || len(got.Attributes) != 1 {
		t.Errorf("%v with %d attributes", got.Code, len(got.Attributes))
	}
	if s := w.Stats(); s.Status != 1 || s.Accepts != 0 {
		t.Errorf("counted as %+v", s)
	}
}

func TestLogHoldsNoPassAndNoSecret(t *testing.T) {
	w := newWorld(t)
	cfg := w.config()
	var log bytes.Buffer
	cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.Server = New(cfg)
	w.change(claims.AccessPoint{ID: "ap9", Name: "sealed", Prefix: "203.0.113.1", Secret: "sealed under another ring"})
	for _, p := range []*codec.Packet{login("ada.phone", goodPass), login("ada.phone", "wrong-secret-pass"), login(goodPass, "x"), login("ben.phone", goodPass)} {
		w.send(apAddr, wire(p))
	}
	w.send(apAddr, []byte("garbage"))
	for _, s := range []string{goodPass, "wrong-secret-pass", apSecret, verifier(goodPass), "sealed under"} {
		if strings.Contains(log.String(), s) {
			t.Errorf("the log holds %q:\n%s", s, log.String())
		}
	}
	for _, s := range []string{"wrong_pass", "unknown_login", "member_suspended", "malformed", "no shared secret"} {
		if !strings.Contains(log.String(), s) {
			t.Errorf("the log does not say %q:\n%s", s, log.String())
		}
	}
}
