// Package keys holds what must not be read by whoever reads the database: the
// ring of master keys that lies outside it, what is sealed under the ring
// (cards, RADIUS secrets, the private halves of signing keys), the keyed
// hashes that cards and WiFi passes are found by, and the keys that sign
// tokens.
//
// idp/oauth signs and verifies with it, idp/store keeps what it seals without
// being able to open it, cmd introduces both. Signing keys follow one another
// by a schedule (rotate.go): a key is published before it signs, and after,
// until what it signed is dead.
package keys
