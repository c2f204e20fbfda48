package radius

import (
	"time"

	"lanyard/claims"
)

// Outcome is what was decided about one login, and why: what the events, the
// member's page and the admin's page tell.
type Outcome struct {
	At       time.Time
	Point    claims.ID         // the access point
	Station  string            // the device's MAC address, "00-10-a4-23-19-c0"; empty if not sent
	Login    string            // the pass's login; empty if there is no such pass: what was typed is kept nowhere
	Member   claims.MemberID   // whose pass; empty as Login
	Network  claims.Slug       // empty if it did not come to that
	Location claims.LocationID // where join was asked; empty as Network
	Allow    bool
	Reason   claims.Reason // Decide's, or one of this package's
	VLAN     int           // 0: none was sent
	Session  time.Duration // until the access point asks again
}

// Reasons for a refusal that Decide knows nothing of.
const (
	ReasonNoLogin      claims.Reason = "no_login"       // no User-Name was sent
	ReasonNoPass       claims.Reason = "no_pass"        // no password of any kind was sent
	ReasonUnknownLogin claims.Reason = "unknown_login"  // no pass has that login
	ReasonWrongPass    claims.Reason = "wrong_pass"     // the pass does not fit the login
	ReasonCHAP         claims.Reason = "chap_refused"   // CHAP needs the pass in clear, which is kept nowhere
	ReasonMSCHAP       claims.Reason = "mschap_refused" // MS-CHAP is not spoken yet
	ReasonEAP          claims.Reason = "eap_refused"    // EAP is not spoken yet
	ReasonNoNetwork    claims.Reason = "no_network"     // neither the SSID nor the access point names a network
	ReasonTooShort     claims.Reason = "ends_too_soon"  // less than 30 s are left
)

// reasonText is what the log says of this package's own reasons.
var reasonText = map[claims.Reason]string{
	ReasonNoLogin:      "no User-Name was sent",
	ReasonNoPass:       "no password was sent",
	ReasonUnknownLogin: "no WiFi pass has this login; what was typed is not shown",
	ReasonWrongPass:    "the pass does not fit the login",
	ReasonCHAP:         "CHAP cannot be answered: passes are not kept in clear; set the access point to PAP",
	ReasonMSCHAP:       "MS-CHAP is not spoken yet; set the access point to PAP",
	ReasonEAP:          "EAP (WPA-Enterprise) is not spoken yet; set the access point to PAP",
	ReasonNoNetwork:    "neither the SSID nor the access point names a network",
	ReasonTooShort:     "what allows this login ends within 30 s",
}

// verdict is an Outcome with what else the reply needs.
type verdict struct {
	Outcome
	filter string    // Filter-Id
	class  claims.ID // Class
}
