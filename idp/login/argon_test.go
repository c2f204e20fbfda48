package login

import (
	"context"
	"encoding/base64"
	"errors"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

func TestPasswordFitsItsHashOnly(t *testing.T) {
	phc := goodPHC()
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", phc)
	}
	if phc == HashPassword(goodPassword) {
		t.Error("two hashes of one password are alike: no salt")
	}
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, "": false, strings.ToUpper(goodPassword): false} {
		if ok, stale, err := checkPassword(phc, password); ok != want || stale || err != nil {
			t.Errorf("check %q: %v %v %v", password, ok, stale, err)
		}
	}
}

func TestHashFromElsewhereIsCheckedAndMadeAnew(t *testing.T) {
	b := newBench(t)
	salt, key := []byte("somesalt"), argon2.IDKey([]byte(goodPassword), []byte("somesalt"), 1, 8<<10, 2, 24)
	b64 := base64.RawStdEncoding
	old := "$argon2id$v=19$m=8192,t=1,p=2$" + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key)
	b.passwords["m-ada"] = record.Password{Member: "m-ada", PHC: old}
	if w := b.post("/login", "username", "ada", "password", "wrong password"); w.Code != 401 || b.passwords["m-ada"].PHC != old {
		t.Errorf("a wrong password: %d, hash %s", w.Code, b.passwords["m-ada"].PHC)
	}
	b.signIn("ada")
	if c, _, _, err := parsePHC(b.passwords["m-ada"].PHC); err != nil || c != usual {
		t.Errorf("hash afterwards %s", b.passwords["m-ada"].PHC)
	}
	b.signIn("ada")
}

func TestStoredHashesCannotMakeUsSpendMuch(t *testing.T) {
	const tail = "$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, phc := range []string{
		"", "$", "plain", "$2a$10$abc", "$argon2i$v=19$m=19456,t=2,p=1" + tail, "$argon2id$v=16$m=19456,t=2,p=1" + tail,
		"$argon2id$v=19$m=4294967295,t=2,p=1" + tail, "$argon2id$v=19$m=19456,t=4000000,p=1" + tail, "$argon2id$v=19$m=19456,t=2,p=255" + tail,
		"$argon2id$v=19$m=19456,t=0,p=1" + tail, "$argon2id$v=19$m=19456,t=2,p=0" + tail, "$argon2id$v=19$m=-1,t=2,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=1,x=1" + tail, "$argon2id$v=19$t=2,m=19456,p=1" + tail, "$argon2id$v=19$m=019456,t=2,p=1" + tail,
		"$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=19456,t=2,p=1$*$*",
		"$argon2id$v=19$m=1,t=2,p=1" + tail, "$argon2id$v=19$m=19456,t=2,p=1" + tail + "$more", "$argon2id$v=19$m=19456,t=2,p=1" + tail + "=",
	} {
		if _, _, _, err := parsePHC(phc); !errors.Is(err, errHash) {
			t.Errorf("parsePHC(%q) = %v, want errHash", phc, err)
		}
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add(nobody)
	f.Fuzz(func(t *testing.T, phc string) {
		c, salt, hash, err := parsePHC(phc)
		if err == nil && (c.memory > dearest.memory || c.time > dearest.time || c.threads > dearest.threads || len(salt) > 64 || len(hash) > 64) {
			t.Errorf("%q passes: %+v", phc, c)
		}
	})
}

func TestFloodOfPasswordsIsSentAwayAtOnce(t *testing.T) {
	p := newPool(1)
	started, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1+queued)
	go func() { done <- p.do(context.Background(), func() { close(started); <-release }) }()
	<-started
	for range queued {
		go func() { done <- p.do(context.Background(), func() {}) }()
	}
	for p.waiting.Load() < queued {
		runtime.Gosched()
	}
	err := p.do(context.Background(), func() { t.Error("ran beyond the queue") })
	if !errors.Is(err, claims.ErrUnavailable) || web.RetryIn(err) == 0 {
		t.Errorf("beyond the queue: %v", err)
	}
	close(release)
	for range 1 + queued {
		if err := <-done; err != nil {
			t.Errorf("one within the bounds: %v", err)
		}
	}
}

func TestWhoGoesAwayLeavesTheQueue(t *testing.T) {
	p := newPool(1)
	started, release := make(chan struct{}), make(chan struct{})
	go p.do(context.Background(), func() { close(started); <-release })
	<-started
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := p.do(ctx, func() { t.Error("ran for nobody") }); !errors.Is(err, claims.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	if p.waiting.Load() != 0 {
		t.Error("still counted as waiting")
	}
	close(release)
}

func TestNewPasswordsAreNotTheFirstOnesTried(t *testing.T) {
	context := []string{"ada", "Ada Lovelace", "Makerspace Delft"}
	for _, bad := range []string{
		"short", "123456789", "1234567890", "0123456789", "qwertyuiop", "poiuytrewq", "aaaaaaaaaaaa", "abababababab", "password123", "P4ssw0rd2024!",
		"Passw0rd!!!!", "letmein12345", "ada1234567", "lovelace2024", "makerspacedelft", "MakerspaceDelft1", "AdaLovelace!", "iloveyou!!!!",
		"correcthorsebatterystaple", "abcdefghijklmnop", "zyxwvutsrqponm", "sunshine2023", "welcome12345", strings.Repeat("ab cd", 300), "1q2w3e4r5t",
		"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6",
	} {
		if WrongWithPassword(bad, context...) == "" {
			t.Errorf("%.30q is let through", bad)
		}
	}
	for _, good := range []string{"correct donkey battery staple", "vier wilde Wörter hier", "k7#pQ!m2zXw9", "паролькошкидом", "ada likes to solder badly"} {
		if text := WrongWithPassword(good, context...); text != "" {
			t.Errorf("%q: %s", good, text)
		}
	}
}
