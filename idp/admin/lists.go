package admin

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/templates"
)

// mostMembers is how many members the page lists.
const mostMembers = 200

// members fills in the members whom the caller may see, by username, and how
// many there are of what.
func (a *Admin) members(v *visit, page *templates.Admin) {
	found, all := v.see.Find("", mostMembers)
	for _, r := range found {
		page.Members = append(page.Members, v.row(r))
	}
	page.More = all - len(page.Members)
	states := v.see.States()
	page.Counts = []templates.Count{
		count(all, "member"), {N: states[claims.StateActive] + states[claims.StateGrace], What: "active or in grace"}, count(len(page.Devices), "door or machine", "doors and machines"),
		count(len(page.Networks), "network"), count(clients(v.d), "application"),
	}
}

// row is a member as lists show them.
func (v *visit) row(r claims.Record) templates.AdminMember {
	return templates.AdminMember{ID: string(r.Member.ID), Username: r.Member.Username, Name: r.Member.Name, State: string(r.State), Tone: templates.ToneOf(string(r.State)),
		Barred: r.Barred, Badges: liveBadges(r, v.now), Tags: liveTags(r, v.now)}
}

func count(n int, one string, many ...string) templates.Count {
	switch {
	case n == 1:
		return templates.Count{N: n, What: one}
	case len(many) > 0:
		return templates.Count{N: n, What: many[0]}
	}
	return templates.Count{N: n, What: one + "s"}
}

// clients counts the applications that people sign in to: clients that are no
// devices and are not switched off.
func clients(d *claims.Directory) int {
	n := 0
	for c := range claims.All[claims.Client](d) {
		if _, device := d.DeviceByClient(c.ID); !device && c.Disabled.IsZero() {
			n++
		}
	}
	return n
}

// liveBadges lists the badges that count now.
func liveBadges(r claims.Record, now time.Time) []string {
	var list []string
	for _, a := range r.Awards {
		if r.LiveAt(a, now) {
			list = append(list, string(a.Badge))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// liveTags lists the tags that are on now.
func liveTags(r claims.Record, now time.Time) []string {
	var list []string
	for _, a := range r.Assignments {
		if r.LiveAt(a, now) {
			list = append(list, string(a.Tag))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (v *visit) devices() []templates.AdminDevice {
	var list []templates.AdminDevice
	for dev := range claims.All[claims.Device](v.d) {
		if dev.Removed.IsZero() {
			list = append(list, templates.AdminDevice{Name: dev.Name, Kind: dev.Kind, Where: string(v.d.PathOf(dev.Location)),
				Right: string(dev.Right), Maintenance: dev.Maintenance})
		}
	}
	slices.SortFunc(list, func(a, b templates.AdminDevice) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (v *visit) networks() []templates.AdminNetwork {
	var list []templates.AdminNetwork
	for n := range claims.All[claims.Network](v.d) {
		if n.Removed.IsZero() {
			list = append(list, templates.AdminNetwork{Name: string(n.Slug), SSID: n.SSID, Where: string(v.d.PathOf(n.Location)), VLAN: vlan(n)})
		}
	}
	return list
}

// vlan puts where a network sends people into words.
func vlan(n claims.Network) string {
	usual := "none"
	if n.VLAN != 0 {
		usual = fmt.Sprint(n.VLAN)
	}
	switch len(n.Rules) {
	case 0:
		return usual
	case 1:
		return usual + ", and 1 rule"
	}
	return fmt.Sprintf("%s, and %d rules", usual, len(n.Rules))
}

func (a *Admin) events(v *visit, events []record.Event) []templates.AdminEvent {
	var list []templates.AdminEvent
	for _, e := range events {
		list = append(list, templates.AdminEvent{
			At: templates.Clock(e.At, v.now, a.Zone), Who: v.who(e.Member), Where: v.where(e), Right: string(e.Right), Allow: e.Allow, Reason: string(e.Reason)})
	}
	return list
}

func (a *Admin) audit(v *visit, lines []record.Audited) []templates.AdminAudit {
	var list []templates.AdminAudit
	for _, l := range lines {
		list = append(list, templates.AdminAudit{At: templates.Clock(l.At, v.now, a.Zone), Actor: v.actorName(l.Actor), Action: v.spell(l.Action), Subject: v.subject(l.Subject)})
	}
	return list
}

// who is what a member is called, as far as the caller may know.
func (v *visit) who(id claims.MemberID) string {
	if id == "" {
		return "unknown"
	}
	if name := v.see.Call(id); name != "" {
		return name
	}
	return short(string(id))
}

// actorName is what whoever did something is called.
func (v *visit) actorName(actor string) string {
	if id, ok := strings.CutPrefix(actor, "member:"); ok {
		return v.who(claims.MemberID(id))
	}
	return actor
}

// where is where an event was: its device, its access point or its location.
func (v *visit) where(e record.Event) string {
	if dev, ok := claims.Get[claims.Device](v.d, string(e.Device)); ok && dev.Name != "" {
		return dev.Name
	}
	if point, ok := claims.Get[claims.AccessPoint](v.d, string(e.Point)); ok && point.Name != "" {
		return point.Name
	}
	return string(v.d.PathOf(e.Location))
}
