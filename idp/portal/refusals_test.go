package portal

import (
	"html"
	"strings"
	"testing"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func TestHomeSaysWhenAndWhyOneWasKeptOut(t *testing.T) {
	b := newBench(t)
	ago := func(d time.Duration, who claims.MemberID, device claims.DeviceID, reason claims.Reason) record.Event {
		e := record.Event{At: b.now.Add(-d), Front: "door", Device: device, Member: who, Right: "operate", Location: "laser", Reason: reason, Allow: reason == claims.ReasonOK}
		if device == "d-door" {
			e.Right, e.Location = "unlock", "door"
		}
		return e
	}
	b.events = []record.Event{
		ago(time.Minute, "m-ada", "d-laser", claims.ReasonMissingBadge), ago(2*time.Minute, "m-ada", "d-laser", claims.ReasonMissingBadge),
		ago(time.Hour, "m-ada", "d-door", claims.ReasonLockdown), ago(2*time.Hour, "m-ada", "d-door", claims.ReasonOK),
		ago(3*time.Hour, "m-eve", "d-door", claims.ReasonNoGrant), ago(refusedFor+time.Hour, "m-ada", "d-door", claims.ReasonNoGrant),
		{At: b.now.Add(-4 * time.Hour), Front: "wifi", Member: "m-ada", Right: "join", Location: "wifi-members", Reason: claims.ReasonNoGrant},
	}
	page := html.UnescapeString(b.get("/").Body.String())
	_, section, found := strings.Cut(page, "When you were kept out")
	section, _, _ = strings.Cut(section, "</section>")
	if !found || strings.Count(section, "<li>") != 3 {
		t.Fatalf("it lists\n%s", section)
	}
	laser, rest, _ := strings.Cut(section, "Front door")
	door, wifi, _ := strings.Cut(rest, "WiFi")
	if !strings.Contains(laser, "Laser cutter") || strings.Contains(laser, "would open now") {
		t.Errorf("of the laser, whose badge is still missing: %s", laser)
	}
	if !strings.Contains(door, "would open now") || !strings.Contains(wifi, "would open now") {
		t.Errorf("of what would open now: %s and %s", door, wifi)
	}
	b.events = b.events[3:6]
	if page := b.get("/").Body.String(); strings.Contains(page, "When you were kept out") {
		t.Error("nothing was refused lately, and it is shown")
	}
}
