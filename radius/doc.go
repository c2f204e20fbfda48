// Package radius is the WiFi front: it answers the access points' RADIUS
// requests (RFC 2865, 2868, 2869, 3579, 5080, 5997) over UDP, from the same
// Decide that opens doors.
//
// A request passes through one file after another: server.go (read, and
// whose is it), packet.go (is it well formed), integrity.go (is it genuine),
// duplicates.go (was it answered already), authenticate.go (whose login, is
// the pass right), authorize.go (may they join, and where to), reply.go.
//
// It promises silence to whoever does not prove to be an access point, the
// same answer to a wrong pass as to an unknown login, and that no pass or
// secret reaches a log. It keeps nothing on disk and asks no database: all it
// knows comes from the Directory its caller hands it.
//
// It leaves to others: where facts and secrets are kept (Config.Directory,
// Config.Secret, Config.Verify), and what becomes of an Outcome
// (Config.Event). EAP and accounting are not spoken yet; see
// docs/divergences.md.
package radius
