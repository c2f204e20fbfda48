package keys

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lanyard/claims"
)

// keySize is the length of a master key, in bytes.
const keySize = 32

// Ring is the master keys of one installation. The newest seals, every one
// opens, and what is derived comes from the oldest, so that adding a key
// changes no lookup. It is safe for use at once and never prints a key.
type Ring struct {
	keys []ringKey // oldest first; never empty
	card []byte    // Derive("card-lookup")
	wifi []byte    // Derive("wifi-pass")

	pairwise []byte // Derive("pairwise-subject")
	recovery []byte // Derive("recovery-code")
}

type ringKey struct {
	id     string
	master []byte
	aead   cipher.AEAD
}

// String names the ring and hides its keys.
func (r *Ring) String() string { return "key ring " + r.ID() }

// GoString hides the keys.
func (r *Ring) GoString() string { return r.String() }

// NewRing makes a ring of one master key. Fewer or more than 32 bytes are
// hashed to 32; whoever brings them sees to it that they cannot be guessed.
func NewRing(master []byte) *Ring {
	if len(master) != keySize {
		sum := sha256.Sum256(master)
		master = sum[:]
	}
	return ringOf([][]byte{bytes.Clone(master)})
}

func ringOf(masters [][]byte) *Ring {
	r := &Ring{}
	for _, m := range masters {
		block, err := aes.NewCipher(derive(m, "seal"))
		if err != nil {
			panic(err) // derive gives 32 bytes, which AES takes
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			panic(err) // AES has the block size that GCM takes
		}
		r.keys = append(r.keys, ringKey{hex.EncodeToString(derive(m, "key-id")[:6]), m, aead})
	}
	r.card, r.wifi, r.pairwise = r.Derive("card-lookup"), r.Derive("wifi-pass"), r.Derive("pairwise-subject")
	r.recovery = r.Derive("recovery-code")
	return r
}

// CreateRing opens the key ring in the file at path, making it with one new
// key if there is none. The file has one key a line, base64url, oldest first;
// lines that start with # are notes. A file that everybody may read is refused.
func CreateRing(path string) (*Ring, error) {
	r, err := openRing(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return r, err
	}
	if err := writeRing(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make key ring %s: %w", path, err)
	}
	return openRing(path) // ours, or that of whoever was faster
}

func openRing(path string) (*Ring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open key ring: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open key ring: %w", err)
	}
	if info.Mode().Perm()&0o027 != 0 {
		return nil, fmt.Errorf("key ring %s is open to others (mode %04o): chmod 600 it", path, info.Mode().Perm())
	}
	var masters [][]byte
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		m, err := base64.RawURLEncoding.DecodeString(line)
		if err != nil || len(m) != keySize {
			return nil, fmt.Errorf("key ring %s, line %d: not a key of %d bytes in base64url", path, n, keySize)
		}
		masters = append(masters, m)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read key ring %s: %w", path, err)
	}
	if len(masters) == 0 {
		return nil, fmt.Errorf("key ring %s holds no key", path)
	}
	return ringOf(masters), nil
}

// writeRing puts a whole file in place or none: a crash leaves no half a key.
func writeRing(path string) error {
	master := make([]byte, keySize)
	if _, err := rand.Read(master); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".keyring-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	text := "# Lanyard's master keys. Without this file a backup of the database is useless.\n" +
		base64.RawURLEncoding.EncodeToString(master) + "\n"
	_, err = f.WriteString(text)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Link(f.Name(), path) // fails if path is there: nobody's ring is overwritten
}

// ID names the ring without revealing it. It stays the same when keys are added.
func (r *Ring) ID() string { return r.keys[0].id }

// Derive returns 32 bytes for one purpose (HKDF-SHA256, RFC 5869) from the
// oldest key. The caller owns them.
func (r *Ring) Derive(label string) []byte { return derive(r.keys[0].master, "lanyard/"+label) }

func derive(master []byte, info string) []byte {
	b, err := hkdf.Key(sha256.New, master, nil, info, keySize)
	if err != nil {
		panic(err) // 32 bytes are always within HKDF's reach
	}
	return b
}

// Seal encrypts plain for one place in the database, as
// "v1.KEYID.BASE64URL(nonce ‖ AES-256-GCM)". It opens only for the same place.
func (r *Ring) Seal(table, row, column string, plain []byte) (string, error) {
	k := r.keys[len(r.keys)-1]
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(plain)+k.aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("seal %s.%s: %w", table, column, err)
	}
	box := k.aead.Seal(nonce, nonce, plain, place(table, row, column))
	return "v1." + k.id + "." + base64.RawURLEncoding.EncodeToString(box), nil
}

// Open decrypts what Seal made for the same place. ErrNotFound: it was sealed
// under a key that is not in this ring; ErrInvalid: it was tampered with, or
// belongs elsewhere.
func (r *Ring) Open(table, row, column, sealed string) ([]byte, error) {
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 || parts[0] != "v1" {
		return nil, fmt.Errorf("open %s.%s of %s: not a sealed text: %w", table, column, row, claims.ErrInvalid)
	}
	box, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return nil, fmt.Errorf("open %s.%s of %s: %v: %w", table, column, row, err, claims.ErrInvalid)
	}
	for _, k := range r.keys {
		if k.id != parts[1] {
			continue
		}
		n := k.aead.NonceSize()
		if len(box) < n {
			return nil, fmt.Errorf("open %s.%s of %s: too short: %w", table, column, row, claims.ErrInvalid)
		}
		plain, err := k.aead.Open(nil, box[:n], box[n:], place(table, row, column))
		if err != nil {
			return nil, fmt.Errorf("open %s.%s of %s: %v: %w", table, column, row, err, claims.ErrInvalid)
		}
		return plain, nil
	}
	return nil, fmt.Errorf("open %s.%s of %s: key %s is not in this ring: %w", table, column, row, parts[1], claims.ErrNotFound)
}

func place(table, row, column string) []byte {
	return []byte(table + "\x00" + row + "\x00" + column)
}

// CardLookup is the keyed hash that a card is found by; text is ParseCard's.
func (r *Ring) CardLookup(text string) string { return mac(r.card, text) }

// PassVerifier is the keyed hash that a WiFi pass is checked against. Spaces
// and hyphens count for nothing and neither does case, as people type it.
func (r *Ring) PassVerifier(pass string) string {
	fold := strings.NewReplacer(" ", "", "-", "")
	return mac(r.wifi, strings.ToLower(fold.Replace(pass)))
}

// RecoveryID is the keyed hash that one of a member's recovery codes is found
// by; code is as it was made, without what people type between.
func (r *Ring) RecoveryID(member, code string) string { return mac(r.recovery, member+"\x00"+code) }

func mac(key []byte, text string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}
