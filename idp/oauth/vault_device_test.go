package oauth

import (
	"context"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (v *memoryVault) CreateDeviceCode(_ context.Context, c record.DeviceCode) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down != nil {
		return v.down
	}
	for _, have := range v.codes {
		if have.ID == c.ID || have.UserCode == c.UserCode {
			return claims.ErrConflict
		}
	}
	v.codes[c.ID] = c
	return nil
}

func (v *memoryVault) DeviceCode(_ context.Context, userCode string) (record.DeviceCode, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reads++
	if v.down != nil {
		return record.DeviceCode{}, v.down
	}
	for _, have := range v.codes {
		if have.UserCode == userCode {
			return have, nil
		}
	}
	return record.DeviceCode{}, claims.ErrNotFound
}

func (v *memoryVault) PollDevice(_ context.Context, id string, now time.Time, more time.Duration) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	c, ok := v.codes[id]
	switch {
	case v.down != nil:
		return v.down
	case !ok:
		return claims.ErrNotFound
	}
	soon := now.Before(c.Polled.Add(time.Duration(c.Wait)))
	if c.Polled = now; soon {
		c.Wait += claims.Duration(more)
	}
	v.codes[id] = c
	if soon {
		return claims.ErrTooMany
	}
	return nil
}

func (v *memoryVault) AllowDevice(_ context.Context, to record.Grant, now time.Time) error {
	return v.change(to.ID, func(g *record.Grant) error {
		if g.Member != "" || !g.Ended.IsZero() {
			return claims.ErrConflict
		}
		if !now.Before(g.CodeExpires) {
			return claims.ErrExpired
		}
		*g = to
		return nil
	})
}
