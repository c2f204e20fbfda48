package keys

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lanyard/claims"
)

func TestSealedTextOpensOnlyInItsPlace(t *testing.T) {
	r := NewRing(bytes.Repeat([]byte{7}, 32))
	sealed, err := r.Seal("credential", "c1", "sealed", []byte("uid:04a1b2c3"))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := r.Open("credential", "c1", "sealed", sealed); err != nil || string(plain) != "uid:04a1b2c3" {
		t.Fatalf("Open = %q, %v", plain, err)
	}
	for _, at := range [][3]string{{"credential", "c2", "sealed"}, {"access_point", "c1", "sealed"}, {"credential", "c1", "secret"}} {
		if _, err := r.Open(at[0], at[1], at[2], sealed); !errors.Is(err, claims.ErrInvalid) {
			t.Errorf("Open at %v = %v, want ErrInvalid", at, err)
		}
	}
	if _, err := NewRing([]byte("another")).Open("credential", "c1", "sealed", sealed); !errors.Is(err, claims.ErrNotFound) {
		t.Errorf("Open under another ring = %v, want ErrNotFound", err)
	}
	for _, bad := range []string{"", "v1", "v1..", "v2." + sealed[3:], sealed[:len(sealed)-2], strings.Replace(sealed, ".", "..", 1), sealed + "A"} {
		if _, err := r.Open("credential", "c1", "sealed", bad); err == nil {
			t.Errorf("Open(%q) succeeded", bad)
		}
	}
}

func TestNewestKeySealsAndEveryKeyOpens(t *testing.T) {
	old, both := ringOf([][]byte{bytes.Repeat([]byte{1}, 32)}), ringOf([][]byte{bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)})
	was, _ := old.Seal("t", "r", "c", []byte("x"))
	if _, err := both.Open("t", "r", "c", was); err != nil {
		t.Errorf("the longer ring does not open what the shorter sealed: %v", err)
	}
	is, _ := both.Seal("t", "r", "c", []byte("x"))
	if _, err := old.Open("t", "r", "c", is); !errors.Is(err, claims.ErrNotFound) {
		t.Errorf("the old key opens what the new one sealed: %v", err)
	}
	if old.ID() != both.ID() || old.CardLookup("uid:00") != both.CardLookup("uid:00") {
		t.Error("adding a key changed the ring's name or a lookup")
	}
}

func TestRingFileIsMadeOnceAndWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ring")
	var wg sync.WaitGroup
	ids := make([]string, 8)
	for i := range ids {
		wg.Go(func() {
			r, err := CreateRing(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = r.ID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("eight starts at once got rings %v", ids)
		}
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode().Perm())
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".keyring-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	os.Chmod(path, 0o644)
	if _, err := CreateRing(path); err == nil {
		t.Error("a ring that everybody reads was taken")
	}
}

func TestEmptyOrBrokenRingIsRefused(t *testing.T) {
	for _, text := range []string{"", "# only a note\n", "short\n", strings.Repeat("A", 42) + "\n"} {
		path := filepath.Join(t.TempDir(), "ring")
		os.WriteFile(path, []byte(text), 0o600)
		if _, err := CreateRing(path); err == nil {
			t.Errorf("ring file %q was taken", text)
		}
		if now, _ := os.ReadFile(path); string(now) != text {
			t.Errorf("ring file %q was overwritten", text)
		}
	}
}

func TestRingNeverPrintsItsKeys(t *testing.T) {
	r := NewRing([]byte("0123456789abcdef0123456789abcdef"))
	for _, f := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(f, r); s != "key ring "+r.ID() {
			t.Errorf("%s prints %s", f, s)
		}
	}
}

func TestPassVerifierFoldsAsPeopleType(t *testing.T) {
	r := NewRing([]byte("k"))
	if r.PassVerifier("abcd-efgh ijkl") != r.PassVerifier("ABCDEFGHIJKL") {
		t.Error("hyphen, space or case changed a pass")
	}
	if r.PassVerifier("abcd") == r.CardLookup("abcd") {
		t.Error("two purposes share a key")
	}
}

func TestParseCard(t *testing.T) {
	for _, c := range []struct{ text, format, want string }{
		{"04:A1:B2:C3", "", "uid:04a1b2c3"},
		{"04 a1 b2 c3", "hex", "uid:04a1b2c3"},
		{"c3b2a104", "hex-reversed", "uid:04a1b2c3"},
		{"77705923", "dec", "uid:04a1b2c3"},
		{"0077705923", "dec", "uid:04a1b2c3"},
		{"3283263748", "dec-reversed", "uid:04a1b2c3"},
		{"04a1b2c3d4e5f6", "hex", "uid:04a1b2c3d4e5f6"},
		{"1303689068602870", "dec", "uid:04a1b2c3d4e5f6"},
		{"uid:04A1B2C3", "dec", "uid:04a1b2c3"},
		{"04a1b2", "hex", ""}, {"04a1b2c", "hex", ""}, {"zz", "hex", ""}, {"", "hex", ""}, {"", "dec", ""},
		{"-5", "dec", ""}, {"1234567890123456789012345678901", "dec", ""}, {"04a1b2c3", "w26", ""}, {"04a1b2c3", "ean", ""},
		{"uid:", "", ""}, {"uid:04a1b2c3d4e5f60718293a", "", ""},
	} {
		got, err := ParseCard(c.text, c.format)
		if c.want == "" {
			if !errors.Is(err, claims.ErrInvalid) {
				t.Errorf("ParseCard(%q, %q) = %q, %v, want ErrInvalid", c.text, c.format, got, err)
			}
		} else if got != c.want || err != nil {
			t.Errorf("ParseCard(%q, %q) = %q, %v, want %q", c.text, c.format, got, err, c.want)
		}
	}
}
