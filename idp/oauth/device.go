// Device authorization (RFC 8628): the request of the device, and its codes.
//
//   - the client proves who it is as at the token endpoint            3.1
//   - what is asked for is checked here, not when somebody typed       3.1
//   - the device code is as hard to guess as any token                 5.2; 6749, 10.10
//   - the user code has eight letters of twenty: no vowels, so no      6.1
//     words; no digits to mistake for letters. Capitals and hyphens
//     are forgiven, and only a MAC of it is kept
//   - both are good for ten minutes, and for one member                3.2, 5.1
package oauth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

const (
	userLetters = "BCDFGHJKLMNPQRSTVWXZ"
	userCodeLen = 8
	// pollEvery is how long a device waits between two questions at first,
	// and by how much longer each time it does not (RFC 8628, 3.2 and 3.5).
	pollEvery = 5 * time.Second
)

// Device serves the device authorization endpoint.
func (p *Provider) Device(w http.ResponseWriter, r *http.Request) {
	answer, err := p.device(r)
	p.reply(w, r, http.StatusOK, answer, err)
}

// deviceAnswer is RFC 8628, section 3.2.
type deviceAnswer struct {
	DeviceCode string `json:"device_code"`
	UserCode   string `json:"user_code"`
	Page       string `json:"verification_uri"`
	PageWith   string `json:"verification_uri_complete"`
	ExpiresIn  int64  `json:"expires_in"`
	Interval   int64  `json:"interval"`
}

func (p *Provider) device(r *http.Request) (*deviceAnswer, error) {
	form, d, c, err := p.fromClient(r, web.MaxForm)
	if err != nil {
		return nil, err
	}
	if !mayUse(c, grantDevice) {
		return nil, oauthErrorf("unauthorized_client", "The client is not registered for the device grant.")
	}
	scopes := grantable(c, form.Get("scope"))
	audience, err := p.resources(d, c, form, scopes)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(audience, isLocation) { // no door was named
		scopes = slices.DeleteFunc(scopes, func(s string) bool { return s == scopeDoor })
	}
	if err := p.mayBegin(r, c); err != nil {
		return nil, err
	}
	now := p.Now()
	end := now.Add(p.Lifetimes.Device)
	g := record.Grant{
		ID: record.Random(grantLen), Kind: record.GrantDevice, Client: c.ID,
		Requested: scopes, Scopes: scopes, Audience: audience, Created: now, CodeExpires: end, Expires: end,
	}
	code, err := p.createDevice(r.Context(), g)
	if err != nil {
		return nil, err
	}
	page := p.Issuer + PathDevicePage
	return &deviceAnswer{
		DeviceCode: p.texts.text(token{kind: kindDevice, grant: g.ID}), UserCode: code,
		Page: page, PageWith: page + "?" + url.Values{"user_code": {code}}.Encode(),
		ExpiresIn: int64(p.Lifetimes.Device / time.Second), Interval: int64(pollEvery / time.Second),
	}, nil
}

// createDevice stores a device's grant and returns the code that leads to it.
// A code that is shown somewhere already is not shown a second time.
func (p *Provider) createDevice(ctx context.Context, g record.Grant) (string, error) {
	for try := 1; ; try++ {
		code := newUserCode()
		err := p.Vault.CreateDeviceCode(ctx, record.DeviceCode{
			ID: g.ID, UserCode: p.userCodeMAC(code), Wait: claims.Duration(pollEvery), Expires: g.CodeExpires,
		})
		if err == nil {
			return code, p.Vault.CreateGrant(ctx, g)
		}
		if !errors.Is(err, claims.ErrConflict) || try == 5 {
			return "", err
		}
	}
}

// newUserCode draws a code, each as likely as any other.
func newUserCode() string {
	code := make([]byte, 0, userCodeLen)
	for len(code) < userCodeLen {
		var raw [2 * userCodeLen]byte
		rand.Read(raw[:])
		for _, b := range raw {
			if int(b) < 256/len(userLetters)*len(userLetters) && len(code) < userCodeLen {
				code = append(code, userLetters[int(b)%len(userLetters)])
			}
		}
	}
	return spacedCode(string(code))
}

func spacedCode(code string) string { return code[:userCodeLen/2] + "-" + code[userCodeLen/2:] }

// readUserCode returns what a member typed as it is shown, if it can be a code.
func readUserCode(text string) (string, bool) {
	code := strings.ToUpper(strings.Join(strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune("-\u2010\u2011\u2013_. ", c) }), ""))
	if len(code) != userCodeLen || strings.Trim(code, userLetters) != "" {
		return "", false
	}
	return spacedCode(code), true
}

// userCodeMAC is what is kept of a code that is written as newUserCode does.
func (p *Provider) userCodeMAC(code string) string {
	h := hmac.New(sha256.New, p.typed)
	h.Write([]byte(code))
	return letters.EncodeToString(h.Sum(nil)[:16])
}
