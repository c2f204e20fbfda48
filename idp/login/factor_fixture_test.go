package login

import (
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/hotp"

	"lanyard/claims"
	"lanyard/idp/record"
)

// plainRing seals so that tests can look inside.
type plainRing struct{}

func (plainRing) Seal(table, row, column string, plain []byte) (string, error) {
	return table + "/" + row + "/" + column + "/" + base64.RawURLEncoding.EncodeToString(plain), nil
}

func (plainRing) Open(table, row, column, sealed string) ([]byte, error) {
	text, ok := strings.CutPrefix(sealed, table+"/"+row+"/"+column+"/")
	if !ok {
		return nil, fmt.Errorf("sealed for another place: %w", claims.ErrInvalid)
	}
	return base64.RawURLEncoding.DecodeString(text)
}

func (plainRing) RecoveryID(member, code string) string { return "hash of " + member + " " + code }

func (f *fake) Factors(_ context.Context, m claims.MemberID) (all []record.Factor, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range f.factors {
		if x.Member == m && x.Ended.IsZero() {
			all = append(all, x)
		}
	}
	return all, f.broken
}

func (f *fake) ReplaceFactors(_ context.Context, m claims.MemberID, kind record.FactorKind, with []record.Factor, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, x := range f.factors {
		if x.Member == m && x.Kind == kind && x.Ended.IsZero() {
			f.factors[i].Ended = now
		}
	}
	f.factors = append(f.factors, with...)
	return f.broken
}

func (f *fake) AddFactors(_ context.Context, all ...record.Factor) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, x := range all {
		if slices.ContainsFunc(f.factors, func(y record.Factor) bool { return y.ID == x.ID }) {
			return claims.ErrConflict
		}
	}
	f.factors = append(f.factors, all...)
	return f.broken
}

func (f *fake) Factor(_ context.Context, id string) (record.Factor, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.factors, func(x record.Factor) bool { return x.ID == id && x.Ended.IsZero() })
	if i < 0 {
		return record.Factor{}, claims.ErrNotFound
	}
	return f.factors[i], f.broken
}

func (f *fake) KeepFactor(_ context.Context, id, data string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.factors, func(x record.Factor) bool { return x.ID == id && x.Ended.IsZero() })
	if i < 0 {
		return claims.ErrNotFound
	}
	f.factors[i].Data, f.factors[i].Used = data, now
	return f.broken
}

func (f *fake) UseFactor(_ context.Context, id string, counter int, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.factors, func(x record.Factor) bool { return x.ID == id && x.Ended.IsZero() && x.Counter < counter })
	if i < 0 {
		return claims.ErrReplay
	}
	f.factors[i].Counter, f.factors[i].Used = counter, now
	return f.broken
}

func (f *fake) EndFactor(_ context.Context, m claims.MemberID, id string, now time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.factors, func(x record.Factor) bool { return x.ID == id && x.Member == m && x.Ended.IsZero() })
	if i < 0 {
		return claims.ErrNotFound
	}
	f.factors[i].Ended = now
	return f.broken
}

func (f *fake) CreateLink(_ context.Context, l record.Link) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := f.links[l.ID]; there {
		return claims.ErrConflict
	}
	f.links[l.ID] = l
	return f.broken
}

// phone is an app that shows codes.
type phone string

func (p phone) code(at time.Time) string {
	code, err := hotp.GenerateCodeCustom(string(p), uint64(at.Unix()/totpPeriod), totpOptions)
	if err != nil {
		panic(err)
	}
	return code
}

var (
	typedSecret  = regexp.MustCompile(`<code>([A-Z2-7 ]{32,})</code>`)
	sealedSecret = regexp.MustCompile(`name="sealed" value="([^"]+)"`)
	shownCode    = regexp.MustCompile(`<code>([a-z2-9]{5}-[a-z2-9]{5})</code>`)
)

// setUpApp sets an app up as somebody who is signed in does, and returns it
// with the recovery codes that were shown.
func (b *bench) setUpApp() (phone, []string) {
	b.Helper()
	w := b.post("/security/app")
	secret, sealed := typedSecret.FindStringSubmatch(w.Body.String()), sealedSecret.FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || secret == nil || sealed == nil {
		b.Fatalf("begin with an app: %d %s", w.Code, w.Body)
	}
	p := phone(strings.ReplaceAll(secret[1], " ", ""))
	w = b.post("/security/app/confirm", "sealed", html.UnescapeString(sealed[1]), "code", p.code(b.now))
	var codes []string
	for _, c := range shownCode.FindAllStringSubmatch(w.Body.String(), -1) {
		codes = append(codes, c[1])
	}
	if w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
		b.Fatalf("set the app up: %d %s", w.Code, w.Body)
	}
	return p, codes
}

// anotherBrowser forgets who was signed in here.
func (b *bench) anotherBrowser() { b.cookie, b.half, b.question = "", "", "" }
