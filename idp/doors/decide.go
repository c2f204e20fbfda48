package doors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lanyard/claims"
	"lanyard/idp/keys"
	"lanyard/idp/record"
	"lanyard/idp/web"
)

// POST /device/v1/decide: a card or a pass was shown to a device.
//
//   - the device is known by its client's proof, asks about its own
//     location and right only, and cannot name another              devices.md
//   - a body is at most 4 KiB of exactly the schema's fields         schema/decide-request.json
//   - the server's clock decides, not the device's                   devices.md
//   - a refusal is an answer (200); a fault is a problem (RFC 9457)  model.md
//   - an unknown card, a dead pass, and what else is refused read
//     alike but for the reason                                       model.md, step 3
//   - unknown cards at one device are limited                        guesses.go
//   - a card's number is in no log, event, answer or error           ADR 8

// MaxBody is the longest request in octets.
const MaxBody = 4 << 10

// passPrefix marks a door pass; anything else is a card.
const passPrefix = "pass:"

// noCredential is a text that names no credential: no id holds a space.
const noCredential = " "

// Decide answers one request.
func (d *Doors) Decide(w http.ResponseWriter, r *http.Request) {
	a, err := d.decide(w, r)
	if err != nil {
		web.FailProgram(w, r, err, web.ProblemOf(err))
		return
	}
	a.write(w)
}

func (d *Doors) decide(w http.ResponseWriter, r *http.Request) (answer, error) {
	if d.cfg.Ready != nil {
		if err := d.cfg.Ready(); err != nil {
			return answer{}, fmt.Errorf("decide at a door: %w", err)
		}
	}
	dir, now := d.cfg.Directory(), d.cfg.Now()
	device, err := d.device(dir, r)
	if err != nil {
		return answer{}, err
	}
	shown, err := readRequest(r)
	if err != nil {
		return answer{}, err
	}
	var dec claims.Decision
	if text, ok := strings.CutPrefix(string(shown.Cred), passPrefix); ok {
		dec, err = d.byPass(r.Context(), dir, device, text, now)
	} else {
		dec, err = d.byCard(dir, device, string(shown.Cred), now)
	}
	if err != nil {
		return answer{}, fmt.Errorf("decide at %s: %w", device.ID, err)
	}
	d.tell(r.Context(), device, dec, now)
	return answerOf(dir, dec, shown.Nonce), nil
}

// device returns the device that sent r.
func (d *Doors) device(dir *claims.Directory, r *http.Request) (claims.Device, error) {
	c, err := d.cfg.Authenticate(r)
	if err != nil {
		return claims.Device{}, err
	}
	live, ok := claims.Get[claims.Client](dir, string(c.ID))
	if !ok || !live.Disabled.IsZero() {
		return claims.Device{}, fmt.Errorf("client %s is disabled: %w", c.ID, claims.ErrUnknownCaller)
	}
	if live.Auth == claims.AuthNone { // a public client proves nothing by its id
		return claims.Device{}, fmt.Errorf("client %s has no secret: %w", c.ID, claims.ErrUnknownCaller)
	}
	device, ok := dir.DeviceByClient(c.ID)
	if !ok || !device.Removed.IsZero() {
		return claims.Device{}, &claims.Refused{Problem: "this client is not a device"}
	}
	return device, nil
}

// byCard decides about the holder of a card.
func (d *Doors) byCard(dir *claims.Directory, device claims.Device, text string, now time.Time) (claims.Decision, error) {
	card, err := keys.ParseCard(text, "")
	if err != nil {
		// The parser's words hold the number.
		return claims.Decision{}, &claims.Invalid{Field: "cred", Problem: "is neither a card's number (uid: and 8 to 20 hexadecimal digits) nor a door pass (pass: and its text)"}
	}
	if err := d.guesses.allowed(device.ID, now); err != nil {
		return claims.Decision{}, err
	}
	ask := askFor(device, now)
	c, ok := dir.CredentialByLookup(d.cfg.Cards.CardLookup(card))
	ask.Credential = string(c.ID)
	if !ok {
		d.guesses.failed(device.ID, now)
		ask.Credential = noCredential
	}
	return claims.Decide(dir, ask)
}

// byPass decides about whoever a door pass is of, and spends it.
func (d *Doors) byPass(ctx context.Context, dir *claims.Directory, device claims.Device, text string, now time.Time) (claims.Decision, error) {
	m, err := d.cfg.Pass(ctx, text, device)
	switch {
	case errors.Is(err, claims.ErrNotFound), errors.Is(err, claims.ErrDenied):
		return claims.Decision{Reason: claims.ReasonUnknownCredential, Place: device.Location}, nil
	case errors.Is(err, claims.ErrExpired):
		return claims.Decision{Reason: claims.ReasonCredential + "expired", Place: device.Location}, nil
	case errors.Is(err, claims.ErrReplay):
		return claims.Decision{Reason: claims.ReasonCredential + "spent", Place: device.Location}, nil
	case err != nil:
		return claims.Decision{}, fmt.Errorf("spend a door pass: %w", err)
	}
	ask := askFor(device, now)
	ask.Member = m
	return claims.Decide(dir, ask)
}

// askFor is what a device asks, whoever stands before it.
func askFor(device claims.Device, now time.Time) claims.Ask {
	return claims.Ask{Right: device.Right, Place: device.Location, Device: device.ID, At: now}
}

// tell records the decision. A door opens also when its log cannot be
// written: that is noted and somebody must act.
func (d *Doors) tell(ctx context.Context, device claims.Device, dec claims.Decision, now time.Time) {
	log := web.Logger(ctx)
	err := d.cfg.Events.AccessEvent(ctx, record.Event{
		At:       now,
		Front:    "door",
		Device:   device.ID,
		Member:   dec.Member,
		Right:    device.Right,
		Location: device.Location,
		Allow:    dec.Allow,
		Reason:   dec.Reason,
	})
	if err != nil {
		log.Error("door event not recorded", web.KeyDevice, device.ID, web.KeyError, err)
	}
	if !dec.Allow {
		log.Info("door refused", web.KeyDevice, device.ID, web.KeyMember, dec.Member, web.KeyReason, dec.Reason)
	}
}
