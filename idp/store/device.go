package store

import (
	"context"
	"fmt"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

// Devices that wait for a member: a grant without one, and the code that leads
// to it. Spending it is SpendGrant, saying no to it EndGrant.

func deviceCodeTable() *table[record.DeviceCode] {
	type row = record.DeviceCode
	return newTable("device_code",
		key("id", func(v *row) *string { return &v.ID }),
		text("user_code", func(v *row) *string { return &v.UserCode }),
		span("wait", func(v *row) *claims.Duration { return &v.Wait }),
		when("polled", func(v *row) *time.Time { return &v.Polled }),
		when("expires", func(v *row) *time.Time { return &v.Expires }),
	)
}

// CreateDeviceCode stores a code. One whose ID or user code is there already
// is ErrConflict.
func (s *Store) CreateDeviceCode(ctx context.Context, c record.DeviceCode) error {
	if _, err := s.exec(ctx, "device_code/"+c.ID, s.rec.devices.insert, s.rec.devices.values(&c)...); err != nil {
		return fmt.Errorf("create device code: %w", err)
	}
	return nil
}

// DeviceCode returns the code with this user code, dead ones too, or ErrNotFound.
func (s *Store) DeviceCode(ctx context.Context, userCode string) (record.DeviceCode, error) {
	return oneOf(ctx, s.eng, s.rec.devices, " where user_code = $1", userCode)
}

const (
	pollDevice = `
    update device_code
    set    polled = $2
    where  id = $1 and polled + wait <= $3`
	slowDevice = `
    update device_code
    set    polled = $2, wait = wait + $3
    where  id = $1`
)

// pollSlack is by how much a question may come early: networks are uneven.
const pollSlack = 500 * time.Millisecond

// PollDevice notes that a device asked. One that asked too soon is to wait for
// more from now on, and gets ErrTooMany.
func (s *Store) PollDevice(ctx context.Context, id string, now time.Time, more time.Duration) error {
	key := "device_code/" + id
	n, err := s.exec(ctx, key, pollDevice, id, micros(now), micros(now.Add(pollSlack)))
	if err == nil && n == 0 {
		if n, err = s.exec(ctx, key, slowDevice, id, micros(now), more.Microseconds()); err == nil {
			err = claims.ErrTooMany
			if n == 0 {
				err = claims.ErrNotFound
			}
		}
	}
	if err != nil {
		return fmt.Errorf("poll device: %w", err)
	}
	return nil
}

const allowDevice = `
    update token_grant
    set    member = $2, session = $3, scopes = $4, auth_time = $5, amr = $6, acr = $7, idle_until = $8, expires = $9
    where  id = $1 and kind = 'device' and member = '' and spent = 0 and ended = 0
    and    code_expires > $10`

// AllowDevice makes a device's grant that of g's member, with g's session,
// scopes and ends. Of many that try one does; who is too late gets
// ErrConflict, or ErrExpired after the code's end.
func (s *Store) AllowDevice(ctx context.Context, g record.Grant, now time.Time) error {
	n, err := s.exec(ctx, "token_grant/"+g.ID, allowDevice, g.ID, string(g.Member), g.Session, toJSON(g.Scopes),
		micros(g.AuthTime), toJSON(g.AMR), g.ACR, micros(g.IdleUntil), micros(g.Expires), micros(now))
	s.grants.drop(g.ID)
	if err == nil && n == 0 {
		var have record.Grant
		if have, err = s.GrantFresh(ctx, g.ID); err == nil {
			err = claims.ErrConflict
			if have.Member == "" && have.Ended.IsZero() {
				err = claims.ErrExpired
			}
		}
	}
	if err != nil {
		return fmt.Errorf("allow device: %w", err)
	}
	return nil
}

const liveDevices = `
    where  member = $1 and kind = 'device' and spent > 0 and ended = 0
    and    (expires = 0 or expires > $2)
    and    (idle_until = 0 or idle_until > $2)
    order  by spent, id`

// DevicesOf lists what a member's devices live on, the oldest first.
func (s *Store) DevicesOf(ctx context.Context, m claims.MemberID, now time.Time) ([]record.Grant, error) {
	return allOf(ctx, s.eng, s.rec.grants, liveDevices, string(m), micros(now))
}
