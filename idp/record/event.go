package record

import (
	"time"

	"lanyard/claims"
)

// Event is one time somebody stood before a door or asked for the WiFi.
type Event struct {
	At       time.Time
	Front    string // "door", "wifi", "introspect"
	Device   claims.DeviceID
	Point    claims.ID // the access point, for wifi
	Member   claims.MemberID
	Right    claims.Slug
	Location claims.LocationID
	Allow    bool
	Reason   claims.Reason
}

// GrantFilter picks grants; an empty field matches all, but one must be set.
type GrantFilter struct {
	Member  claims.MemberID
	Client  claims.ClientID
	Session string
}
