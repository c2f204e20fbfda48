package login

// Password hashes: argon2id (RFC 9106) as PHC strings,
// $argon2id$v=19$m=19456,t=2,p=1$SALT$HASH, in unpadded base64.

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// cost is how dear a hash is.
type cost struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

var (
	// usual is what new hashes cost: 19 MiB, 2 passes, 1 lane.
	usual = cost{19 << 10, 2, 1}
	// dearest bounds what a stored hash may make us spend.
	dearest = cost{64 << 10, 8, 4}
)

const (
	saltLen = 16
	hashLen = 32
)

// nobody is hashed against when there is no such member or no password, so
// that it takes as long. No password is known to fit.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$Wm5rQ0Z1aGJ0d3F4eXpLTQ$vXq1cXn7yqk3rV0yqk8n1m8oWJc9z0R3bq7Yb2kUu5E"

var errHash = errors.New("not a password hash we can check")

// HashPassword returns the PHC string of a password. It takes tens of
// milliseconds and 19 MiB; a server calls it through a Login's pages only.
func HashPassword(password string) string {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		panic(err) // documented never to happen
	}
	key := argon2.IDKey([]byte(password), salt, usual.time, usual.memory, usual.threads, hashLen)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		usual.memory, usual.time, usual.threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// checkPassword tells whether password is the one phc was made of, and
// whether phc should be made anew at today's cost.
func checkPassword(phc, password string) (ok, stale bool, err error) {
	c, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	got := argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, c != usual || len(want) != hashLen, nil
}

// parsePHC reads exactly what HashPassword writes, at any cost up to dearest.
func parsePHC(phc string) (c cost, salt, hash []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, errHash
	}
	if parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", c.memory, c.time, c.threads) {
		return c, nil, nil, errHash
	}
	if c.time < 1 || c.threads < 1 || c.memory < 8*uint32(c.threads) ||
		c.memory > dearest.memory || c.time > dearest.time || c.threads > dearest.threads {
		return c, nil, nil, errHash
	}
	b64 := base64.RawStdEncoding.Strict()
	salt, errSalt := b64.DecodeString(parts[4])
	hash, errKey := b64.DecodeString(parts[5])
	if errSalt != nil || errKey != nil || len(salt) < 8 || len(salt) > 64 || len(hash) < 16 || len(hash) > 64 {
		return c, nil, nil, errHash
	}
	return c, salt, hash, nil
}
