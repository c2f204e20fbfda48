package web

// The keys that log lines of the HTTP fronts use. There are no others, so
// that whoever reads the log can search it, and so that no query string, body
// or secret finds its way in under a name made up on the spot.
const (
	KeyRequest  = "request_id"
	KeyMethod   = "method"
	KeyRoute    = "route" // the pattern, never the path, which may hold a secret
	KeyStatus   = "status"
	KeyMillis   = "ms"
	KeyAddress  = "addr"
	KeyFault    = "fault" // the problem's type
	KeyError    = "err"
	KeyStack    = "stack"
	KeyMember   = "member"
	KeyClient   = "client"
	KeyDevice   = "device"
	KeyLocation = "location"
	KeyRight    = "right"
	KeyReason   = "reason"
	KeyGrant    = "grant"
	KeySession  = "session" // the stored hash, never the cookie's value
	KeyCount    = "count"
	KeyUntil    = "until"
)

// LogKeys lists every key.
var LogKeys = []string{
	KeyRequest, KeyMethod, KeyRoute, KeyStatus, KeyMillis, KeyAddress, KeyFault, KeyError, KeyStack, KeyMember,
	KeyClient, KeyDevice, KeyLocation, KeyRight, KeyReason, KeyGrant, KeySession, KeyCount, KeyUntil,
}
