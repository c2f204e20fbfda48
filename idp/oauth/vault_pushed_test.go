package oauth

import (
	"context"
	"time"

	"lanyard/claims"
	"lanyard/idp/record"
)

func (v *memoryVault) CreatePushed(_ context.Context, r record.Pushed) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.down != nil {
		return v.down
	}
	if _, ok := v.pushed[r.ID]; ok {
		return claims.ErrConflict
	}
	v.pushed[r.ID] = r
	return nil
}

func (v *memoryVault) Pushed(_ context.Context, id string) (record.Pushed, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.reads++
	if v.down != nil {
		return record.Pushed{}, v.down
	}
	r, ok := v.pushed[id]
	if !ok {
		return r, claims.ErrNotFound
	}
	return r, nil
}

func (v *memoryVault) UsePushed(_ context.Context, id string, now time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	r, ok := v.pushed[id]
	switch {
	case v.down != nil:
		return v.down
	case !ok:
		return claims.ErrNotFound
	case !r.Used.IsZero():
		return claims.ErrReplay
	}
	r.Used = now
	v.pushed[id] = r
	return nil
}
