package record

import (
	"time"

	"lanyard/claims"
)

// DeviceCode is how a member finds the grant that a device waits for (RFC
// 8628), and how often the device may ask. All else is in the grant.
type DeviceCode struct {
	ID       string          // Grant.ID
	UserCode string          // a MAC of what the member types
	Wait     claims.Duration // from one question of the device to the next
	Polled   time.Time       // when it last asked; zero: not yet
	Expires  time.Time
}
