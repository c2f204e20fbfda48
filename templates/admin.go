package templates

import (
	"context"
	"io"
)

// Admin is the organisation at a glance, for whoever manages it.
type Admin struct {
	Frame
	Counts   []Count
	Members  []AdminMember
	More     int // members that are not listed
	Devices  []AdminDevice
	Networks []AdminNetwork
	Events   []AdminEvent
	Audit    []AdminAudit
}

// Count is a number and what it counts.
type Count struct {
	N    int
	What string
}

// AdminMember is one line of the members' list.
type AdminMember struct {
	ID       string // names the page about them
	Username string
	Name     string
	State    string
	Tone     Tone // of the state
	Barred   bool
	Badges   []string
	Tags     []string
}

// AdminDevice is one line of the devices' list.
type AdminDevice struct {
	Name        string
	Kind        string
	Where       string // the location's path
	Right       string
	Maintenance bool
}

// AdminNetwork is one line of the networks' list.
type AdminNetwork struct {
	Name  string
	SSID  string
	Where string
	VLAN  string // the default and how many rules, in words
}

// AdminEvent is one time somebody stood before a door or asked for the WiFi.
type AdminEvent struct {
	At     Moment
	Who    string
	Where  string
	Right  string
	Allow  bool
	Reason string
}

// AdminAudit is one line of the audit log.
type AdminAudit struct {
	At      Moment
	Actor   string
	Action  string
	Subject string
}

// Render writes the page.
func (p Admin) Render(ctx context.Context, w io.Writer) error {
	return p.render(ctx, w, "Administration", full, p.body())
}
